package doctor

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/patience"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// A progress shows how far the work is: on a terminal by a line that moves, else
// by a plain line for each endpoint, and now and then within a long one.
type progress struct {
	w        io.Writer
	terminal bool
	count    int // endpoints
	done     int // of them
	told     time.Time
}

func newProgress(w io.Writer, count int) *progress {
	p := &progress{w: w, count: count, told: time.Now()}
	if file, ok := w.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// say prints a line about the whole.
func (p *progress) say(format string, args ...any) { fmt.Fprintf(p.w, format+"\n", args...) }

// begin shows that the next endpoint is asked.
func (p *progress) begin(path string) {
	if p.terminal {
		p.move(path)
	}
}

// records shows how far a long list was read, not too often.
func (p *progress) records(path string, n int) {
	every := 5 * time.Second
	if p.terminal {
		every = 100 * time.Millisecond
	}
	if time.Since(p.told) < every {
		return
	}
	p.told = time.Now()
	text := fmt.Sprintf("%s: %d records", path, n)
	if p.terminal {
		p.move(text)
		return
	}
	fmt.Fprintln(p.w, text)
}

// Waiting shows until when the server is waited for, and why.
func (p *progress) Waiting(until time.Time, why patience.Why) {
	text := fmt.Sprintf("waiting until %s: %s", until.Format(time.TimeOnly), why)
	p.told = time.Now()
	if p.terminal {
		p.move(text)
		return
	}
	fmt.Fprintln(p.w, text)
}

// GoingOn says nothing: the next line does.
func (p *progress) GoingOn() {}

// finish shows that an endpoint was asked.
func (p *progress) finish(path string, e *endpoint) {
	p.done++
	p.told = time.Now()
	switch {
	case p.terminal:
	case e.Outcome == report.NotAsked:
		fmt.Fprintf(p.w, "%d/%d %s: not asked, %s\n", p.done, p.count, path, e.Why)
	default:
		fmt.Fprintf(p.w, "%d/%d %s: %s, %s in %s\n", p.done, p.count, path, e.Outcome, plural(e.Records, "record"), plural(e.Requests, "request"))
	}
}

// end clears the line that moved.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *progress) move(text string) {
	bar := strings.Repeat("#", p.done) + strings.Repeat("-", p.count-p.done)
	fmt.Fprintf(p.w, "\r\x1b[K[%s] %s", bar, text)
}
