package tool

import (
	"os"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// How often progress is shown: a bar on a terminal, lines in a log.
const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 5 * time.Second
)

// Progress shows how far long work has come. Its methods are safe for concurrent
// use; those of a nil Progress do nothing.
type Progress struct {
	tool    *Tool
	noun    string
	total   int64 // 0 where it is not known
	n       atomic.Int64
	began   time.Time
	until   atomic.Pointer[time.Time] // of a wait for the server
	bar     *progressbar.ProgressBar  // nil where there is no terminal
	stop    chan struct{}
	stopped chan struct{}
}

// Progress begins to show how many things of that noun ("order") are done, of
// total where that is not 0. It ends with Done.
func (t *Tool) Progress(noun string, total int64) *Progress {
	if t.Global.Quiet {
		return nil
	}
	p := &Progress{tool: t, noun: noun, total: total, began: time.Now(), stop: make(chan struct{}), stopped: make(chan struct{})}
	every := lineEvery
	if file, ok := t.Stderr.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.bar, every = newBar(t, total), barEvery
	}
	t.mu.Lock()
	t.progress = p
	t.mu.Unlock()
	go p.run(every)
	return p
}

func newBar(t *Tool, total int64) *progressbar.ProgressBar {
	if total == 0 {
		total = -1
	}
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(t.Stderr),
		progressbar.OptionSetDescription(t.name),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetSpinnerChangeInterval(0), // show draws it, nobody else
		progressbar.OptionSpinnerType(14),
	)
}

// Add counts n things more.
func (p *Progress) Add(n int64) {
	if p != nil {
		p.n.Add(n)
	}
}

// Done takes the bar away. The program's result says what was done.
func (p *Progress) Done() {
	if p == nil {
		return
	}
	close(p.stop)
	<-p.stopped
	p.tool.mu.Lock()
	defer p.tool.mu.Unlock()
	p.clear()
	p.tool.progress = nil
}

func (p *Progress) run(every time.Duration) {
	defer close(p.stopped)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-ticker.C:
			p.show()
		}
	}
}

func (p *Progress) show() {
	if p.bar == nil {
		p.tool.Note("%s", p.line(p.tool.Language, time.Since(p.began)))
		return
	}
	p.tool.mu.Lock()
	defer p.tool.mu.Unlock()
	description := p.tool.name
	if until := p.until.Load(); until != nil {
		description = p.tool.Sprintf("%s, waiting until %s", description, lang.Clock(*until))
	}
	p.bar.Describe(description)
	_ = p.bar.Set64(p.n.Load()) // a bar that can't be drawn is no reason to stop
}

// line returns "1,200 of 5,000 orders, 24%, 310 a second".
func (p *Progress) line(l lang.Language, since time.Duration) string {
	n := p.n.Load()
	line := lang.Count(n, p.noun)
	if p.total > 0 {
		line = lang.T("%s of %s, %d%%", lang.Number(n), lang.Count(p.total, p.noun), 100*n/p.total)
	}
	if rate := int64(float64(n) / since.Seconds()); rate > 0 {
		line = lang.T("%s, %s a second", line, lang.Number(rate))
	}
	if until := p.until.Load(); until != nil {
		line = lang.T("%s, waiting until %s", line, lang.Clock(*until))
	}
	return line.In(l)
}

// WaitUntil shows until when the work waits for the server; the zero time means that it
// goes on.
func (p *Progress) WaitUntil(t time.Time) {
	switch {
	case p == nil:
	case t.IsZero():
		p.until.Store(nil)
	default:
		p.until.Store(&t)
	}
}

// clear takes the bar off the line that something else is about to be printed
// on; the tool's mu is held.
func (p *Progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
