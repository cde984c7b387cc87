package envelope

import "github.com/pmpsmart/pmpsmart-go/internal/loose"

// listIn reads the first array of an object, which holds the records. An empty one
// that is not a page's may be something else, a filter, say: what is sure to be
// this list may yet come.
func (r *reader) listIn(o *object, name string) error {
	path := join(o.path, name)
	if o.emptied {
		return r.anotherArray(o, path, true)
	}
	if err := r.delimiter(); err != nil {
		return err
	}
	if r.dec.PeekKind() == ']' && !o.inner && !(o.paged && name == "data") {
		o.emptied = true
		o.hold([]byte("[]"))
		return r.delimiter()
	}
	r.adopt(o, holder)
	return r.elements(path)
}

// besideList reads a member beside the list: a paginator's word, or something
// that holds no records.
func (r *reader) besideList(o *object, name string) error {
	switch kind := r.dec.PeekKind(); {
	case kind == '[' && !isListOfOthers(name):
		return r.anotherArray(o, join(o.path, name), false)
	case kind == '{' && !isPageObject(name):
		return r.problem(r.dec.SkipValue())
	}
	raw, err := r.value()
	r.pages.add(name, raw)
	return err
}

// anotherArray reads an array beside the list. Objects in it would be records of a
// list in parts: that is told rather than lost in silence. They are the records
// where the list is empty and they look like nothing else.
func (r *reader) anotherArray(o *object, path string, mayBeList bool) error {
	if err := r.delimiter(); err != nil {
		return err
	}
	isList := false
	for i := 0; ; i++ {
		kind := r.dec.PeekKind()
		if kind == ']' {
			return r.delimiter()
		}
		raw, err := r.value()
		if err != nil {
			return err
		}
		if kind != '{' {
			continue
		}
		if i == 0 {
			if err := r.drift(path, "one list of records", raw); err != nil {
				return err
			}
			if isList = mayBeList && r.isOurs(raw); isList {
				r.adopt(o, holder)
			}
		}
		if isList {
			if err := r.emit(raw, place{path, i}); err != nil {
				return err
			}
		}
	}
}

// isOurs tells a record of the model's from others by a field that is not every
// record's.
func (r *reader) isOurs(object []byte) bool {
	for quoted := range loose.Members(object) {
		if !r.knows(quoted) {
			continue
		}
		switch loose.Name(quoted) {
		case "id", "name", "status", "created_at", "updated_at":
		default:
			return true
		}
	}
	return false
}
