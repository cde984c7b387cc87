package report

import (
	"regexp"
	"strings"
)

// Key stands for a name that may be data: a code, a person, a telephone number.
const Key = "*"

// fieldName is what names of fields look like. Others have to be made of words that
// name fields, as KODE_ORDER is.
var fieldName = regexp.MustCompile(`^[a-z_][A-Za-z_]*([0-9]{1,2}[A-Za-z_]*)?$`)

// ShownName returns a member's name, or Key where it may be data.
func ShownName(name string) string {
	switch {
	case len(name) > 40:
		return Key
	case fieldName.MatchString(name), IsWords(name):
		return name
	}
	return Key
}

// ShownPath returns a path with each name as ShownName has it.
func ShownPath(path string) string {
	parts := strings.Split(path, ".")
	for i := range parts {
		parts[i] = ShownName(parts[i])
	}
	return strings.Join(parts, ".")
}
