package envelope

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// lenient reads what PHP sends: bytes that are no UTF-8, names that come twice.
var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// Options say how an answer is read.
type Options struct {
	ContentType string         // as the server named it
	Location    *time.Location // of times that name no zone
	Strict      bool           // drift is an error
	MaxBytes    int64          // bound of the answer, or of each record
	PerRecord   bool           // MaxBytes bounds each record, not the answer

	refused bool // the HTTP status says that the call failed
}

// An Answer is what the envelope said, as far as it was read.
type Answer struct {
	Status  string              // the status as the server wrote it
	Message string              // a readable line, "" where there is none
	Fields  map[string][]string // a validator's errors by field
	Failed  bool                // the server says that the call failed
	Code    int                 // the 4xx or 5xx number in the envelope, 0 where there is none
	Page    Page                // the place in a list
	Count   int                 // elements of a list, null among them
	Drifts  []Drift             // what was met that nobody expects
	Head    []byte              // how the body starts
	Broken  error               // what ended the body before its end, nil where nothing did

	unknownStatus []byte
}

// A Drift is a place at which answers differ from what is expected.
type Drift struct {
	Path, Want string
	Got        []byte // the first value met, as JSON
	Count      int
}

// A Problem is the error of an answer that can't be read as what it should be.
type Problem struct {
	Text string // what is wrong
	Got  string // what the body holds there, or ""
	Err  error  // what the JSON decoder said, or nil

	Drift bool // it is drift, and strict mode makes it a problem
}

func (p *Problem) Error() string {
	text := p.Text
	if p.Got != "" {
		text += ", got " + p.Got
	}
	if p.Err != nil {
		text += ": " + p.Err.Error()
	}
	return text
}

func (p *Problem) Unwrap() error { return p.Err }

// ErrEmpty is the error of a body that holds nothing.
var ErrEmpty = errors.New("the body is empty")

// notJSON is the problem of a body that holds no JSON at all.
func notJSON(body []byte) *Problem {
	title, html := Title(body)
	switch {
	case len(body) == 0:
		return &Problem{Text: "want JSON", Err: ErrEmpty}
	case html && title != "":
		return &Problem{Text: fmt.Sprintf("want JSON, and it is an HTML page titled %q", title)}
	case html:
		return &Problem{Text: "want JSON, and it is an HTML page"}
	}
	return &Problem{Text: "want JSON", Got: fmt.Sprintf("%q", clip(string(body), 80))}
}

func clip(text string, most int) string {
	text = line(text)
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// A reader reads one answer.
type reader struct {
	Options
	src   source
	dec   *jsontext.Decoder
	scope Scope

	words  words
	pages  pageWords
	rest   []byte // what stands at the top beside the envelope, as one object
	data   []byte // data where it was held whole
	seen   bool   // data was there
	drifts []Drift
	count  int // elements of a list so far

	knows func(quotedName []byte) bool           // the model's fields
	emit  func(object []byte, place place) error // takes a record
	head  func(kind jsontext.Kind) (bool, error) // whether data is held whole
	total int                                    // records so far
}

// A place is where in the answer a record stands, made text only when asked.
type place struct {
	path  string // of the list, "data"
	index int    // in the list, or -1 for a single record
}

// String is the place of one record: data.3.
func (p place) String() string {
	if p.index < 0 {
		return p.path
	}
	return join(p.path, fmt.Sprint(p.index))
}

// pattern is the place of any record of the list: data.*.
func (p place) pattern() string {
	if p.index < 0 {
		return p.path
	}
	return join(p.path, "*")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

var readers = sync.Pool{New: func() any { return &reader{dec: jsontext.NewDecoder(bytes.NewReader(nil))} }}

func newReader(body io.Reader, o Options) *reader {
	r := readers.Get().(*reader)
	r.Options = o
	r.src.reset(body, o.MaxBytes)
	r.scope.Location = o.Location
	return r
}

// release gives the reader's buffers to the next answer.
func (r *reader) release() {
	const tooBigToKeep = 1 << 20
	scope := r.scope
	scope.extra = scope.extra[:0]
	scope.Zones = loose.Zones{}
	if cap(scope.extra) > tooBigToKeep {
		scope.extra = nil
	}
	r.src.body.Reset(nil)
	*r = reader{src: source{body: r.src.body, head: r.src.head[:0]}, dec: r.dec, scope: scope}
	r.dec.Reset(bytes.NewReader(nil))
	readers.Put(r)
}

// open skips noise and starts the decoder.
func (r *reader) open() error {
	noise, err := r.src.skipNoise()
	if err != nil {
		return r.problem(err)
	}
	r.src.taken = 0
	r.dec.Reset(&r.src, lenient)
	if len(noise) > 0 {
		return r.drift("body", "nothing but JSON", AppendString(nil, clip(string(noise), 200)))
	}
	if media, _, _ := strings.Cut(r.ContentType, ";"); strings.EqualFold(strings.TrimSpace(media), "text/html") {
		return r.drift("body", "application/json", AppendString(nil, clip(r.ContentType, 200)))
	}
	return nil
}

// allow lets the decoder read one more value of the bound's size.
func (r *reader) allow() {
	if r.PerRecord {
		r.src.limit = r.dec.InputOffset() + r.MaxBytes
	}
}

// value reads the next value whole; it lives until the next read.
func (r *reader) value() ([]byte, error) {
	r.allow()
	v, err := r.dec.ReadValue()
	if err != nil {
		return nil, r.problem(err)
	}
	return v, nil
}

// name reads a member's name, or "" and false at the object's end.
func (r *reader) name() (quoted []byte, more bool, err error) {
	r.allow()
	if r.dec.PeekKind() == '}' {
		_, err := r.dec.ReadToken()
		return nil, false, r.problem(err)
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		return nil, false, r.problem(err)
	}
	return bytes.Clone(v), true, nil
}

// end makes sure that nothing follows the answer's value, and reads the body to
// its end so that its connection is used again.
func (r *reader) end() error {
	r.allow()
	_, err := r.dec.ReadToken()
	if err == io.EOF {
		return nil
	}
	if r.src.err != nil || errors.Is(err, ErrTooLarge) {
		return r.problem(err)
	}
	tail, _ := io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(r.dec.UnreadBuffer()), &r.src), window))
	if isDiagnostic(tail) {
		return r.drift("body", "nothing but JSON", AppendString(nil, clip(string(tail), 200)))
	}
	return &Problem{Text: "want one JSON value, and more follows it", Got: fmt.Sprintf("%q", clip(string(tail), 80))}
}

