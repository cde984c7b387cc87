package conform

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const file = "../apispec/openapi.yaml"

func source(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// A tree is an object of the description.
type tree = map[string]any

func document(t *testing.T) tree {
	t.Helper()
	var doc tree
	require.NoError(t, yaml.Unmarshal([]byte(source(t)), &doc))
	// By way of JSON, so that numbers are of one type.
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	doc = nil
	require.NoError(t, json.Unmarshal(text, &doc))
	return doc
}

// at returns what stands under names, nil if nothing does.
func at(doc tree, names ...string) any {
	var v any = doc
	for _, name := range names {
		in, _ := v.(tree)
		v = in[name]
	}
	return v
}

func object(doc tree, names ...string) tree {
	in, _ := at(doc, names...).(tree)
	return in
}

func text(doc tree, names ...string) string {
	s, _ := at(doc, names...).(string)
	return s
}

func list(doc tree, names ...string) []any {
	l, _ := at(doc, names...).([]any)
	return l
}

// resolve follows a reference.
func resolve(doc tree, v any) tree {
	in, _ := v.(tree)
	ref, _ := in["$ref"].(string)
	if ref == "" {
		return in
	}
	return resolve(doc, at(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...))
}

// An operation is an endpoint of the description.
type operation struct {
	id, path string // "GetOrder", "/order/detail"
	tree
}

func operations(doc tree) (ops []operation) {
	for path, item := range object(doc, "paths") {
		op := object(item.(tree), "post")
		ops = append(ops, operation{text(op, "operationId"), path, op})
	}
	slices.SortFunc(ops, func(a, b operation) int { return strings.Compare(a.path, b.path) })
	return ops
}

// properties returns those of a schema, with those of the schemas that it is made of.
func properties(doc, schema tree) tree {
	all := tree{}
	for _, part := range list(schema, "allOf") {
		maps.Copy(all, properties(doc, resolve(doc, part)))
	}
	maps.Copy(all, object(schema, "properties"))
	return all
}

// walk visits each object under v with the names that lead to it.
func walk(v any, names []string, visit func(names []string, in tree)) {
	switch v := v.(type) {
	case tree:
		visit(names, v)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			walk(v[name], append(slices.Clip(names), name), visit)
		}
	case []any:
		for _, element := range v {
			walk(element, append(slices.Clip(names), "[]"), visit)
		}
	}
}
