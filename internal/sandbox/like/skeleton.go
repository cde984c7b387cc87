package like

import (
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// A value is what one field of one record looks like.
type value struct {
	name     string // of the member, report.Key for one whose name is data; of an element the array's
	kind     string
	members  []*value // of an object
	elements []*value // of an array
}

// How many records look different before the first look comes again: as few as show
// everything for a single record, of which a test asks for some, and more for a list.
const (
	fewLooks  = 10
	someLooks = 24
	mostLooks = 200
)

// The bounds of what is made for one array or for an object that is keyed by data.
const (
	mostElements = 12
	mostValues   = 3000 // of a record
)

// newSkeleton returns what an endpoint's records look like one after the other: each
// kind that a field was met as is there, the more frequent ones more often. The first
// has every field, in the report's order.
func newSkeleton(e *report.Endpoint, few bool) (looks []*value) {
	root := e.Tree()
	b := builder{tallies: make(map[*report.Node]*tally), total: e.Counted}
	enough := someLooks
	if few {
		enough = fewLooks
	}
	for len(looks) < enough || len(looks) < mostLooks && b.need(root, true) > 0 {
		b.left = mostValues
		look := &value{kind: "object", members: b.members(root, b.total)}
		looks = append(looks, look)
	}
	return looks
}

// A builder makes looks, one after the other.
type builder struct {
	tallies map[*report.Node]*tally
	total   int // records that the report counted
	left    int // values that the record may still have
}

// A tally says how often a field was made, and as what.
type tally struct {
	kinds []string // that it was met as, the most frequent first
	count map[string]int
	total int // how often it was met
	made  map[string]int
	times int // it was made
	gone  int // and left out

	complete bool // all kinds of it, and of those inside it, are there
}

// inElement is the kind of an array's element that is an object: the report counts
// its fields alone.
const inElement = "element"

// tally returns the tally of a field.
func (b *builder) tally(n *report.Node) *tally {
	if t := b.tallies[n]; t != nil {
		return t
	}
	t := &tally{count: make(map[string]int), made: make(map[string]int)}
	b.tallies[n] = t
	if n.Field != nil {
		t.kinds = n.Field.Frequent()
		for kind, count := range n.Field.Kinds {
			t.count[kind] = count
			t.total += count
		}
	}
	return t
}

// elementTally returns the tally of an array's elements.
func (b *builder) elementTally(n *report.Node) *tally {
	t := b.tally(n)
	if hasObjects(n) && t.count[inElement] == 0 {
		t.kinds = slices.Insert(slices.DeleteFunc(t.kinds, func(kind string) bool { return kind == "object" }), 0, inElement)
		t.count[inElement] = max(1, mostOf(n))
		t.total += t.count[inElement]
	}
	return t
}

// hasObjects reports whether some of an array's elements are objects: what has no name
// stands in elements that are arrays, if there were any.
func hasObjects(n *report.Node) bool {
	return slices.ContainsFunc(n.Fields, func(f *report.Node) bool { return f.Name != report.Key || !n.Has("array") })
}

// mostOf returns how often the most frequent of a field's fields was met.
func mostOf(n *report.Node) (most int) {
	for _, f := range n.Fields {
		if f.Field != nil {
			most = max(most, f.Field.Count)
		}
	}
	return most
}

// need returns how many more values of a field it takes until all kinds of it, and of
// those inside it, are there.
func (b *builder) need(n *report.Node, isRoot bool) (need int) {
	t := b.tally(n)
	if t.complete {
		return 0
	}
	inside := 0
	for _, f := range n.Fields {
		if f.Name == report.Key && !isRoot {
			inside = max(inside, (b.need(f, false)+mostElements-1)/mostElements)
		} else {
			inside = max(inside, b.need(f, false))
		}
	}
	for _, kind := range t.kinds {
		switch {
		case holds(kind):
			if t.made[kind] == 0 {
				inside = max(inside, 1)
			}
		case t.made[kind] == 0:
			need++
		}
	}
	t.complete = need+inside == 0
	return need + inside
}

// holds reports whether values of a kind hold others.
func holds(kind string) bool { return kind == "object" || kind == "array" || kind == inElement }

// pick chooses the kind of the next value of a field: one that is not there yet, one
// that holds what is not there yet, or the one that is furthest behind.
func (b *builder) pick(n *report.Node, t *tally) string {
	best := ""
	switch {
	case len(t.kinds) == 0:
		return "null"
	default:
		for _, kind := range t.kinds {
			if t.made[kind] == 0 {
				best = kind
				break
			}
		}
	}
	if best == "" && slices.ContainsFunc(t.kinds, holds) && slices.ContainsFunc(n.Fields, func(f *report.Node) bool { return b.need(f, false) > 0 }) {
		best = t.kinds[slices.IndexFunc(t.kinds, holds)]
	}
	if best == "" {
		best = t.behind()
	}
	t.made[best]++
	t.times++
	return best
}

// behind returns the kind whose share is furthest below that of the report.
func (t *tally) behind() (best string) {
	most := 0.0
	for _, kind := range t.kinds {
		missing := float64(t.count[kind])*float64(t.times+1)/float64(t.total) - float64(t.made[kind])
		if best == "" || missing > most {
			best, most = kind, missing
		}
	}
	return best
}

// members makes the members of an object, of which the report counted total.
func (b *builder) members(n *report.Node, total int) (all []*value) {
	optional := b.mayLack(n, total)
	for _, f := range n.Fields {
		if b.left--; b.left < 0 {
			break
		}
		if f.Name == report.Key {
			if f.Field == nil && len(n.Fields) > 1 {
				continue // it stands for elements of arrays: what has a name is counted
			}
			for range min(max(b.need(f, false), 2), mostElements) {
				all = append(all, b.value(f, b.pick(f, b.tally(f))))
			}
			continue
		}
		if t := b.tally(f); f.Field != nil && optional && t.isGone(f.Field.Count, total) && b.need(f, false) == 0 {
			t.gone++
			continue
		}
		all = append(all, b.value(f, b.pick(f, b.tally(f))))
	}
	return all
}

// mayLack reports whether an object may lack some of its fields. Inside of a record
// those that differ from one to the next seem to be data, unless they are words.
func (b *builder) mayLack(n *report.Node, total int) bool {
	if total == 0 {
		return false
	}
	return n.Path == "" || !slices.ContainsFunc(n.Fields, func(f *report.Node) bool { return f.Name != report.Key && !report.IsWords(f.Name) })
}

// isGone reports whether a field that count of total objects had is to be left out.
func (t *tally) isGone(count, total int) bool {
	return count < total && t.times > 0 && float64(t.gone+1) <= float64(total-count)*float64(t.times+t.gone+1)/float64(total)
}

// value makes a value of a kind.
func (b *builder) value(n *report.Node, kind string) *value {
	v := &value{name: n.Name, kind: kind}
	switch kind {
	case inElement:
		v.kind = "object"
		v.members = b.members(n, mostOf(n))
	case "object":
		v.members = b.members(n, b.tally(n).count["object"])
	case "array":
		v.elements = b.elements(n.Find(report.Key), n.Name)
	}
	return v
}

// elements makes the elements of an array of that name, by which their kinds were
// told; n is nil if the report tells nothing of them, not even a field.
func (b *builder) elements(n *report.Node, name string) (all []*value) {
	if n == nil {
		return []*value{{name: name, kind: "empty-object"}}
	}
	t := b.elementTally(n)
	for range min(max(b.need(n, false), 1), mostElements) {
		if b.left--; b.left < 0 && len(all) > 0 {
			break
		}
		element := b.value(n, b.pick(n, t))
		element.name = name
		all = append(all, element)
	}
	return all
}
