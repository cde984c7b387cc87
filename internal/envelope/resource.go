package envelope

import "github.com/pmpsmart/pmpsmart-go/internal/loose"

// isAttributes reports whether a member may hold the fields of a record, as JSON:API's
// attributes and GeoJSON's properties do.
func isAttributes(quoted, value []byte) bool {
	switch string(quoted) {
	case `"attributes"`, `"properties"`:
		return loose.Kind(value) == '{'
	}
	return false
}

// hasInAttributes reports whether the fields of a record stand in its attributes, rather
// than the attributes being a field of its own: it has the form of JSON:API, or no
// field of the model's own but there.
func (s *schema) hasInAttributes(object, attributes []byte) bool {
	return isResource(object) || s.own(attributes) > 0 && s.own(object) == 0
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
// JsonApiResource sends it: it has a type, and nothing but what JSON:API names.
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
