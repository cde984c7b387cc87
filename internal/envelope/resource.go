package envelope

import "github.com/pmpsmart/pmpsmart-go/internal/loose"

// isAttributes reports whether a member holds the fields of a resource.
func isAttributes(quoted, value []byte) bool {
	return string(quoted) == `"attributes"` && loose.Kind(value) == '{'
}

// Attributes returns the attributes of a resource of JSON:API's, or nil for any other
// object.
func Attributes(object []byte) []byte {
	for name, value := range loose.Members(object) {
		if isAttributes(name, value) && isResource(object) {
			return value
		}
	}
	return nil
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
