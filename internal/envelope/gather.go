package envelope

import (
	"io"
	"math"
)

// Records take memory by their type and not by their length: a body of some kilobytes
// of gzip may hold millions of empty ones. Those of a page may take up pageMemory bytes
// for each byte that a body may have, or leastPageMemory, and those of a list
// listMemory, with what was read for them.
const (
	pageMemory      = 4
	leastPageMemory = 16 << 20
	listMemory      = 1 << 30
)

// MemoryFor returns how much memory may be taken up by what a body of at most so many
// bytes is decoded to.
func MemoryFor(maxBytes int64) int64 {
	return max(leastPageMemory, min(maxBytes, math.MaxInt64/pageMemory)*pageMemory)
}

// chunkSize is how many records a chunk holds.
const chunkSize = 512

type chunk[T any] [chunkSize]T

// A Gather collects the records of a list. The first stand in a chunk that is used
// again. Once it is full, the length of the body says how many are to come, and they are
// read into the slice that becomes the result: a slice that grows copies its records
// some twenty times. Where the body does not tell its length, more chunks are filled and
// joined once.
type Gather[T any] struct {
	model  *Model[T]
	chunks []*chunk[T] // nil once the records stand in all
	all    []T
	n      int     // records kept
	begun  int     // the most places that were given
	most   int     // the most records that may be kept, with those of the page that is read; 0 for any number
	read   int64   // how long the pages were
	reader *reader // of the page that is read
}

// Gather starts to collect.
func (m *Model[T]) Gather() *Gather[T] { return &Gather[T]{model: m} }

// Read is List for the records of one more page. Its error is an [ErrTooMany] if the
// records take too much memory.
func (g *Gather[T]) Read(body io.Reader, o Options) (*Answer, error) {
	r := newReader(body, o, g.model.records.knows)
	defer r.release()
	g.reader = r
	g.most = g.room(o.MaxBytes)
	defer func() {
		g.read = sum(g.read, r.offset())
		g.reader = nil
	}()
	return readRecords(r, g.model, g.next, g.keep)
}

// room returns how many records there may be with those of a page of so many bytes.
func (g *Gather[T]) room(maxBytes int64) int {
	ofPage := MemoryFor(maxBytes)
	ofList := max(listMemory, sum(ofPage, ofPage)) - g.read
	return int(max(min(sum(int64(g.n), ofPage/g.model.size), ofList/g.model.size, math.MaxInt), 1))
}

// next returns the place of the next record, a zero value, which keep adds.
func (g *Gather[T]) next() *T {
	if g.n == g.places() {
		g.grow()
	}
	var place *T
	if g.all != nil {
		place = &g.all[g.n]
	} else {
		place = &g.chunks[g.n/chunkSize][g.n%chunkSize]
	}
	if g.n < g.begun { // it was given before
		var zero T
		*place = zero
	}
	g.begun = max(g.begun, g.n+1)
	return place
}

// keep adds the record that next gave, if there may be one more.
func (g *Gather[T]) keep() bool {
	if g.n >= g.most && g.most > 0 {
		g.reader.isFull = true
		return false
	}
	g.n++
	return true
}

// places returns how many records have a place.
func (g *Gather[T]) places() int { return max(len(g.all), len(g.chunks)*chunkSize) }

// grow makes room for more records.
func (g *Gather[T]) grow() {
	more := 0
	if g.reader != nil && g.n > 0 {
		more = g.reader.expects(g.model.size)
	}
	switch {
	case g.all != nil:
		g.move(max(more, g.n/4+chunkSize))
	case more > chunkSize:
		g.move(more)
	default:
		c, ok := g.model.chunks.Get().(*chunk[T])
		if !ok {
			c = new(chunk[T])
		}
		g.chunks = append(g.chunks, c)
	}
}

// move moves the records to a slice with room for more.
func (g *Gather[T]) move(more int) {
	all := g.appendTo(make([]T, 0, g.n+more))
	g.freeChunks()
	g.all, g.begun = all[:cap(all)], g.n
}

// appendTo appends the records.
func (g *Gather[T]) appendTo(all []T) []T {
	if g.all != nil {
		return append(all, g.all[:g.n]...)
	}
	for i, c := range g.chunks {
		all = append(all, c[:min(max(g.n-i*chunkSize, 0), chunkSize)]...)
	}
	return all
}

// Len returns how many records were kept.
func (g *Gather[T]) Len() int { return g.n }

// Back takes back all records but the first n.
func (g *Gather[T]) Back(n int) { g.n = n }

// Join returns all records in order, in a slice that is not nil and not much larger than
// they are.
func (g *Gather[T]) Join() []T {
	if g.all != nil && cap(g.all)-g.n <= g.n/8+chunkSize {
		clear(g.all[g.n:max(g.n, g.begun)]) // what was begun or taken back
		return g.all[:g.n]
	}
	return g.appendTo(make([]T, 0, g.n))
}

// Free keeps the chunks for the next list, without what they point to.
func (g *Gather[T]) Free() {
	g.freeChunks()
	g.all, g.n, g.begun = nil, 0, 0
}

func (g *Gather[T]) freeChunks() {
	for i, c := range g.chunks {
		clear(c[:min(max(g.begun-i*chunkSize, 0), chunkSize)])
		g.model.chunks.Put(c)
	}
	g.chunks = nil
}
