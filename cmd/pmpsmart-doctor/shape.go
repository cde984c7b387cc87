package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
)

// unread ends a shape whose answer was not read to its end.
const unread = "…"

// wanted is what an endpoint's answers hold: records with those fields.
type wanted struct {
	fields []string
	many   bool // a list of them
	token  bool // or none, beside a token
}

// find returns the records of an answer, where the library finds them, and the shape
// that they came in: {status:string,message:string,data:[record]}. It looks for none
// if want is nil.
func find(r reading, cut bool, want *wanted) (shape string, records []node) {
	if r.top.kind == 0 {
		return r.problem, nil
	}
	d := drawing{cut: cut && r.problem == isCut}
	if want != nil {
		d.place = want.locate(&r.top)
	}
	for _, record := range d.place.Records {
		records = append(records, read(record).top)
	}
	shape = d.value(&r.top, d.place.Path)
	switch {
	case d.cut:
		shape += unread
	case r.problem != "":
		shape += ", " + r.problem
	}
	return shape, records
}

// locate finds the records in what there is of an answer, which may be cut, as if that
// were the whole.
func (w *wanted) locate(n *node) envelope.Place {
	body := n.append(nil)
	place, _ := envelope.Locate(bytes.NewReader(body), envelope.Options{MaxBytes: int64(len(body))}, w.fields, w.many)
	if w.token && len(place.Records) == 1 {
		user := read(place.Records[0]).top
		if !slices.ContainsFunc(user.names, func(name string) bool { return slices.Contains(w.fields, name) }) {
			return envelope.Place{}
		}
	}
	return place
}

// A drawing writes down the shape of an answer around its records.
type drawing struct {
	place envelope.Place
	cut   bool // the copy ends early, and so may the shape
}

// value describes a value that is, or holds, the records at path.
func (d *drawing) value(n *node, path string) string {
	switch {
	case path == "" && d.place.Form == envelope.SingleRecord && n.kind == '{':
		return "record"
	case path == "" && d.place.Form == envelope.RecordsByKey && n.kind == '{':
		return "{*:record}"
	case path == "" && d.place.Form == envelope.RecordArray && n.kind == '[':
		return d.array(n)
	case n.kind == '[' && path != "" && len(n.nodes) > 0: // an array of one
		_, rest, _ := strings.Cut(path, ".")
		return "[" + d.value(&n.nodes[0], rest) + d.end("]")
	case n.kind == '{':
		return d.members(n, path)
	}
	return kindOf("", n)
}

// array describes an array; the objects in it are records.
func (d *drawing) array(n *node) string {
	var kinds []string
	for i := range n.nodes {
		kind := "record"
		if n.nodes[i].kind != '{' {
			kind = kindOf("", &n.nodes[i])
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return "[" + strings.Join(kinds, ",") + d.end("]")
}

// end closes a bracket, unless the copy ends before it.
func (d *drawing) end(bracket string) string {
	if d.cut {
		return ""
	}
	return bracket
}

// members describes an object around the records at path. A paginator's many words
// are one.
func (d *drawing) members(n *node, path string) string {
	const most = 20
	var parts []string
	at, rest := n.step(path)
	if path == "" && d.place.Form == envelope.NoRecords {
		at, rest = n.step("data")
	}
	paginator := paginator(n)
	for i, name := range n.names {
		part := shownMember(name) + ":" + kindOf("", &n.nodes[i])
		switch {
		case i == at && !n.nodes[i].scalar():
			part = shownMember(name) + ":" + d.inside(&n.nodes[i], rest)
		case paginator != "" && wordOf(name).InPage():
			part = paginator
		}
		if !slices.Contains(parts, part) && len(parts) < most {
			parts = append(parts, part)
		}
	}
	return "{" + strings.Join(parts, ",") + d.end("}")
}

// inside describes what stands under a member: of data that holds no records its
// members.
func (d *drawing) inside(n *node, path string) string {
	if d.place.Form == envelope.NoRecords && len(n.nodes) == 0 {
		return kindOf("", n)
	}
	return d.value(n, path)
}

// step returns which member a path leads to, -1 for none, and the path from there. The
// library writes data for DATA.
func (n *node) step(path string) (at int, rest string) {
	for i, name := range n.names {
		if path == name {
			return i, ""
		}
		if rest, ok := strings.CutPrefix(path, name+"."); ok {
			return i, rest
		}
	}
	first, rest, _ := strings.Cut(path, ".")
	w := wordOf(first)
	return slices.IndexFunc(n.names, func(name string) bool { return w != words.None && wordOf(name) == w }), rest
}

// shownMember returns the name of a member around records, or * where it may be data.
func shownMember(name string) string {
	if wordOf(name) != words.None {
		return name
	}
	return shownName(name)
}

func wordOf(name string) words.Word { return words.Of(envelope.AppendString(nil, name)) }

// paginator returns which of Laravel's paginators an object is, "" for none.
func paginator(n *node) string {
	var has [words.Meta + 1]bool
	if sure := pageWords(n, &has, 3); !sure {
		return ""
	}
	switch {
	case has[words.NextCursor] || !has[words.CurrentPage]:
		return "cursor-paginator" // that of Laravel 8 has no cursor but in its links
	case has[words.LastPage]:
		return "paginator"
	}
	return "simple-paginator"
}

// pageWords notes the roles of an object's words and of those in what stands beside
// its records. sure is whether nothing but a paginator has one of them.
func pageWords(n *node, has *[words.Meta + 1]bool, depth int) (sure bool) {
	for i, name := range n.names {
		w := wordOf(name)
		has[w.Role()] = true
		sure = sure || w.OfPaginator()
		if w.BesideList() && depth > 0 && pageWords(&n.nodes[i], has, depth-1) {
			sure = true
		}
	}
	return sure
}

// isKeyed reports whether the members of a field are records by key: objects under
// what is no field's name, or of the same fields.
func isKeyed(n *node) bool {
	keys := true
	for i := range n.nodes {
		if n.nodes[i].kind != '{' {
			return false
		}
		keys = keys && shownName(n.names[i]) == "*"
	}
	if keys || len(n.nodes) < 2 {
		return keys && len(n.nodes) > 0
	}
	for i := range n.nodes {
		if !slices.Equal(n.nodes[i].names, n.nodes[0].names) {
			return false
		}
	}
	return true
}

// fieldName is what names of fields look like. Names that don't are keys, and
// keys are somebody's data: OUT-001, Budi, a telephone number.
var fieldName = regexp.MustCompile(`^[a-z_][A-Za-z_]*([0-9]{1,2}[A-Za-z_]*)?$`)

// shownName returns a member's name, or * where it may be data.
func shownName(name string) string {
	if len(name) > 40 || !fieldName.MatchString(name) {
		return "*"
	}
	return name
}
