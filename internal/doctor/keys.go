package doctor

import (
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// What names of fields are told from data by: an object that always has the same
// members has fields. Where members differ from one to the next, they are keyed by
// data, however their names look, unless those that all have are words of fields.

// hasKeys reports whether the names of the field's members are data.
func (t *tally) hasKeys() bool {
	if t.keyed || t.object == 0 {
		return t.keyed
	}
	common, known, others := 0, 0, 0
	for _, f := range t.fields {
		switch {
		case f.name == report.Key:
		case f.count < t.object:
			others++
		default:
			common++
			if report.IsWords(f.name) {
				known++
			}
		}
	}
	if others == 0 && t.empty == 0 {
		return false
	}
	return 2*known <= common
}

// mayBeData returns which of the field's members may be data although most are
// fields: those that not all objects have and that are no words of fields.
func (t *tally) mayBeData() func(*tally) bool {
	return func(f *tally) bool { return t.object > 0 && f.count < t.object && !report.IsWords(f.name) }
}

// isKeyed reports whether the members of an object are records by key: objects under
// what is no field's name, or of the same fields.
func isKeyed(n *node) bool {
	keys, known := true, true
	for i := range n.nodes {
		if n.nodes[i].kind != '{' {
			return false
		}
		keys = keys && report.ShownName(n.names[i]) == report.Key
		known = known && report.IsWords(n.names[i])
	}
	if keys || known || len(n.nodes) < 2 {
		return keys && len(n.nodes) > 0
	}
	for i := range n.nodes {
		if !slices.Equal(n.nodes[i].names, n.nodes[0].names) {
			return false
		}
	}
	return true
}
