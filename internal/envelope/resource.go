package envelope

import "github.com/pmpsmart/pmpsmart-go/internal/loose"

// isAttributes reports whether a member holds the fields of a resource.
func isAttributes(quoted, value []byte) bool {
	return string(quoted) == `"attributes"` && loose.Kind(value) == '{'
}

// isResource reports whether a record has the form of JSON:API, as Laravel's
// JsonApiResource sends it, rather than attributes that are a field of its own: a
// resource has a type, and nothing but what JSON:API names.
func isResource(object []byte) bool {
	hasType := false
	for name := range loose.Members(object) {
		switch loose.Name(name) {
		case "type":
			hasType = true
		case "id", "lid", "attributes", "relationships", "links", "meta":
		default:
			return false
		}
	}
	return hasType
}
