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

// InAttributes reports whether a member of an object holds the fields of the record that
// the object is.
func (f Fields) InAttributes(object, quoted, value []byte) bool {
	s := schema{knows: f.Knows}
	return isAttributes(quoted, value) && s.hasInAttributes(object, value)
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
