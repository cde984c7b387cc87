package envelope

import (
	"bytes"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// foundGroup notes the path at which an element holds records, and reports as drift an
// element before it that was taken for one.
func (r *reader) foundGroup(path string) error {
	g := &r.groups
	if g.name != "" {
		return nil
	}
	g.name = path
	if g.lone == nil || !holdsEmpty(g.lone, path) {
		return nil
	}
	return r.driftAt(orBody(g.loneAt.pattern()), orBody(g.loneAt.String()), WantField, g.lone)
}

// isEmptyGroup reports whether an element without any field that only records have is a
// group that has no records.
func (r *reader) isEmptyGroup(object []byte) bool { return holdsEmpty(object, r.groups.name) }

// holdsEmpty reports whether a member of that name is an empty array.
func holdsEmpty(object []byte, name string) bool {
	value := member(object, name)
	return name != "" && loose.Kind(value) == '[' && loose.IsEmpty(value)
}

// notUnwrapped notes an element that is taken for a record and has none of the fields that
// only records have. A list in it that looks more like records is drift.
func (r *reader) notUnwrapped(object []byte, at location) error {
	for quoted, value := range loose.Members(object) {
		switch {
		case loose.Kind(value) != '[' || besideRecords(words.Of(quoted)):
		case loose.IsEmpty(value):
			if g := &r.groups; g.lone == nil && g.name == "" {
				g.lone, g.loneAt = bytes.Clone(object), at
			}
		default:
			if first := firstObject(value); first != nil && r.isSurely(first) {
				name := loose.Name(quoted)
				return r.driftAt(joinPath(at.pattern(), name), joinPath(at.String(), name), WantOneList, first)
			}
		}
	}
	return nil
}
