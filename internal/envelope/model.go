package envelope

import (
	"bytes"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A Model is how records of type T stand on the wire: a table of fields, and
// where the rest of a record is kept. It is made once and never changes.
type Model[T any] struct {
	fields   []Field[T]
	index    map[string]int
	setExtra func(record *T, object string, loc *time.Location)
	getExtra func(record *T) string
	chunks   sync.Pool // of *chunk[T]
}

// A Field is one row of a Model's table.
type Field[T any] struct {
	Name string // on the wire
	Want string // what a Drift says was expected
	// Set gives the field the value that raw means, or its zero value and
	// false where raw can't mean one. raw is valid only during the call.
	Set func(record *T, raw []byte, s *Scope) bool
	// Append writes the field as JSON.
	Append func(record *T, b []byte) []byte
}

// A Scope is what the reading of an answer's fields shares.
type Scope struct {
	Location *time.Location // of times that name no zone
	loose.Zones
	extra []byte // scratch for the members that no field names
}

// NewModel makes a Model. setExtra gets what no field holds as one JSON object,
// or "" where there is nothing, and getExtra gives it back.
func NewModel[T any](setExtra func(*T, string, *time.Location), getExtra func(*T) string, fields ...Field[T]) *Model[T] {
	m := &Model[T]{fields: fields, index: make(map[string]int, len(fields)), setExtra: setExtra, getExtra: getExtra}
	for i, f := range fields {
		m.index[f.Name] = i
	}
	return m
}

// knows reports whether a member's name, in quotes, is a field of the model.
func (m *Model[T]) knows(quoted []byte) bool { return m.find(quoted, 0) >= 0 }

// find gives the field of that name, or -1. Servers send fields in one order
// throughout, so the field that the table has at guess is tried first.
func (m *Model[T]) find(quoted []byte, guess int) int {
	inner := quoted[1 : len(quoted)-1]
	if guess < len(m.fields) && string(inner) == m.fields[guess].Name {
		return guess
	}
	if i, ok := m.index[string(inner)]; ok {
		return i
	}
	if bytes.IndexByte(inner, '\\') >= 0 {
		if i, ok := m.index[loose.Name(quoted)]; ok {
			return i
		}
	}
	return -1
}

// Decode sets record from one JSON object, which must be valid; fields that the
// object lacks stay as they are. A field whose value can't be its type becomes
// its zero value; the value goes to the extra members and to mismatch, where it lives
// only as long as the call.
func (m *Model[T]) Decode(object []byte, record *T, s *Scope, mismatch func(field *Field[T], raw []byte)) {
	s.extra = s.extra[:0]
	m.decode(object, record, s, mismatch, true)
	m.setExtra(record, s.kept(), s.Location)
}

// decode sets record from the members of object, or of a resource's attributes.
func (m *Model[T]) decode(object []byte, record *T, s *Scope, mismatch func(field *Field[T], raw []byte), whole bool) {
	next := 0
	for name, value := range loose.Members(object) {
		i := m.find(name, next)
		if i >= 0 {
			next = i + 1
			f := &m.fields[i]
			if f.Set(record, value, s) {
				continue
			}
			mismatch(f, value)
		} else if whole && isAttributes(name, value) && isResource(object) {
			m.decode(value, record, s, mismatch, false)
			continue
		}
		s.keep(name, value)
	}
}

// keep adds a member to the extra ones.
func (s *Scope) keep(name, value []byte) {
	s.extra = appendMember(s.extra, name, value)
}

// kept gives the extra members as one JSON object in UTF-8, "" if there are none.
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

// appendField starts a member of the object whose first member stands at start.
func appendField(b []byte, start int, name string) []byte {
	if len(b) > start {
		b = append(b, ',')
	}
	return append(AppendString(b, name), ':')
}
