package conform

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A mutation makes one statement of the description wrong.
type mutation struct {
	name   string
	mutate func(doc tree)
}

// mutations returns one for each field, type, response and endpoint that is described, and one for each value of an enum.
func mutations(doc tree) (all []mutation) {
	add := func(names []string, what string, change func(in tree)) {
		names = slices.Clone(names)
		all = append(all, mutation{strings.Join(names, "/") + ": " + what, func(doc tree) { change(find(doc, names)) }})
	}
	places(object(doc, "components", "schemas"), []string{"components", "schemas"}, func(names []string, in tree) {
		for name := range object(in, "properties") {
			add(names, "without "+name, func(in tree) { delete(object(in, "properties"), name) })
		}
		switch kind := in["type"].(type) {
		case string:
			add(names, "another type than "+kind, func(in tree) { in["type"] = other(kind) })
		case []any:
			for _, one := range kind {
				add(names, fmt.Sprintf("no %s", one), func(in tree) {
					in["type"] = slices.DeleteFunc(slices.Clone(kind), func(k any) bool { return k == one })
				})
			}
		}
		for i, value := range list(in, "enum") {
			add(names, fmt.Sprintf("without %s", value), func(in tree) { in["enum"] = slices.Delete(slices.Clone(list(in, "enum")), i, i+1) })
		}
		if in["pattern"] != nil {
			add(names, "another pattern", func(in tree) { in["pattern"] = "^x$" })
		}
	})
	for _, op := range operations(doc) {
		add([]string{"paths"}, "without "+op.path, func(in tree) { delete(in, op.path) })
		add([]string{"paths", op.path, "post"}, "for all", func(in tree) { in["security"] = []any{tree{"unknown": []any{}}} })
		if op.tree["requestBody"] != nil {
			add([]string{"paths", op.path, "post"}, "without a body", func(in tree) { delete(in, "requestBody") })
		}
		for status := range object(op.tree, "responses") {
			add([]string{"paths", op.path, "post", "responses"}, "without "+status, func(in tree) { delete(in, status) })
		}
	}
	slices.SortFunc(all, func(a, b mutation) int { return strings.Compare(a.name, b.name) })
	return all
}

// other is a type of which no value of a type is.
func other(kind string) string {
	if kind == "boolean" {
		return "string"
	}
	return "boolean"
}

// places visits each schema in schemas by name.
func places(schemas tree, names []string, visit func(names []string, in tree)) {
	for name, v := range schemas {
		place(v, append(slices.Clip(names), name), visit)
	}
}

// place visits a schema and those inside of it.
func place(v any, names []string, visit func(names []string, in tree)) {
	in, ok := v.(tree)
	if !ok {
		return
	}
	visit(names, in)
	places(object(in, "properties"), append(slices.Clip(names), "properties"), visit)
	for _, name := range []string{"items", "additionalProperties"} {
		place(in[name], append(slices.Clip(names), name), visit)
	}
	for _, name := range []string{"allOf", "anyOf"} {
		for i, part := range list(in, name) {
			place(part, append(slices.Clip(names), name, fmt.Sprint(i)), visit)
		}
	}
}

// find returns what stands under names, of which some count the elements of lists.
func find(doc tree, names []string) tree {
	var v any = doc
	for _, name := range names {
		switch in := v.(type) {
		case tree:
			v = in[name]
		case []any:
			v = in[name[0]-'0']
		}
	}
	return v.(tree)
}

// A description that says anything else than the sandbox does is noticed.
func TestMutations(t *testing.T) {
	t.Parallel()
	original := document(t)
	delete(object(original, "components"), "examples") // which say nothing of others
	walk(original, nil, func(_ []string, in tree) { delete(in, "examples") })
	text, err := json.Marshal(original)
	require.NoError(t, err)
	all := probeAll(t)
	noticed := func(m mutation) bool {
		mutated := func() (doc tree) {
			require.NoError(t, json.Unmarshal(text, &doc))
			if m.mutate != nil {
				m.mutate(doc)
			}
			return doc
		}
		bodies, err := newSchemas(closed(mutated())) // most are noticed by these, which are quick
		require.NoError(t, err, m.name)
		for _, p := range all {
			if bodies.check(p.Exchange, p.wrong) != nil {
				return true
			}
		}
		whole, err := newStandard(mutated())
		require.NoError(t, err, m.name)
		return slices.ContainsFunc(all, func(p probe) bool { return whole.check(p.Exchange, p.wrong) != nil })
	}
	require.False(t, noticed(mutation{}))
	mutations := mutations(original)
	require.Greater(t, len(mutations), 300)
	for _, m := range mutations {
		assert.True(t, noticed(m), "nothing notices %s", m.name)
	}
	t.Logf("%d mutations", len(mutations))
}
