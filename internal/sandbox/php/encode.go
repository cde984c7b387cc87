// Package php writes JSON and reads values as PHP does.
package php

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What [Encoding.Encode] writes beside nil, bool, int, int64, float64, string
// and []any.
type (
	// Raw is JSON that is written as it is.
	Raw string
	// An Object is a JSON object. A name may be there twice.
	Object []Member
	// A Member is a member of an Object. It is an alias, so that literals need no
	// names of fields.
	Member = struct {
		Name  string
		Value any
	}
	// A Stream is an array that is too long to be held in memory.
	Stream = iter.Seq[any]
	// A Map is an object that is too long to be held in memory.
	Map = iter.Seq2[string, any]
)

// A Charset is how letters beyond ASCII are written.
type Charset int

const (
	// ASCII escapes them, as json_encode does by default.
	ASCII Charset = iota
	// UTF8 is JSON_UNESCAPED_UNICODE.
	UTF8
	// Latin1 writes those that have one as a single byte: invalid JSON.
	Latin1
)

// An Encoding is a way of writing JSON. The zero value is json_encode without
// flags.
type Encoding struct {
	// Pretty is JSON_PRETTY_PRINT and JSON_UNESCAPED_SLASHES.
	Pretty  bool
	Charset Charset
	// Convert makes of a value of any other type one that can be written. Nil
	// if there is none.
	Convert func(any) any
}

// Encode writes one value and returns the first error of w. It panics if there
// is no JSON for the value.
func (enc Encoding) Encode(w io.Writer, value any) error {
	e := &encoder{Encoding: enc, w: w}
	e.value(value)
	e.flush()
	return e.err
}

type encoder struct {
	Encoding
	w io.Writer

	buf   []byte
	depth int
	err   error // the first of w
}

// flushAt is the number of bytes that are buffered before they are written.
const flushAt = 16 << 10

func (e *encoder) flush() {
	if e.err == nil && len(e.buf) > 0 {
		_, e.err = e.w.Write(e.buf)
	}
	e.buf = e.buf[:0]
}

func (e *encoder) value(value any) {
	switch v := value.(type) {
	case nil:
		e.text("null")
	case bool:
		e.buf = strconv.AppendBool(e.buf, v)
	case int:
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	case int64:
		e.buf = strconv.AppendInt(e.buf, v, 10)
	case float64:
		e.text(Float(v))
	case string:
		e.quote(v)
	case Raw:
		e.text(string(v))
	case Object:
		e.object(v)
	case []any:
		e.array(v)
	case Stream:
		e.stream(v)
	case Map:
		e.mapping(v)
	default:
		if e.Convert == nil {
			panic(fmt.Sprintf("php: no JSON for a %T", value)) // a mistake of the caller
		}
		e.value(e.Convert(v))
	}
}

func (e *encoder) text(text string) { e.buf = append(e.buf, text...) }

func (e *encoder) object(members Object) {
	e.open('{')
	for i, m := range members {
		e.item(i)
		e.name(m.Name)
		e.value(m.Value)
	}
	e.close('}', len(members))
}

func (e *encoder) name(name string) {
	e.quote(name)
	e.buf = append(e.buf, ':')
	if e.Pretty {
		e.buf = append(e.buf, ' ')
	}
}

func (e *encoder) array(values []any) {
	e.open('[')
	for i, v := range values {
		e.item(i)
		e.value(v)
	}
	e.close(']', len(values))
}

func (e *encoder) stream(values Stream) {
	e.open('[')
	n := 0
	for v := range values {
		e.item(n)
		e.value(v)
		if n++; e.stop() {
			return
		}
	}
	e.close(']', n)
}

func (e *encoder) mapping(values Map) {
	e.open('{')
	n := 0
	for key, v := range values {
		e.item(n)
		e.name(key)
		e.value(v)
		if n++; e.stop() {
			return
		}
	}
	e.close('}', n)
}

// stop writes a full buffer and reports whether the writer has failed.
func (e *encoder) stop() bool {
	if len(e.buf) >= flushAt {
		e.flush()
	}
	return e.err != nil
}

func (e *encoder) open(bracket byte) {
	e.buf = append(e.buf, bracket)
	e.depth++
}

// item begins the i-th item of the array or object that is open.
func (e *encoder) item(i int) {
	if i > 0 {
		e.buf = append(e.buf, ',')
	}
	e.newline()
}

func (e *encoder) close(bracket byte, items int) {
	e.depth--
	if items > 0 {
		e.newline()
	}
	e.buf = append(e.buf, bracket)
}

func (e *encoder) newline() {
	if e.Pretty {
		e.text("\n")
		e.text(strings.Repeat("    ", e.depth))
	}
}

func (e *encoder) quote(text string) {
	e.buf = append(e.buf, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\' || r == '/' && !e.Pretty:
			e.buf = append(e.buf, '\\', byte(r))
		case r >= ' ' && r <= 0x7f:
			e.buf = append(e.buf, byte(r))
		default:
			e.rune(r)
		}
	}
	e.buf = append(e.buf, '"')
}

// rune writes a control character or a letter beyond ASCII.
func (e *encoder) rune(r rune) {
	const short = "\b\f\n\r\t"
	if i := strings.IndexRune(short, r); i >= 0 {
		e.buf = append(e.buf, '\\', "bfnrt"[i])
		return
	}
	switch {
	case e.Charset == UTF8 && r > 0x7f:
		e.buf = utf8.AppendRune(e.buf, r)
	case e.Charset == Latin1 && r > 0x7f && r <= 0xff:
		e.buf = append(e.buf, byte(r))
	case r > 0xffff:
		r -= 0x10000
		e.escape(0xd800 + r>>10)
		e.escape(0xdc00 + r&0x3ff)
	default:
		e.escape(r)
	}
}

func (e *encoder) escape(r rune) {
	const hex = "0123456789abcdef"
	e.buf = append(e.buf, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
