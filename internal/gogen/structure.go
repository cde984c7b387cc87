package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// A structure is a struct that has yet to be written.
type structure struct {
	name   string
	doc    string
	embed  *model         // nil for none
	total  int            // how many such objects there were, 0 if that is not known
	fields []*report.Node // those that embed holds among them
}

// structure writes a struct and those of its fields' types that it needs.
func (g *generator) structure(s *structure) {
	names := newNames(s.embed)
	var lines strings.Builder
	var inner []*structure
	hasKeys := false
	most := s.total
	for _, n := range s.fields {
		if n.Field != nil {
			most = max(most, n.Field.Count)
		}
	}
	for _, n := range s.fields {
		if n.Name == report.Key {
			hasKeys = true
			continue
		}
		if s.embed != nil && s.embed.holds(n.Name) {
			continue
		}
		field := names.of(n.Name)
		typ, more := g.typeOf(n, s.name+field)
		if n.Field != nil && (most > n.Field.Count || n.Has("null", "empty-array", "empty-object", "empty-string")) {
			typ = g.optional(typ)
		}
		g.use(typ)
		inner = append(inner, more...)
		fmt.Fprintf(&lines, "\t%s %s `json:%q` // %s\n", field, typ, n.Name, met(n, s.total))
	}
	g.printf("\n// %s\n", s.doc)
	if hasKeys {
		g.printf("// It had members, too, whose names may be data.\n")
	}
	g.printf("type %s struct {\n", s.name)
	if s.embed != nil {
		g.printf("\tpmpsmart.%s\n", s.embed.Type)
		if lines.Len() > 0 {
			g.printf("\n")
		}
	}
	g.printf("%s}\n", lines.String())
	for _, i := range inner {
		g.structure(i)
	}
}

// use notes the package that a type is from.
func (g *generator) use(typ string) {
	switch {
	case strings.HasSuffix(typ, raw):
		g.uses["encoding/json"] = true
	case strings.HasSuffix(typ, stamp):
		g.uses["time"] = true
	}
}

// optional returns the type of what may not be there: of a struct a pointer.
func (g *generator) optional(typ string) string {
	model := slices.ContainsFunc(g.models, func(m *model) bool { return typ == "pmpsmart."+m.Type })
	if model || g.types[typ] {
		return "*" + typ
	}
	return typ
}

// met says how often a field was met and as what.
func met(n *report.Node, total int) string {
	f := n.Field
	switch {
	case f == nil:
		return "its members were met"
	case total > 0:
		return fmt.Sprintf("in %d of %d, %s", f.Count, total, f.Counts())
	case f.Count == 1:
		return "once, " + f.Counts()
	}
	return fmt.Sprintf("%d times, %s", f.Count, f.Counts())
}

// typeOf returns the Go type of a field, and the structs that it needs. A struct
// made for it has that name.
func (g *generator) typeOf(n *report.Node, name string) (typ string, inner []*structure) {
	kinds := kindsOf(n)
	switch {
	case kinds.only("array", "empty-array"):
		return g.sliceOf(n, name)
	case kinds.has("object") && kinds.only("object", "empty-object", "empty-array"), kinds.only("empty-object"):
		return g.objectOf(n, name)
	}
	return kinds.scalar(), nil
}

// sliceOf returns the type of an array.
func (g *generator) sliceOf(n *report.Node, name string) (typ string, inner []*structure) {
	element := n.Find(report.Key)
	switch {
	case element == nil:
		return "[]json.RawMessage", nil
	case len(element.Fields) == 0:
		typ, inner = g.typeOf(element, singular(name))
	case element.Field == nil || kindsOf(element).isNull():
		typ, inner = g.members(element, singular(name), 0)
		if element.Field != nil {
			typ = g.optional(typ)
		}
	case kindsOf(element).only("array", "empty-array"):
		typ, inner = g.sliceOf(element, singular(name))
	default:
		typ = raw
	}
	return "[]" + typ, inner
}

// objectOf returns the type of an object: a map if its members' names are data.
func (g *generator) objectOf(n *report.Node, name string) (typ string, inner []*structure) {
	key := n.Find(report.Key)
	switch {
	case len(n.Fields) == 0:
		return "map[string]json.RawMessage", nil
	case key != nil && len(n.Fields) == 1:
		if key.Field == nil {
			return "map[string]json.RawMessage", nil
		}
		typ, inner = g.typeOf(key, singular(name))
		return "map[string]" + typ, inner
	}
	return g.members(n, name, n.Field.Kinds["object"])
}

// members returns the type of objects with fields, of which there were total: a
// model, or a struct.
func (g *generator) members(n *report.Node, name string, total int) (typ string, inner []*structure) {
	m := g.modelOf(n)
	if m != nil && !slices.ContainsFunc(n.Fields, func(f *report.Node) bool { return !m.holds(f.Name) }) {
		return "pmpsmart." + m.Type, nil
	}
	for unique := name; ; unique = name + "2" {
		if !g.types[unique] {
			name = unique
			break
		}
		name = unique
	}
	g.types[name] = true
	return name, []*structure{{name: name, doc: article(name) + " is " + place(n.Path) + ".", embed: m, total: total, fields: n.Fields}}
}

// place says where the objects at a path stand.
func place(path string) string {
	if list, found := strings.CutSuffix(path, "."+report.Key); found {
		return "one of what " + list + " holds"
	}
	return "the object in " + path
}
