package sheet

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// deepest bounds objects within objects.
const deepest = 100

// Flatten calls each with every field of a JSON object, as a cell: a field of an object in it as
// "customer.name", an item of a list as "items.0.qty". An empty object or list is a cell
// of its own.
func Flatten(object json.RawMessage, each func(name string, cell Cell) error) error {
	in := checked(object)
	if kind := in.PeekKind(); kind != '{' {
		return lang.Errorf("is %s; want an object like {\"id\":1}", KindName(kind))
	}
	return flatten(in, "", 0, each)
}

// decoder reads JSON as servers send it.
func decoder(in io.Reader) *jsontext.Decoder {
	return jsontext.NewDecoder(in, jsontext.AllowInvalidUTF8(true))
}

// checked reads JSON that was read before: that no name stands twice need not be looked
// for again.
func checked(object json.RawMessage) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(object), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
}

// flatten calls each with the cells of the next value.
func flatten(in *jsontext.Decoder, name string, depth int, each func(string, Cell) error) error {
	kind := in.PeekKind()
	if kind != '{' && kind != '[' || depth > deepest {
		value, err := in.ReadValue()
		if err != nil {
			return err
		}
		return each(name, JSON(json.RawMessage(value)))
	}
	if _, err := in.ReadToken(); err != nil {
		return err
	}
	n := 0
	for ; in.PeekKind() != '}' && in.PeekKind() != ']'; n++ {
		member := strconv.Itoa(n)
		if kind == '{' {
			token, err := in.ReadToken()
			if err != nil {
				return err
			}
			member = token.String()
		}
		if depth > 0 {
			member = name + "." + member
		}
		if err := flatten(in, member, depth+1, each); err != nil {
			return err
		}
	}
	if _, err := in.ReadToken(); err != nil {
		return err
	}
	if n == 0 && depth > 0 {
		empty := map[jsontext.Kind]string{'{': "{}", '[': "[]"}[kind]
		return each(name, Cell{KindJSON, empty})
	}
	return nil
}

// members calls each with every field of a JSON object, whole.
func members(object json.RawMessage, each func(name string, cell Cell) error) error {
	in := checked(object)
	if _, err := in.ReadToken(); err != nil {
		return err
	}
	for in.PeekKind() != '}' {
		token, err := in.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		value, err := in.ReadValue()
		if err != nil {
			return err
		}
		if err := each(name, JSON(json.RawMessage(bytes.Clone(value)))); err != nil {
			return err
		}
	}
	return nil
}

// A field is one of a JSON object.
type field struct {
	name  string
	value json.RawMessage
}

// Explode returns an object for each item of a list that is a field of the object. Each
// has the object's other fields too, and in place of the list the item. An object whose
// list is empty or is not there is returned alone, without it.
func Explode(object json.RawMessage, list string) ([]json.RawMessage, error) {
	var fields []field
	var items []json.RawMessage
	at := -1
	err := members(object, func(name string, cell Cell) error {
		value := cell.JSON()
		if name == list {
			at = len(fields)
			if jsontext.Value(value).Kind() == '[' {
				return json.Unmarshal(value, &items)
			}
			items = []json.RawMessage{value}
			if cell.Kind == KindEmpty {
				items = nil
			}
			return nil
		}
		fields = append(fields, field{name, value})
		return nil
	})
	if err != nil {
		return nil, err
	}
	build := func(item json.RawMessage) json.RawMessage {
		all := fields
		if item != nil {
			all = slices.Insert(slices.Clone(fields), at, field{list, item})
		}
		out := []byte{'{'}
		for i, f := range all {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendString(out, f.name), ':')
			out = append(out, f.value...)
		}
		return append(out, '}')
	}
	if len(items) == 0 {
		return []json.RawMessage{build(nil)}, nil
	}
	exploded := make([]json.RawMessage, len(items))
	for i, item := range items {
		exploded[i] = build(item)
	}
	return exploded, nil
}

// Fields collects the columns that JSON objects take when they are flattened, so that a
// first pass over them knows the heads of the second. Its zero value is ready.
type Fields struct {
	Most int // columns; default 1,000

	root  node
	count int
	heads []string // nil until Heads was called
}

// A node is a part of a column's name.
type node struct {
	name   string
	isLeaf bool
	order  []*node
	by     map[string]*node
}

// Learn looks at one more object.
func (f *Fields) Learn(object json.RawMessage) error {
	f.heads = nil
	return Flatten(object, func(name string, _ Cell) error { return f.add(name) })
}

// add adds a column after its siblings, items of a list by their number.
func (f *Fields) add(name string) error {
	most := f.Most
	if most <= 0 {
		most = 1000
	}
	at := &f.root
	for part := range strings.SplitSeq(name, ".") {
		next := at.by[part]
		if next == nil {
			next = &node{name: part}
			if at.by == nil {
				at.by = map[string]*node{}
			}
			at.by[part] = next
			at.insert(next)
		}
		at = next
	}
	if at.isLeaf {
		return nil
	}
	at.isLeaf = true
	if f.count++; f.count > most {
		return lang.Errorf("the nested fields take more than %s; write them as JSON Lines, or a row for each item of a list", lang.Count(int64(most), "column"))
	}
	return nil
}

// insert puts a child behind the others, or an item where its number belongs.
func (n *node) insert(child *node) {
	at := len(n.order)
	if number, err := strconv.Atoi(child.name); err == nil {
		for at > 0 {
			before, err := strconv.Atoi(n.order[at-1].name)
			if err != nil || before <= number {
				break
			}
			at--
		}
	}
	n.order = slices.Insert(n.order, at, child)
}

// Heads returns the columns in the order in which the objects have them.
func (f *Fields) Heads() []string {
	if f.heads != nil {
		return f.heads
	}
	var walk func(n *node, name string)
	walk = func(n *node, name string) {
		if n.isLeaf {
			f.heads = append(f.heads, name)
		}
		for _, child := range n.order {
			path := child.name
			if n != &f.root {
				path = name + "." + path
			}
			walk(child, path)
		}
	}
	walk(&f.root, "")
	return f.heads
}
