package conform

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// node returns what stands under names in the description, its members in their order.
func node(t *testing.T, names ...string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(source(t)), &doc))
	n := doc.Content[0]
next:
	for _, name := range names {
		if n.Kind == yaml.SequenceNode {
			n = n.Content[name[0]-'0']
			continue
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == name {
				n = n.Content[i+1]
				continue next
			}
		}
		require.Fail(t, "nothing is there", "%s", names)
	}
	return n
}

// names returns the names of the members under names, in their order.
func names(t *testing.T, under ...string) (all []string) {
	t.Helper()
	n := node(t, under...)
	for i := 0; i < len(n.Content); i += 2 {
		all = append(all, n.Content[i].Value)
	}
	return all
}

// exampleTexts returns the examples as JSON, by name.
func exampleTexts(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	n := node(t, "components", "examples")
	for i := 0; i < len(n.Content); i += 2 {
		value := n.Content[i+1].Content[1] // the one of the member value
		var compact, pretty bytes.Buffer
		writeJSON(t, &compact, value)
		require.NoError(t, json.Indent(&pretty, compact.Bytes(), "", "  "))
		all[n.Content[i].Value] = pretty.String()
	}
	return all
}

// writeJSON writes YAML as JSON, its members in their order.
func writeJSON(t *testing.T, b *bytes.Buffer, n *yaml.Node) {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(n.Content[i].Value) + ":")
			writeJSON(t, b, n.Content[i+1])
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, element := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(t, b, element)
		}
		b.WriteByte(']')
	default:
		var v any
		require.NoError(t, n.Decode(&v))
		var text bytes.Buffer
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		require.NoError(t, e.Encode(v))
		b.WriteString(strings.TrimSpace(text.String()))
	}
}
