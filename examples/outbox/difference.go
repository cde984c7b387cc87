package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// difference returns where the data of two orders differs first, as a JSON pointer: ""
// if that is everywhere, or nowhere. It shows no value, which is nothing for a log.
func difference(a, b []byte) string {
	at, _ := differs(value(a), value(b))
	return at
}

// value returns a document's value, with its numbers as they are written.
func value(document []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	_ = d.Decode(&v) // what is no JSON differs as a whole
	return v
}

func differs(a, b any) (at string, yes bool) {
	if isEmpty(a) && isEmpty(b) {
		return "", false
	}
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			return objectsDiffer(x, y)
		}
		return "", true
	case []any:
		if y, ok := b.([]any); ok {
			return arraysDiffer(x, y)
		}
		return "", true
	}
	switch b.(type) {
	case map[string]any, []any: // which can't be compared by ==
		return "", true
	}
	return "", a != b
}

func objectsDiffer(x, y map[string]any) (at string, yes bool) {
	names := slices.Concat(slices.Collect(maps.Keys(x)), slices.Collect(maps.Keys(y)))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		a, isInX := x[name]
		b, isInY := y[name]
		if at, yes := differs(a, b); yes || isInX != isInY {
			return "/" + name + at, true
		}
	}
	return "", false
}

func arraysDiffer(x, y []any) (at string, yes bool) {
	for i := range min(len(x), len(y)) {
		if at, yes := differs(x[i], y[i]); yes {
			return "/" + strconv.Itoa(i) + at, true
		}
	}
	if len(x) == len(y) {
		return "", false
	}
	return "/" + strconv.Itoa(min(len(x), len(y))), true
}

// isEmpty reports whether a value is an object or an array with nothing in it, which
// PHP does not tell apart.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}
