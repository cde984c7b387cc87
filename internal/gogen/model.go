package gogen

import (
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// A model is a Model whose fields are found whatever the case of their names.
type model struct {
	Model
	index *loose.NameIndex
}

func newModel(m Model) *model { return &model{m, loose.NewNameIndex(m.Fields...)} }

// holds reports whether the model holds a field of the API.
func (m *model) holds(field string) bool { return m.find(field) >= 0 }

// find returns the place of a field among the model's, or -1.
func (m *model) find(field string) int {
	if strings.ContainsAny(field, `"\`) {
		return -1
	}
	return m.index.Find([]byte(`"` + field + `"`))
}

// words are what fields are called that hold a model's record.
var words = map[string][]string{
	"Outlet": {"outlet", "outlets", "toko"},
	"User":   {"user", "users", "sales", "salesman"},
	"Order":  {"order", "orders", "pesanan"},
	"Visit":  {"visit", "visits", "kunjungan"},
}

// modelOf returns the model of nested objects with the fields of a node: all of the
// model's but for the times; or, where the field is named for the model, its id and
// one that is the model's own. It is nil if there is none.
func (g *generator) modelOf(n *report.Node) *model {
	for _, m := range g.models {
		found := make(map[string]*report.Node)
		for _, f := range n.Fields {
			if at := m.find(f.Name); at >= 0 {
				found[m.Fields[at]] = f
			}
		}
		if found["id"] == nil || !kindsOf(found["id"]).only(numbers...) {
			continue
		}
		own := 0
		for _, name := range m.Fields {
			if name != "id" && !isStamp(name) && found[name] != nil {
				own++
			}
		}
		named := slices.Contains(words[m.Type], lastName(n))
		all := !slices.ContainsFunc(m.Fields, func(name string) bool { return !isStamp(name) && found[name] == nil })
		if all || named && own > 0 {
			return m
		}
	}
	return nil
}

// recordFields returns the fields of records, those of their attributes among them.
func (m *model) recordFields(record *report.Node) (fields []*report.Node) {
	attributes := record.Attributes(m.holds)
	for _, n := range record.Fields {
		if n != attributes {
			fields = append(fields, n)
			continue
		}
		for _, inner := range n.Fields {
			if record.Find(inner.Name) == nil {
				fields = append(fields, inner)
			}
		}
	}
	return fields
}

func isStamp(name string) bool { return name == "created_at" || name == "updated_at" }

// lastName returns the last name of a node's path that is no key, in small letters.
func lastName(n *report.Node) string {
	parts := strings.Split(strings.ToLower(n.Path), ".")
	for _, part := range slices.Backward(parts) {
		if part != report.Key {
			return part
		}
	}
	return ""
}
