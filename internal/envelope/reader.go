package envelope

import (
	"bytes"
	"io"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A reader reads one answer: its outermost value, and with the locator the records
// in it.
type reader struct {
	Options
	locator
	scope Scope
	pass  Pass // of the record that is scanned

	statement statement
	rest      []byte // what stands at the top beside data, as an object that is still open
	data      []byte // data where it was buffered
	hasData   bool   // there is a member data
	dataName  []byte // how that is written, in quotes
	remainder []byte // the object of what an envelope without data says besides
	first     []byte // the first record
	ofRecord  []byte // a status beside a message that is a record's
	groups    emptyGroups
	isFull    bool  // there is no room for one more record
	repeats   bool  // the page is not the one that was asked for
	kind      byte  // of the value in a list's place, 0 if none was read
	length    int64 // of the body, 0 if it is not known, below 0 before that was asked
}

var readers = sync.Pool{New: func() any {
	return &reader{locator: locator{input: input{src: new(source), dec: jsontext.NewDecoder(nothing)}}}
}}

// newReader returns a reader of a body for a model whose fields knows reports.
func newReader(body io.Reader, o Options, knows func(quotedName []byte) bool) *reader {
	r := readers.Get().(*reader)
	r.reset(body, o, knows)
	return r
}

func (r *reader) reset(body io.Reader, o Options, knows func(quotedName []byte) bool) {
	r.Options = o
	r.input.reset(body, &o)
	r.strict, r.drifts.mask = o.Strict, o.Mask
	r.knows = knows
	r.scope.Location = o.Location
	r.length = -1
}

// release keeps the reader for the next answer, unless one of its buffers has grown
// large.
func (r *reader) release() {
	const tooBigToKeep = 1 << 20
	if max(cap(r.scope.extra), cap(r.pass.text), cap(r.rest), cap(r.data), cap(r.dataName), cap(r.first), r.src.widest) > tooBigToKeep {
		return
	}
	r.clear()
	readers.Put(r)
}

// clear forgets the answer that was read and keeps the buffers.
func (r *reader) clear() {
	r.src.from = nil // the body; what else it holds is its own
	r.statement.reset()
	r.pass.reset()
	*r = reader{
		locator: locator{input: input{src: r.src, dec: r.dec, nesting: r.nesting}}, scope: Scope{extra: r.scope.extra[:0]}, pass: r.pass,
		statement: r.statement, rest: r.rest[:0], data: r.data[:0], dataName: r.dataName[:0], first: r.first[:0],
	}
}

// read reads an answer's outermost value, whatever its shape. The members of an
// envelope are kept in statement and pager, what stands beside data in rest; onData
// reads data, and bare reads an answer that is no object.
func (r *reader) read(onData, bare func() error) error {
	if err := r.open(); err != nil {
		return err
	}
	if err := r.outermost(onData, bare); err != nil {
		return err
	}
	for range maxNesting {
		inner, want := r.inner()
		if inner == nil {
			break
		}
		if err := r.driftOfText("body", want, string(inner)); err != nil {
			return err
		}
		r.statement, r.pager, r.rest, r.data, r.hasData = statement{}, pager{}, nil, nil, false
		if err := r.within(inner, func() error { return r.outermost(onData, bare) }); err != nil {
			return err
		}
	}
	return nil
}

// open skips noise and starts the decoder.
func (r *reader) open() error {
	noise, err := r.start()
	if err != nil {
		return err
	}
	if len(noise) > 0 {
		return r.driftOfText("body", "nothing but JSON", string(noise))
	}
	if media, _, _ := strings.Cut(r.ContentType, ";"); strings.EqualFold(strings.TrimSpace(media), "text/html") {
		return r.driftOfText("body", "application/json", r.ContentType)
	}
	return nil
}

// outermost reads the value that the decoder is before, and to the body's end.
func (r *reader) outermost(onData, bare func() error) error {
	if r.dec.PeekKind() != '{' {
		if err := bare(); err != nil {
			return err
		}
		return r.end()
	}
	if err := r.delimiter(); err != nil {
		return err
	}
	for {
		quoted, err := r.name()
		if err != nil {
			return err
		}
		if quoted == nil {
			return r.end()
		}
		switch w := words.Of(quoted); {
		case w.Role() != words.Data:
			err = r.keep(w, quoted)
		case r.count > 0:
			err = r.secondData()
		default:
			r.hasData, r.dataName = true, append(r.dataName[:0], quoted...)
			err = onData()
		}
		if err != nil {
			return err
		}
	}
}

// end makes sure that no second answer follows. Whatever else does is drift.
func (r *reader) end() error {
	noise, err := r.finish()
	if noise != "" {
		return r.driftOfText("body", "nothing but JSON", noise)
	}
	return err
}

// keep takes in one member of the top: envelope, paginator or rest.
func (r *reader) keep(w words.Word, quoted []byte) error {
	r.rest = appendName(r.rest, quoted)
	start := len(r.rest)
	value, err := r.value()
	if err != nil {
		return err
	}
	r.rest = append(r.rest, value...)
	value = r.rest[start:len(r.rest):len(r.rest)]
	if w = w.For(loose.Kind(value)); w.OfEnvelope() || w.Role() == words.Trace {
		r.statement.add(w, value)
		return nil
	}
	r.pager.addMember(w, value)
	if w.Role() == words.Meta && loose.Kind(value) == '{' {
		// A widespread ResponseFormatter puts status, code and message there.
		for inner, value := range loose.Members(value) {
			if w := wordOf(inner, value); w.OfEnvelope() {
				r.statement.addMeta(w, value)
			}
		}
	}
	return nil
}

// secondData passes over data that comes again after a list was read from it.
func (r *reader) secondData() error {
	value, err := r.value()
	if err != nil || loose.IsEmpty(value) {
		return err
	}
	return r.drift("data", WantOneList, value)
}

// bufferData keeps data whole instead of reading records from it.
func (r *reader) bufferData() error {
	value, err := r.value()
	r.data = append(r.data[:0], value...)
	return err
}

// siblings returns the object of what stands beside data, nil if nothing does.
func (r *reader) siblings() []byte {
	if len(r.rest) == 0 {
		return nil
	}
	return append(r.rest, '}')
}

// inner returns the answer that stands inside another: JSON that was made a string
// of and encoded again, or what response()->json() makes of a response. want is
// what was expected in its place.
func (r *reader) inner() (answer []byte, want string) {
	if loose.Kind(r.data) == '"' {
		answer = jsonInString(r.data)
		if answer == nil && !r.hasData {
			answer = encodedAgain(r.data)
		}
		if r.hasData && (loose.Kind(answer) != '{' || !isEnvelope(answer)) {
			answer = nil // a record or a list as text
		}
		return answer, "JSON that is encoded once"
	}
	for _, object := range [][]byte{r.data, r.siblings()} {
		if loose.Kind(object) == '{' && isResponse(object) {
			return bytes.Clone(member(object, "original")), "an answer that stands alone"
		}
	}
	return nil, ""
}

// encodedAgain returns the string that a string holds, if that holds JSON.
func encodedAgain(text []byte) []byte {
	inner := []byte(strings.TrimSpace(loose.Unquote(text)))
	if loose.Kind(inner) != '"' || !jsontext.Value(inner).IsValid(Lenient) {
		return nil
	}
	return inner
}

// isResponse reports whether an object is a response of Laravel's that was made
// JSON, by the three public members that it has.
func isResponse(object []byte) bool {
	n := 0
	for name, value := range loose.Members(object) {
		kind := loose.Kind(value)
		switch {
		case loose.NameIs(name, "headers"), loose.NameIs(name, "exception"):
		case loose.NameIs(name, "original") && (kind == '{' || kind == '['):
		default:
			return false
		}
		n++
	}
	return n == 3
}

// judgement returns what the answer says of the call, and whether an envelope in another
// says it: it counts where the outer one does not say that the call failed.
func (r *reader) judgement() (j judgement, isNested bool) {
	j = r.statement.judge(r.count > 0 || !loose.IsEmpty(r.data))
	if j.verdict == noVerdict && r.count == 0 {
		r.hearSiblings()
	}
	if isSQLState(r.data) {
		j.add(failure, 0)
	}
	if j.verdict == failure && j.code == 0 && loose.Kind(r.data) == '{' {
		j.code = codeBesideMessage(r.data)
	}
	if r.nested.any {
		inner := r.nested.judge(r.count > 0)
		if j.verdict == noVerdict || j.verdict != failure && (inner.verdict == failure || inner.verdict == unknown && r.count == 0) {
			return inner, true
		}
	}
	return j, false
}

// hearSiblings takes in the envelopes that stand beside data that holds nothing:
// {"header": {"status": "error"}, "data": null}.
func (r *reader) hearSiblings() {
	for name, value := range loose.Members(orEmptyObject(r.siblings())) {
		if loose.Kind(value) == '{' && !words.Of(name).Known() && r.isAnswer(value) {
			r.hear(value)
		}
	}
}

// isSQLState reports whether data is the text of a database's error.
func isSQLState(data []byte) bool { return bytes.HasPrefix(data, []byte(`"SQLSTATE[`)) }
