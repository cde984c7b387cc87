package envelope

import (
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A lying object stands in an object in a list's place, and is held until it is
// clear what it is: a record, one of many by key, or something beside them.
type lying struct {
	name string
	raw  []byte
}

// mostUndecided is how many objects in a row are held before they are taken for
// records, though none of them looks like one.
const mostUndecided = 8

// A run is objects of an object that stand in a row: those of lying from and n of
// them.
type run struct{ from, n int }

// lastRow is the run of the objects read last.
func (o *object) lastRow() run { return run{len(o.objects) - o.row, o.row} }

// endRow notes that the objects read last are followed by something else.
func (o *object) endRow() {
	if o.row > o.run.n {
		o.run = o.lastRow()
	}
	o.row = 0
}

// beginsByKey reports whether raw, right behind the objects in a row, makes it
// sure that they are records by key. Objects that do not look like records may
// also be what stands before a list: a filter, a summary.
func (r *reader) beginsByKey(o *object, raw []byte) bool {
	if o.row == 0 {
		return false
	}
	before := o.objects[len(o.objects)-1].raw
	return o.row == mostUndecided || r.isRecord(before) && r.isRecord(raw)
}

// firstByKey begins with records by key: those of the run and raw, where it is not
// nil.
func (r *reader) firstByKey(o *object, records run, raw []byte) error {
	r.adopt(o, byKey)
	to := records.from + records.n
	if err := r.strays(o, slices.Concat(o.objects[:records.from], o.objects[to:])); err != nil {
		return err
	}
	for _, object := range o.objects[records.from:to] {
		if err := r.byKey(o, object.raw); err != nil {
			return err
		}
	}
	if raw == nil {
		return nil
	}
	return r.byKey(o, raw)
}

// strays tells of objects that are neither records nor hold any.
func (r *reader) strays(o *object, objects []lying) error {
	for _, object := range objects {
		if !loose.IsEmpty(object.raw) {
			if err := r.drift(orBody(o.path), "one object, or objects only", object.raw); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) byKey(o *object, record []byte) error {
	o.keyed++
	return r.emit(record, place{o.path, o.keyed - 1})
}

// nextByKey reads a member beside records by key: one more, or a paginator's
// word.
func (r *reader) nextByKey(o *object, name string) error {
	raw, err := r.value()
	if err != nil {
		return err
	}
	kind := loose.Kind(raw)
	switch {
	case kind == '{' && !isPageObject(name):
		return r.byKey(o, raw)
	case kind != 'n' && isNumber(name):
		return r.notRecord(place{join(o.path, name), -1}, raw)
	case kind == '[' && !isListOfOthers(name) && !loose.IsEmpty(raw):
		return r.drift(join(o.path, name), "one list of records", raw)
	}
	r.pages.add(name, raw)
	return nil
}

// decide says, at the end of an object that held no list, what the objects in it
// are: records by key, or what stands beside an empty list, or a record or the
// list's holder among others.
func (r *reader) decide(o *object) error {
	records, ok := r.keyed(o)
	switch {
	case ok:
		return r.firstByKey(o, records, nil)
	case o.emptied:
		r.adopt(o, holder)
		return nil
	}
	return r.lone(o)
}

// keyed gives the longest run of objects, and whether they are records by key: two
// at least say something.
func (r *reader) keyed(o *object) (records run, ok bool) {
	o.endRow()
	say := 0
	for _, object := range o.objects[o.run.from : o.run.from+o.run.n] {
		if !r.isVoid(object.raw) {
			say++
		}
	}
	return o.run, say > 1
}

// lone reads the one object under a name that is a record, or the holder of the
// list, and tells of those beside it.
func (r *reader) lone(o *object) error {
	r.adopt(o, holder)
	at := r.likeliest(o.objects)
	one := o.objects[at]
	if err := r.strays(o, slices.Delete(o.objects, at, at+1)); err != nil {
		return err
	}
	path := join(o.path, one.name)
	if r.isRecord(one.raw) || !hasNested(one.raw) && !r.isVoid(one.raw) {
		return r.emit(one.raw, place{path, -1})
	}
	return r.within(one.raw, path, o.depth+1)
}

// likeliest gives the place of the first object that looks like a record, or else
// says something.
func (r *reader) likeliest(objects []lying) int {
	at := slices.IndexFunc(objects, func(l lying) bool { return r.isRecord(l.raw) })
	if at < 0 {
		at = slices.IndexFunc(objects, func(l lying) bool { return !r.isVoid(l.raw) })
	}
	return max(at, 0)
}
