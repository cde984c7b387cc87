package envelope

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// betweenRecords is what may stand around and between records, where each record
// is bounded rather than the answer.
const betweenRecords = 64 << 10

// An input is the JSON of an answer, value by value.
type input struct {
	src       *source
	dec       *jsontext.Decoder
	mask      Mask
	maxBytes  int64
	perRecord bool

	noise   []byte   // before the JSON
	escaped *escaper // before the decoder, once a raw control character came
	before  int64    // bytes of the JSON that the decoder does not count

	depth       int    // how many buffered values are read within one another
	scanning    bool   // the decoder is passed by: see takeOver
	nesting     []byte // around what is scanned
	hasElements bool   // an element stands before it
}

func (in *input) reset(body io.Reader, o *Options) {
	in.mask, in.maxBytes, in.perRecord = o.Mask, o.MaxBytes, o.PerRecord
	in.escaped, in.before, in.noise, in.scanning, in.depth = nil, 0, nil, false, 0
	in.src.reset(body, o.MaxBytes, o.Mask)
}

// start skips noise, starts the decoder and returns the noise.
func (in *input) start() (noise []byte, err error) {
	noise, err = in.src.skipNoise()
	if err != nil {
		return nil, in.problem(err)
	}
	in.noise = noise
	if in.perRecord {
		in.src.limit = sum(in.maxBytes, betweenRecords)
	} else {
		in.src.limit -= in.src.skipped
	}
	in.dec.Reset(in.src, Lenient)
	return noise, nil
}

// tookRecord notes that a record was read whole: the bound counts anew from here.
func (in *input) tookRecord(record []byte) error {
	if int64(len(record)) > in.maxBytes {
		return ErrTooLarge
	}
	if in.perRecord {
		in.src.limit = max(in.src.limit, sum(in.offset(), in.maxBytes, betweenRecords))
	}
	return nil
}

// offset returns how many bytes of the JSON were read.
func (in *input) offset() int64 {
	if in.scanning {
		return in.before
	}
	return sum(in.before, in.dec.InputOffset())
}

// sum adds what may be as large as an int64 can be.
func sum(parts ...int64) (all int64) {
	for _, n := range parts {
		if all > math.MaxInt64-n {
			return math.MaxInt64
		}
		all += n
	}
	return all
}

// value reads the next value whole; it lives until the next read.
func (in *input) value() ([]byte, error) {
	v, err := in.dec.ReadValue()
	if err != nil && in.escapeRest(err) {
		v, err = in.dec.ReadValue()
	}
	if err != nil {
		return nil, in.problem(err)
	}
	return v, nil
}

// name reads a member's name, in quotes, or nil at the object's end. It lives
// until the next read.
func (in *input) name() (quoted []byte, err error) {
	if in.dec.PeekKind() != '}' {
		return in.value()
	}
	return nil, in.delimiter()
}

// delimiter reads a bracket.
func (in *input) delimiter() error {
	_, err := in.dec.ReadToken()
	return in.problem(err)
}

// skip passes over the next value.
func (in *input) skip() error {
	depth := in.dec.StackDepth()
	err := in.dec.SkipValue()
	if err == nil || !in.escapeRest(err) {
		return in.problem(err)
	}
	if in.dec.StackDepth() == depth {
		return in.problem(in.dec.SkipValue())
	}
	for in.dec.StackDepth() > depth { // a part of it was passed over
		if _, err := in.dec.ReadToken(); err != nil {
			return in.problem(err)
		}
	}
	return nil
}

// within has read work on a value that is buffered already.
func (in *input) within(value []byte, read func() error) error {
	outer := in.dec
	in.depth++
	defer func() { in.dec, in.depth = outer, in.depth-1 }()
	in.dec = jsontext.NewDecoder(bytes.NewBuffer(value), Lenient)
	return read()
}

