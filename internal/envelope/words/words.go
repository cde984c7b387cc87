// Package words is the table of the names that an envelope and a paginator use,
// with what each of them means.
package words

import "github.com/pmpsmart/pmpsmart-go/internal/loose"

// A Word is a row of the table, or None.
type Word uint16

// None is the Word of a name that is not in the table.
const None Word = 0

// A Role is what a word means.
type Role uint8

// The roles of words.
const (
	NoRole Role = iota

	// What an envelope says of the call.
	Status    // whether the call went well: a word, a number or a flag
	Success   // the same as a flag
	Error     // whether it failed: a flag, a number, a text or an object
	Failed    // the same as a flag and nothing else
	ErrorCode // the number of an error, 0 where there is none
	Errors    // a validator's errors by field
	Code      // a number like an HTTP status
	Exception // the class of a PHP exception
	Trace     // where it was thrown
	Message   // a text for people
	Detail    // a text for people that only a failure has

	// What an envelope carries.
	Data

	// What a paginator says.
	CurrentPage
	LastPage
	Total      // records of the whole list
	Counted    // the same, or the records of the page
	PerPage    // records of a full page
	Limit      // the same, or any other bound
	Next       // the next page: its number, its link, or whether there is one
	NextCursor // the next page, for the parameter cursor
	NextToken  // the next page, for a parameter that the API does not have
	Offset     // where the page begins: pages are not asked for by number
	HasMore    // whether there is a next page
	Remaining  // how many records, or pages, follow
	IsLast     // whether there is none
	Last       // the same, or the last page: its number or its link
	LastLink   // the last page's link
	Range      // a text of which records these are, and of how many
	Pager      // nothing that is needed

	// Objects and arrays that stand beside records.
	Links
	Cursor // has the cursors of pages
	Meta   // in which an answer speaks of itself
)

// A use says who else has a name.
type use uint8

const (
	ofEnvelope  use = iota + 1 // an envelope
	ofRecords                  // an envelope, and records
	ifScalar                   // the same for a scalar; an array or object is data under that name
	ofPaginator                // a paginator, and nothing else
	aroundLists                // a paginator, and others
	besideLists                // an object or array beside a list's records
	inBeside                   // a member of one of those objects; at another place it says nothing
	elsewhere                  // the same, or around a list; at another place anything
)

// Count is one more than the highest Word.
const Count = len(table)

var byName = func() *loose.NameIndex {
	names := make([]string, len(table))
	for w := range table {
		names[w] = table[w].name
	}
	return loose.NewNameIndex(names...)
}()

// byRole has the words of each role in their order.
var byRole = func() (words [Meta + 1][]Word) {
	for w := range table {
		role := table[w].role
		words[role] = append(words[role], Word(w))
	}
	return words
}()

// Of returns the word of a member's name, still in quotes, whatever its case and
// separators are.
func Of(quoted []byte) Word {
	switch string(quoted) {
	case `"status"`:
		return status
	case `"message"`:
		return message
	case `"data"`:
		return data
	case `"success"`:
		return success
	case `"id"`:
		return None
	}
	return Word(max(byName.Find(quoted), 0))
}

// With returns the words of a role, those that are believed first before others.
func With(r Role) []Word { return byRole[r] }

// Name returns the name as it is usually written.
func (w Word) Name() string { return table[w].name }

// Role returns what the word means.
func (w Word) Role() Role { return table[w].role }

// For returns the word for a value of that kind: None for an array or object under a
// name that is an envelope's only with a scalar.
func (w Word) For(kind byte) Word {
	if table[w].use == ifScalar && (kind == '{' || kind == '[') {
		return None
	}
	return w
}

// OfEnvelope reports whether an envelope uses the word to speak of the call.
func (w Word) OfEnvelope() bool {
	switch table[w].use {
	case ofEnvelope, ofRecords, ifScalar:
		return true
	}
	return false
}

// MayBeField reports whether the word is an envelope's that records have as well.
func (w Word) MayBeField() bool { return table[w].use == ofRecords || table[w].use == ifScalar }

// OfPaginator reports whether a paginator has the word, and nothing else has.
func (w Word) OfPaginator() bool { return table[w].use == ofPaginator }

// BesideList reports whether the word names an object or array that a paginator
// puts beside its records.
func (w Word) BesideList() bool { return table[w].use == besideLists }

// InBeside reports whether the word means something only as a member of what stands
// beside a list's records.
func (w Word) InBeside() bool { return table[w].use == inBeside }

// MayHoldPage reports whether an object or array of that name may hold a paginator's
// words.
func (w Word) MayHoldPage() bool {
	switch table[w].role {
	case Links, Meta, Cursor, CurrentPage:
		return true
	}
	return false
}

// InPage reports whether the word is one that stands around or beside a list.
func (w Word) InPage() bool {
	switch table[w].use {
	case ofPaginator, aroundLists, besideLists:
		return true
	}
	return false
}

// Known reports whether the word is an envelope's or stands around a list, and never
// is data. A flag such as "result" may be data as well.
func (w Word) Known() bool { return w.OfEnvelope() && table[w].use != ifScalar || w.InPage() }
