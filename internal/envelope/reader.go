package envelope

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Lenient has the JSON decoder read what PHP sends: bytes that are no UTF-8, names that come twice.
var Lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// besides is what may stand around and between records, where each record is
// bounded rather than the answer.
const besides = 64 << 10

// A reader reads one answer.
type reader struct {
	Options
	src   *source
	dec   *jsontext.Decoder
	scope Scope

	words  words
	pages  pageWords
	rest   []byte // what stands at the top beside data, as an object that is still open
	data   []byte // data where it was held whole
	aside  []byte // the object of what an envelope without data says besides
	seen   bool   // data was there
	drifts []Drift
	count  int    // elements of a list so far
	first  []byte // the first record

	knows func(quotedName []byte) bool           // the model's fields
	emit  func(object []byte, place place) error // takes a record
}

var readers = sync.Pool{New: func() any { return &reader{src: new(source), dec: jsontext.NewDecoder(nothing)} }}

// nothing is what a decoder without a body reads.
var nothing = bytes.NewReader(nil)

func newReader(body io.Reader, o Options) *reader {
	r := readers.Get().(*reader)
	r.Options = o
	r.src.reset(body, o.MaxBytes, o.Mask)
	r.scope.Location = o.Location
	return r
}

// release gives the reader's buffers to the next answer, unless one of them has
// grown large.
func (r *reader) release() {
	const tooBigToKeep = 1 << 20
	if max(cap(r.scope.extra), cap(r.rest), cap(r.data), cap(r.first), r.src.widest) > tooBigToKeep {
		return
	}
	r.src.from = nil // the body; what else it holds is its own
	*r = reader{
		src: r.src, dec: r.dec, scope: Scope{extra: r.scope.extra[:0]},
		rest: r.rest[:0], data: r.data[:0], first: r.first[:0],
	}
	readers.Put(r)
}

// open skips noise and starts the decoder.
func (r *reader) open() error {
	noise, err := r.src.skipNoise()
	if err != nil {
		return r.problem(err)
	}
	if r.PerRecord {
		r.src.limit = sum(r.MaxBytes, besides)
	} else {
		r.src.limit -= r.src.skipped
	}
	r.dec.Reset(r.src, Lenient)
	if len(noise) > 0 {
		return r.driftOfText("body", "nothing but JSON", string(noise))
	}
	if media, _, _ := strings.Cut(r.ContentType, ";"); strings.EqualFold(strings.TrimSpace(media), "text/html") {
		return r.driftOfText("body", "application/json", r.ContentType)
	}
	return nil
}

// took notes that a record was read whole: the bound counts anew from here.
func (r *reader) took(record []byte) error {
	if int64(len(record)) > r.MaxBytes {
		return ErrTooLarge
	}
	if r.PerRecord {
		r.src.limit = sum(r.dec.InputOffset(), r.MaxBytes, besides)
	}
	return nil
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
func (r *reader) value() ([]byte, error) {
	v, err := r.dec.ReadValue()
	if err != nil {
		return nil, r.problem(err)
	}
	return v, nil
}

// name reads a member's name, in quotes, or nil at the object's end. It lives
// until the next read.
func (r *reader) name() (quoted []byte, err error) {
	if r.dec.PeekKind() != '}' {
		return r.value()
	}
	return nil, r.delimiter()
}

// delimiter reads a bracket.
func (r *reader) delimiter() error {
	_, err := r.dec.ReadToken()
	return r.problem(err)
}

// end makes sure that nothing follows the answer's value, and reads the body to
// its end so that its connection is used again.
func (r *reader) end() error {
	if r.dec.PeekKind() == 0 {
		_, err := r.dec.ReadToken()
		if r.src.broken != nil || errors.Is(err, ErrTooLarge) {
			return r.problem(err)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
	}
	tail, _ := io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(r.dec.UnreadBuffer()), r.src.body), window))
	if isDiagnostic(tail) {
		return r.driftOfText("body", "nothing but JSON", string(tail))
	}
	return &Problem{Text: "want one JSON value, and more follows it", Got: fmt.Sprintf("%q", clip(r.Mask, string(tail), 80))}
}

// problem says what is wrong with the body, if anything is. The error of a broken
// connection wins over what the decoder makes of the missing rest.
func (r *reader) problem(err error) error {
	if err == nil {
		return nil
	}
	var problem *Problem
	var syntactic *jsontext.SyntacticError
	switch {
	case r.src.broken != nil && !errors.Is(r.src.broken, io.ErrUnexpectedEOF):
		return r.src.broken
	case errors.Is(err, ErrTooLarge):
		return ErrTooLarge
	case errors.As(err, &problem):
		return problem
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return &Problem{Text: fmt.Sprintf("the body is cut short after %d bytes", r.src.skipped+r.src.taken), Err: io.ErrUnexpectedEOF}
	case errors.As(err, &syntactic):
		return r.invalid(syntactic)
	}
	return &Problem{Text: "not the JSON that it starts as", Err: err}
}

