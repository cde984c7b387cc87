package report

import (
	"slices"
	"strings"
)

// A Node is a field with those inside it.
type Node struct {
	Name   string // without the names around it; Key for an element or what stands under a key
	Path   string // with them
	Field  *Field // nil where the field itself was not counted, as an array's elements that are objects are not
	Fields []*Node
}

// Tree returns the fields as a tree whose outermost Node is the record.
func (e *Endpoint) Tree() *Node {
	root := new(Node)
	for _, f := range e.Fields {
		n := root
		for name := range strings.SplitSeq(f.Name, ".") {
			n = n.add(name)
		}
		n.Field = f
	}
	return root
}

// add returns the field of that name, which it adds if there is none.
func (n *Node) add(name string) *Node {
	if inner := n.Find(name); inner != nil {
		return inner
	}
	inner := &Node{Name: name, Path: name}
	if n.Path != "" {
		inner.Path = n.Path + "." + name
	}
	n.Fields = append(n.Fields, inner)
	return inner
}

// Find returns the field of that name, nil if there is none.
func (n *Node) Find(name string) *Node {
	for _, inner := range n.Fields {
		if inner.Name == name {
			return inner
		}
	}
	return nil
}

// Has reports whether the field was met as one of these kinds.
func (n *Node) Has(kinds ...string) bool {
	if n.Field == nil {
		return false
	}
	for _, kind := range kinds {
		if n.Field.Kinds[kind] > 0 {
			return true
		}
	}
	return false
}

// Attributes returns the field of a record in which the client finds the record's own
// fields, as in the attributes of a JSON:API resource and the properties of GeoJSON, or
// nil if there is none. named reports whether a model names a field. The record has the
// form of JSON:API, or none of the model's fields but there.
func (n *Node) Attributes(named func(field string) bool) *Node {
	own := func(f *Node) bool {
		return f.Name != "id" && f.Name != "created_at" && f.Name != "updated_at" && named(f.Name)
	}
	isResource := n.Find("type") != nil && !slices.ContainsFunc(n.Fields, func(f *Node) bool {
		return !slices.Contains([]string{"type", "id", "lid", "attributes", "relationships", "links", "meta"}, f.Name)
	})
	for _, f := range n.Fields {
		isObject := f.Has("object") && len(f.Field.Kinds) == 1
		if (f.Name == "attributes" || f.Name == "properties") && isObject &&
			(isResource || slices.ContainsFunc(f.Fields, own) && !slices.ContainsFunc(n.Fields, own)) {
			return f
		}
	}
	return nil
}
