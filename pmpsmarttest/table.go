package pmpsmarttest

import (
	"iter"
	"math"
	"slices"
	"sort"
	"sync"
)

// A table holds rows by id. The rows of the sample data, whose ids run from 1 to
// seeded, are made when they are asked for and kept only once they are changed.
// Whoever uses it holds the state's lock.
type table[T any] struct {
	name   string
	id     func(*T) *int64
	make   func(id int64) T // a row of the sample data
	seeded int64

	rows map[int64]T // changed and added ones
	ids  []int64     // of the rows past seeded, ascending

	// changed, if there is one, is told of each row that is put and of the row
	// whose place it took, which is zero for a new one.
	changed func(former, row *T)
}

func newTable[T any](name string, seeded int64, make func(int64) T, id func(*T) *int64) *table[T] {
	return &table[T]{name: name, id: id, make: make, seeded: seeded, rows: map[int64]T{}}
}

func (t *table[T]) len() int64 { return t.seeded + int64(len(t.ids)) }

// next is the id of the next row, 0 where none is left.
func (t *table[T]) next() int64 {
	last := t.seeded
	if n := len(t.ids); n > 0 {
		last = t.ids[n-1]
	}
	if last == math.MaxInt64 {
		return 0
	}
	return last + 1
}

func (t *table[T]) get(id int64) (row T, ok bool) {
	if row, ok = t.rows[id]; ok || id < 1 || id > t.seeded {
		return row, ok
	}
	return t.make(id), true
}

// put adds a row, or replaces the one of its id.
func (t *table[T]) put(row T) {
	id := *t.id(&row)
	former, there := t.get(id)
	if !there {
		i, _ := slices.BinarySearch(t.ids, id)
		t.ids = slices.Insert(t.ids, i, id)
	}
	t.rows[id] = row
	if t.changed != nil {
		t.changed(&former, &row)
	}
}

// at gives the row at a position, counted from 0 in the order of ids.
func (t *table[T]) at(position int64) T {
	id := position + 1
	if position >= t.seeded {
		id = t.ids[position-t.seeded]
	}
	row, _ := t.get(id)
	return row
}

// after is the position of the first row whose id is greater.
func (t *table[T]) after(id int64) int64 {
	if id < t.seeded {
		return max(id, 0)
	}
	return t.seeded + int64(sort.Search(len(t.ids), func(i int) bool { return t.ids[i] > id }))
}

// rows are what a list endpoint found and has not read yet.
type rows interface {
	count() int64
	all() iter.Seq[record]
	page(offset, limit int64) []record
	// after and before give what follows, or stands before, an id, at most
	// limit records in ascending order.
	after(id, limit int64) []record
	before(id, limit int64) []record
}

// A query is the rows of a table that match. It reads them in portions and lets
// go of the lock in between, so that a slow reader holds up nobody. Rows that
// are added meanwhile are not seen.
type query[T any] struct {
	t     *table[T]
	lock  *sync.RWMutex
	match func(*T) bool // nil for all
	only  []int64       // the ids to look at, ascending; nil for all
	show  func(*T) record
	len   int64
}

// How many rows are read under the lock at once: few at first, since most
// readers want a page.
const firstPortion, mostPortion = 32, 256

// find makes a query. The caller holds no lock.
func find[T any](lock *sync.RWMutex, t *table[T], match func(*T) bool, show func(*T) record) query[T] {
	lock.RLock()
	defer lock.RUnlock()
	return query[T]{t: t, lock: lock, match: match, show: show, len: t.len()}
}

// among looks at these ids alone.
func (q query[T]) among(ids []int64) query[T] {
	q.only, q.len = ids, int64(len(ids))
	return q
}

// scan gives the matching rows from a position on.
func (q query[T]) scan(position int64) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		var found []T
		for n := int64(firstPortion); position < q.len; n = min(2*n, mostPortion) {
			found, position = q.read(found[:0], position, n)
			for i := range found {
				if !yield(&found[i]) {
					return
				}
			}
		}
	}
}

func (q query[T]) read(found []T, position, n int64) ([]T, int64) {
	q.lock.RLock()
	defer q.lock.RUnlock()
	end := min(position+n, q.len)
	for ; position < end; position++ {
		row := q.row(position)
		if q.match == nil || q.match(&row) {
			found = append(found, row)
		}
	}
	return found, end
}

func (q query[T]) row(position int64) T {
	if q.only == nil {
		return q.t.at(position)
	}
	row, _ := q.t.get(q.only[position])
	return row
}

func (q query[T]) count() (n int64) {
	if q.match == nil {
		return q.len
	}
	for range q.scan(0) {
		n++
	}
	return n
}

func (q query[T]) all() iter.Seq[record] {
	return func(yield func(record) bool) {
		for row := range q.scan(0) {
			if !yield(q.show(row)) {
				return
			}
		}
	}
}

func (q query[T]) page(offset, limit int64) []record {
	if q.match == nil {
		return q.take(q.scan(offset), 0, limit)
	}
	return q.take(q.scan(0), offset, limit)
}

func (q query[T]) after(id, limit int64) []record {
	position := int64(0)
	if q.only == nil {
		q.lock.RLock()
		position = q.t.after(id)
		q.lock.RUnlock()
	}
	return q.take(func(yield func(*T) bool) {
		for row := range q.scan(position) {
			if *q.t.id(row) > id && !yield(row) {
				return
			}
		}
	}, 0, limit)
}

func (q query[T]) before(id, limit int64) []record {
	var last []record
	for row := range q.scan(0) {
		if *q.t.id(row) >= id {
			break
		}
		if last = append(last, q.show(row)); int64(len(last)) > limit {
			last = last[1:]
		}
	}
	return last
}

// take gives the rows after the first skip, at most limit.
func (q query[T]) take(found iter.Seq[*T], skip, limit int64) []record {
	records := []record{}
	for row := range found {
		if skip > 0 {
			skip--
			continue
		}
		if int64(len(records)) == limit {
			break
		}
		records = append(records, q.show(row))
	}
	return records
}
