package envelope

import (
	"fmt"
	"io"
)

// An escaper reads JSON and escapes the raw control characters in its strings.
type escaper struct {
	from       io.Reader
	buffer     [4 << 10]byte
	ready      []byte
	inString   bool
	afterSlash bool
}

func (e *escaper) Read(p []byte) (n int, err error) {
	if len(e.ready) == 0 {
		n, err = e.from.Read(e.buffer[:])
		e.ready = e.escape(e.ready[:0], e.buffer[:n])
	}
	n = copy(p, e.ready)
	if e.ready = e.ready[n:]; len(e.ready) > 0 {
		err = nil // the next Read meets it again
	}
	return n, err
}

func (e *escaper) escape(to, text []byte) []byte {
	for _, c := range text {
		switch {
		case !e.inString:
			e.inString = c == '"'
		case c < ' ' && e.afterSlash:
			to = fmt.Appendf(to, "u%04x", c)
			e.afterSlash = false
			continue
		case c < ' ':
			to = fmt.Appendf(to, `\u%04x`, c)
			continue
		case e.afterSlash:
			e.afterSlash = false
		case c == '\\':
			e.afterSlash = true
		case c == '"':
			e.inString = false
		}
		to = append(to, c)
	}
	return to
}
