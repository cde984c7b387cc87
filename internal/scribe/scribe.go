// Package scribe reads the files in which Scribe, a documentation generator for
// Laravel, describes an API: OpenAPI in YAML or JSON, and Postman collections. Of
// other generators' files it reads what is alike.
package scribe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The forms of a file.
const (
	OpenAPI = "OpenAPI"
	Postman = "Postman"
)

// An Operation is an endpoint as a file describes it.
type Operation struct {
	Method    string   // POST
	Path      string   // /api/v1/order/{id}
	Fields    []string // of the request: items.*.qty
	Responses [][]byte // JSON, as successes are said to look
}

// The bounds of what is read.
const (
	MaxBytes      = 8 << 20
	maxDepth      = 40
	maxNodes      = 500_000
	maxOperations = 2000
)

// ErrOther is the error of a file of any other form.
var ErrOther = errors.New("neither OpenAPI nor a Postman collection")

// Parse reads a file and returns its form and operations, in its order.
func Parse(text []byte) (form string, operations []Operation, err error) {
	if len(text) > MaxBytes {
		return "", nil, fmt.Errorf("a file of more than %d MiB", MaxBytes>>20)
	}
	root, err := parse(text)
	if err != nil {
		return "", nil, err
	}
	switch {
	case root.get("paths").isMap() && (root.get("openapi") != nil || root.get("swagger") != nil):
		return OpenAPI, openAPI(root), nil
	case root.get("item").isList() && root.get("info") != nil:
		return Postman, postman(root), nil
	}
	return "", nil, ErrOther
}

// A node is a value of a file. A nil node is none.
type node struct{ *yaml.Node }

// parse reads JSON or YAML. An alias is left out, so that a small file stays small.
func parse(text []byte) (*node, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || text[0] == '<' {
		return nil, ErrOther // a page
	}
	var root *yaml.Node
	if json.Valid(text) {
		root = fromJSON(text)
	} else {
		var document yaml.Node
		if err := yaml.Unmarshal(text, &document); err != nil || document.Kind != yaml.DocumentNode || len(document.Content) != 1 {
			return nil, ErrOther
		}
		root = document.Content[0]
	}
	left := maxNodes
	if root == nil || !isBounded(root, &left, maxDepth) {
		return nil, errors.New("a file that is nested too deep or has too many values")
	}
	return &node{root}, nil
}

func isBounded(n *yaml.Node, left *int, depth int) bool {
	if *left--; *left < 0 || depth < 0 {
		return false
	}
	for _, inner := range n.Content {
		if !isBounded(inner, left, depth-1) {
			return false
		}
	}
	return true
}

func (n *node) isMap() bool  { return n != nil && n.Kind == yaml.MappingNode }
func (n *node) isList() bool { return n != nil && n.Kind == yaml.SequenceNode }

// get returns a map's member, nil for none.
func (n *node) get(names ...string) *node {
	for _, name := range names {
		found := (*node)(nil)
		for key, value := range n.members() {
			if key == name {
				found = value
			}
		}
		if n = found; n == nil {
			return nil
		}
	}
	return n
}

// members returns a map's members.
func (n *node) members() func(yield func(string, *node) bool) {
	return func(yield func(string, *node) bool) {
		if !n.isMap() {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Kind == yaml.ScalarNode && !yield(n.Content[i].Value, &node{n.Content[i+1]}) {
				return
			}
		}
	}
}

// elements returns a list's elements.
func (n *node) elements() (all []*node) {
	if n.isList() {
		for _, element := range n.Content {
			all = append(all, &node{element})
		}
	}
	return all
}

// text returns a scalar's text, "" for anything else.
func (n *node) text() string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// json writes a value as JSON.
func (n *node) json(b []byte) []byte {
	switch {
	case n.isMap():
		b = append(b, '{')
		first := len(b)
		for name, value := range n.members() {
			if len(b) > first {
				b = append(b, ',')
			}
			b = append(append(b, quote(name)...), ':')
			b = value.json(b)
		}
		return append(b, '}')
	case n.isList():
		b = append(b, '[')
		for i, element := range n.elements() {
			if i > 0 {
				b = append(b, ',')
			}
			b = element.json(b)
		}
		return append(b, ']')
	}
	return append(b, n.scalar()...)
}

// scalar returns a scalar as JSON.
func (n *node) scalar() string {
	switch n.ShortTag() {
	case "!!null":
		return "null"
	case "!!bool":
		return strings.ToLower(n.Value)
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return n.Value
		}
	}
	return quote(n.text())
}

func quote(text string) string {
	quoted, _ := json.Marshal(text) // a string always can be
	return string(quoted)
}
