package doctor

import (
	"bytes"
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// wanted is what an endpoint's answers hold: records with those fields.
type wanted struct {
	fields []string
	many   bool // a list of them
	token  bool // or none, beside a token
}

// A finding is what an answer holds.
type finding struct {
	shape   string // {status:string,message:string,data:[record]}
	outline string // the same with all that stands around the records, "" where that is no more
	records []node // where the library finds them
}

// find returns the records of an answer and the shape that they came in. It looks for
// none if want is nil.
func find(r reading, cut bool, want *wanted) (f finding) {
	if r.top.kind == 0 {
		return finding{shape: r.problem}
	}
	d := drawing{cut: cut && r.problem == report.IsCut}
	if want != nil {
		d.place = want.locate(&r.top)
	}
	for _, record := range d.place.Records {
		f.records = append(f.records, read(record).top)
	}
	end := ""
	switch {
	case d.cut:
		end = report.Unread
	case r.problem != "":
		end = ", " + r.problem
	}
	f.shape = d.value(&r.top, d.place.Path) + end
	d.full = true
	if outline := d.value(&r.top, d.place.Path) + end; want != nil && outline != f.shape {
		f.outline = outline
	}
	return f
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
	full  bool // what stands beside the records is described as well
}

// value describes a value that is, or holds, the records at path.
func (d *drawing) value(n *node, path string) string {
	switch {
	case path == "" && d.place.Form == envelope.SingleRecord && n.kind == '{':
		return report.Record
	case path == "" && d.place.Form == envelope.RecordsByKey && n.kind == '{':
		return "{" + report.Key + ":" + report.Record + "}"
	case path == "" && d.place.Form == envelope.RecordGroups && n.kind == '{':
		return "{" + report.Key + ":[" + report.Record + "]}"
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
		kind := report.Record
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
	most := 20
	if d.full {
		most = 60
	}
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
		case d.full:
			part = shownMember(name) + ":" + beside(&n.nodes[i], 0)
		case paginator != "" && wordOf(name).InPage():
			part = paginator
		}
		if !slices.Contains(parts, part) && len(parts) < most {
			parts = append(parts, part)
		}
	}
	return "{" + strings.Join(parts, ",") + d.end("}")
}

// beside describes a value that holds no records. Names in it are told only if they
// are words.
func beside(n *node, depth int) string {
	const most, deepest = 40, 4
	kind := kindOf("", n)
	if kind != "object" && kind != "array" || depth == deepest {
		return kind
	}
	var parts []string
	for i := range n.nodes {
		part := beside(&n.nodes[i], depth+1)
		if n.kind == '{' {
			name := n.names[i]
			if wordOf(name) == words.None && !report.IsWords(name) {
				name = report.Key
			}
			part = name + ":" + part
		}
		if !slices.Contains(parts, part) && len(parts) < most {
			parts = append(parts, part)
		}
	}
	return string(n.kind) + strings.Join(parts, ",") + string(n.kind+2)
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
	return report.ShownName(name)
}

func wordOf(name string) words.Word { return words.Of(envelope.AppendString(nil, name)) }

// paginator returns which of Laravel's paginators an object is, "" for none or another.
func paginator(n *node) string {
	var has [words.Meta + 1]bool
	if sure := pageWords(n, &has, 3); !sure {
		return ""
	}
	switch {
	case has[words.NextCursor] || !has[words.CurrentPage] && has[words.Next]:
		return report.CursorPaginator // that of Laravel 8 has no cursor but in its links
	case !has[words.CurrentPage]:
		return ""
	case has[words.LastPage]:
		return report.Paginator
	}
	return report.SimplePaginator
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
