package envelope

// chunkSize is how many records a chunk holds.
const chunkSize = 1024

type chunk[T any] [chunkSize]T

// A Gather collects the records of a list in chunks that are used again, and
// joins them once: a slice that grows copies its records some twenty times.
type Gather[T any] struct {
	model  *Model[T]
	chunks []*chunk[T]
	n      int // records kept
	begun  int // the most places that were given
}

// Gather starts to collect.
func (m *Model[T]) Gather() *Gather[T] { return &Gather[T]{model: m} }

// Next returns the place of the next record, which Keep adds.
func (g *Gather[T]) Next() *T {
	if g.n == len(g.chunks)*chunkSize {
		c, ok := g.model.chunks.Get().(*chunk[T])
		if !ok {
			c = new(chunk[T])
		}
		g.chunks = append(g.chunks, c)
	}
	g.begun = max(g.begun, g.n+1)
	return &g.chunks[g.n/chunkSize][g.n%chunkSize]
}

// Keep adds the record that Next gave.
func (g *Gather[T]) Keep() bool {
	g.n++
	return true
}

// Len is how many records were kept.
func (g *Gather[T]) Len() int { return g.n }

// Back takes back all records but the first n.
func (g *Gather[T]) Back(n int) { g.n = n }

// Join returns all records in order, in a slice that is not nil.
func (g *Gather[T]) Join() []T {
	all := make([]T, 0, g.n)
	for i, c := range g.chunks {
		all = append(all, c[:min(max(g.n-i*chunkSize, 0), chunkSize)]...)
	}
	return all
}

// Free keeps the chunks for the next list, without what they point to.
func (g *Gather[T]) Free() {
	for i, c := range g.chunks {
		clear(c[:min(g.begun-i*chunkSize, chunkSize)])
		g.model.chunks.Put(c)
	}
	g.chunks, g.n, g.begun = nil, 0, 0
}
