package sheet

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// names returns the columns' names.
func names(columns []Column) []string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = column.Name
	}
	return list
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// quoted shows texts to people: each in quotes, and not more than a line holds.
func quoted(texts []string) string {
	const most, longest = 12, 30
	list := make([]string, 0, most)
	for _, text := range texts {
		if text == "" {
			continue
		}
		if len(list) == most {
			list = append(list, "…")
			break
		}
		list = append(list, strconv.Quote(shorten(text, longest)))
	}
	return strings.Join(list, ", ")
}

// shorten returns the first characters of a text.
func shorten(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i] + "…"
		}
		n++
	}
	return text
}
