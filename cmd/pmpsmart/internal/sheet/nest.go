package sheet

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// Nest makes a JSON object of a row, as [Flatten] would make the row of the object: a
// cell of "customer.name" is a field of an object, one of "items.0.qty" a field of an
// item. Fields whose names are the numbers from 0 on, by the heads, are items. Empty cells
// are left out, and with them the objects and items that have no other; a head may be ""
// for a column that is to be left out.
func Nest(heads []string, cells []Cell) (json.RawMessage, error) {
	root := &branch{}
	for i, head := range heads {
		if head == "" {
			continue
		}
		var cell Cell
		if i < len(cells) {
			cell = cells[i]
		}
		if err := root.add(strings.Split(head, "."), cell); err != nil {
			return nil, lang.Errorf("column %q: %w", head, err)
		}
	}
	if !root.isThere {
		return json.RawMessage("{}"), nil
	}
	return root.append(nil), nil
}

// A branch is an object or a list that is being put together, or a value.
type branch struct {
	order   []string
	by      map[string]*branch
	value   json.RawMessage
	isThere bool // it holds a cell that is not empty
}

func (b *branch) add(path []string, cell Cell) error {
	switch isEmpty := cell.IsEmpty(); {
	case isEmpty && len(path) == 0:
		return nil
	case !isEmpty && b.value != nil && len(path) == 0:
		return lang.Errorf("another column has the same name")
	case !isEmpty && b.value != nil:
		return lang.Errorf("another column holds the whole of it")
	case !isEmpty && b.isThere && len(path) == 0:
		return lang.Errorf("other columns hold parts of it")
	case len(path) == 0:
		b.value, b.isThere = cell.JSON(), true
		return nil
	case !isEmpty:
		b.isThere = true
	}
	name := path[0]
	next := b.by[name]
	if next == nil {
		next = &branch{}
		if b.by == nil {
			b.by = map[string]*branch{}
		}
		b.by[name], b.order = next, append(b.order, name)
	}
	return next.add(path[1:], cell)
}

// isList reports whether the names are those of items.
func (b *branch) isList() bool {
	for i := range b.order {
		if b.by[strconv.Itoa(i)] == nil {
			return false
		}
	}
	return len(b.order) > 0
}

func (b *branch) append(to []byte) []byte {
	if b.value != nil {
		return append(to, b.value...)
	}
	isList := b.isList()
	open, end := byte('{'), byte('}')
	if isList {
		open, end = '[', ']'
	}
	to = append(to, open)
	isFirst := true
	for i, name := range b.order {
		if isList {
			name = strconv.Itoa(i)
		}
		if !b.by[name].isThere {
			continue
		}
		if !isFirst {
			to = append(to, ',')
		}
		isFirst = false
		if !isList {
			to = append(appendString(to, name), ':')
		}
		to = b.by[name].append(to)
	}
	return append(to, end)
}

// Guess returns what a cell of CSV most likely is: a number as JSON has it, true, false,
// an object or a list; where the separator is no comma also a number with one. Everything
// else is a text, and so is a number that starts with a zero or a plus, has an exponent or
// is longer than Excel keeps: a code or a phone. Cells of other formats know what they are.
func (r *Reader) Guess(cell Cell) Cell {
	if cell.Kind != KindPlain {
		return cell
	}
	text := cell.Text
	switch {
	case text == "":
		return Cell{}
	case isShortNumber(text):
		return Cell{KindNumber, text}
	case r.separator != "," && commaNumber.MatchString(text):
		if number := strings.Replace(text, ",", ".", 1); isShortNumber(number) {
			return Cell{KindNumber, number}
		}
	case text == "true" || text == "false":
		return Cell{KindBool, text}
	case (text[0] == '{' || text[0] == '[') && json.Valid([]byte(text)):
		return Cell{KindJSON, text}
	}
	return Text(text)
}

var (
	commaNumber = regexp.MustCompile(`^-?[0-9]+,[0-9]+$`)
	oneGroup    = regexp.MustCompile(`^-?[1-9][0-9]{0,2}\.[0-9]{3}$`)
)

// IsAmbiguous reports whether a number of CSV may mean a thousand times as much. Where the
// separator is no comma, as programs in Indonesia have it, a comma is the decimal sign:
// 1.500 is one and a half to Guess and fifteen hundred to who typed it.
func (r *Reader) IsAmbiguous(cell Cell) bool {
	return cell.Kind == KindPlain && r.separator != "," && oneGroup.MatchString(cell.Text)
}

// isShortNumber reports whether a text is a number of JSON without an exponent, which every
// program keeps to its last digit.
func isShortNumber(text string) bool {
	const mostDigits = 15
	return len(text) <= mostDigits && isJSONNumber(text) && !strings.ContainsAny(text, "eE")
}
