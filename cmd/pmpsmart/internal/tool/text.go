package tool

import (
	"runtime"
	"strings"
	"time"
	"unicode"

	"github.com/rivo/uniseg"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// Took returns how long something took: "21.3s", "45ms".
func Took(since time.Time) lang.Duration { return lang.Duration(time.Since(since)) }

// Clean returns a text that does nothing to a terminal and stays on its line. What
// a server sends could do both. The joiners of emoji and of names in Persian or Hindi
// stay.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r), r == '\u200c', r == '\u200d':
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return unicode.ReplacementChar
	}, text)
}

// Word returns a file's name as it is typed in a command.
func Word(name string) string {
	isPlain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("/\\:._-+=,@%{}", r)
	}
	switch {
	case !strings.ContainsFunc(name, func(r rune) bool { return !isPlain(r) }):
		return name
	case runtime.GOOS == "windows" || !strings.ContainsAny(name, "\"$`\\!"):
		return `"` + name + `"`
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

// A Table is printed in columns.
type Table struct {
	right []bool
	rows  [][]string
}

// NewTable makes a table with these heads. A head that starts with ">" is of a
// column of numbers, which stand to the right.
func NewTable(heads ...string) *Table {
	t := &Table{right: make([]bool, len(heads))}
	for i, head := range heads {
		heads[i], t.right[i] = strings.CutPrefix(head, ">")
	}
	t.Row(heads...)
	return t
}

// Row adds a row. It has a cell for each head.
func (t *Table) Row(cells ...string) {
	row := make([]string, len(t.right))
	for i := range row {
		row[i] = Clean(cells[i])
	}
	t.rows = append(t.rows, row)
}

// String returns the lines of the table.
func (t *Table) String() string {
	widths := make([]int, len(t.right))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	var b strings.Builder
	for _, row := range t.rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell))
			if t.right[i] {
				cell = pad + cell
			} else {
				cell += pad
			}
			line.WriteString(cell + "  ")
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
