package push

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
)

// A table makes orders of the rows of CSV or a workbook. The data is the column "data",
// which holds JSON; or what stands in the columns "data.…", as export writes them; or
// else an object of all columns but the code and the status.
type table struct {
	in      *sheet.Reader
	options *options

	fields []field // the columns that make the data, once they are known
	known  bool
	err    error
}

// A field is a column that is a part of the data.
type field struct {
	column int
	path   []string // "items", "0", "qty"
	isText bool
}

func (t *table) order(row sheet.Row) order {
	o := order{line: row.Line, cells: row.Cells}
	o.broken = t.read(&o, row)
	if o.broken == nil {
		o.in.Data = o.data
		o.sum = sum(o.in.Status, o.data)
	}
	return o
}

func (t *table) read(o *order, row sheet.Row) error {
	o.in.Code = sheet.Unquote(strings.Trim(row.Get("code").Text, " \t"))
	o.in.Status = pmpsmart.JSONOrderStatus(strings.Trim(row.Get("status").Text, " \t"))
	if t.options.status != "" {
		o.in.Status = pmpsmart.JSONOrderStatus(t.options.status)
	}
	switch {
	case o.in.Code == "":
		return lang.Errorf("the %s is empty", lang.T("code"))
	case !utf8.ValidString(o.in.Code):
		return lang.Errorf("the %s is not UTF-8; save the file as UTF-8", lang.T("code"))
	case o.in.Status == "":
		return lang.Errorf("it has no status: -status completed gives one to all, or name its column by -columns status=…")
	}
	if why, damaged := sheet.Damaged(o.in.Code); damaged {
		return lang.Errorf("the %s is %q: %s", lang.T("code"), o.in.Code, why)
	}
	if what, found := sheet.Invisible(o.in.Code); found {
		return lang.Errorf("the %s %q holds what can't be seen: %s", lang.T("code"), o.in.Code, what)
	}
	if t.in.Has("data") {
		return t.options.setData(o, json.RawMessage(row.Get("data").Text))
	}
	return t.collect(o, row.Cells)
}

// setData takes a cell of JSON.
func (o *options) setData(to *order, text json.RawMessage) error {
	if len(strings.TrimSpace(string(text))) == 0 {
		return lang.Errorf(`it has no "data"`)
	}
	if !json.Valid(text) {
		return lang.Errorf(`the column "data" holds %q, which is no JSON`, shorten(text))
	}
	to.data = text
	return o.checkData(to)
}

// collect makes an object of the cells.
func (t *table) collect(o *order, cells []sheet.Cell) error {
	if !t.known {
		t.known = true
		t.fields, t.err = t.options.fields(t.in)
	}
	if t.err != nil {
		return t.err
	}
	root := &node{}
	for _, f := range t.fields {
		if f.column >= len(cells) || cells[f.column].IsEmpty() {
			continue
		}
		if why, damaged := sheet.Damaged(cells[f.column].Text); damaged {
			return lang.Errorf("the column %q holds %q: %s", strings.Join(f.path, "."), cells[f.column].Text, why)
		}
		if err := root.set(f.path, value(cells[f.column], f.isText)); err != nil {
			return err
		}
	}
	data, err := root.appendTo(nil)
	if err != nil {
		return err
	}
	o.data = data
	return t.options.checkData(o)
}

// fields finds the columns of the data.
func (o *options) fields(in *sheet.Reader) (fields []field, err error) {
	heads := in.Heads()
	hasData := slices.ContainsFunc(heads, isData)
	for i, head := range heads {
		switch {
		case head == "" || i == in.At("code") || i == in.At("status") || strings.EqualFold(head, "problem"):
			continue
		case hasData && !isData(head):
			continue // of the order, as export writes it
		}
		fields = append(fields, field{i, strings.Split(strings.TrimPrefix(head, "data."), "."), slices.Contains(o.text, head)})
	}
	if len(fields) == 0 {
		return nil, lang.Errorf("no column is left for the data: %s", strings.Join(heads, ", "))
	}
	for _, name := range o.text {
		if !slices.Contains(heads, name) {
			return nil, lang.Errorf("-text %s: there is no such column; the columns are %s", name, strings.Join(heads, ", "))
		}
	}
	return fields, nil
}

func isData(head string) bool { return strings.HasPrefix(head, "data.") }

// value returns a cell as JSON. A cell of CSV that is spelled as JSON has numbers is a
// number: 12 and 12.5, but not 00012, +62 or 1,5; and no number longer than Excel keeps.
func value(cell sheet.Cell, isText bool) json.RawMessage {
	const mostDigits = 15
	text := cell.Text
	if cell.Kind == sheet.KindPlain && !isText {
		switch {
		case text == "true" || text == "false":
			return json.RawMessage(text)
		case len(text) <= mostDigits && json.Valid([]byte(text)) && strings.Trim(text, "-.0123456789") == "":
			return json.RawMessage(text)
		}
	}
	if cell.Kind == sheet.KindPlain || isText {
		return sheet.Text(text).JSON()
	}
	return cell.JSON()
}

// A node is a value on its way to be JSON: an object, or a list where all names are
// numbers from 0 on.
type node struct {
	value    json.RawMessage
	names    []string
	children map[string]*node
}

var errTwice = errors.New("twice")

func (n *node) set(path []string, value json.RawMessage) error {
	if len(path) == 0 {
		if n.value != nil || n.children != nil {
			return errTwice
		}
		n.value = value
		return nil
	}
	if n.value != nil {
		return lang.Errorf("the column %q is a value and has fields", strings.Join(path, "."))
	}
	if n.children == nil {
		n.children = map[string]*node{}
	}
	child := n.children[path[0]]
	if child == nil {
		child = &node{}
		n.children[path[0]] = child
		n.names = append(n.names, path[0])
	}
	if err := child.set(path[1:], value); errors.Is(err, errTwice) {
		return lang.Errorf("two columns are %q", strings.Join(path, "."))
	} else if err != nil {
		return err
	}
	return nil
}

func (n *node) isList() bool {
	for i := range n.names {
		if n.children[strconv.Itoa(i)] == nil {
			return false
		}
	}
	return len(n.names) > 0
}

func (n *node) appendTo(to []byte) ([]byte, error) {
	if n.value != nil {
		return append(to, n.value...), nil
	}
	isList := n.isList()
	open, end := byte('{'), byte('}')
	if isList {
		open, end = '[', ']'
	}
	to = append(to, open)
	for i, name := range n.names {
		if i > 0 {
			to = append(to, ',')
		}
		if isList {
			name = strconv.Itoa(i)
		} else {
			quoted, err := json.Marshal(name)
			if err != nil {
				return nil, err
			}
			to = append(append(to, quoted...), ':')
		}
		var err error
		if to, err = n.children[name].appendTo(to); err != nil {
			return nil, err
		}
	}
	return append(to, end), nil
}
