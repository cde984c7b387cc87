package report

import "strings"

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
