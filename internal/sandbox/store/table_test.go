package store

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

type row struct {
	ID   int64
	Name string
}

func newRows(seeded int64) *Table[row] {
	return newTable("rows", seeded, func(id int64) row { return row{id, fmt.Sprint("seed ", id)} }, func(r *row) *int64 { return &r.ID })
}

// idOf is how the tests show a row.
func idOf(r *row) int64 { return r.ID }

func TestTable(t *testing.T) {
	t.Parallel()
	rows := newRows(3)
	for _, r := range []row{{2, "changed"}, {9, "nine"}, {5, "five"}, {rows.next(), "four"}, {9, "nine again"}} {
		rows.put(r)
	}
	var all []row
	for i := range rows.len() {
		all = append(all, rows.at(i))
	}
	assert.Equal(t, []row{{1, "seed 1"}, {2, "changed"}, {3, "seed 3"}, {4, "four"}, {5, "five"}, {9, "nine again"}}, all)
	assert.EqualValues(t, 10, rows.next())
	assert.Equal(t, []int64{0, 0, 2, 3, 5, 5, 6}, []int64{rows.after(-1), rows.after(0), rows.after(2), rows.after(3), rows.after(5), rows.after(8), rows.after(9)})
	var told [][2]row
	rows.changed = func(former, r *row) { told = append(told, [2]row{*former, *r}) }
	for _, r := range []row{{1, "one"}, {1, "one again"}, {math.MaxInt64, "last"}} {
		rows.put(r)
	}
	assert.Equal(t, [][2]row{{{1, "seed 1"}, {1, "one"}}, {{1, "one"}, {1, "one again"}}, {{}, {math.MaxInt64, "last"}}}, told)
	assert.Zero(t, rows.next(), "no id is left")
	for _, id := range []int64{-1, 0, 6, 10} {
		_, ok := rows.get(id)
		assert.False(t, ok, id)
	}
}

// Pages and cursors of any size, with and without a condition, return what a loop
// over all rows does.
func TestQuery(t *testing.T) {
	t.Parallel()
	rows := newRows(150)
	for id := int64(200); id < 400; id += 5 {
		rows.put(row{id, "added"})
	}
	s := &Store{}
	of := func(*Store) *Table[row] { return rows }
	third := func(r *row) bool { return r.ID%3 == 0 }
	for name, q := range map[string]Query[row, int64]{
		"all": Find(s, of, nil, idOf), "some": Find(s, of, third, idOf), "among": Find(s, of, third, idOf).Among([]int64{3, 4, 6, 200, 210, 225}),
	} {
		want := slices.Collect(q.All())
		assert.EqualValues(t, len(want), q.Count(), name)
		for _, size := range []int64{1, 7, 100} {
			var paged, forward, back []int64
			for offset := int64(0); offset < q.Count(); offset += size {
				paged = append(paged, q.Page(offset, size)...)
			}
			for last := int64(0); ; last = forward[len(forward)-1] {
				next := q.After(last, size)
				if len(next) == 0 {
					break
				}
				forward = append(forward, next...)
			}
			for first := int64(1 << 40); ; first = back[0] {
				previous := q.Before(first, size)
				if len(previous) == 0 {
					break
				}
				back = append(previous, back...)
			}
			assert.Equal(t, [][]int64{want, want, want}, [][]int64{paged, forward, back}, "%s, %d a page", name, size)
		}
	}
}
