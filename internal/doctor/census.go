package doctor

import (
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// A census counts the fields of an endpoint's records and the kinds they had.
type census struct {
	most  int // records
	seen  int
	nodes int
	root  *tally // the record
}

// A tally counts one field, or one inside it. What stands in an array's elements,
// and under keys that are data, has the name [report.Key].
type tally struct {
	name   string
	count  int            // how often it was met
	kinds  map[string]int // and as what
	empty  int            // of them empty, as an object or an array
	object int            // objects whose members are fields
	keyed  bool           // the members' names are data
	fields []*tally       // in the order in which a server sends them
	byName map[string]*tally
}

// The bounds of a census.
const (
	maxFields   = 500       // an endpoint's
	maxTallies  = 5000      // before it is known which names are keys
	maxSiblings = 60        // more names inside one field are keys
	maxColumns  = maxFields // more names in one record are keys
	maxInside   = 4         // how deep fields are told inside fields
)

// opaque fields hold what the API's users keep there: even the names in it are
// theirs.
var opaque = []string{"json_data"}

func newCensus(most int) *census { return &census{most: most, root: newTally("")} }

func newTally(name string) *tally {
	return &tally{name: name, kinds: make(map[string]int), byName: make(map[string]*tally)}
}

// records counts the fields of records.
func (c *census) records(all []node) {
	for i := range all[:min(len(all), c.most-c.seen)] {
		c.members(c.root, &all[i], 0)
		c.seen++
	}
}

// members counts the members of an object.
func (c *census) members(t *tally, n *node, depth int) {
	t.object++
	if t.keyed = t.keyed || depth > 0 && isKeyed(n); t.keyed {
		t.merge()
	}
	after := -1
	for i, name := range n.names {
		shown := report.ShownName(name)
		if t.keyed {
			shown = report.Key
		}
		inner, at := c.field(t, shown, after)
		if inner != nil {
			after = at
			c.add(inner, name, &n.nodes[i], depth)
		}
	}
	most := maxColumns
	if depth > 0 {
		most = maxSiblings
	}
	if len(t.fields) > most {
		t.keyed = true
		t.merge()
	}
}

// add counts one value and what is inside it.
func (c *census) add(t *tally, name string, n *node, depth int) {
	kind := kindOf(name, n)
	t.count++
	t.kinds[kind]++
	if slices.Contains(opaque, name) || depth >= maxInside {
		return
	}
	switch kind {
	case "empty-object", "empty-array":
		t.empty++
	case "object":
		c.members(t, n, depth+1)
	case "array":
		element, _ := c.field(t, report.Key, -1)
		if element == nil {
			return
		}
		for i := range n.nodes {
			if n.nodes[i].kind == '{' {
				c.members(element, &n.nodes[i], depth+1)
			} else {
				c.add(element, name, &n.nodes[i], depth+1)
			}
		}
	}
}

// field returns the field of that name and its place. A new one follows the one at
// the place after: so the fields keep the server's order although a record may lack
// some. The field is nil if there are too many.
func (c *census) field(t *tally, name string, after int) (inner *tally, at int) {
	if inner = t.byName[name]; inner != nil {
		if after+1 < len(t.fields) && t.fields[after+1] == inner { // as in the record before
			return inner, after + 1
		}
		return inner, slices.Index(t.fields, inner)
	}
	if c.nodes++; c.nodes > maxTallies {
		return nil, after
	}
	inner = newTally(name)
	t.byName[name] = inner
	t.fields = slices.Insert(t.fields, after+1, inner)
	return inner, after + 1
}

// merge makes one field of all.
func (t *tally) merge() { t.mergeIf(func(*tally) bool { return true }) }

// mergeIf makes one field, named [report.Key], of those for which data is true.
func (t *tally) mergeIf(data func(*tally) bool) {
	fields := t.fields
	key := t.byName[report.Key]
	t.fields = nil
	for _, f := range fields {
		switch {
		case f != key && !data(f):
			t.fields = append(t.fields, f)
			continue
		case key == nil:
			key = newTally(report.Key)
			t.byName[report.Key] = key
		}
		if !slices.Contains(t.fields, key) {
			t.fields = append(t.fields, key)
		}
		if f != key {
			delete(t.byName, f.name)
			key.join(f)
		}
	}
}

// join adds what was counted in u.
func (t *tally) join(u *tally) {
	t.count += u.count
	t.empty += u.empty
	t.object += u.object
	t.keyed = t.keyed || u.keyed
	for kind, n := range u.kinds {
		t.kinds[kind] += n
	}
	after := -1
	for _, f := range u.fields {
		if known := t.byName[f.name]; known != nil {
			known.join(f)
			after = slices.Index(t.fields, known)
			continue
		}
		after++
		t.byName[f.name] = f
		t.fields = slices.Insert(t.fields, after, f)
	}
}

// findKeyed adds to paths those of the fields whose members' names are data.
func (c *census) findKeyed(paths map[string]bool) {
	c.root.each("", func(path string, t *tally) {
		if path != "" && t.hasKeys() {
			paths[path] = true
		}
	})
}

// each calls f for the field at path and those inside it, which f may merge.
func (t *tally) each(path string, f func(path string, t *tally)) {
	f(path, t)
	for _, inner := range t.fields {
		inner.each(join(path, inner.name), f)
	}
}

// result returns the fields, those marked that names holds. Members of the fields at
// the paths in keyed are one.
func (c *census) result(names []string, keyed map[string]bool) []*report.Field {
	index := loose.NewNameIndex(names...)
	named := func(field string) bool { return index.Find(envelope.AppendString(nil, field)) >= 0 }
	all := []*report.Field{}
	c.root.each("", func(path string, t *tally) {
		switch {
		case path == "":
		case keyed[path] || t.hasKeys():
			t.merge()
		default:
			t.mergeIf(t.mayBeData())
		}
		if t.count > 0 && len(all) < maxFields {
			all = append(all, &report.Field{Name: path, Named: named(path), Count: t.count, Kinds: t.kinds})
		}
	})
	record := (&report.Endpoint{Fields: all}).Tree()
	if attributes := record.Attributes(named); attributes != nil {
		attributes.Field.Named = true
		for _, f := range attributes.Fields {
			if f.Field != nil {
				f.Field.Named = named(f.Name)
			}
		}
	}
	return all
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
