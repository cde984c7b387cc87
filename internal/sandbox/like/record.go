package like

import (
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
)

// show returns a record of the sandbox's in the look that its turn has: with the
// report's fields in their order and kinds. What a test has written stands as it was
// written, in the kind that is usual for its field, and so does a field that only the
// test knows.
func (e *Endpoint) show(r record.Record, isDetail bool) any {
	if len(e.skeleton) == 0 {
		return r
	}
	look := e.skeleton[max(r.ID()-1, 0)%int64(len(e.skeleton))]
	first := e.original(r, isDetail)
	s := shower{id: r.ID(), usual: e.usual, index: loose.NewNameIndex(names(r.Columns)...), known: make(map[string]bool)}
	var shown php.Object
	own := -1
	for i, m := range look.members {
		if m.name == e.attributes && m.kind == "object" {
			own = i
			shown = append(shown, php.Member{m.name, s.columns(m.members, r, first, m.name+".")})
			continue
		}
		shown = append(shown, s.columns([]*value{m}, r, first, "")...)
	}
	for _, c := range r.Columns {
		_, isExtra := c.Value.(php.Raw)
		switch {
		case !isExtra || s.known[c.Name]:
		case own >= 0:
			attributes, _ := shown[own].Value.(php.Object)
			shown[own].Value = append(attributes, c)
		default:
			shown = append(shown, c)
		}
	}
	return shown
}

// columns shows members that may be columns of a record. Their fields in the report have
// the prefix before their names.
func (s *shower) columns(members []*value, r record.Record, first *record.Record, prefix string) (shown php.Object) {
	for _, m := range members {
		path := prefix + m.name
		i := find(s.index, m.name)
		switch {
		case i < 0:
			shown = append(shown, php.Member{s.name(m.name, s.shown), s.value(m, nil, path)})
		case isWritten(r, first, i):
			shown = append(shown, php.Member{m.name, s.written(m, r.Columns[i].Value, path)})
		default:
			shown = append(shown, php.Member{m.name, s.value(m, r.Columns[i].Value, path)})
		}
		if i >= 0 {
			s.known[r.Columns[i].Name] = true
		}
		s.shown++
	}
	return shown
}

func names(columns php.Object) (all []string) {
	for _, c := range columns {
		all = append(all, c.Name)
	}
	return all
}

func find(index *loose.NameIndex, name string) int { return index.Find([]byte(`"` + name + `"`)) }

// isWritten reports whether a column does not have the value of the sample data. first
// is nil for a row that is none of it.
func isWritten(r record.Record, first *record.Record, column int) bool {
	c := r.Columns[column]
	if r.Kind == record.AccountKind || c.Name == "outlet" || c.Name == "user" { // the test's choice is who logs in, and rows of their own
		return false
	}
	if first == nil || column >= len(first.Columns) || first.Columns[column].Name != c.Name {
		return true
	}
	return !reflect.DeepEqual(first.Columns[column].Value, c.Value)
}

// A shower shows the values of one record.
type shower struct {
	id    int64
	usual map[string][]string // the kinds of each field, the most frequent first
	index *loose.NameIndex    // of the columns
	known map[string]bool     // the columns that are shown
	shown int                 // how many members are
}

// written shows a value that a test has written, at a path of the report.
func (s *shower) written(m *value, held any, path string) any {
	switch held.(type) {
	case nil:
		return nil
	case []record.Record:
		return s.array(m, held, m.name, true)
	}
	for _, kind := range s.usual[path] {
		if shown, ok := carry(held, m.name, kind); ok {
			return shown
		}
	}
	return natural(held)
}

// natural shows a value as the style plain does.
func natural(held any) any {
	switch v := held.(type) {
	case record.Day:
		return string(v)
	case record.Document:
		return string(v)
	}
	if shown, ok := carry(held, "", "iso-time"); ok {
		return shown
	}
	return held
}

// value shows a value in a kind. held is what the sandbox has there, nil for nothing.
func (s *shower) value(v *value, held any, path string) any {
	switch {
	case v.kind == "object" && len(v.members) > 0:
		return s.object(v, held, path)
	case v.kind == "array" && len(v.elements) > 0:
		return s.array(v, held, path, false)
	}
	if held != nil {
		if shown, ok := carry(held, v.name, v.kind); ok {
			return shown
		}
	}
	return invent(v.name, v.kind, s.number(path))
}

func (s *shower) object(v *value, held any, path string) any {
	r, _ := held.(record.Record)
	var shown php.Object
	for i, m := range v.members {
		var inner any
		if at := column(r, m.name); at >= 0 {
			inner = r.Columns[at].Value
		}
		name := s.name(m.name, i)
		shown = append(shown, php.Member{name, s.value(m, inner, path+"."+name)})
	}
	return shown
}

// column returns the place of the column of a name, whatever its case and separators, or
// -1 if there is none.
func column(r record.Record, name string) int {
	at := slices.IndexFunc(r.Columns, func(c php.Member) bool { return c.Name == name })
	if at < 0 && len(r.Columns) > 0 {
		at = find(loose.NewNameIndex(names(r.Columns)...), name)
	}
	return at
}

// array shows an array. One that a test has written has as many elements as that.
func (s *shower) array(v *value, held any, path string, written bool) any {
	records, _ := held.([]record.Record)
	n := max(len(v.elements), len(records))
	if written {
		n = len(records)
	}
	shown := []any{}
	for i := range n {
		var inner any
		if i < len(records) {
			inner = records[i]
		}
		switch {
		case len(v.elements) > 0:
			shown = append(shown, s.value(v.elements[i%len(v.elements)], inner, fmt.Sprint(path, ".", i)))
		case inner != nil:
			shown = append(shown, inner)
		}
	}
	return shown
}

// name returns the name of a member: one that is data has a name of its own.
func (s *shower) name(name string, i int) string {
	if name == report.Key {
		return keyName(i)
	}
	return name
}

// number returns a number for what stands at a path of the record.
func (s *shower) number(path string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(path))
	return s.id*31 + int64(h.Sum32()%100_000)
}
