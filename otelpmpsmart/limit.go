package otelpmpsmart

import (
	"strings"
	"sync"
)

// maxNames bounds the values of an attribute that programs or servers choose.
const maxNames = 100

// A nameLimit admits the first maxNames names that it sees. The zero value is ready
// for use.
type nameLimit struct {
	template func(string) string // what a name is of a text; nil for the text itself

	mu    sync.RWMutex
	names map[string]bool
	known map[string]string // the names of the first maxNames texts
}

// admit returns the name of a text, or other if there are too many already.
func (l *nameLimit) admit(text string) string {
	l.mu.RLock()
	name, ok := l.known[text]
	l.mu.RUnlock()
	if ok {
		return name
	}
	if name = text; l.template != nil {
		name = l.template(text)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names == nil {
		l.names, l.known = make(map[string]bool), make(map[string]string)
	}
	if !l.names[name] {
		if len(l.names) >= maxNames {
			return other
		}
		l.names[name] = true
	}
	if len(l.known) < maxNames {
		l.known[text] = name
	}
	return name
}

// pathTemplate returns a path under the base URL as url.template: with a slash before
// it, without a query, and with "{id}" for each segment that may be an id or a code.
func pathTemplate(path string) string {
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	return "/" + mapParts(strings.Trim(path, "/"), "/", "{id}", func(segment string) bool {
		version := strings.TrimPrefix(segment, "v")
		return countDigits(segment) == 0 || len(version) < len(segment) && len(version) <= 2 && countDigits(version) == len(version)
	})
}

// driftTemplate returns a Drift's path with "*" for each element, and for each name
// that may be data: an object may be keyed by ids or codes.
func driftTemplate(path string) string {
	return mapParts(path, ".", "*", func(name string) bool {
		digits := countDigits(name)
		return digits <= 2 && digits < len(name)
	})
}

// mapParts replaces the parts of a path that keep rejects, that are long, or that hold
// anything but letters, digits and -_*.
func mapParts(path, separator, replacement string, keep func(string) bool) string {
	const maxParts, maxLength = 16, 40
	parts := strings.SplitN(path, separator, maxParts+1)
	for i, part := range parts {
		if len(part) > maxLength || strings.ContainsFunc(part, isNotPlain) || !keep(part) {
			parts[i] = replacement
		}
	}
	return strings.Join(parts, separator)
}

func isNotPlain(r rune) bool {
	isPlain := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_*", r)
	return !isPlain
}

func countDigits(text string) (n int) {
	for _, r := range text {
		if '0' <= r && r <= '9' {
			n++
		}
	}
	return n
}
