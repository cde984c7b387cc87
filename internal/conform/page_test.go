package conform

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const pageFile = "../../docs/api.md"

// A writer writes the page of the description.
type pageWriter struct {
	strings.Builder
	t      *testing.T
	doc    tree
	values map[string]string // the examples
}

func (w *pageWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// The page is what the description makes of it.
func TestWrittenPage(t *testing.T) {
	w := &pageWriter{t: t, doc: document(t), values: exampleTexts(t)}
	w.introduction()
	w.endpoints()
	for _, v := range list(w.doc, "tags") {
		tag := v.(tree)
		w.line("\n## %s\n%s", text(tag, "name"), text(tag, "description"))
		for _, op := range inOrder(t) {
			if list(op.tree, "tags")[0] == tag["name"] {
				w.operation(op)
			}
		}
	}
	w.records()
	w.pages()
	w.errors()
	if *update {
		require.NoError(t, os.WriteFile(pageFile, []byte(w.String()), 0o644))
	}
	got, err := os.ReadFile(pageFile)
	require.NoError(t, err)
	require.Equal(t, w.String(), string(got), "docs/api.md is not up to date: run `make openapi`")
}

func (w *pageWriter) introduction() {
	w.line("# The API")
	w.line("The readable form of [openapi.yaml](openapi.yaml), a description in OpenAPI 3.1, of which there is a [Postman collection](postman_collection.json) too. `make openapi` writes this page; `internal/conform` checks that it is up to date, and that the sandbox, a real Laravel application and the client do what it says. The sandbox serves the description, with its own address in it, at `GET /_sandbox/openapi.yaml`.\n")
	w.Write([]byte(unwrap(text(w.doc, "info", "description"))))
	w.line("\nThe base URL is `%s`.", text(list(w.doc, "servers")[0].(tree), "url"))
}

// unwrap makes a line of each paragraph and each element of a list.
func unwrap(page string) string {
	lines := strings.Split(page, "\n")
	var b strings.Builder
	for i, line := range lines {
		b.WriteString(strings.TrimSpace(line))
		if i+1 < len(lines) {
			next := lines[i+1]
			if line == "" || next == "" || strings.HasPrefix(next, "- ") {
				b.WriteByte('\n')
			} else {
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

func (w *pageWriter) endpoints() {
	w.line("\n## Endpoints\n| endpoint | method | class | what it does |\n|---|---|---|---|")
	for _, op := range inOrder(w.t) {
		w.line("| [`POST %s`](#%s) | `%s` | %s | %s |", strings.TrimPrefix(op.path, "/"), anchor(text(op.tree, "summary")), op.id, text(op.tree, "x-class"), text(op.tree, "summary"))
	}
}

// anchor is the name by which a link finds a heading.
func anchor(heading string) string { return strings.ReplaceAll(strings.ToLower(heading), " ", "-") }

func (w *pageWriter) operation(op operation) {
	w.line("\n### %s\n`POST %s` · `%s` · %s\n\n%s", text(op.tree, "summary"), strings.TrimPrefix(op.path, "/"), op.id, text(op.tree, "x-class"), text(op.tree, "description"))
	if ref := text(op.tree, "requestBody", "content", "application/json", "schema", "$ref"); ref != "" {
		w.line("")
		w.fields(strings.TrimPrefix(ref, "#/"), "needed", func(name string, schema, _ tree) string {
			for _, needed := range list(schema, "required") {
				if needed == name {
					return "yes"
				}
			}
			return ""
		})
		w.example(op.id + ".request")
	}
	w.line("\n%s", text(op.tree, "responses", "200", "description"))
	w.example(op.id + ".200")
	var errors []string
	for _, status := range names(w.t, "paths", op.path, "post", "responses") {
		if status != "200" {
			errors = append(errors, status)
		}
	}
	w.line("\n[Errors](#errors): %s.", strings.Join(errors, ", "))
}

func (w *pageWriter) example(name string) {
	require.Contains(w.t, w.values, name)
	w.line("```json\n%s\n```", w.values[name])
}

// fields writes the table of a schema's fields, in their order, with a column of one's own.
func (w *pageWriter) fields(path, column string, cell func(name string, schema, property tree) string) {
	schema := find(w.doc, strings.Split(path, "/"))
	if column != "" {
		column += " | "
	}
	w.line("| field | type | %sknown from | what it is |\n|---|---|---|---|%s", column, strings.Repeat("---|", strings.Count(column, "|")))
	for _, name := range names(w.t, append(strings.Split(path, "/"), "properties")...) {
		property := object(schema, "properties", name)
		own := ""
		if cell != nil {
			own = cell(name, schema, property) + " | "
		}
		w.line("| `%s` | %s | %s%s | %s |", name, w.kind(property), own, text(property, "x-source"), w.about(property))
	}
}

// about is a property's description, or that of its schema.
func (w *pageWriter) about(property tree) string {
	if s := text(property, "description"); s != "" {
		return s
	}
	parts := list(property, "allOf")
	switch {
	case parts == nil:
		return ""
	case text(parts[0].(tree), "$ref") == "#/components/schemas/Time":
		return "When."
	}
	return text(resolve(w.doc, parts[0]), "description")
}

// kind says in words what a schema's values are.
func (w *pageWriter) kind(schema tree) string {
	if ref := text(schema, "$ref"); ref != "" {
		name := strings.TrimPrefix(ref, "#/components/schemas/")
		members := "components/schemas/" + name + "/properties"
		switch {
		case slices.Contains(theRecords, name):
			return fmt.Sprintf("[%s](#%s-record)", name, strings.ToLower(name))
		case find(w.doc, strings.Split("components/schemas/"+name, "/"))["properties"] != nil:
			return "object of `" + strings.Join(names(w.t, strings.Split(members, "/")...), "`, `") + "`"
		}
		return strings.ToLower(name)
	}
	for _, name := range []string{"allOf", "anyOf"} {
		var kinds []string
		for _, part := range list(schema, name) {
			kinds = append(kinds, w.kind(part.(tree)))
		}
		if kinds != nil {
			return strings.Join(kinds, " or ")
		}
	}
	kinds := list(schema, "type")
	if kinds == nil {
		kinds = []any{schema["type"]}
	}
	var words []string
	for _, kind := range kinds {
		word := fmt.Sprint(kind)
		switch {
		case kind == "array":
			word = "array of " + w.kind(object(schema, "items"))
		case kind == "string" && schema["format"] != nil:
			word = "string, " + text(schema, "format")
		case kind == "string" && schema["contentMediaType"] != nil:
			word = "string that holds JSON"
		case kind == "string" && schema["enum"] != nil:
			word = "string: " + strings.Trim(fmt.Sprint(schema["enum"]), "[]")
		}
		words = append(words, word)
	}
	return strings.Join(words, " or ")
}

// theRecords are the schemas of what responses hold.
var theRecords = []string{"JSONOrder", "Outlet", "Order", "OrderDetail", "Item", "User", "Session", "Visit"}

func (w *pageWriter) records() {
	w.line("\n## Records\nA record may have fields that are not named here; the Go library has them in `Extra`. A time is a string: %s", w.time())
	for _, name := range theRecords {
		schema := object(w.doc, "components", "schemas", name)
		w.line("\n### %s record\n%s", name, text(schema, "description"))
		path := "components/schemas/" + name
		if parts := list(schema, "allOf"); parts != nil {
			w.line("\nIt has the fields of %s, and these:", w.kind(parts[0].(tree)))
			path += "/allOf/1"
		}
		w.line("")
		w.fields(path, "in Go", goField)
	}
}

func goField(_ string, _, property tree) string {
	if field := text(property, "x-go"); field != "" {
		return "`" + field + "`"
	}
	return ""
}

func (w *pageWriter) time() string {
	return strings.TrimPrefix(text(w.doc, "components", "schemas", "Time", "description"), "A time. ")
}

func (w *pageWriter) pages() {
	w.line("\n## Pages\nThe vendor's page documents no pages. A list of the sandbox comes whole, unless a style says otherwise; Laravel applications often send lists in pages. `data` is then a page, whose `data` holds the records:\n")
	w.fields("components/schemas/Page", "", nil)
	w.line("\nA page without totals lacks `last_page` and `total`; one by cursors has `cursor` in place of `page`, and no numbers. The first page of the orders, in the sandbox's style \"paginated\":")
	w.example("ListOrders.200.paginated")
}

func (w *pageWriter) errors() {
	w.line("\n## Errors\nThe vendor's page documents none. These are Laravel's, and the sandbox's; [errors.md](errors.md) says what a program should do about them.\n\n| status | when | known from |\n|---|---|---|")
	w.line("| 401, of a login | %s | %s |", text(w.doc, "paths", "/auth/login", "post", "responses", "401", "description"), text(w.doc, "paths", "/auth/login", "post", "responses", "401", "x-source"))
	detail := object(w.doc, "paths", "/order/detail", "post", "responses")
	for _, status := range []string{"401", "403", "404", "422", "429", "500", "503"} {
		response := resolve(w.doc, detail[status])
		if status == "403" {
			response = object(w.doc, "components", "responses", "Forbidden")
		}
		w.line("| %s | %s | %s |", status, text(response, "description"), text(response, "x-source"))
	}
	w.line("\nA wrong password:")
	w.example("Login.401")
	w.line("A token that has ended; the other errors have a message as well:")
	w.example("Unauthenticated")
	w.line("What is wrong with the input is said by field:")
	w.example("UpdateOutletCode.422")
}
