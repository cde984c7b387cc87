package envelope

// arrayMember reads the first array of an object, which holds the records. An empty
// one that is not a page's may be something else, a filter, say: what is sure to be
// this list may yet come.
func (l *locator) arrayMember(o *object) error {
	path := o.memberPath()
	if o.emptyArray {
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
	o.holdsData = o.isData()
	l.decided(o, holder)
	return l.elements(path)
}

// siblingOfList reads a member beside the list: a paginator's word, or something
// that holds no records.
func (l *locator) siblingOfList(o *object) error {
	switch kind := l.dec.PeekKind(); {
	case kind == '[' && !besideRecords(o.word):
		return l.anotherArray(o, o.memberPath(), false)
	case kind == '{' && !o.word.MayHoldPage():
		return l.skip()
	}
	value, err := l.value()
	l.pager.add(o.word, value)
	o.hear(l, o.word, value)
	return err
}

// anotherArray reads an array beside the list. Objects in it would be records of a
// list in parts: that is told rather than lost in silence. They are the records
// where the list is empty and they look like nothing else.
func (l *locator) anotherArray(o *object, path string, mayBeList bool) error {
	if err := l.delimiter(); err != nil {
		return err
	}
	isList := false
	for i := 0; ; i++ {
		kind := l.dec.PeekKind()
		if kind == ']' {
			return l.delimiter()
		}
		value, err := l.value()
		if err != nil {
			return err
		}
		if kind != '{' {
			continue
		}
		if i == 0 {
			if err := l.drift(path, WantOneList, value); err != nil {
				return err
			}
			if isList = mayBeList && l.isOfModel(value); isList {
				l.decided(o, holder)
				l.found(RecordArray, path)
			}
		}
		if isList {
			if err := l.emit(value, location{path: path, index: i}); err != nil {
				return err
			}
		}
	}
}
