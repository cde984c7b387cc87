package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A requestLog prints a line for each request. What can't be printed, because whoever
// read it has gone, is dropped.
type requestLog struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *requestLog) print(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, format, args...)
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
