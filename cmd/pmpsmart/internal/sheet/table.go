package sheet

import (
	"errors"
	"io"
	"strings"
	"unicode"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// headRows is how many rows of titles and notes may stand above the heads.
const headRows = 20

// errNoRows is of a file that holds nothing, or blank rows alone.
var errNoRows = lang.Errorf("there are no rows in it")

// A table is a source whose rows have their heads in one row: CSV, or a sheet of a
// workbook. Rows that were read to find the heads are given first.
type table struct {
	r      *Reader
	in     rowSource
	unit   unit
	strict bool // rows are as long as the heads
	first  []read
}

type read struct {
	row Row
	err error
}

// openTable finds the heads.
func (r *Reader) openTable(in rowSource, u unit) error {
	t := &table{r: r, in: in, unit: u, strict: u == lines}
	for len(t.first) < headRows {
		row, err := in.next()
		var bad *RowError
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.As(err, &bad) {
			return err
		}
		t.first = append(t.first, read{row, err})
	}
	r.rows = t
	if len(t.first) == 0 {
		return errNoRows
	}
	return t.findHeads()
}

// findHeads finds the row of heads: that which has the most wanted columns. Where none
// are wanted it is the first that has more than half as many cells as most rows.
func (t *table) findHeads() error {
	at, score := -1, 0
	for i, first := range t.first {
		if n := t.r.choice.score(texts(first.row.Cells)); n > score {
			at, score = i, n
		}
	}
	if len(t.r.choice.columns) == 0 {
		at = t.fullRow()
	}
	if first := t.first[0]; at < 0 && first.err == nil && t.r.o.Headless != nil && t.r.o.Headless(first.row.Cells) {
		return t.withoutHeads()
	}
	if at < 0 {
		at = max(t.fullRow(), 0)
	}
	if err := t.first[at].err; err != nil {
		return err
	}
	row := t.first[at].row
	t.first = t.first[at+1:]
	t.r.heads, t.r.headLine = clean(texts(row.Cells)), row.Line
	if err := t.r.choice.find(t.r.heads); err != nil {
		return t.onRow(row, err)
	}
	return nil
}

func (t *table) onRow(row Row, err error) error {
	bad := &RowError{Line: row.Line, Err: err, unit: t.unit}
	if row.Sheet != t.r.sheet {
		bad.sheet = row.Sheet
	}
	return bad
}

// fullRow returns the first row that could be one of heads.
func (t *table) fullRow() int {
	widths := map[int]int{}
	usual := 0
	for _, first := range t.first {
		n := filled(first.row.Cells)
		widths[n]++
		if widths[n] > widths[usual] || widths[n] == widths[usual] && n > usual {
			usual = n
		}
	}
	for i, first := range t.first {
		if first.err == nil && filled(first.row.Cells)*2 > usual {
			return i
		}
	}
	return -1
}

// withoutHeads takes the first row for data if the program can tell that it is: the
// wanted columns are then there in their order, or where the mapping says by number.
func (t *table) withoutHeads() error {
	choice, cells := t.r.choice, t.first[0].row.Cells
	blank := make([]string, len(cells))
	taken := map[int]string{}
	for i, column := range choice.columns {
		at := i
		if number, ok := choice.mapping[column.Name]; ok {
			var err error
			if at, err = named(blank, column.Name, number); err != nil {
				return lang.Errorf("the file has no heads; name a column by its number, like %s=#2: %w", column.Name, err)
			}
		}
		if other, ok := taken[at]; ok {
			return lang.Errorf("the file has no heads, and column %d would be both the %s and the %s; name both by number", at+1, other, column.Name)
		}
		choice.at[i], taken[at] = at, column.Name
		if column.Optional && at >= len(cells) {
			choice.at[i] = -1
		}
	}
	return nil
}

func texts(cells []Cell) []string {
	list := make([]string, len(cells))
	for i, cell := range cells {
		list[i] = cell.Text
	}
	return list
}

func filled(cells []Cell) (n int) {
	for _, cell := range cells {
		if strings.TrimSpace(cell.Text) != "" {
			n++
		}
	}
	return n
}

// clean takes out of heads what can't be seen.
func clean(heads []string) []string {
	for i, head := range heads {
		heads[i] = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
			if isInvisible(r) && !unicode.IsSpace(r) {
				return -1
			}
			return r
		}, head)), " ")
	}
	return heads
}

// next returns the next row, checked against the heads.
func (t *table) next() (Row, error) {
	row, err := t.read()
	if err != nil {
		var bad *RowError
		if errors.As(err, &bad) {
			bad.unit = t.unit
		}
		return row, err
	}
	row.choice = t.r.choice
	if err := t.check(&row); err != nil {
		return Row{Line: row.Line}, t.onRow(row, err)
	}
	return row, nil
}

func (t *table) read() (Row, error) {
	if len(t.first) > 0 {
		first := t.first[0]
		t.first = t.first[1:]
		return first.row, first.err
	}
	return t.in.next()
}

// check refuses a row that lacks cells or has cells beyond the heads: a separator or a
// quote too few or too many moves what follows into another column. Excel leaves out
// empty cells at a row's end; so may the cells of columns that nobody needs be missing.
func (t *table) check(row *Row) error {
	if t.r.headLine == 0 {
		return t.checkNeeded(row, 0)
	}
	width := len(t.r.heads)
	for i := width; i < len(row.Cells) && t.strict; i++ {
		if strings.TrimSpace(row.Cells[i].Text) != "" {
			return lang.Errorf("the row has %s, and there are %d heads; column %d holds %q: does a text hold the separator without standing in quotes?",
				lang.Count(int64(len(row.Cells)), "cell"), width, i+1, shorten(row.Cells[i].Text, 40))
		}
	}
	if len(row.Cells) > width {
		row.Cells = row.Cells[:width]
	}
	if err := t.checkNeeded(row, width); err != nil {
		return err
	}
	for len(row.Cells) < width {
		row.Cells = append(row.Cells, Cell{})
	}
	return nil
}

// checkNeeded refuses a row that is too short for the columns that are needed: the
// wanted ones or, if none are, all.
func (t *table) checkNeeded(row *Row, width int) error {
	if !t.strict {
		return nil
	}
	needs := 0
	for i, column := range t.r.choice.columns {
		if !column.Optional {
			needs = max(needs, t.r.choice.at[i]+1)
		}
	}
	if len(t.r.choice.columns) == 0 {
		needs = width
	}
	if len(row.Cells) < needs {
		return lang.Errorf("the row has %s, needs %d", lang.Count(int64(len(row.Cells)), "cell"), needs)
	}
	return nil
}
