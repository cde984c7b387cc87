package sandboxcmd

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A requestLog prints a line for each request. What can't be printed, because whoever
// read it has gone, is dropped, and so is what nobody reads: a program that starts the
// sandbox may leave its output in the pipe, and no request waits for that.
type requestLog struct {
	name    string // the command's
	out     io.Writer
	queue   chan string
	quit    chan struct{}
	done    chan struct{}
	stalled atomic.Bool // nothing was written for as long as slowest
	dropped atomic.Int64
}

const (
	queued  = 1000        // lines
	slowest = time.Second // how long a reader of the log may keep the first request waiting
)

// newLog returns a log whose lines are written until end.
func newLog(name string, out io.Writer) *requestLog {
	l := &requestLog{name: name, out: out, queue: make(chan string, queued), quit: make(chan struct{}), done: make(chan struct{})}
	go l.write()
	return l
}

func (l *requestLog) print(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	select {
	case l.queue <- text:
		return
	default:
	}
	if !l.stalled.Load() {
		timer := time.NewTimer(slowest)
		defer timer.Stop()
		select {
		case l.queue <- text:
			return
		case <-timer.C:
			l.stalled.Store(true)
		}
	}
	l.dropped.Add(1)
}

// say prints a line of the command's own.
func (l *requestLog) say(format string, args ...any) {
	l.print("%s: %s\n", l.name, fmt.Sprintf(format, args...))
}

// write writes the lines, and where some are missing.
func (l *requestLog) write() {
	defer close(l.done)
	for {
		select {
		case text := <-l.queue:
			l.writeLine(text)
			continue
		default:
		}
		select {
		case text := <-l.queue:
			l.writeLine(text)
		case <-l.quit:
			return
		}
	}
}

func (l *requestLog) writeLine(text string) {
	_, _ = io.WriteString(l.out, text)
	l.stalled.Store(false)
	if n := l.dropped.Swap(0); n > 0 {
		fmt.Fprintf(l.out, "%s: nobody read this log, and %d lines were left out\n", l.name, n)
	}
}

// end waits until the lines that are queued are written, if somebody reads them.
func (l *requestLog) end() {
	close(l.quit)
	select {
	case <-l.done:
	case <-time.After(slowest):
	}
}

func (l *requestLog) line(r pmpsmarttest.Request) {
	path := (&url.URL{Path: r.Path}).EscapedPath() // on one line, whatever stands in it
	if r.Query != "" {
		path += "?" + printable(r.Query)
	}
	why := ""
	if r.Fault != "" {
		why = "  fault: " + string(r.Fault)
	}
	if r.Note != "" {
		why += "  " + redact.SingleLine(r.Note)
	}
	l.print("%s %3d %-4s %-36s %8d bytes %10s  %s%s\n",
		time.Now().Format(time.TimeOnly), r.Status, printable(r.Method), path, r.Sent, r.Duration.Round(time.Microsecond), r.Op, why)
}

// notKept prints the line of a request if the data file did not take it.
func (l *requestLog) notKept(r pmpsmarttest.Request) {
	if strings.HasPrefix(r.Note, "data file: ") {
		l.line(r)
	}
}

// printable returns a text of which a terminal and the log of a CI obey nothing: no
// control characters, and no # of a command such as ##[error].
func printable(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c > ' ' && c < 0x7f && c != '#' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
