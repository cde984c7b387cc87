package envelope

import (
	"bytes"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
)

// arrayMember reads the first array of an object, which holds the records. An empty
// one that is not a page's may be something else, a filter, say: what is sure to be
// this list may yet come.
func (l *locator) arrayMember(o *object) error {
	path := o.memberPath()
	if o.emptyArray && !o.waiting {
		return l.anotherArray(o, path, true)
	}
	if err := l.delimiter(); err != nil {
		return err
	}
	if l.dec.PeekKind() == ']' && !o.inner && !(o.paged && o.isData()) {
		o.emptyArray, o.emptyPath = true, path
		o.buffer([]byte("[]"))
		return l.delimiter()
	}
	if o.paged && o.isData() {
		o.holdsData = true
		l.decided(o, holder)
		l.found(RecordArray, path)
		return l.elements(&group{location{path: path}, 1})
	}
	return l.tryArray(o)
}

// siblingOfList reads a member beside the list: a paginator's word, or something
// that holds no records.
func (l *locator) siblingOfList(o *object) error {
	switch kind := l.dec.PeekKind(); {
	case kind == '[' && !besideRecords(o.word):
		return l.anotherArray(o, o.memberPath(), false)
	case kind == '{' && !o.word.MayHoldPage():
		return l.objectBesideList()
	}
	value, err := l.value()
	l.pager.add(o.word, value)
	o.hear(l, o.word, value)
	return err
}

// objectBesideList passes over an object beside the list, which may be large. What may be a
// paginator's in it is taken in.
func (l *locator) objectBesideList() error {
	if err := l.delimiter(); err != nil {
		return err
	}
	const most = 4 << 10
	var said []byte
	holdsList := false // whose pages they are
	for {
		quoted, err := l.name()
		if err != nil {
			return err
		}
		if quoted == nil {
			break
		}
		w := words.Of(quoted)
		if kind := l.dec.PeekKind(); kind == '[' && !w.BesideList() {
			isList, err := l.skipArray()
			if err != nil {
				return err
			}
			holdsList = holdsList || isList
			continue
		}
		if len(said) > most || w.Role() < words.CurrentPage {
			if err := l.skip(); err != nil {
				return err
			}
			continue
		}
		name := bytes.Clone(quoted)
		value, err := l.value()
		if err != nil {
			return err
		}
		said = appendMember(said, name, value)
	}
	if said != nil && !holdsList {
		l.pager.addUnknown(append(said, '}'), maxPagerDepth)
	}
	return nil
}

// skipArray passes over an array, and reports whether objects stand in it.
func (l *locator) skipArray() (ofObjects bool, err error) {
	if err := l.delimiter(); err != nil {
		return false, err
	}
	ofObjects = l.dec.PeekKind() == '{'
	return ofObjects, l.skipElements()
}

// anotherArray reads an array beside the list. Objects in it are another group of the
// list's records, or would be records of a list in parts: that is told rather than
// lost in silence. They are the records where the list is empty and they look like
// nothing else.
func (l *locator) anotherArray(o *object, path string, mayBeList bool) error {
	if err := l.delimiter(); err != nil {
		return err
	}
	var g *group // that takes the records, nil for none
	for first := true; ; {
		kind := l.dec.PeekKind()
		if kind == ']' {
			return l.delimiter()
		}
		value, err := l.value()
		if err != nil {
			return err
		}
		if first && kind == '{' {
			first = false
			if g, err = l.besideList(o, path, value, mayBeList); err != nil {
				return err
			}
		}
		if g != nil {
			if err := l.emitElement(value, g.at); err != nil {
				return err
			}
			g.at.index += g.step
		}
	}
}

// besideList says what an array beside the list is, by its first object: the group
// whose records it holds, if it holds any.
func (l *locator) besideList(o *object, path string, first []byte, mayBeList bool) (*group, error) {
	isList := mayBeList && l.isOfModel(first)
	if isList {
		l.decided(o, holder)
		l.foundArray(o, o.name(), first)
	}
	if !o.grouped || !l.isOfGroup(o.name(), first) {
		if err := l.drift(path, WantOneList, first); err != nil || !isList {
			return nil, err
		}
	}
	g := o.groupOf(o.name())
	return &g, nil
}