// invalid shows what is no JSON. The decoder's own words depend on how much of it
// the decoder has, and its pointer may name bytes from elsewhere in the body.
func (r *reader) invalid(err *jsontext.SyntacticError) *Problem {
	what := "not the JSON that it starts as"
	if reason := err.Err.Error(); !strings.HasPrefix(reason, "invalid") {
		what = reason // exceeded max depth
	}
	const most = 40
	unread := r.dec.UnreadBuffer()
	at := min(max(err.ByteOffset-r.dec.InputOffset(), 0), int64(len(unread)))
	at = int64(bytes.LastIndexAny(unread[:at], "{}[],:\"\\ \t\r\n") + 1) // a word is shown whole, and so is a secret that stands as one
	rest := io.MultiReader(bytes.NewReader(unread[at:]), r.src.body)
	got, _ := io.ReadAll(io.LimitReader(rest, headSize))
	return &Problem{Text: fmt.Sprintf("%s after %d bytes", what, r.src.skipped+err.ByteOffset), Got: fmt.Sprintf("%q", clip(r.Mask, string(got), most))}
}

// drift notes what nobody expects; in strict mode it is an error.
func (r *reader) drift(path, want string, got []byte) error {
	return r.driftAt(path, path, want, got)
}

// driftOfText is drift whose value is a text, of which the start is enough.
func (r *reader) driftOfText(path, want, text string) error {
	return r.drift(path, want, AppendString(nil, clip(r.Mask, text, 200)))
}

// driftAt is drift for one of many places that count as one, where being exactly
// the place of this one.
func (r *reader) driftAt(path, where, want string, got []byte) error {
	if r.Strict {
		return &Problem{Text: where + ": want " + want, Got: clip(r.Mask, string(got), 80), Drift: true}
	}
	for i := range r.drifts {
		if r.drifts[i].Path == path && r.drifts[i].Want == want {
			r.drifts[i].Count++
			return nil
		}
	}
	const most = 64 // kinds of drift in one answer; a flood of them is no news
	if len(r.drifts) < most {
		r.drifts = append(r.drifts, Drift{Path: path, Want: want, Got: []byte(validUTF8(got)), Count: 1})
	}
	return nil
}

// answer closes the reading: what was said, judged. What the answer holds in
// place of records may be explained by a refusal behind it.
func (r *reader) answer(err error) (*Answer, error) {
	if r.count == 0 && isShape(err) {
		if a := r.again(); a.Failed {
			return a, nil
		}
	}
	return r.judged(err)
}

// isShape tells a Problem of what the JSON holds from one of the JSON.
func isShape(err error) bool {
	var problem *Problem
	return errors.As(err, &problem) && problem.Err == nil
}

// again reads an answer anew, without expecting records and without being strict.
// It does so for one that the head holds whole, as refusals are short; else, or
// where it can't be read at all, the Answer is empty.
func (r *reader) again() *Answer {
	_, _ = io.CopyN(io.Discard, r.src.body, 2*headSize)
	o := r.Options
	o.Strict, o.PerRecord, o.MaxBytes = false, false, 2*headSize
	once := newReader(bytes.NewReader(r.src.head), o)
	defer once.release()
	once.knows = r.knows
	_, _, err := once.whole()
	a, err := once.judged(err)
	if err != nil {
		return &Answer{}
	}
	a.Head = bytes.Clone(r.src.head)
	return a
}

func (r *reader) judged(err error) (*Answer, error) {
	a := &Answer{Page: r.pages.page(), Count: r.count, Broken: r.src.broken, mask: r.Mask}
	if a.Page.Current == 0 && (a.Page.More || a.Page.Last > 0) {
		a.First = bytes.Clone(r.first)
	}
	a.judge(&r.words, r.hasData())
	a.Failed = a.Failed || r.refused
	a.explain(&r.words, r.data)
	if a.unknownStatus != nil && err == nil {
		err = r.drift("status", "a known status", a.unknownStatus)
		a.unknownStatus = nil
	}
	if err != nil || a.Failed {
		a.Head = bytes.Clone(r.src.head)
	}
	a.Drifts = r.drifts
	return a, err
}
