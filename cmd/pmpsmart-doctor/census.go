package main

import (
	"slices"
	"strings"
)

// A census counts the fields of an endpoint's records and the kinds they had.
type census struct {
	most   int // records
	seen   int
	fields []*field
	byName map[string]*field
}

// A field is one that the server sent, or one inside it: items.*.qty.
type field struct {
	Name  string         `json:"name"`
	Named bool           `json:"named"` // by the library's struct
	Count int            `json:"count"` // how often it was met
	Kinds map[string]int `json:"kinds"` // and as what
}

// The bounds of a census.
const (
	maxFields   = 500 // an endpoint's
	maxSiblings = 60  // more names inside one field are keys
	maxColumns  = 200 // more names in one record are keys
	maxInside   = 4   // how deep fields are told inside fields
)

// opaque fields hold what the API's users keep there: even the names in it are
// theirs.
var opaque = []string{"json_data"}

func newCensus(most int) *census { return &census{most: most, byName: make(map[string]*field)} }

// records counts the fields of records.
func (c *census) records(all []node) {
	for i := range all[:min(len(all), c.most-c.seen)] {
		c.members("", &all[i], 0)
		c.seen++
	}
}

func (c *census) members(path string, n *node, depth int) {
	keyed := depth > 0 && isKeyed(n)
	for i, name := range n.names {
		shown := shownName(name)
		if keyed {
			shown = "*"
		}
		c.add(join(path, shown), name, &n.nodes[i], depth)
	}
}

// add counts one value and what is inside it.
func (c *census) add(path, name string, n *node, depth int) {
	f := c.field(path)
	if f == nil {
		return
	}
	kind := kindOf(name, n)
	f.Count++
	f.Kinds[kind]++
	if slices.Contains(opaque, name) || depth >= maxInside {
		return
	}
	switch kind {
	case "object":
		c.members(path, n, depth+1)
	case "array":
		for i := range n.nodes {
			if n.nodes[i].kind == '{' {
				c.members(join(path, "*"), &n.nodes[i], depth+1)
			} else {
				c.add(join(path, "*"), name, &n.nodes[i], depth+1)
			}
		}
	}
}

// field returns the field of that path, nil if there are too many.
func (c *census) field(path string) *field {
	f := c.byName[path]
	if f == nil && len(c.fields) < maxFields {
		f = &field{Name: path, Kinds: make(map[string]int)}
		c.byName[path] = f
		c.fields = append(c.fields, f)
	}
	return f
}

// result returns the fields in the order they were met, those marked that names
// holds.
func (c *census) result(names []string) []*field {
	c.mergeKeys()
	for _, f := range c.fields {
		f.Named = slices.Contains(names, f.Name)
	}
	return c.fields
}

// mergeKeys makes one field of siblings that are too many to be fields.
func (c *census) mergeKeys() {
	siblings := make(map[string]int)
	for _, f := range c.fields {
		siblings[parent(f.Name)]++
	}
	merged := newCensus(0)
	for _, f := range c.fields {
		into := merged.field(starred(f.Name, siblings))
		into.Count += f.Count
		for kind, n := range f.Kinds {
			into.Kinds[kind] += n
		}
	}
	c.fields, c.byName = merged.fields, merged.byName
}

// starred returns a field's path with a star for each name that is one of too
// many.
func starred(path string, siblings map[string]int) string {
	most, above, shown := maxColumns, "", ""
	for name := range strings.SplitSeq(path, ".") {
		next := join(above, name)
		if siblings[above] > most {
			name = "*"
		}
		above, shown, most = next, join(shown, name), maxSiblings
	}
	return shown
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func parent(path string) string {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)]
}
