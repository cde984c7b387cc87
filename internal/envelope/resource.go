package envelope

import "github.com/pmpsmart/pmpsmart-go/internal/loose"

// isAttributes tells the member that holds the fields of a resource.
func isAttributes(quoted, value []byte) bool {
	return string(quoted) == `"attributes"` && loose.Kind(value) == '{'
}

// isResource tells a record in the form of JSON:API, as Laravel's JsonApiResource
// sends it, from one whose attributes are a field of its own: a resource has a
// type, and nothing but what JSON:API names.
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
