package scribe

import (
	"strings"
)

// postman returns the operations of a Postman collection.
func postman(root *node) (all []Operation) {
	var folder func(n *node, depth int)
	folder = func(n *node, depth int) {
		for _, item := range n.get("item").elements() {
			if depth > 0 {
				folder(item, depth-1)
			}
			request := item.get("request")
			if request == nil || len(all) == maxOperations {
				continue
			}
			o := Operation{Method: strings.ToUpper(request.get("method").text()), Path: postmanPath(request.get("url")), Fields: postmanFields(request)}
			for _, response := range item.get("response").elements() {
				if body := response.get("body").text(); strings.HasPrefix(response.get("code").text(), "2") && body != "" {
					o.Responses = append(o.Responses, []byte(body))
				}
			}
			all = append(all, o)
		}
	}
	folder(root, maxDepth)
	return all
}

// postmanPath returns the path of a request's address: its parts as a text or a list,
// or the address as it stands. A part that varies has braces in OpenAPI.
func postmanPath(url *node) string {
	path := url.get("path").text()
	if parts := url.get("path").elements(); len(parts) > 0 {
		var texts []string
		for _, part := range parts {
			texts = append(texts, part.text())
		}
		path = strings.Join(texts, "/")
	}
	if path == "" {
		path = url.text()
		if raw := url.get("raw").text(); raw != "" {
			path = raw
		}
		path, _, _ = strings.Cut(path, "?")
		if _, rest, found := strings.Cut(path, "://"); found {
			path = rest
		}
		_, path, _ = strings.Cut(path, "/") // {{baseUrl}}
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if name, found := strings.CutPrefix(part, ":"); found {
			parts[i] = "{" + name + "}"
		}
	}
	return "/" + strings.Join(parts, "/")
}

// postmanFields returns the fields of a request: of its query, its form or its JSON.
func postmanFields(request *node) (all []string) {
	for _, list := range []*node{request.get("url", "query"), request.get("body", "formdata"), request.get("body", "urlencoded")} {
		for _, field := range list.elements() {
			all = append(all, field.get("key").text())
		}
	}
	raw := request.get("body", "raw").text()
	if body, err := parse([]byte(raw)); raw != "" && err == nil {
		all = append(all, namesOf(body, "", maxDepth)...)
	}
	return all
}

// namesOf returns the names of the members of an object and of those inside it.
func namesOf(n *node, path string, depth int) (all []string) {
	if depth == 0 {
		return nil
	}
	for name, value := range n.members() {
		inner := name
		if path != "" {
			inner = path + "." + name
		}
		all = append(all, inner)
		all = append(all, namesOf(value, inner, depth-1)...)
		if elements := value.elements(); len(elements) > 0 {
			all = append(all, namesOf(elements[0], inner+".*", depth-1)...)
		}
	}
	return all
}
