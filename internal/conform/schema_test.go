package conform

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/pb33f/jsonschema/v6"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// schemas are those of a description, compiled when they are asked for.
type schemas struct {
	doc      tree
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

const resource = "https://pmpsmart.test/openapi.json"

func newSchemas(doc tree) (*schemas, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	return &schemas{doc, c, map[string]*jsonschema.Schema{}}, c.AddResource(resource, doc)
}

// validate holds a value against the schema of a place in the description.
func (s *schemas) validate(value any, names ...string) error {
	at := resource + "#"
	for _, part := range names {
		at += "/" + strings.ReplaceAll(strings.ReplaceAll(part, "~", "~0"), "/", "~1")
	}
	if s.compiled[at] == nil {
		schema, err := s.compiler.Compile(at)
		if err != nil {
			return err
		}
		s.compiled[at] = schema
	}
	return s.compiled[at].Validate(value)
}

// body holds a body against the schema that an operation has for it, at names under the operation.
func (s *schemas) body(path string, body []byte, names ...string) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	under := []string{"paths", path, "post"}
	for _, name := range names {
		under = append(under, name)
		if in := object(s.doc, under...); in["$ref"] != nil {
			under = strings.Split(strings.TrimPrefix(in["$ref"].(string), "#/"), "/")
		}
	}
	return s.validate(value, append(under, "content", "application/json", "schema")...)
}

// check returns what of the bodies of an exchange is not as described.
func (s *schemas) check(e testserver.Exchange, wrong bool) error {
	path := pathOf(e)
	if len(e.Body) > 0 && !wrong {
		if err := s.body(path, e.Body, "requestBody"); err != nil {
			return fmt.Errorf("request: %w", err)
		}
	}
	if err := s.body(path, e.ResponseBody, "responses", strconv.Itoa(e.Status)); err != nil {
		return fmt.Errorf("response: %w", err)
	}
	return nil
}

// pathOf returns the path of an exchange under the base URL.
func pathOf(e testserver.Exchange) string {
	_, path, _ := strings.Cut(e.URL, "/api/v1")
	path, _, _ = strings.Cut(path, "?")
	return path
}

// closed makes the schemas of a description refuse the fields that they do not name, to which the description itself
// leaves room.
func closed(doc tree) tree {
	for _, schema := range object(doc, "components", "schemas") {
		shut(schema, false)
	}
	walk(doc["paths"], nil, func(_ []string, in tree) { shutMedia(in) })
	walk(object(doc, "components", "responses"), nil, func(_ []string, in tree) { shutMedia(in) })
	return doc
}

// shutMedia closes the schema of a body.
func shutMedia(in tree) {
	if object(in, "application/json") != nil {
		shut(object(in, "application/json")["schema"], true)
	}
}

// shut closes a schema, if it stands for a whole value, and those inside of it.
func shut(v any, whole bool) {
	schema, ok := v.(tree)
	if !ok {
		return
	}
	if whole {
		schema["unevaluatedProperties"] = false
	}
	if schema["additionalProperties"] == true {
		delete(schema, "additionalProperties")
	}
	shut(schema["additionalProperties"], true)
	shut(schema["items"], true)
	for _, property := range object(schema, "properties") {
		shut(property, true)
	}
	for _, name := range []string{"allOf", "anyOf", "oneOf"} {
		for _, part := range list(schema, name) {
			shut(part, false)
		}
	}
}
