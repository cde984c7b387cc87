package gogen

import "github.com/pmpsmart/pmpsmart-go/internal/report"

// raw is the type of what has no other: of a field that was met in many kinds.
const raw = "json.RawMessage"

// stamp is the type of a time.
const stamp = "time.Time"

// kinds are what a field was met as, but for null and the empty string, which stand
// for the zero value of any type.
type kinds struct {
	met      []string
	hasEmpty bool // the empty string was met
}

func kindsOf(n *report.Node) (k kinds) {
	if n.Field == nil {
		return k
	}
	for kind := range n.Field.Kinds {
		switch kind {
		case "null", "nothing":
		case "empty-string":
			k.hasEmpty = true
		default:
			k.met = append(k.met, kind)
		}
	}
	return k
}

func (k kinds) has(kind string) bool {
	for _, met := range k.met {
		if met == kind {
			return true
		}
	}
	return false
}

// isNull reports whether nothing but null was met.
func (k kinds) isNull() bool { return len(k.met) == 0 && !k.hasEmpty }

// only reports whether every kind is among these, and there is one.
func (k kinds) only(all ...string) bool {
next:
	for _, met := range k.met {
		for _, kind := range all {
			if met == kind {
				continue next
			}
		}
		return false
	}
	return len(k.met) > 0
}

var (
	booleans = []string{"bool", "bool-in-string"}
	integers = []string{"integer", "integer-in-string"}
	numbers  = append([]string{"number", "number-in-string"}, integers...)
	dates    = []string{"date", "zero-time"}
	times    = []string{"iso-time", "iso-time-no-zone", "sql-time", "date", "zero-time", "unix-time", "unix-time-in-string", "carbon-time"}
	texts    = []string{"string", "integer-in-string", "number-in-string", "digits-in-string", "bool-in-string", "json-in-string",
		"iso-time", "iso-time-no-zone", "sql-time", "date", "zero-time", "unix-time-in-string"}
)

// scalar returns the Go type of the kinds.
func (k kinds) scalar() string {
	switch {
	case k.isNull():
		return raw
	case len(k.met) == 0:
		return "string"
	case k.only(booleans...):
		return "bool"
	case k.only(integers...):
		return "int64"
	case k.only(numbers...):
		return "float64"
	case k.has("date") && k.only(dates...):
		return "pmpsmart.Date"
	case k.only(times...):
		return stamp
	case k.only(texts...):
		return "string"
	}
	return raw
}
