package envelope

import (
	"bytes"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// top reads an answer's outermost value, whatever its shape. The members of an
// envelope are kept in words and pages, what stands beside them in rest; onData
// reads data, and bare reads an answer that is no object.
func (r *reader) top(onData func() error, bare func() error) error {
	if err := r.open(); err != nil {
		return err
	}
	r.allow()
	if r.dec.PeekKind() != '{' {
		if err := bare(); err != nil {
			return err
		}
		return r.end()
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return r.problem(err)
	}
	for {
		name, more, err := r.name()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if loose.NameIs(name, "data") {
			r.seen = true
			if err := onData(); err != nil {
				return err
			}
			continue
		}
		raw, err := r.value()
		if err != nil {
			return err
		}
		if err := r.keep(name, raw); err != nil {
			return err
		}
	}
	if r.rest != nil {
		r.rest = append(r.rest, '}')
	}
	return r.end()
}

// keep sorts one member of the top: envelope, paginator or rest.
func (r *reader) keep(quoted, raw []byte) error {
	name := loose.Name(quoted)
	r.pages.add(name, raw, 3)
	if IsWord(name) && !isPageWord(name) {
		r.words.add(name, bytes.Clone(raw))
	}
	if int64(len(r.rest)+len(raw)) > r.MaxBytes {
		return ErrTooLarge
	}
	r.rest = appendMember(r.rest, quoted, raw)
	return nil
}

// hold keeps data whole instead of reading records from it.
func (r *reader) hold() error {
	raw, err := r.value()
	r.data = bytes.Clone(raw)
	return err
}

// failed tells whether the words so far say that the call failed.
func (r *reader) failed() bool {
	var a Answer
	a.judge(&r.words, true)
	return a.Failed
}

// settle decides, for an answer without data, whose the words are: those of an
// envelope, or fields of a record or list that stands without one. It leaves
// the record or list in rest, nil where there is none.
func (r *reader) settle() {
	if r.rest == nil {
		return
	}
	enveloped := r.words.get(messageNames...) != nil || r.words.has("message")
	if !enveloped && r.isRecord(r.rest) {
		r.words.drop("status")
		r.words.drop("code")
		r.pages = pageWords{}
		return
	}
	rest := r.withoutWords()
	if rest == nil {
		r.rest = nil
		return
	}
	// A paginator without its records, or an envelope with a remark of its
	// own, is no record.
	if len(r.words.names) > 0 && !hasNested(rest) && !r.isRecord(rest) {
		r.rest = nil
		return
	}
	// The paginator's words go along: they tell its list from other objects.
	rest = rest[:0]
	for name, raw := range loose.Members(r.rest) {
		if text := loose.Name(name); !IsWord(text) || isPageWord(text) {
			rest = appendMember(rest, name, raw)
		}
	}
	r.rest = append(rest, '}')
}

// isRecord tells a record from an object around records: it has an id, a code
// or any other field of the model. A status is no sign: envelopes have one.
func (r *reader) isRecord(object []byte) bool {
	for name, raw := range loose.Members(object) {
		if k := loose.Kind(raw); k == '{' || k == '[' {
			continue
		}
		if isIdentity(name) || !loose.NameIs(name, "status") && r.knows != nil && r.knows(name) {
			return true
		}
	}
	return false
}

// isIdentity tells the members that only a record has.
func isIdentity(quoted []byte) bool {
	name := loose.Name(quoted)
	return name == "id" || strings.HasPrefix(name, "kode_")
}

func hasNested(object []byte) bool {
	for name, raw := range loose.Members(object) {
		if k := loose.Kind(raw); (k == '{' || k == '[') && !isPageObject(loose.Name(name)) {
			return true
		}
	}
	return false
}

func (w *words) drop(name string) {
	for i := 0; i < len(w.names); i++ {
		if w.names[i] == name {
			w.names = append(w.names[:i], w.names[i+1:]...)
			w.values = append(w.values[:i], w.values[i+1:]...)
			i--
		}
	}
}

// appendMember adds a member to an object that lacks its closing brace.
func appendMember(object, quoted, raw []byte) []byte {
	if object == nil {
		object = append(object, '{')
	} else {
		object = append(object, ',')
	}
	object = append(append(object, quoted...), ':')
	return append(object, raw...)
}
