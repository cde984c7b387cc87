package sheet

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// Nest makes a JSON object of a row, as [Flatten] would make the row of the object: a
// cell of "customer.name" is a field of an object, one of "items.0.qty" a field of an
// item. Items are counted from 0. Empty cells are left out, and with them the objects
// and items that have no other; a head may be "" for a column that is to be left out.
func Nest(heads []string, cells []Cell) (json.RawMessage, error) {
	root := &branch{}
	for i, head := range heads {
		if head == "" || i >= len(cells) || cells[i].IsEmpty() {
			continue
		}
		if err := root.add(strings.Split(head, "."), cells[i]); err != nil {
			return nil, lang.Errorf("column %q: %w", head, err)
		}
	}
	if len(root.order) == 0 {
		return json.RawMessage("{}"), nil
	}
	return root.append(nil), nil
}

// A branch is an object or a list that is being put together, or a value.
type branch struct {
	order []string
	by    map[string]*branch
	value json.RawMessage
}

func (b *branch) add(path []string, cell Cell) error {
	if b.value != nil {
		return lang.Errorf("another column holds the whole of it")
	}
	if len(path) == 0 {
		if len(b.order) > 0 {
			return lang.Errorf("other columns hold parts of it")
		}
		b.value = cell.JSON()
		return nil
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

// items returns the numbers of the items in their order, if all are numbers.
func (b *branch) items() (items []int, isList bool) {
	for _, name := range b.order {
		n, err := strconv.Atoi(name)
		if err != nil || strconv.Itoa(n) != name || n < 0 {
			return nil, false
		}
		items = append(items, n)
	}
	slices.Sort(items)
	return items, true
}

func (b *branch) append(to []byte) []byte {
	if b.value != nil {
		return append(to, b.value...)
	}
	items, isList := b.items()
	if isList {
		to = append(to, '[')
		for i, n := range items {
			if i > 0 {
				to = append(to, ',')
			}
			to = b.by[strconv.Itoa(n)].append(to)
		}
		return append(to, ']')
	}
	to = append(to, '{')
	for i, name := range b.order {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(appendString(to, name), ':')
		to = b.by[name].append(to)
	}
	return append(to, '}')
}

// Guess returns what a cell of CSV most likely is: a number as JSON has it, true, false,
// an object or a list; in a file with semicolons also a number with a comma. Everything
// else is a text, and so is a number that starts with a zero or a plus: a code or a
// phone. Cells of other formats know what they are.
func (r *Reader) Guess(cell Cell) Cell {
	if cell.Kind != KindPlain {
		return cell
	}
	text := cell.Text
	switch {
	case text == "":
		return Cell{}
	case isJSONNumber(text):
		return Cell{KindNumber, text}
	case r.separator == ";" && commaNumber.MatchString(text):
		if number := strings.Replace(text, ",", ".", 1); isJSONNumber(number) {
			return Cell{KindNumber, number}
		}
	case text == "true" || text == "false":
		return Cell{KindBool, text}
	case (text[0] == '{' || text[0] == '[') && json.Valid([]byte(text)):
		return Cell{KindJSON, text}
	}
	return Text(text)
}
