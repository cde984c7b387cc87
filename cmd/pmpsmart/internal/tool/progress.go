package tool

import (
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rivo/uniseg"
	"golang.org/x/term"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// How often progress is shown: on a terminal in one place, in a log a line each time.
const (
	placeEvery = 100 * time.Millisecond
	lineEvery  = 5 * time.Second
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
	width   func() int                // of the terminal, in columns; nil where there is none
	shown   int                       // columns of it that are taken
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
	if file, ok := t.Stderr.(*os.File); ok && t.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd())) {
		p.width, every = func() int { return widthOf(file) }, placeEvery
	}
	t.mu.Lock()
	t.progress = p
	t.mu.Unlock()
	go p.run(every)
	return p
}

// widthOf returns how many columns a terminal has.
func widthOf(terminal *os.File) int {
	const usual = 80
	if width, _, err := term.GetSize(int(terminal.Fd())); err == nil && width > 0 {
		return width
	}
	return usual
}

// Add counts n things more.
func (p *Progress) Add(n int64) {
	if p != nil {
		p.n.Add(n)
	}
}

// Done takes the progress away. The program's result says what was done.
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
	line := p.line(p.tool.Language, time.Since(p.began))
	if p.width == nil {
		p.tool.Note("%s", line)
		return
	}
	p.tool.mu.Lock()
	defer p.tool.mu.Unlock()
	line = fitting(p.tool.name+": ", line, p.width()-1) // in the last column some terminals go on to the next line
	width := uniseg.StringWidth(line)
	// What can't be shown is no reason to stop.
	_, _ = io.WriteString(p.tool.Stderr, "\r"+line+strings.Repeat(" ", max(p.shown-width, 0)))
	p.shown = width
}

// fitting returns as much of a line as a terminal has columns. The name goes first.
func fitting(name, line string, columns int) string {
	if uniseg.StringWidth(name+line) <= columns {
		return name + line
	}
	var b strings.Builder
	for each := uniseg.NewGraphemes(line); each.Next(); {
		if columns -= each.Width(); columns < 0 {
			break
		}
		b.WriteString(each.Str())
	}
	return b.String()
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

// clear takes the progress off the line that something else is about to be printed
// on; the tool's mu is held.
func (p *Progress) clear() {
	if p.shown > 0 {
		_, _ = io.WriteString(p.tool.Stderr, "\r"+strings.Repeat(" ", p.shown)+"\r")
		p.shown = 0
	}
}
