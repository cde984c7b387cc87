package gogen

import (
	"slices"
	"strings"
)

// names are the Go names of a struct's fields.
type names struct{ taken map[string]bool }

// newNames returns names of which those that the embedded model brings are taken.
func newNames(embed *model) *names {
	n := &names{make(map[string]bool)}
	if embed != nil {
		n.taken[embed.Type] = true
		for _, member := range embed.Members {
			n.taken[member] = true
		}
	}
	return n
}

// of returns the Go name of a field of the API.
func (n *names) of(field string) string {
	name := goName(field)
	for n.taken[name] {
		name += "Field"
	}
	n.taken[name] = true
	return name
}

// initialisms are words that Go writes in capitals.
var initialisms = []string{"id", "url", "uri", "api", "ip", "uuid", "guid", "json", "html", "http", "gps", "pdf", "sku", "pin"}

// goName returns a field's name as Go has it: KodeOrder, UserID.
func goName(field string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(field, func(r rune) bool { return r == '_' || r == '-' }) {
		for _, part := range splitCamel(word) {
			if slices.Contains(initialisms, strings.ToLower(part)) {
				b.WriteString(strings.ToUpper(part))
			} else {
				b.WriteString(strings.ToUpper(part[:1]) + part[1:])
			}
		}
	}
	if b.Len() == 0 {
		return "Field"
	}
	if name := b.String(); name[0] < 'A' || name[0] > 'Z' {
		return "Field" + name
	}
	return b.String()
}

// splitCamel splits createdAt into created and At, and leaves KODE as it is but for
// its case.
func splitCamel(word string) (parts []string) {
	if word == strings.ToUpper(word) {
		word = strings.ToLower(word)
	}
	start := 0
	for i := 1; i < len(word); i++ {
		if isUpper(word[i]) && !isUpper(word[i-1]) {
			parts = append(parts, word[start:i])
			start = i
		}
	}
	if start < len(word) {
		parts = append(parts, word[start:])
	}
	return parts
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// singular returns the name of one of the things that name names.
func singular(name string) string {
	short, found := strings.CutSuffix(name, "s")
	if found && len(short) > 3 && !strings.HasSuffix(short, "s") && !strings.HasSuffix(short, "u") {
		return short
	}
	return name + "Item"
}
