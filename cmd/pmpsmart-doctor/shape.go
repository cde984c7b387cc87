package main

import (
	"regexp"
	"slices"
	"strings"
)

// A finder looks for the records of an answer, as the library does, and writes
// down the shape around them: {status:string,message:string,data:[record]}.
type finder struct {
	records []*node
	cut     bool // the copy ends early, and so may the shape
}

// maxNesting bounds how far records are looked for.
const maxNesting = 8

// unread ends a shape whose answer was not read to its end.
const unread = "…"

// find gives the records of an answer and the shape that they came in.
func find(r reading, cut bool) (shape string, records []*node) {
	if r.top.kind == 0 {
		return r.problem, nil
	}
	f := finder{cut: cut && r.problem == isCut}
	shape = f.shape(&r.top, 0)
	switch {
	case f.cut:
		shape += unread
	case r.problem != "":
		shape += ", " + r.problem
	}
	return shape, f.records
}

// shape describes a value that is, or holds, the records.
func (f *finder) shape(n *node, depth int) string {
	switch {
	case depth > maxNesting:
		return "…"
	case n.kind == '[':
		return f.array(n)
	case n.kind != '{':
		return kindOf("", n)
	case isRecord(n):
		f.records = append(f.records, n)
		return "record"
	case isKeyed(n):
		for i := range n.nodes {
			f.records = append(f.records, &n.nodes[i])
		}
		return "{*:record}"
	}
	if at := holder(n); at >= 0 {
		return f.members(n, at, depth)
	}
	if depth > 0 && len(n.nodes) > 0 {
		f.records = append(f.records, n)
		return "record"
	}
	return f.members(n, -1, depth)
}

// array describes an array; the objects in it are records.
func (f *finder) array(n *node) string {
	var kinds []string
	for i := range n.nodes {
		kind := "record"
		if n.nodes[i].kind == '{' {
			f.records = append(f.records, &n.nodes[i])
		} else {
			kind = kindOf("", &n.nodes[i])
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return "[" + strings.Join(kinds, ",") + f.end("]")
}

// end closes a bracket, unless the copy ends before it.
func (f *finder) end(bracket string) string {
	if f.cut {
		return ""
	}
	return bracket
}

// members describes an object around the records, which its member at holds; -1
// for none. A paginator's many words are one.
func (f *finder) members(n *node, at, depth int) string {
	const most = 20
	var parts []string
	for i, name := range n.names {
		part := shownName(name) + ":" + kindOf("", &n.nodes[i])
		switch {
		case i == at:
			part = shownName(name) + ":" + f.shape(&n.nodes[i], depth+1)
		case isPageWord(name):
			part = paginator(n)
		}
		if !slices.Contains(parts, part) && len(parts) < most {
			parts = append(parts, part)
		}
	}
	return "{" + strings.Join(parts, ",") + f.end("}")
}

// isRecord tells a record by its identity, before any array or object.
func isRecord(n *node) bool {
	for i, name := range n.names {
		if !n.nodes[i].scalar() {
			return false
		}
		if name == "id" || strings.HasPrefix(name, "kode_") {
			return true
		}
	}
	return false
}

// isKeyed tells records by key: objects under what is no field's name, or of the
// same fields.
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

// holder gives which member of an object holds the records: data, else the first
// array, else the first object; -1 for none.
func holder(n *node) int {
	if at := slices.Index(n.names, "data"); at >= 0 {
		return at
	}
	for _, bracket := range []byte("[{") {
		for i, name := range n.names {
			if n.nodes[i].kind == bracket && !isPageWord(name) && name != "errors" && len(n.nodes[i].nodes) > 0 {
				return i
			}
		}
	}
	return -1
}

// pageWords are those of Laravel's three paginators and of their like.
var pageWords = []string{"current_page", "currentPage", "first_page_url", "from", "has_more", "last_page", "last_page_url",
	"lastPage", "link", "links", "meta", "next_cursor", "next_page_url", "pagination", "path", "per_page", "perPage",
	"prev_cursor", "prev_page_url", "to", "total", "total_pages"}

func isPageWord(name string) bool { return slices.Contains(pageWords, name) }

// paginator tells which of Laravel's paginators an object is.
func paginator(n *node) string {
	has := func(name string) bool {
		for _, inner := range []string{"meta", "pagination"} {
			if m := n.member(inner); m != nil && m.member(name) != nil {
				return true
			}
		}
		return n.member(name) != nil
	}
	switch {
	case has("next_cursor") || !has("current_page") && !has("currentPage"):
		return "cursor-paginator" // that of Laravel 8 has no cursor but in its links
	case has("last_page"):
		return "paginator"
	}
	return "simple-paginator"
}

// fieldName is what names of fields look like. Names that don't are keys, and
// keys are somebody's data: OUT-001, Budi, a telephone number.
var fieldName = regexp.MustCompile(`^[a-z_][A-Za-z_]*([0-9]{1,2}[A-Za-z_]*)?$`)

// shownName is a member's name, or * where it may be data.
func shownName(name string) string {
	if len(name) > 40 || !fieldName.MatchString(name) {
		return "*"
	}
	return name
}
