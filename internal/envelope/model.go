package envelope

import (
	"bytes"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/scan"
)

// A Model is how records of type T stand on the wire: a table of fields, and
// where the rest of a record is kept. It is made once and never changes.
type Model[T any] struct {
	fields   []Field[T]
	zeros    [][]byte         // of each field, what its Append writes of the zero value
	records  schema           // made once: its functions cost an allocation each
	index    map[string]int   // by the names as they are written here
	members  []expected       // the fields in their order, as a scanner first expects them
	names    *loose.NameIndex // and in any other way
	setExtra func(record *T, object string, loc *time.Location)
	getExtra func(record *T) string
	size     int64     // of a record in memory
	chunks   sync.Pool // of *chunk[T]
	scratch  sync.Pool // of *[128]byte, in which fields are compared
}

// A Field is one row of a Model's table.
type Field[T any] struct {
	Name string // on the wire
	Want string // what a Drift says was expected
	// Set returns the field the value that raw means, or its zero value and
	// false where raw can't mean one. raw is valid only during the call.
	Set func(record *T, raw []byte, s *Scope) bool
	// Append writes the field as JSON.
	Append func(record *T, b []byte) []byte
	// Rewritten says that servers send the field back otherwise than they got it.
	Rewritten bool

	known []string // of a text field

	// How the scanner sets the plain values of the field; it has Set for all others.
	kind fieldKind
	int  func(*T) *int64
	text func(*T, string)
	time func(*T) *time.Time
	day  func(record *T, year int, month time.Month, day int)
}

// A Scope is what the reading of an answer's fields shares.
type Scope struct {
	Location *time.Location // of times that name no zone
	loose.Zones
	extra []byte // scratch for the members that no field names
}

// NewModel makes a Model. setExtra gets what no field holds as one JSON object,
// or "" where there is nothing, and getExtra returns it.
func NewModel[T any](setExtra func(*T, string, *time.Location), getExtra func(*T) string, fields ...Field[T]) *Model[T] {
	m := &Model[T]{fields: fields, index: make(map[string]int, len(fields)), setExtra: setExtra, getExtra: getExtra}
	m.size = max(int64(reflect.TypeFor[T]().Size()), 1)
	names := make([]string, len(fields))
	for i, f := range fields {
		m.index[f.Name], names[i] = i, f.Name
		m.zeros = append(m.zeros, f.Append(new(T), nil))
		m.members = append(m.members, expected{scan.NewPrefix(string(append(AppendString(nil, f.Name), ':'))), i})
	}
	m.names = loose.NewNameIndex(names...)
	m.records = schema{knows: m.Knows, ownStatus: m.isStatus, ownFields: countOwn(names)}
	return m
}

// Knows reports whether a member's name, in quotes, is a field of the model, whatever
// its case and separators are.
func (m *Model[T]) Knows(quoted []byte) bool { return m.names.Find(quoted) >= 0 }

// HasFields reports whether the model names any field.
func (m *Model[T]) HasFields() bool { return len(m.fields) > 0 }

// Fields are what tells records from other objects.
type Fields struct {
	// Knows reports whether a record has a field of that name, in quotes.
	Knows func(quoted []byte) bool
	// IsStatus reports whether a text is a status that records are known to have.
	// It is nil if that is not known.
	IsStatus func(text string) bool
	// Any says that it is known which fields a record has.
	Any bool
}

// Fields returns what tells the model's records from other objects.
func (m *Model[T]) Fields() Fields { return Fields{m.Knows, m.isStatus, m.HasFields()} }

// isStatus reports whether a text is one of the statuses that the model's records are
// known to have.
func (m *Model[T]) isStatus(text string) bool {
	for i := range m.fields {
		if m.fields[i].Name == "status" {
			return slices.Contains(m.fields[i].known, text)
		}
	}
	return false
}

// hasInAttributes is that of the schema.
func (m *Model[T]) hasInAttributes(object, attributes []byte) bool {
	s := m.schema()
	return s.hasInAttributes(object, attributes)
}

// schema returns what tells the model's records from other objects.
func (m *Model[T]) schema() schema { return m.records }

// isAt reports whether a member's name is that of the field at i, as the model has it.
func (m *Model[T]) isAt(quoted []byte, i int) bool {
	return i < len(m.fields) && string(quoted[1:len(quoted)-1]) == m.fields[i].Name
}

// find returns the field of a member of object, or -1. Of two spellings of one name
// only the model's own is the field's.
func (m *Model[T]) find(object, quoted []byte, variants *spellings) int {
	i := m.names.Find(quoted)
	if i >= 0 && !loose.NameIs(quoted, m.fields[i].Name) && variants.overruled(i, func() bool { return m.hasExact(object, i) }) {
		return -1
	}
	return i
}

// hasExact reports whether an object has a member with a field's name as the model
// has it.
func (m *Model[T]) hasExact(object []byte, field int) bool {
	for name := range loose.Members(object) {
		if loose.NameIs(name, m.fields[field].Name) {
			return true
		}
	}
	return false
}

