package envelope

import (
	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// addMember takes in one member of an answer. An object under a name that nobody knows may
// be a paginator by what it holds: {"result_info": {"per_page": 15, "total_count": 57}}.
func (p *pager) addMember(quoted, value []byte) {
	if w := wordOf(quoted, value); w.Role() >= words.CurrentPage || loose.Kind(value) != '{' || w.OfEnvelope() {
		p.add(w, value)
		return
	}
	p.addUnknown(value, maxPagerDepth)
}

// addUnknown takes in an object that is a paginator, or that holds one, unless it is that
// of a list of its own.
func (p *pager) addUnknown(object []byte, depth int) {
	if holdsObjects(object) {
		return
	}
	isPager := hasPaginator(object)
	for quoted, value := range loose.Members(object) {
		w := words.Of(quoted)
		if isPager || loose.Kind(value) == '{' && w.BesideList() {
			p.addTo(w, value, depth-1)
		}
	}
}

// holdsObjects reports whether an object holds an array of objects that are no links.
func holdsObjects(object []byte) bool {
	for quoted, value := range loose.Members(object) {
		if loose.Kind(value) == '[' && firstObject(value) != nil && !words.Of(quoted).BesideList() {
			return true
		}
	}
	return false
}
