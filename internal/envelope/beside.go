package envelope

import (
	"bytes"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// besideList reads a member beside the list: a paginator's word, or something
// that holds no records. Where the list so far is empty, it was no list of these
// records but a filter, say, and what comes may yet be theirs.
func (r *reader) besideList(o *object, name string) error {
	switch kind := r.dec.PeekKind(); {
	case kind == '[' && !isListOfOthers(name):
		return r.anotherArray(join(o.path, name))
	case kind == '{' && !isPageObject(name) && r.count > 0:
		return r.problem(r.dec.SkipValue())
	case kind == '{' && !isPageObject(name):
		return r.anotherObject(o, name)
	}
	raw, err := r.value()
	r.pages.add(name, raw)
	return err
}

// anotherArray reads an array beside the list. Objects in it are the records if
// the list was empty; else they would be records of a list in parts: that is told
// rather than lost in silence.
func (r *reader) anotherArray(path string) error {
	if err := r.delimiter(); err != nil {
		return err
	}
	isList := r.count == 0
	for i := 0; ; i++ {
		kind := r.dec.PeekKind()
		if kind == ']' {
			return r.delimiter()
		}
		raw, err := r.value()
		switch {
		case err != nil:
			return err
		case kind != '{':
			continue
		case isList:
			err = r.emit(raw, place{path, i})
		case i == 0:
			err = r.drift(path, "one list of records", raw)
		}
		if err != nil {
			return err
		}
	}
}

// anotherObject reads an object beside an empty list, which may be a paginator
// that holds the records.
func (r *reader) anotherObject(o *object, name string) error {
	raw, err := r.value()
	if err != nil {
		return err
	}
	for inner := range loose.Members(raw) {
		if isPaginator(wordName(inner)) {
			return r.within(bytes.Clone(raw), join(o.path, name), o.depth+1)
		}
	}
	return nil
}