// Decode sets record from one JSON object, which must be valid; fields that the
// object lacks stay as they are. A field whose value can't be its type becomes
// its zero value; the value goes to the extra members and to mismatch, where it lives
// only as long as the call. known is how many members are fields.
func (m *Model[T]) Decode(object []byte, record *T, s *Scope, mismatch func(field *Field[T], raw []byte)) (known int) {
	return m.DecodeWith(object, record, s, ObjectOptions{}, mismatch)
}

// ObjectOptions say how an object is decoded.
type ObjectOptions struct {
	// Flat says that a resource of JSON:API's is an object like any other.
	Flat bool
	// Other takes a member that is no field, and reports whether it has: else that
	// is one of the extra members. It must not use the Scope.
	Other func(quoted, raw []byte) bool
}

// DecodeWith is Decode with options.
func (m *Model[T]) DecodeWith(object []byte, record *T, s *Scope, o ObjectOptions, mismatch func(field *Field[T], raw []byte)) (known int) {
	s.extra = s.extra[:0]
	known = m.decode(object, record, s, o, mismatch)
	m.setExtra(record, s.kept(), s.Location)
	return known
}

// decode sets record from the members of object, or of a resource's attributes.
// Servers send fields in one order throughout, so the field that the table has next is
// tried first.
func (m *Model[T]) decode(object []byte, record *T, s *Scope, o ObjectOptions, mismatch func(field *Field[T], raw []byte)) (known int) {
	next := 0
	var variants spellings
	for name, value := range loose.Members(object) {
		i := next
		if !m.isAt(name, i) {
			i = m.find(object, name, &variants)
		}
		if i >= 0 {
			next = i + 1
			known++
			f := &m.fields[i]
			if f.Set(record, value, s) {
				continue
			}
			mismatch(f, value)
		} else if o.Other != nil && o.Other(name, value) {
			continue
		} else if !o.Flat && isAttributes(name, value) && m.hasInAttributes(object, value) {
			o.Flat = true // there are none in them
			known += m.decode(value, record, s, o, mismatch)
			continue
		}
		s.keep(name, value)
	}
	return known
}

// spellings remembers, of the fields whose names came in another spelling, which came
// in the model's own as well.
type spellings struct{ looked, has uint64 }

// overruled reports whether a field came in the model's own spelling, and asks has
// once for each field.
func (s *spellings) overruled(field int, has func() bool) bool {
	bit := uint64(1) << field
	if s.looked&bit == 0 {
		s.looked |= bit
		if has() {
			s.has |= bit
		}
	}
	return s.has&bit != 0
}

// keep adds a member to the extra ones.
func (s *Scope) keep(name, value []byte) {
	s.extra = appendMember(s.extra, name, value)
}

// kept returns the extra members as one JSON object in UTF-8, "" if there are none.
func (s *Scope) kept() string {
	if len(s.extra) == 0 {
		return ""
	}
	s.extra = append(s.extra, '}')
	return toValidUTF8(s.extra)
}

// Append writes a record as the API names its fields, with the extra members
// beside them. An extra member stands in for the field of its name while the
// field is zero: it is there because the field could not hold it.
func (m *Model[T]) Append(b []byte, record *T) []byte {
	var zero T
	extra := []byte(m.getExtra(record))
	instead := make(map[int]bool)
	for name := range loose.Unique(extra) {
		i, known := m.index[name]
		if known && string(m.fields[i].Append(record, nil)) == string(m.fields[i].Append(&zero, nil)) {
			instead[i] = true
		}
	}
	start := len(b) + 1
	b = append(b, '{')
	for i, f := range m.fields {
		if !instead[i] {
			b = f.Append(record, appendField(b, start, f.Name))
		}
	}
	for name, value := range loose.Unique(extra) {
		if i, known := m.index[name]; !known || instead[i] {
			b = append(appendField(b, start, name), value...)
		}
	}
	return append(b, '}')
}

// Differences returns, as drift below path, the fields that both asked and record have,
// and that differ: it is another record than was asked for or sent.
func (m *Model[T]) Differences(path string, asked, record *T) (all []Drift) {
	buffer, ok := m.scratch.Get().(*[128]byte)
	if !ok {
		buffer = new([128]byte)
	}
	defer m.scratch.Put(buffer)
	for i := range m.fields {
		f, zero := &m.fields[i], m.zeros[i]
		if f.Rewritten {
			continue
		}
		want := f.Append(asked, buffer[:0])
		if bytes.Equal(want, zero) { // was not asked for
			continue
		}
		got := f.Append(record, want[len(want):])
		if !bytes.Equal(want, got) && !bytes.Equal(got, zero) {
			all = append(all, Drift{Path: joinPath(path, f.Name), Want: string(want), Got: bytes.Clone(got), Count: 1})
		}
	}
	return all
}

// appendField starts a member of the object whose first member stands at start.
func appendField(b []byte, start int, name string) []byte {
	if len(b) > start {
		b = append(b, ',')
	}
	return append(AppendString(b, name), ':')
}

// InAttributes reports whether a member of an object holds the fields of the record that
// the object is.
func (f Fields) InAttributes(object, quoted, value []byte) bool {
	s := schema{knows: f.Knows}
	return isAttributes(quoted, value) && s.hasInAttributes(object, value)
}
