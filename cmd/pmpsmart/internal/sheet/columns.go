package sheet

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A Column is one that a program looks for in a file.
type Column struct {
	Name     string   // by which [Row.Get] gives its cell; a head that says so fits
	Synonyms []string // other heads that fit: "id_outlet" fits "ID Outlet" too
	Optional bool     // a file may lack it
}

// ParseMapping reads which head of a file is which column, as a flag has it:
//
//	code=Kode,status=Status pesanan
//	code="Kode, baru",id=#2
//
// A head that holds a comma stands in quotes; #2 is the second column, whatever its
// head.
func ParseMapping(text string) (map[string]string, error) {
	mapping := map[string]string{}
	for text = strings.TrimSpace(text); text != ""; {
		name, rest, ok := strings.Cut(text, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return nil, lang.Errorf("%q names no column of the file; write it like code=Kode,status=Status", text)
		}
		head, rest, err := cutHead(strings.TrimSpace(rest))
		if err != nil {
			return nil, err
		}
		if head == "" {
			return nil, lang.Errorf("%s= names no column of the file; write it like code=Kode,status=Status", name)
		}
		if _, twice := mapping[name]; twice {
			return nil, lang.Errorf("the column %q is given twice", name)
		}
		mapping[name], text = head, strings.TrimSpace(rest)
	}
	return mapping, nil
}

// cutHead takes the first head off a mapping.
func cutHead(text string) (head, rest string, err error) {
	if !strings.HasPrefix(text, `"`) {
		head, rest, _ = strings.Cut(text, ",")
		return strings.TrimSpace(head), rest, nil
	}
	head, rest, ok := strings.Cut(text[1:], `"`)
	rest = strings.TrimSpace(rest)
	if !ok || rest != "" && rest[0] != ',' {
		return "", "", lang.Errorf(`%s lacks a closing quote; write it like code="Kode, baru"`, text)
	}
	return head, strings.TrimPrefix(rest, ","), nil
}

// normal returns what two heads have in common that people take for the same: letters in
// lower case and digits. "ID Outlet", "id_outlet" and "Id-outlet" are one.
func normal(head string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, head)
}

// fits reports whether a head is the column's.
func (c Column) fits(head string) bool {
	head = normal(head)
	if head == "" {
		return false
	}
	for _, name := range append([]string{c.Name}, c.Synonyms...) {
		if normal(name) == head {
			return true
		}
	}
	return false
}

// A choice says where in a file's rows each wanted column is.
type choice struct {
	columns []Column
	mapping map[string]string
	at      []int // by column; -1 where the file lacks it
}

// newChoice checks that the mapping names wanted columns. Where no columns are
// wanted, those of the mapping are.
func newChoice(columns []Column, mapping map[string]string) (*choice, error) {
	c := &choice{columns: columns, mapping: mapping}
	known := map[string]bool{}
	for _, column := range columns {
		known[column.Name] = true
	}
	for _, name := range sorted(mapping) {
		switch {
		case len(columns) == 0:
			c.columns = append(c.columns, Column{Name: name})
		case !known[name]:
			return nil, lang.Errorf("there is no column %q to be named; there are %s", name, quoted(names(columns)))
		}
	}
	c.at = make([]int, len(c.columns))
	return c, nil
}

// index returns where a wanted column is, -1 for nowhere.
func (c *choice) index(column string) int {
	for i := range c.columns {
		if c.columns[i].Name == column {
			return c.at[i]
		}
	}
	return -1
}

// score counts the wanted columns that a row of heads has.
func (c *choice) score(heads []string) (n int) {
	for _, column := range c.columns {
		for _, head := range heads {
			mapped := c.mapping[column.Name]
			if column.fits(head) || mapped != "" && normal(mapped) == normal(head) {
				n++
				break
			}
		}
	}
	return n
}

// find looks where each column is. Two that fit are refused: which of them is meant
// nobody here can know.
func (c *choice) find(heads []string) error {
	taken := map[int]bool{}
	for i := range c.at {
		c.at[i] = -1
	}
	for i, column := range c.columns {
		if head, ok := c.mapping[column.Name]; ok {
			at, err := named(heads, column.Name, head)
			if err != nil {
				return err
			}
			c.at[i], taken[at] = at, true
		}
	}
	var missing []string
	for i, column := range c.columns {
		if c.at[i] >= 0 {
			continue
		}
		var fit []int
		for at, head := range heads {
			if !taken[at] && column.fits(head) {
				fit = append(fit, at)
			}
		}
		switch {
		case len(fit) > 1:
			return lang.Errorf("two columns could be the %s: %s and %s; name the one that is meant, like %s=%s",
				column.Name, place(heads, fit[0]), place(heads, fit[1]), column.Name, naming(heads, fit[0]))
		case len(fit) == 1:
			c.at[i] = fit[0]
		case !column.Optional:
			missing = append(missing, column.Name)
		}
	}
	if missing != nil {
		return &missingError{missing, heads}
	}
	return nil
}

// A missingError tells of columns that a file lacks.
type missingError struct{ missing, heads []string }

// In returns the message in a language.
func (e *missingError) In(l lang.Language) string {
	return l.Sprintf("there is no column %s; the columns are %s", quoted(e.missing), quoted(e.heads))
}

func (e *missingError) Error() string { return e.In(lang.English) }

// named finds the column that a mapping names.
func named(heads []string, column, head string) (int, error) {
	if number, ok := strings.CutPrefix(head, "#"); ok {
		if n, err := strconv.Atoi(number); err == nil {
			if n < 1 || n > len(heads) {
				return 0, lang.Errorf("%s=%s: there is no such column; there are %d", column, head, len(heads))
			}
			return n - 1, nil
		}
	}
	same := func(match func(string) bool) (at []int) {
		for i, h := range heads {
			if match(h) {
				at = append(at, i)
			}
		}
		return at
	}
	fit := same(func(h string) bool { return strings.TrimSpace(h) == head })
	if len(fit) == 0 {
		fit = same(func(h string) bool { return normal(h) == normal(head) && normal(h) != "" })
	}
	switch {
	case len(fit) == 0:
		return 0, lang.Errorf("%s=%s: there is no such column; the columns are %s", column, head, quoted(heads))
	case len(fit) > 1:
		return 0, lang.Errorf("%s=%s: two columns are called so, the %s and the %s; name one by its number, like %s=#%d",
			column, head, place(heads, fit[0]), place(heads, fit[1]), column, fit[0]+1)
	}
	return fit[0], nil
}

// place names a column for people.
func place(heads []string, at int) lang.Text { return lang.T("%q (column %d)", heads[at], at+1) }

// naming returns what a mapping calls a column, so that no other is called so.
func naming(heads []string, at int) string {
	for i, head := range heads {
		if i != at && normal(head) == normal(heads[at]) {
			return fmt.Sprintf("#%d", at+1)
		}
	}
	if strings.ContainsAny(heads[at], `,"`) {
		return fmt.Sprintf("#%d", at+1)
	}
	return strings.TrimSpace(heads[at])
}
