package envelope

import (
	"bytes"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// top reads an answer's outermost value, whatever its shape. The members of an
// envelope are kept in words and pages, what stands beside data in rest; onData
// reads data, and bare reads an answer that is no object.
func (r *reader) top(onData, bare func() error) error {
	if err := r.open(); err != nil {
		return err
	}
	if err := r.outermost(onData, bare); err != nil {
		return err
	}
	for range maxNesting {
		inner, want := r.inside()
		if inner == nil {
			break
		}
		if err := r.driftOfText("body", want, string(inner)); err != nil {
			return err
		}
		r.words, r.pages, r.rest, r.data, r.seen = words{}, pageWords{}, nil, nil, false
		if err := r.on(inner, func() error { return r.outermost(onData, bare) }); err != nil {
			return err
		}
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
		switch {
		case err != nil:
			return err
		case quoted == nil:
			return r.end()
		case !loose.NameIs(quoted, "data"):
			err = r.keep(quoted)
		case r.count > 0:
			err = r.secondData()
		default:
			r.seen = true
			err = onData()
		}
		if err != nil {
			return err
		}
	}
}

// keep takes in one member of the top: envelope, paginator or rest.
func (r *reader) keep(quoted []byte) error {
	name := wordName(quoted)
	r.rest = startMember(r.rest, quoted)
	start := len(r.rest)
	raw, err := r.value()
	if err != nil {
		return err
	}
	r.rest = append(r.rest, raw...)
	raw = r.rest[start:len(r.rest):len(r.rest)]
	if w := wordOf(name); w != noWord {
		r.words.add(w, raw)
		return nil
	}
	r.pages.add(name, raw)
	if isMeta(name) && loose.Kind(raw) == '{' {
		// A widespread ResponseFormatter puts status, code and message there.
		for inner, value := range loose.Members(raw) {
			if w := wordOf(wordName(inner)); w != noWord {
				r.words.addMeta(w, value)
			}
		}
	}
	return nil
}

// secondData passes over data that comes again after a list was read from it.
func (r *reader) secondData() error {
	raw, err := r.value()
	if err != nil || loose.IsEmpty(raw) {
		return err
	}
	return r.drift("data", "one list of records", raw)
}

// hold keeps data whole instead of reading records from it.
func (r *reader) hold() error {
	raw, err := r.value()
	r.data = append(r.data[:0], raw...)
	return err
}

// failed tells whether the words so far say that the call failed.
func (r *reader) failed() bool {
	var a Answer
	a.judge(&r.words, true)
	return a.Failed
}

// hasData tells whether the answer held anything but its envelope.
func (r *reader) hasData() bool { return r.count > 0 || !loose.IsEmpty(r.data) }

// beside gives the object of what stands beside data, nil where nothing does.
func (r *reader) beside() []byte {
	if len(r.rest) == 0 {
		return nil
	}
	return append(r.rest, '}')
}

// settle decides, for an answer without data, whose the words are: those of an
// envelope, or fields of a record or list that stands without one. It gives the
// record or list and its path, nil where there is none.
func (r *reader) settle() (raw []byte, path string) {
	whole := r.beside()
	if whole == nil {
		return nil, ""
	}
	if !r.refused && !r.words.hasMessage() && r.isRecord(whole) {
		r.words.drop(wordStatus)
		r.words.drop(wordCode)
		r.pages = pageWords{}
		return whole, ""
	}
	rest := without(whole, isWord)
	switch {
	case rest == nil: // an envelope alone, or a paginator without its records
		return r.inSuccess(), wordNames[wordSuccess]
	case r.words.any && !hasNested(rest) && !r.isRecord(rest):
		r.aside = rest // an envelope with a remark of its own
		return nil, ""
	}
	// The paginator's words go along: they tell its list from other objects.
	return without(whole, func(name string) bool { return wordOf(name) != noWord }), ""
}

// inSuccess gives what stands under success where that is no verdict:
// {"success": {"id": 1}}. It is nil where it is one.
func (r *reader) inSuccess() []byte {
	success := r.words.get(wordSuccess)
	switch loose.Kind(success) {
	case '[':
		if loose.Kind(firstOf(success)) == '{' { // texts are a message
			return success
		}
	case '{':
		if without(success, isWord) != nil {
			return success
		}
	}
	return nil
}

// without gives an object without the members that drop names, nil where that
// leaves none.
func without(object []byte, drop func(name string) bool) (rest []byte) {
	for name, raw := range loose.Members(object) {
		if !drop(wordName(name)) {
			rest = append(startMember(rest, name), raw...)
		}
	}
	if rest == nil {
		return nil
	}
	return append(rest, '}')
}

// isRecord tells a record from an object around records: it has an id, a code
// or any other field of the model. A status is no sign: envelopes have one.
func (r *reader) isRecord(object []byte) bool {
	for name, raw := range loose.Members(object) {
		if r.isField(name, loose.Kind(raw)) {
			return true
		}
	}
	return false
}

// isField tells a member that only a record has: its id or code, or a scalar
// that the model knows. kind is the value's.
func (r *reader) isField(quoted []byte, kind byte) bool {
	return r.isIdentity(quoted, kind) || kind != '{' && kind != '[' && r.knows(quoted) && !loose.NameIs(quoted, "status")
}

// isIdentity tells an id or a code, whatever an id's value is.
func (r *reader) isIdentity(quoted []byte, kind byte) bool {
	if bytes.HasPrefix(quoted, []byte(`"kode_`)) {
		return kind != '{' && kind != '[' || r.knows(quoted)
	}
	return loose.NameIs(quoted, "id")
}

// isVoid tells an object that says nothing from a record: it holds empty values
// and words of an envelope or a paginator.
func (r *reader) isVoid(object []byte) bool {
	for name, raw := range loose.Members(object) {
		if !loose.IsEmpty(raw) && loose.Kind(raw) != 'f' && (r.knows(name) || !isWord(wordName(name))) {
			return false
		}
	}
	return true
}

// remark tells of what an object says that holds no record.
func (r *reader) remark(object []byte, path, want string) error {
	text := without(object, isPageWord)
	for _, raw := range loose.Members(orEmpty(text)) {
		if _, flag := loose.Bool(raw); !flag && !loose.IsEmpty(raw) {
			return r.drift(path, want, text)
		}
	}
	return nil
}

func orEmpty(object []byte) []byte {
	if object == nil {
		return []byte("{}")
	}
	return object
}

func hasNested(object []byte) bool {
	for name, raw := range loose.Members(object) {
		if k := loose.Kind(raw); (k == '{' || k == '[') && !isPageObject(wordName(name)) {
			return true
		}
	}
	return false
}

// startMember adds a member's name to an object that is still open.
func startMember(object, quoted []byte) []byte {
	if len(object) == 0 {
		object = append(object, '{')
	} else {
		object = append(object, ',')
	}
	return append(append(object, quoted...), ':')
}
