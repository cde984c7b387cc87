package scribe

import (
	"net/url"
	"slices"
	"strings"
)

var methods = []string{"get", "post", "put", "patch", "delete"}

// openAPI returns the operations of an OpenAPI file.
func openAPI(root *node) (all []Operation) {
	base := basePath(root)
	for path, item := range root.get("paths").members() {
		for method, operation := range item.members() {
			if !slices.Contains(methods, method) || len(all) == maxOperations {
				continue
			}
			o := Operation{Method: strings.ToUpper(method), Path: base + path}
			for _, p := range operation.get("parameters").elements() {
				if in := p.get("in").text(); in == "query" || in == "body" {
					o.Fields = append(o.Fields, p.get("name").text())
				}
			}
			for _, media := range operation.get("requestBody", "content").members() {
				o.Fields = append(o.Fields, fieldsOf(media.get("schema"), "", maxDepth)...)
			}
			for status, response := range operation.get("responses").members() {
				if strings.HasPrefix(status, "2") {
					o.Responses = append(o.Responses, responsesOf(response)...)
				}
			}
			all = append(all, o)
		}
	}
	return all
}

// basePath returns the path of the first server, which the others follow.
func basePath(root *node) string {
	for _, server := range root.get("servers").elements() {
		if u, err := url.Parse(server.get("url").text()); err == nil {
			return strings.TrimRight(u.Path, "/")
		}
	}
	return ""
}

// fieldsOf returns the fields of a request's schema, those inside a field after it.
func fieldsOf(schema *node, path string, depth int) (all []string) {
	if depth == 0 || schema == nil {
		return nil
	}
	for name, field := range schema.get("properties").members() {
		inner := name
		if path != "" {
			inner = path + "." + name
		}
		all = append(all, inner)
		all = append(all, fieldsOf(field, inner, depth-1)...)
		all = append(all, fieldsOf(field.get("items"), inner+".*", depth-1)...)
	}
	return all
}

// responsesOf returns how a response is said to look.
func responsesOf(response *node) (all [][]byte) {
	for _, media := range response.get("content").members() {
		schema := media.get("schema")
		schemas := append([]*node{schema}, schema.get("oneOf").elements()...)
		if example := media.get("example"); example != nil {
			all = append(all, example.json(nil))
		}
		for _, example := range media.get("examples").members() {
			if value := example.get("value"); value != nil {
				all = append(all, value.json(nil))
			}
		}
		for _, s := range schemas {
			if s.get("properties") != nil || s.get("items") != nil || s.get("example") != nil {
				all = append(all, exampleOf(s, nil, maxDepth))
			}
		}
	}
	return all
}

// exampleOf writes a value of a schema: its example, or one of its properties'.
func exampleOf(schema *node, b []byte, depth int) []byte {
	example := schema.get("example")
	switch {
	case depth == 0 || schema == nil:
		return append(b, "null"...)
	case example.isMap() || example.isList():
		return example.json(b)
	case schema.get("properties") != nil:
		b = append(b, '{')
		first := len(b)
		for name, field := range schema.get("properties").members() {
			if len(b) > first {
				b = append(b, ',')
			}
			b = append(append(b, quote(name)...), ':')
			b = exampleOf(field, b, depth-1)
		}
		return append(b, '}')
	case schema.get("items") != nil:
		return append(exampleOf(schema.get("items"), append(b, '['), depth-1), ']')
	case example != nil:
		return example.json(b)
	}
	return append(b, "null"...)
}
