package envelope

import (
	"math"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func fill(g *Gather[order], from, to int) {
	for i := from; i < to; i++ {
		*g.next() = order{ID: int64(i), Code: "begun"}
		place := g.next() // again, since it was not kept
		if *place != (order{}) {
			panic("it is not clear")
		}
		*place = order{ID: int64(i)}
		g.keep()
	}
}

func TestGather(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3 * chunkSize} {
		g := orders.Gather()
		fill(g, 0, n)
		all := g.Join()
		assert.NotNil(t, all)
		assert.Len(t, all, n)
		assert.Equal(t, n, g.Len())
		for i, record := range all {
			assert.EqualValues(t, i, record.ID)
		}
		g.Free()
	}
}

// TestGatherBack takes back records of a page that was cut, be it that the page
// is read again or not.
func TestGatherBack(t *testing.T) {
	t.Parallel()
	for _, kept := range []int{0, 1, chunkSize, chunkSize + 1} {
		g := orders.Gather()
		fill(g, 0, 3*chunkSize+5)
		g.Back(kept)
		assert.Len(t, g.Join(), kept)
		fill(g, kept, kept+2)
		all := g.Join()
		assert.Len(t, all, kept+2)
		assert.EqualValues(t, kept+1, all[kept+1].ID)
		g.Back(kept)
		g.Free()
	}
}

// TestGatherFreesWhatRecordsPointTo: a chunk that waits for the next list must
// not hold the records of the last.
func TestGatherFreesWhatRecordsPointTo(t *testing.T) {
	t.Parallel()
	for _, kept := range []int{0, 1, chunkSize + 7, 2*chunkSize + 5} {
		g := NewModel(orders.setExtra, orders.getExtra, orders.fields...).Gather() // chunks of its own
		for range 2*chunkSize + 5 {
			*g.next() = order{Code: "kept alive"}
			g.keep()
		}
		*g.next() = order{Code: "begun"}
		chunks := g.chunks
		g.Back(kept)
		g.Free()
		for i, c := range chunks {
			for j := range c {
				assert.Empty(t, c[j].Code, "%d: chunk %d, record %d", kept, i, j)
			}
		}
	}
}

// listOfLength reads a list whose header names a length.
func listOfLength(t *testing.T, body string, length int64) (g *Gather[order], all []order) {
	o := asJSON
	o.MaxBytes = math.MaxInt64
	o.Header = http.Header{"Content-Length": {strconv.FormatInt(length, 10)}}
	g = orders.Gather()
	_, err := g.Read(strings.NewReader(body), o)
	require.NoError(t, err)
	return g, g.Join()
}

// TestGatherTrustsALength: of a list whose length is right no record is copied but the
// first ones, and hardly any place is left over.
func TestGatherTrustsALength(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, chunkSize, chunkSize + 1, 5_000, 20_000} {
		body := string(manyOrders(n))
		g, all := listOfLength(t, body, int64(len(body)))
		assert.Equal(t, readInTwoPasses(strings.NewReader(body), bounded(len(body), false)).Records, all)
		assert.LessOrEqual(t, cap(all), n+n/20+chunkSize)
		if n > chunkSize+1 {
			assert.Same(t, &g.all[0], &all[0], "%d are joined", n)
		}
		g.Free()
	}
}

// TestGatherBoundsAHostileLength: whatever length a server names, memory is bounded by
// what it sent.
func TestGatherBoundsAHostileLength(t *testing.T) { // not parallel: it measures memory
	for _, n := range []int{chunkSize + 1, 4 * chunkSize} {
		body := "[" + strings.Repeat(`{"id":1},`, n) + `{"id":2}]`
		for _, length := range []int64{math.MaxInt64, 1 << 40, 1 << 30, -1} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			g, all := listOfLength(t, body, length)
			runtime.ReadMemStats(&after)
			assert.Len(t, all, n+1)
			const own = 1 << 20 // chunks, buffers and the joined list
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(2*maxAhead*len(body)+own), "%d records, of a length of %d", n, length)
			g.Free()
		}
	}
}

// TestGatherGrows: records that are longer or shorter than the first ones, a length that
// is too small, and a second page.
func TestGatherGrows(t *testing.T) {
	t.Parallel()
	long, short := `{"id":1,"x":"`+strings.Repeat("x", 500)+`"},`, `{"id":2},`
	for name, body := range map[string]string{
		"long first":  "[" + strings.Repeat(long, 2*chunkSize) + strings.Repeat(short, 20*chunkSize) + `{"id":3}]`,
		"short first": "[" + strings.Repeat(short, 2*chunkSize) + strings.Repeat(long, 5*chunkSize) + `{"id":3}]`,
	} {
		for _, length := range []int{len(body), len(body) / 2, 0} {
			g, all := listOfLength(t, body, int64(length))
			want := readInTwoPasses(strings.NewReader(body), bounded(len(body), false)).Records
			assert.Equal(t, want, all, name)
			assert.LessOrEqual(t, cap(all), len(all)+len(all)/8+chunkSize, name)
			before := g.Len()
			_, err := g.Read(strings.NewReader(body), bounded(len(body), false))
			require.NoError(t, err)
			assert.Equal(t, append(want[:before:before], want...), g.Join(), "%s, twice", name)
			g.Back(before)
			assert.Equal(t, want, g.Join(), "%s, taken back", name)
			g.Free()
		}
	}
}

// TestGatherBoundsMemory: records count for the memory that they take, of a page and of
// all pages, however short their texts are, alone or inside of other elements.
func TestGatherBoundsMemory(t *testing.T) {
	t.Parallel()
	const most = leastPageMemory
	room := int(most / orders.size)
	records := func(n int) string { return strings.Repeat(`{"id":1},`, n-1) + `{"id":1}` }
	for name, around := range map[string][2]string{"a list": {`[`, `]`}, "in an element": {`[{"orders":[`, `]}]`}, "by key": {`{"a":`, `}`}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := func(g *Gather[order], n int) error {
				list := records(n)
				if name == "by key" {
					list = `[` + list + `]`
				}
				o := asJSON
				o.MaxBytes = most / 4
				_, err := g.Read(strings.NewReader(`{"status":true,"data":`+around[0]+list+around[1]+`}`), o)
				return err
			}
			g := orders.Gather()
			require.NoError(t, read(g, room))
			assert.Equal(t, room, g.Len())
			require.NoError(t, read(g, room), "a page of its own")
			g.Back(room)
			err := read(g, room+1)
			require.ErrorIs(t, err, ErrTooMany)
			require.ErrorIs(t, err, ErrTooLarge)
			assert.Equal(t, 2*room, g.Len())
			g.Back(10)
			g.read = listMemory - 20*orders.size
			require.NoError(t, read(g, 10))
			require.ErrorIs(t, read(g, 1), ErrTooMany, "all pages")
			g.Free()
		})
	}
}

func TestGatherRoom(t *testing.T) {
	t.Parallel()
	g := orders.Gather()
	assert.EqualValues(t, leastPageMemory/orders.size, g.room(1))
	assert.EqualValues(t, 64<<20*pageMemory/orders.size, g.room(64<<20))
	assert.Positive(t, g.room(math.MaxInt64))
	g.read = math.MaxInt64
	assert.Equal(t, 1, g.room(1), "one of any length")
}
