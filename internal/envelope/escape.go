package envelope

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// escapeRest has the decoder read on where a raw control character in a string stopped
// it, such as a tab: from there on those of the body are escaped. It reports whether that
// was what stopped it.
func (in *input) escapeRest(err error) bool {
	var syntactic *jsontext.SyntacticError
	if in.escaped != nil || !errors.As(err, &syntactic) {
		return false
	}
	unread := in.dec.UnreadBuffer()
	at := syntactic.ByteOffset - in.dec.InputOffset()
	if at < 0 || at >= int64(len(unread)) || unread[at] >= ' ' {
		return false
	}
	start := nesting(in.dec)
	in.escaped = &escaper{from: io.MultiReader(bytes.NewReader(bytes.Clone(unread)), in.src)}
	in.before += in.dec.InputOffset() - int64(len(start))
	in.dec.Reset(io.MultiReader(bytes.NewReader(start), in.escaped), Lenient)
	for in.dec.InputOffset() < int64(len(start)) {
		if _, err := in.dec.ReadToken(); err != nil {
			return false
		}
	}
	return true
}

// nesting returns JSON that brings a new decoder to the depth at which dec is, before a
// value's colon or comma.
func nesting(dec *jsontext.Decoder) (start []byte) {
	for depth := 1; depth <= dec.StackDepth(); depth++ {
		kind, length := dec.StackIndex(depth)
		last := depth == dec.StackDepth()
		switch {
		case kind == '{' && !last:
			start = append(start, `{"":`...)
		case kind == '{' && length%2 == 1:
			start = append(start, `{""`...)
		case kind == '{' && length > 0:
			start = append(start, `{"":0`...)
		case kind == '{':
			start = append(start, '{')
		case last && length > 0:
			start = append(start, `[0`...)
		default:
			start = append(start, '[')
		}
	}
	return start
}

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