// finish makes sure that no second answer follows the first. It returns what else
// follows: noise, or what broke the connection, of which the answer is whole by now. It
// reads the body to its end, so that its connection is used again.
func (in *input) finish() (noise string, err error) {
	if in.dec.PeekKind() == 0 {
		_, err := in.dec.ReadToken()
		switch {
		case errors.Is(in.src.broken, gzip.ErrChecksum): // it may hold anything
			return "", in.problem(err)
		case in.src.broken != nil:
			return "the body breaks off: " + in.src.broken.Error(), nil
		case errors.Is(err, ErrTooLarge):
			return "", ErrTooLarge
		case errors.Is(err, io.EOF):
			return "", nil
		}
	}
	tail, _ := io.ReadAll(io.LimitReader(in.rest(0), window))
	if isTailOf(in.noise, tail) {
		return string(tail), nil
	}
	return "", &Problem{Text: "want one JSON value, and more follows it", Got: quoted(in.mask, tail, 80)}
}

// rest returns the body from the at-th byte on that the decoder has not read.
func (in *input) rest(at int64) io.Reader {
	unread := bytes.NewReader(in.dec.UnreadBuffer()[at:])
	if in.escaped != nil {
		return io.MultiReader(unread, in.escaped)
	}
	return io.MultiReader(unread, &in.src.body)
}

// problem says what is wrong with the body, if anything is. The error of a broken
// connection wins over what the decoder makes of the missing rest.
func (in *input) problem(err error) error {
	if err == nil {
		return nil
	}
	var problem *Problem
	var syntactic *jsontext.SyntacticError
	switch {
	case in.src.broken != nil && !errors.Is(in.src.broken, io.ErrUnexpectedEOF):
		return in.src.broken
	case errors.Is(err, ErrTooLarge):
		return ErrTooLarge
	case errors.As(err, &problem):
		return problem
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return &Problem{Text: fmt.Sprintf("the body is cut short after %d bytes", in.src.skipped+in.src.taken), Err: io.ErrUnexpectedEOF}
	case errors.As(err, &syntactic):
		return in.invalid(syntactic)
	}
	return &Problem{Text: "not the JSON that it starts as", Err: err}
}

// invalid shows what is no JSON. The decoder's own words depend on how much of it
// the decoder has, and its pointer may name bytes from elsewhere in the body.
func (in *input) invalid(err *jsontext.SyntacticError) *Problem {
	what := "not the JSON that it starts as"
	if reason := err.Err.Error(); !strings.HasPrefix(reason, "invalid") {
		what = reason // exceeded max depth
	}
	const most = 40
	unread := in.dec.UnreadBuffer()
	at := min(max(err.ByteOffset-in.dec.InputOffset(), 0), int64(len(unread)))
	at = int64(bytes.LastIndexAny(unread[:at], "{}[],:\"\\ \t\r\n") + 1) // a word is shown whole, and so is a secret that stands as one
	got, _ := io.ReadAll(io.LimitReader(in.rest(at), headSize))
	return &Problem{Text: fmt.Sprintf("%s after %d bytes", what, in.src.skipped+in.before+err.ByteOffset), Got: quoted(in.mask, got, most)}
}

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
	start := nesting(nil, in.dec)
	in.escaped = &escaper{from: io.MultiReader(bytes.NewReader(bytes.Clone(unread)), in.src)}
	in.before += in.dec.InputOffset()
	return in.restart(io.MultiReader(bytes.NewReader(start), in.escaped), len(start)) == nil
}

// nesting appends JSON that brings a new decoder to the depth at which dec is, before a
// value's colon or comma. It ends with a byte behind which no more has to be read.
func nesting(start []byte, dec *jsontext.Decoder) []byte {
	for depth := 1; depth <= dec.StackDepth(); depth++ {
		kind, length := dec.StackIndex(depth)
		last := depth == dec.StackDepth()
		switch {
		case kind == '{' && !last:
			start = append(start, `{"":`...)
		case kind == '{' && length%2 == 1:
			start = append(start, `{""`...)
		case kind == '{' && length > 0:
			start = append(start, `{"":""`...)
		case kind == '{':
			start = append(start, '{')
		case last && length > 0:
			start = append(start, `[""`...)
		default:
			start = append(start, '[')
		}
	}
	return start
}

// restart resets the decoder to from, which starts with that much nesting.
func (in *input) restart(from io.Reader, nesting int) error {
	in.before -= int64(nesting)
	in.dec.Reset(from, Lenient)
	for in.dec.InputOffset() < int64(nesting) {
		if _, err := in.dec.ReadToken(); err != nil {
			return err
		}
	}
	return nil
}
