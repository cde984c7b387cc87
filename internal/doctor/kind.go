package doctor

import "github.com/pmpsmart/pmpsmart-go/internal/report"

// kindOf names what a value is, and what a string holds: never the value itself.
// The kinds are a closed list, so that a report can hold nothing else.
func kindOf(name string, n *node) string {
	switch n.kind {
	case 'n':
		return "null"
	case 't':
		return "bool"
	case '0':
		return report.NumberKind(name, n.text)
	case '"':
		return report.StringKind(name, n.text)
	case '[':
		return emptyOr(n, "array")
	case '{':
		if n.member("timezone_type") != nil && n.member("date") != nil {
			return "carbon-time"
		}
		return emptyOr(n, "object")
	}
	return "nothing"
}

func emptyOr(n *node, kind string) string {
	if len(n.nodes) == 0 {
		return "empty-" + kind
	}
	return kind
}
