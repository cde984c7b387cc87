package loose

import (
	"bytes"
	"iter"
)

// Members returns the members of a JSON object, names still in quotes, in the
// order they stand. The object must be valid JSON.
func Members(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		i := skipSpace(object, 1)
		for object[i] != '}' {
			nameEnd := skipString(object, i)
			start := skipSpace(object, skipSpace(object, nameEnd)+1)
			end := skipValue(object, start)
			if !yield(object[i:nameEnd], object[start:end]) {
				return
			}
			i = skipSpace(object, end)
			if object[i] == ',' {
				i = skipSpace(object, i+1)
			}
		}
	}
}

// Elements returns the elements of a JSON array in order. The array must be valid
// JSON.
func Elements(array []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		i := skipSpace(array, 1)
		for array[i] != ']' {
			end := skipValue(array, i)
			if !yield(array[i:end]) {
				return
			}
			i = skipSpace(array, end)
			if array[i] == ',' {
				i = skipSpace(array, i+1)
			}
		}
	}
}

// Only returns the one element of a JSON array, nil if there is none or more.
func Only(array []byte) (only []byte) {
	n := 0
	for element := range Elements(array) {
		only, n = element, n+1
	}
	if n != 1 {
		return nil
	}
	return only
}

// NameIs reports whether a member's name, still in quotes, is name. Names that
// are written with escapes are unescaped first.
func NameIs(quoted []byte, name string) bool {
	inner := quoted[1 : len(quoted)-1]
	if string(inner) == name {
		return true
	}
	return bytes.IndexByte(inner, '\\') >= 0 && Unquote(quoted) == name
}

// Name returns the text of a member's name.
func Name(quoted []byte) string { return Unquote(quoted) }

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skipString returns the index behind the string that starts at i.
func skipString(b []byte, i int) int {
	for {
		i += 1 + bytes.IndexByte(b[i+1:], '"')
		if b[i-1] != '\\' || !isEscaped(b, i) {
			return i + 1
		}
	}
}

// isEscaped reports whether the quote at i has an odd number of backslashes before it.
func isEscaped(b []byte, i int) bool {
	start := i
	for b[start-1] == '\\' {
		start--
	}
	return (i-start)%2 == 1
}

// skipValue returns the index behind the value that starts at i. Nested values
// are counted, not recursed into: depth costs no stack.
func skipValue(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		depth := 0
		for {
			switch b[i] {
			case '"':
				i = skipString(b, i)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
	default:
		for i < len(b) {
			switch b[i] {
			case ',', '}', ']', ' ', '\n', '\r', '\t':
				return i
			}
			i++
		}
		return i
	}
}

// Unique returns the members of a JSON object without those that a later member
// of the same name overrides. The object must be valid JSON, or empty.
func Unique(object []byte) iter.Seq2[string, []byte] {
	return func(yield func(name string, value []byte) bool) {
		if len(object) == 0 {
			return
		}
		last := make(map[string]int)
		n := 0
		for name := range Members(object) {
			last[Name(name)] = n
			n++
		}
		n = 0
		for quoted, value := range Members(object) {
			if name := Name(quoted); last[name] == n && !yield(name, value) {
				return
			}
			n++
		}
	}
}

// LeadingMembers returns the members of a JSON object up to the first array or
// object in it, of which it returns the bracket alone: the time that it takes does
// not depend on what follows. The object must be valid JSON.
func LeadingMembers(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		i := skipSpace(object, 1)
		for object[i] != '}' {
			nameEnd := skipString(object, i)
			start := skipSpace(object, skipSpace(object, nameEnd)+1)
			name := object[i:nameEnd]
			if object[start] == '{' || object[start] == '[' {
				yield(name, object[start:start+1])
				return
			}
			end := skipValue(object, start)
			if !yield(name, object[start:end]) {
				return
			}
			i = skipSpace(object, end)
			if object[i] == ',' {
				i = skipSpace(object, i+1)
			}
		}
	}
}
