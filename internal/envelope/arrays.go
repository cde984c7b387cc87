package envelope

import (
	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// maxWaiting bounds an array that waits until the object around it ends, in case one
// that looks more like the records comes.
const maxWaiting = 256 << 10

// tryArray reads an array that may hold the records. It does if its first record is
// surely one of the model's; else it waits for the end of the object, unless too much
// waits. The next thing to read is its first element.
func (l *locator) tryArray(o *object) error {
	waiting, first := []byte{'['}, true
	for {
		kind := l.dec.PeekKind()
		if kind == ']' {
			o.waiting = true
			o.buffer(append(waiting, ']'))
			return l.delimiter()
		}
		value, err := l.value()
		if err != nil {
			return err
		}
		if len(waiting) > 1 {
			waiting = append(waiting, ',')
		}
		waiting = append(waiting, value...)
		if first && kind == '{' && l.isSurely(value) {
			return l.streamArray(o, append(waiting, ']'))
		}
		first = first && kind == 'n'
		if len(o.buffered)+len(waiting) > maxWaiting {
			return l.largeArray(o, append(waiting, ']'))
		}
		if err := l.tookRecord(value); err != nil {
			return err
		}
	}
}

// streamArray takes an array as the list: the elements that were read, and those that
// come.
func (l *locator) streamArray(o *object, read []byte) error {
	waited := append(o.buffered, '}')
	o.holdsData = o.isData()
	l.decided(o, holder)
	l.foundArray(o, o.name(), firstObject(read))
	if o.waiting {
		if err := l.otherArrays(o, waited, ""); err != nil {
			return err
		}
	}
	g := o.groupOf(o.name())
	if err := l.emitArray(read, &g); err != nil {
		return err
	}
	return l.elements(&g)
}

// largeArray decides about an array that can't wait to its end. Of the arrays that are
// alike the first is the list; one that holds no objects is none.
func (l *locator) largeArray(o *object, read []byte) error {
	first := firstObject(read)
	var best namedArray
	if o.waiting {
		best = l.bestArray(append(o.buffered, '}'))
	}
	switch {
	case first == nil:
		o.buffer(read)
		o.waiting = true
		return l.skipElements()
	case best.array == nil || best.own < l.own(first):
		return l.streamArray(o, read)
	}
	if err := l.takeArrays(o, append(o.buffered, '}'), best); err != nil {
		return err
	}
	if o.grouped && l.isOfGroup(o.name(), first) {
		g := o.groupOf(o.name())
		if err := l.emitArray(read, &g); err != nil {
			return err
		}
		return l.elements(&g)
	}
	if err := l.drift(o.memberPath(), WantOneList, first); err != nil {
		return err
	}
	return l.skipElements()
}

// skipElements passes over the rest of an array.
func (l *locator) skipElements() error {
	for l.dec.PeekKind() != ']' {
		if err := l.skip(); err != nil {
			return err
		}
	}
	return l.delimiter()
}

// foundArray notes where a list stands of which one array was found.
func (l *locator) foundArray(o *object, name string, first []byte) {
	if o.grouped = isGroup(name, first); o.grouped {
		l.found(RecordGroups, o.path)
		return
	}
	l.found(RecordArray, joinPath(o.path, name))
}

// groupOf returns the array of that name, which is the list or the next group of it.
func (o *object) groupOf(name string) group {
	if !o.grouped {
		return group{location{path: joinPath(o.path, name)}, 1}
	}
	o.records++
	return group{location{path: o.path, index: o.records - 1, inner: "*"}, 0}
}

// emitArray takes the elements of an array that is buffered.
func (l *locator) emitArray(array []byte, g *group) error {
	for element := range loose.Elements(array) {
		if err := l.emitElement(element, g.at); err != nil {
			return err
		}
		g.at.index += g.step
	}
	return nil
}

// A namedArray is a member of an object that is an array.
type namedArray struct {
	name   string
	array  []byte
	own    int // see ownInList
	isData bool
}

// chooseArray looks for the records among the arrays of an object that has ended. It
// may be a record that holds them, and the list may stand deeper in it. It reports
// whether one of the arrays was the list.
func (l *locator) chooseArray(o *object, whole []byte) (chosen bool, err error) {
	best := l.bestArray(whole)
	switch {
	case best.array == nil:
		return false, nil
	case o.shape == oneRecord:
		if !l.holdsList(whole, best.own) && !(o.waiting && best.own >= 0 && l.own(whole) == 0) {
			return false, nil
		}
	case best.own < 0 && (o.known || o.emptyArray), best.own < l.ownInCandidates(o):
		return false, nil
	case o.emptyArray && !l.isRecord(firstObject(best.array)):
		return false, l.drift(joinPath(o.path, best.name), WantOneList, firstObject(best.array))
	}
	return true, l.takeArrays(o, whole, best)
}

// takeArrays takes the records of an array of an object, or of all if they are groups.
func (l *locator) takeArrays(o *object, whole []byte, chosen namedArray) error {
	o.holdsData = chosen.isData
	l.decided(o, holder)
	l.foundArray(o, chosen.name, firstObject(chosen.array))
	if !o.grouped {
		g := o.groupOf(chosen.name)
		if err := l.emitArray(chosen.array, &g); err != nil {
			return err
		}
	}
	return l.otherArrays(o, whole, chosen.name)
}

// bestArray returns the array whose first object looks most like a record of the model.
// Without any object an array of arrays is nearer to a list than one of texts.
func (l *locator) bestArray(object []byte) (best namedArray) {
	rank := -1
	for quoted, value := range loose.Members(object) {
		if loose.Kind(value) != '[' || besideRecords(words.Of(quoted)) || loose.IsEmpty(value) {
			continue
		}
		own := l.ownInList(value)
		is := own + 2
		if own < 0 && loose.Kind(firstOf(value)) != '[' {
			is = 0
		}
		if is > rank {
			rank, best = is, namedArray{loose.Name(quoted), value, own, words.Of(quoted).Role() == words.Data}
		}
	}
	return best
}

// ownInCandidates returns how much the objects beside arrays, or the lists in them,
// look like the records; -1 if they do not.
func (l *locator) ownInCandidates(o *object) int {
	most := -1
	for _, one := range o.all {
		if l.isRecord(one.object) {
			most = max(most, l.own(one.object))
		}
		most = max(most, l.deepestList(one.object, maxNesting))
	}
	return most
}

// otherArrays takes the records of the arrays of an object if they are groups of one
// list, the chosen one among them. Else other arrays that hold records are drift.
func (l *locator) otherArrays(o *object, whole []byte, chosen string) error {
	for quoted, value := range loose.Members(whole) {
		first := firstObject(value)
		name := loose.Name(quoted)
		switch {
		case first == nil || besideRecords(words.Of(quoted)):
		case o.grouped && (name == chosen || l.isOfGroup(name, first)):
			g := o.groupOf(name)
			if err := l.emitArray(value, &g); err != nil {
				return err
			}
		case name != chosen && l.isRecord(first):
			if err := l.drift(joinPath(o.path, name), WantOneList, first); err != nil {
				return err
			}
		}
	}
	return nil
}

// isOfGroup reports whether an array beside a group of the list is another group.
func (l *locator) isOfGroup(name string, first []byte) bool {
	return l.own(first) > 0 || isGroup(name, first)
}

// elements reads the elements of an array of records, and its end.
func (l *locator) elements(g *group) error {
	for ; ; g.at.index += g.step {
		if err := l.scanElements(g); err != nil {
			return err
		}
		if l.dec.PeekKind() == ']' {
			return l.delimiter()
		}
		value, err := l.value()
		if err != nil {
			return err
		}
		if err := l.emitElement(value, g.at); err != nil {
			return err
		}
	}
}

// emitElement takes an element of an array of records: a record, or an array of some,
// as chunk and groupBy make of a list.
func (l *locator) emitElement(value []byte, at location) error {
	switch loose.Kind(value) {
	case '{':
		return l.emit(value, at)
	case 'n':
		l.count++
		return nil
	}
	switch {
	case l.anyElement:
		return l.emit(value, at)
	case firstObject(value) == nil:
		return l.notRecord(at, value)
	}
	at.inner = joinPath(at.inner, "*")
	for element := range loose.Elements(value) {
		switch loose.Kind(element) {
		case '{':
			if err := l.emit(element, at); err != nil {
				return err
			}
		case 'n':
			l.count++
		default:
			return l.notRecord(at, element)
		}
	}
	return nil
}
