package scribe

import (
	"bytes"
	"encoding/json"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// fromJSON returns valid JSON as YAML has it, nil if there is too much of it. YAML's
// own parser does not know all of JSON's escapes.
func fromJSON(text []byte) *yaml.Node {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	left := maxNodes
	return fromToken(d, &left, maxDepth)
}

func fromToken(d *json.Decoder, left *int, depth int) *yaml.Node {
	token, err := d.Token()
	if *left--; err != nil || *left < 0 || depth < 0 {
		return nil
	}
	scalar := func(tag, value string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value} }
	switch t := token.(type) {
	case nil:
		return scalar("!!null", "null")
	case bool:
		return scalar("!!bool", strconv.FormatBool(t))
	case string:
		return scalar("!!str", t)
	case json.Number:
		return scalar("!!float", t.String())
	}
	n := &yaml.Node{Kind: yaml.SequenceNode}
	if token == json.Delim('{') {
		n.Kind = yaml.MappingNode
	}
	for d.More() {
		inner := fromToken(d, left, depth-1)
		if inner == nil {
			return nil
		}
		n.Content = append(n.Content, inner)
	}
	_, _ = d.Token() // the closing bracket
	return n
}
