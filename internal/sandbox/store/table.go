package store

import (
	"math"
	"slices"
	"sort"
)

// A Table holds rows by id. The rows of the sample data, whose ids run from 1 to
// seeded, are made when they are needed and kept only once they have changed.
// The store's lock guards it.
type Table[T any] struct {
	name   string
	id     func(*T) *int64
	make   func(id int64) T // a row of the sample data
	seeded int64

	rows map[int64]T // changed and added ones
	ids  []int64     // of the rows past seeded, ascending

	// changed, if set, is called for each row that is put, with the row that it
	// replaced, which is zero if there was none.
	changed func(former, row *T)
}

func newTable[T any](name string, seeded int64, make func(int64) T, id func(*T) *int64) *Table[T] {
	return &Table[T]{name: name, id: id, make: make, seeded: seeded, rows: map[int64]T{}}
}

func (t *Table[T]) len() int64 { return t.seeded + int64(len(t.ids)) }

// next returns the id of the next row, 0 if none is left.
func (t *Table[T]) next() int64 {
	last := t.seeded
	if n := len(t.ids); n > 0 {
		last = t.ids[n-1]
	}
	if last == math.MaxInt64 {
		return 0
	}
	return last + 1
}

func (t *Table[T]) get(id int64) (row T, ok bool) {
	if row, ok = t.rows[id]; ok || id < 1 || id > t.seeded {
		return row, ok
	}
	return t.make(id), true
}

// put adds a row, or replaces the one of its id.
func (t *Table[T]) put(row T) {
	id := *t.id(&row)
	former, exists := t.get(id)
	if !exists {
		i, _ := slices.BinarySearch(t.ids, id)
		t.ids = slices.Insert(t.ids, i, id)
	}
	t.rows[id] = row
	if t.changed != nil {
		t.changed(&former, &row)
	}
}

// at returns the row at a position, counted from 0 in the order of ids.
func (t *Table[T]) at(position int64) T {
	id := position + 1
	if position >= t.seeded {
		id = t.ids[position-t.seeded]
	}
	row, _ := t.get(id)
	return row
}

// after returns the position of the first row whose id is greater.
func (t *Table[T]) after(id int64) int64 {
	if id < t.seeded {
		return max(id, 0)
	}
	return t.seeded + int64(sort.Search(len(t.ids), func(i int) bool { return t.ids[i] > id }))
}
