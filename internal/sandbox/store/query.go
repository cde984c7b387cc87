package store

import (
	"iter"
	"sync"
)

// A Query is the rows of a table that match, each as an R. It reads them in
// batches and releases the lock in between, so that a slow reader blocks nobody.
// Rows that are added meanwhile are left out.
type Query[T, R any] struct {
	table *Table[T]
	lock  *sync.RWMutex
	match func(*T) bool // nil matches all
	only  []int64       // the ids to look at, ascending; nil is all
	show  func(*T) R
	len   int64
}

// How many rows are read under the lock at once: few at first, because most
// readers want a page.
const firstBatch, maxBatch = 32, 256

// Find returns the rows of a table, such as [Orders], that match, all of them if
// match is nil.
func Find[T, R any](s *Store, of func(*Store) *Table[T], match func(*T) bool, show func(*T) R) Query[T, R] {
	s.mu.RLock()
	defer s.mu.RUnlock()
	table := of(s)
	return Query[T, R]{table: table, lock: &s.mu, match: match, show: show, len: table.len()}
}

// Among looks at the rows of these ids alone, which ascend.
func (q Query[T, R]) Among(ids []int64) Query[T, R] {
	q.only, q.len = ids, int64(len(ids))
	return q
}

// scan returns the matching rows from a position on.
func (q Query[T, R]) scan(position int64) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		var found []T
		for n := int64(firstBatch); position < q.len; n = min(2*n, maxBatch) {
			found, position = q.read(found[:0], position, n)
			for i := range found {
				if !yield(&found[i]) {
					return
				}
			}
		}
	}
}

func (q Query[T, R]) read(found []T, position, n int64) ([]T, int64) {
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

func (q Query[T, R]) row(position int64) T {
	if q.only == nil {
		return q.table.at(position)
	}
	row, _ := q.table.get(q.only[position])
	return row
}

// Count returns the number of rows.
func (q Query[T, R]) Count() (n int64) {
	if q.match == nil {
		return q.len
	}
	for range q.scan(0) {
		n++
	}
	return n
}

// All returns the rows in the order of their ids.
func (q Query[T, R]) All() iter.Seq[R] {
	return func(yield func(R) bool) {
		for row := range q.scan(0) {
			if !yield(q.show(row)) {
				return
			}
		}
	}
}

// Page returns at most limit rows from an offset on.
func (q Query[T, R]) Page(offset, limit int64) []R {
	if q.match == nil {
		return q.take(q.scan(offset), 0, limit)
	}
	return q.take(q.scan(0), offset, limit)
}

// After returns at most limit rows that follow an id.
func (q Query[T, R]) After(id, limit int64) []R {
	position := int64(0)
	if q.only == nil {
		q.lock.RLock()
		position = q.table.after(id)
		q.lock.RUnlock()
	}
	return q.take(func(yield func(*T) bool) {
		for row := range q.scan(position) {
			if *q.table.id(row) > id && !yield(row) {
				return
			}
		}
	}, 0, limit)
}

// Before returns at most limit rows that precede an id, in ascending order.
func (q Query[T, R]) Before(id, limit int64) []R {
	last := []R{}
	for row := range q.scan(0) {
		if *q.table.id(row) >= id {
			break
		}
		if last = append(last, q.show(row)); int64(len(last)) > limit {
			last = last[1:]
		}
	}
	return last
}

// take returns at most limit rows after the first skip.
func (q Query[T, R]) take(found iter.Seq[*T], skip, limit int64) []R {
	rows := []R{}
	for row := range found {
		if skip > 0 {
			skip--
			continue
		}
		if int64(len(rows)) == limit {
			break
		}
		rows = append(rows, q.show(row))
	}
	return rows
}
