package envelope

import (
	"strconv"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A locator finds the records of a list, or a single record, in what stands in
// their place.
type locator struct {
	input
	drifts
	schema
	pager pager
	nested

	anyElement bool // the elements of a list need not be objects

	emit func(record []byte, at location) error // takes a record of a list

	scanner scanner // of the elements that are plain, nil for none
	misses  int     // how often in a row it was tried in vain
	count   int     // elements of a list so far
	form    Form    // how the records stand
	path    string  // of the list or the record
}

// A scanner reads records that stand plain in the buffer.
type scanner interface {
	// scan reads the object at the start of b, which has a zero byte at its end, and
	// returns its length. An object that it can't read is not touched again before a
	// decoder read it whole; the result is then below 0, the complement of where it
	// stopped.
	scan(b []byte) (end int)
	// scanned takes the record that was scanned last.
	scanned(object []byte, at *location) error
}

// maxMisses is how often in a row the scanner is tried in vain before it is let be for
// the rest of the answer.
const maxMisses = 4

// A group is an array of records, the whole list or one of the groups in which it
// stands.
type group struct {
	at   location // of the next record
	step int      // 1 where records are counted, and 0 where their groups are
}

// A Form is how the records of an answer stand in it.
type Form uint8

// The forms of records.
const (
	NoRecords    Form = iota // no place of records was found
	SingleRecord             // an object
	RecordArray              // the elements of an array
	RecordsByKey             // members of an object
	RecordGroups             // the elements of arrays that are members of an object
)

// maxNesting bounds how far records are looked for inside objects.
const maxNesting = 8

// found notes where the records stand.
func (l *locator) found(form Form, path string) { l.form, l.path = form, path }

func (l *locator) notRecord(at location, value []byte) error {
	return &Problem{Text: at.String() + ": want an object", Got: truncate(l.input.mask, string(value), 80)}
}

// remark reports as drift what an object says that holds no record.
func (l *locator) remark(object []byte, path, want string) error {
	text := without(object, words.Word.InPage)
	for _, value := range loose.Members(orEmptyObject(text)) {
		if _, flag := loose.Bool(value); !flag && !loose.IsEmpty(value) {
			return l.drift(path, want, text)
		}
	}
	return nil
}

func isNumber(name string) bool {
	_, err := strconv.ParseUint(name, 10, 64)
	return err == nil
}

// addPager takes in what an object says of pages.
func (l *locator) addPager(object []byte) {
	for name, value := range loose.Members(object) {
		l.pager.addMember(wordOf(name, value), value)
	}
}