// isDiagnostic tells what PHP prints of its own accord at the end of a request.
func isDiagnostic(tail []byte) bool {
	text := strings.TrimSpace(string(tail))
	for _, prefix := range []string{"<br />", "<br/>", "<br>", "Warning:", "Notice:", "Deprecated:", "PHP Warning:", "PHP Notice:", "PHP Deprecated:"} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

// problem says what is wrong with the body. The error of a broken connection
// wins over what the decoder makes of the missing rest.
func (r *reader) problem(err error) error {
	var problem *Problem
	switch {
	case err == nil:
		return nil
	case r.src.err != nil && !errors.Is(r.src.err, io.ErrUnexpectedEOF):
		return r.src.err
	case errors.Is(err, ErrTooLarge):
		return ErrTooLarge
	case errors.As(err, &problem):
		return problem
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || r.src.err != nil:
		return &Problem{Text: fmt.Sprintf("the body is cut short after %d bytes", r.src.taken), Err: io.ErrUnexpectedEOF}
	}
	return &Problem{Text: "not the JSON that it starts as", Err: err}
}

// drift notes what nobody expects; in strict mode it is an error.
func (r *reader) drift(path, want string, got []byte) error {
	return r.driftAt(path, path, want, got)
}

// driftAt is drift for one of many places that count as one, where being exactly
// the place of this one.
func (r *reader) driftAt(path, where, want string, got []byte) error {
	if r.Strict {
		return &Problem{Text: where + ": want " + want, Got: clip(string(got), 80), Drift: true}
	}
	for i := range r.drifts {
		if r.drifts[i].Path == path && r.drifts[i].Want == want {
			r.drifts[i].Count++
			return nil
		}
	}
	const most = 64 // kinds of drift in one answer; a flood of them is no news
	if len(r.drifts) < most {
		r.drifts = append(r.drifts, Drift{Path: path, Want: want, Got: []byte(validUTF8(bytes.Clone(got))), Count: 1})
	}
	return nil
}

// answer closes the reading: what was said, judged.
func (r *reader) answer(err error) (*Answer, error) {
	a := &Answer{Page: r.pages.page(), Count: r.count, Broken: r.src.err}
	a.judge(&r.words, r.seen)
	a.Failed = a.Failed || r.refused
	a.explain(&r.words, r.data)
	if err != nil || a.Failed {
		a.Head = bytes.Clone(r.src.head)
	}
	if a.unknownStatus != nil && err == nil {
		err = r.drift("status", "a known status", a.unknownStatus)
	}
	a.Drifts = r.drifts
	return a, err
}
