package conform

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write the examples, docs/openapi.yaml, docs/api.md and docs/postman_collection.json anew")

// marker stands above the examples, which are the rest of the description.
const marker = "  # What follows are the sandbox's own requests and responses, written by `make openapi`.\n"

// The examples are what the sandbox was asked and answered.
func TestExamples(t *testing.T) {
	kept, _, found := strings.Cut(source(t), marker)
	require.True(t, found)
	want := kept + marker + "  examples:\n" + examples(t)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
		require.NoError(t, os.WriteFile("../../docs/openapi.yaml", []byte(want), 0o644))
	}
	require.Equal(t, want, source(t), "the examples are not what the sandbox answers: run `make openapi`")
	page, err := os.ReadFile("../../docs/openapi.yaml")
	require.NoError(t, err)
	require.Equal(t, want, string(page), "docs/openapi.yaml is not a copy: run `make openapi`")
}

var tokens = regexp.MustCompile(`("api_token":")[^"]+`)

// examples returns the examples as YAML, by name.
func examples(t *testing.T) string {
	t.Helper()
	named := map[string][]byte{}
	for _, p := range probeAll(t) {
		if p.example == "" {
			continue
		}
		assert.NotContains(t, named, p.example)
		named[p.example] = tokens.ReplaceAll(p.ResponseBody, []byte("${1}the-token-of-this-session")) // which is random
		if op, found := strings.CutSuffix(p.example, ".200"); found && p.Body != nil {
			named[op+".request"] = p.Body
		}
	}
	var all bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(named)) {
		d := json.NewDecoder(bytes.NewReader(named[name]))
		d.UseNumber()
		e := yaml.NewEncoder(&all)
		e.SetIndent(2)
		require.NoError(t, e.Encode(map[string]any{name: map[string]any{"value": blocks(t, d)}}))
		require.NoError(t, e.Close())
	}
	return "    " + strings.TrimSpace(strings.ReplaceAll(all.String(), "\n", "\n    ")) + "\n"
}

// blocks reads the next value of JSON as YAML's blocks, its members in their order.
func blocks(t *testing.T, d *json.Decoder) *yaml.Node {
	t.Helper()
	token, err := d.Token()
	require.NoError(t, err)
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch v := token.(type) {
	case json.Delim:
		n.Kind = map[json.Delim]yaml.Kind{'{': yaml.MappingNode, '[': yaml.SequenceNode}[v]
		for d.More() {
			n.Content = append(n.Content, blocks(t, d)) // a member's name is a value as well
		}
		_, err = d.Token()
		require.NoError(t, err)
		if n.Content == nil {
			n.Style = yaml.FlowStyle // [] or {}
		}
	case string:
		n.Tag, n.Value = "!!str", v
	case json.Number:
		n.Value = v.String()
	default:
		n.Value = strings.Replace(fmt.Sprint(v), "<nil>", "null", 1)
	}
	return n
}

// Each example is of the schema beside it, and of each property of that.
func TestExamplesConform(t *testing.T) {
	doc := document(t)
	all, err := newSchemas(doc)
	require.NoError(t, err)
	met := map[string]bool{}
	walk(doc, nil, func(names []string, in tree) {
		here := strings.Join(names, "/")
		if in["schema"] != nil {
			for name, example := range object(in, "examples") {
				ref, _ := example.(tree)["$ref"].(string)
				met[ref] = true
				require.NotEmpty(t, resolve(doc, example), here)
				assert.NoError(t, all.validate(resolve(doc, example)["value"], append(slices.Clip(names), "schema")...), "%s %s", here, name)
			}
		}
		if in["type"] != nil {
			for _, example := range list(in, "examples") {
				assert.NoError(t, all.validate(example, names...), here)
			}
		}
	})
	for name := range object(doc, "components", "examples") {
		assert.True(t, met["#/components/examples/"+name], "nothing refers to the example %s", name)
	}
}
