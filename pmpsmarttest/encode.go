package pmpsmarttest

import (
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// An answer's body is a tree of values: nil, bool, int, int64, float64, string,
// raw, object and []any; a record, which the form of the answers shapes; and a
// stream or keyed of them.
type (
	raw    string // JSON as it is
	object []member
	member struct {
		name  string
		value any
	}
	stream = iter.Seq[any]          // an array, too long to hold
	keyed  = iter.Seq2[string, any] // an object, too long to hold
)

// An encoder writes values as PHP's json_encode does.
type encoder struct {
	w      io.Writer
	f      *form
	pretty bool // as Laravel prints its exceptions: indented, slashes as they are

	buf   []byte
	depth int
	err   error // the first of w
}

// flushAt is how much is gathered before it is written.
const flushAt = 16 << 10

// encode writes one value and returns the first error of w.
func encode(w io.Writer, f *form, pretty bool, value any) error {
	e := &encoder{w: w, f: f, pretty: pretty}
	e.value(value)
	e.flush()
	return e.err
}

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
		e.text(phpFloat(v))
	case string:
		e.quote(v)
	case raw:
		e.text(string(v))
	case object:
		e.object(v)
	case []any:
		list(e, v)
	case record:
		e.record(v)
	case []record:
		list(e, v)
	case stream:
		e.stream(v)
	case keyed:
		e.keyed(v)
	default:
		panic(fmt.Sprintf("pmpsmarttest: no JSON for a %T", value)) // a mistake in this package
	}
}

func (e *encoder) text(text string) { e.buf = append(e.buf, text...) }

func (e *encoder) object(members object) {
	e.open('{')
	for i, m := range members {
		e.item(i)
		e.name(m.name)
		e.value(m.value)
	}
	e.close('}', len(members))
}

func (e *encoder) name(name string) {
	e.quote(name)
	e.buf = append(e.buf, ':')
	if e.pretty {
		e.buf = append(e.buf, ' ')
	}
}

func list[T any](e *encoder, values []T) {
	e.open('[')
	for i, v := range values {
		e.item(i)
		e.value(v)
	}
	e.close(']', len(values))
}

func (e *encoder) stream(values stream) {
	e.open('[')
	n := 0
	for v := range values {
		e.item(n)
		e.value(v)
		if n++; e.full() {
			return
		}
	}
	e.close(']', n)
}

func (e *encoder) keyed(values keyed) {
	e.open('{')
	n := 0
	for key, v := range values {
		e.item(n)
		e.name(key)
		e.value(v)
		if n++; e.full() {
			return
		}
	}
	e.close('}', n)
}

// full writes what has gathered and reports whether nobody reads any more.
func (e *encoder) full() bool {
	if len(e.buf) >= flushAt {
		e.flush()
	}
	return e.err != nil
}

func (e *encoder) open(bracket byte) {
	e.buf = append(e.buf, bracket)
	e.depth++
}

// item starts the i-th item of the array or object that is open.
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
	if e.pretty {
		e.text("\n")
		e.text(strings.Repeat("    ", e.depth))
	}
}

// quote writes a string: in ASCII as PHP does, or as the form has it.
func (e *encoder) quote(text string) {
	e.buf = append(e.buf, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\' || r == '/' && !e.pretty:
			e.buf = append(e.buf, '\\', byte(r))
		case r >= ' ' && r < 0x7f:
			e.buf = append(e.buf, byte(r))
		default:
			e.rune(r)
		}
	}
	e.buf = append(e.buf, '"')
}

func (e *encoder) rune(r rune) {
	const short = "\b\f\n\r\t"
	if i := strings.IndexRune(short, r); i >= 0 {
		e.buf = append(e.buf, '\\', "bfnrt"[i])
		return
	}
	switch {
	case e.f.bytes == "utf8" && r > 0x7f:
		e.buf = utf8.AppendRune(e.buf, r)
	case e.f.bytes == "latin1" && r > 0x7f && r <= 0xff:
		e.buf = append(e.buf, byte(r))
	case r > 0xffff:
		r -= 0x10000
		e.escape(0xd800 + r>>10)
		e.escape(0xdc00 + r&0x3ff)
	case r == 0x7f:
		e.buf = append(e.buf, byte(r))
	default:
		e.escape(r)
	}
}

func (e *encoder) escape(r rune) {
	const hex = "0123456789abcdef"
	e.buf = append(e.buf, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

// phpFloat is a number as PHP prints it: whole ones without a point, as they
// come from the database, and large ones as 1.0e+25.
func phpFloat(v float64) string {
	if math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return mantissa + "e" + exponent
}

// The columns of records that are more than a number or a text.
type (
	civil    string // a day, "2026-02-02"
	document string // JSON kept as a text
)

// record writes a row in the form's own way.
func (e *encoder) record(r record) {
	e.open('{')
	n := 0
	for _, m := range r.fields {
		for _, value := range e.f.fieldValues(r, m) {
			e.item(n)
			e.name(m.name)
			e.column(r.kind, value)
			n++
		}
	}
	e.close('}', n)
}

// column writes a value of a record of that kind.
func (e *encoder) column(kind kind, value any) {
	switch v := value.(type) {
	case nil:
		if e.f.fields == "empty" {
			e.quote("")
			return
		}
		e.text("null")
	case int64:
		e.number(strconv.FormatInt(v, 10))
	case float64:
		e.number(phpFloat(v))
	case string:
		e.quote(v)
	case time.Time:
		e.value(e.f.time(kind, v))
	case civil:
		e.value(e.f.day(v))
	case document:
		e.value(e.f.document(v))
	default:
		e.value(v)
	}
}

// number writes a number of a record.
func (e *encoder) number(digits string) {
	switch e.f.numbers {
	case "text":
		e.quote(digits)
	case "float":
		if e.text(digits); !strings.ContainsAny(digits, ".e") {
			e.text(".0")
		}
	default:
		e.text(digits)
	}
}
