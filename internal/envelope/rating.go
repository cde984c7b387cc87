package envelope

import (
	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// isSurely reports whether an object has more than half of the fields that only the
// model's records have.
func (s *schema) isSurely(object []byte) bool { return 2*s.own(object) > s.ownFields }

// ownInList is own of the first object of an array of objects, -1 if value is none.
func (s *schema) ownInList(value []byte) int {
	if first := firstObject(value); first != nil {
		return s.own(first)
	}
	return -1
}

// deepestList returns the most that ownInList is of the arrays in an object, -1 if it
// holds none.
func (s *schema) deepestList(object []byte, depth int) int {
	most := -1
	for name, value := range loose.Members(object) {
		kind := loose.Kind(value)
		switch {
		case kind != '{' && kind != '[' || besideRecords(words.Of(name)):
		case kind == '[':
			most = max(most, s.ownInList(value))
		case depth > 0:
			most = max(most, s.deepestList(value, depth-1))
		}
	}
	return most
}

// holdsList reports whether an object holds the list of records, of whose own fields
// the first has that many, rather than being the record: an id does not make it one.
func (s *schema) holdsList(object []byte, inList int) bool {
	return inList > s.own(object) && (inList > 1 || s.countFields(object) <= 1)
}

// firstObject returns the first element of an array that is not null, or of an array in
// it, nil if that is no object.
func firstObject(array []byte) []byte {
	if loose.Kind(array) != '[' {
		return nil
	}
	for element := range loose.Elements(array) {
		switch loose.Kind(element) {
		case 'n':
		case '{':
			return element
		case '[':
			if first := firstOf(element); loose.Kind(first) == '{' {
				return first
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// isGroup reports whether records stand under a name because of what they say: a day,
// a number, or what one of their fields says. That is what groupBy makes of a list.
func isGroup(name string, record []byte) bool {
	if name == "" || record == nil {
		return false
	}
	if '0' <= name[0] && name[0] <= '9' {
		return true
	}
	for _, value := range loose.Members(record) {
		if text, ok := loose.String(value, name); ok && text == name {
			return true
		}
	}
	return false
}

// besideRecords reports whether an array or object of that name stands beside
// records and never for them. PHP writes an empty "meta" as an array too.
func besideRecords(w words.Word) bool { return w.Role() == words.Errors || w.BesideList() }
