package envelope

import (
	"bytes"
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/scan"
)

// A fieldKind says how a scanner sets the plain values of a field.
type fieldKind uint8

const (
	otherField fieldKind = iota // by its Set
	intField
	textField
	timeField
	dayField
)

// An expected is a member that records have, with the field that it sets, or -1.
type expected struct {
	scan.Prefix // its name in quotes, with its colon
	field       int
}

// A Pass is the scanning of one record after the other. What can't be set before a record
// is whole is noted in it.
type Pass struct {
	members []expected // of the records so far, in the order in which they came

	seen  uint64 // which fields came
	known int    // how many members are fields
	again bool   // the record has to be split to be understood
	left  []leftMember
	texts []textPart
	text  []byte // of the texts, unescaped
}

// A leftMember is a member that no field holds: it is unknown, or its value is not of
// the field's type.
type leftMember struct {
	name, nameEnd, value, end int // in the record
	field                     int // or -1
}

// A textPart is the text of a field, a part of the pass's.
type textPart struct{ field, start, end int }

// begin prepares the pass for another record.
func (p *Pass) begin(first []expected) {
	if len(p.members) == 0 {
		p.members = append(p.members, first...)
	}
	p.seen, p.known, p.again = 0, 0, false
	p.left, p.texts, p.text = p.left[:0], p.texts[:0], p.text[:0]
}

// reset ends the pass over the records of a list, and keeps its buffers for another
// unless a record of very many members came.
func (p *Pass) reset() {
	clear(p.members)
	p.members = p.members[:0]
	if cap(p.left) > 8*maxMembers {
		p.left = nil
	}
}

// maxMembers is how many members of a record are expected.
const maxMembers = 128

// find returns the field of a member, or -1, where another was expected at next, and the
// member that is expected behind it. One that never came is expected at next from now on.
func (p *Pass) find(quoted []byte, next int, names *loose.NameIndex) (field, after int) {
	if bytes.IndexByte(quoted, '\\') >= 0 {
		p.again = true
		return -1, next
	}
	for n := range p.members {
		at := (next + n) % len(p.members)
		if name := p.members[at].Text; string(quoted) == name[:len(name)-1] {
			return p.members[at].field, at + 1
		}
	}
	field = names.Find(quoted)
	if len(p.members) == maxMembers {
		return field, next
	}
	p.members = slices.Insert(p.members, next, expected{scan.NewPrefix(string(quoted) + ":"), field})
	return field, next + 1
}

// came notes that a member of a field came. Of two of one field it depends on how they are
// spelled which counts.
func (p *Pass) came(field int) {
	p.known++
	bit := uint64(1) << field
	p.again = p.again || p.seen&bit != 0
	p.seen |= bit
}
