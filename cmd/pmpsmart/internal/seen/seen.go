// Package seen tells which records of a list were listed before: a list that grows or
// is sorted anew while its pages are read has some of them twice.
package seen

import (
	"hash/maphash"
	"math"
)

// An Answer is what a Set knows of a record.
type Answer int

// The answers.
const (
	New     Answer = iota
	Repeat         // the id was there, with the same content
	Another        // the id was there, with other content
)

// A Set has the ids of a list and a sum of each record. A million ids that are close to
// each other, as those of a table are, take some 8 MB; the zero value is not usable.
type Set struct {
	seed  maphash.Seed
	pages map[int64]*[pageSize]uint32
}

const pageSize = 16

// NewSet returns an empty Set.
func NewSet() *Set {
	return &Set{maphash.MakeSeed(), map[int64]*[pageSize]uint32{}}
}

// Add adds a record by its id and its content, and reports whether it was there. A
// record without an id is known again by its content alone.
func (s *Set) Add(id int64, content []byte) Answer {
	hash := maphash.Bytes(s.seed, content)
	key := id
	if id <= 0 {
		key = math.MinInt64 | int64(hash>>1) // negative: no id is
	}
	page := s.pages[key>>4]
	if page == nil {
		page = new([pageSize]uint32)
		s.pages[key>>4] = page
	}
	place := &page[key&(pageSize-1)]
	sum := uint32(hash) | 1 // 0 stands for a record that is not there
	switch *place {
	case 0:
		*place = sum
		return New
	case sum:
		return Repeat
	}
	return Another
}
