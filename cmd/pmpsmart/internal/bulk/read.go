package bulk

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// read takes the rows of the plan, of the command line or of the file, and refuses what
// can't be right on its own.
func (j *job) read() error {
	switch {
	case j.options.Plan != "":
		return j.readPlan()
	case j.input.Rows != nil:
		j.rows = j.input.Rows
	default:
		if err := j.readFile(); err != nil {
			return tool.Usage(err)
		}
	}
	refuseRepeats(j.rows)
	if j.kind.Unique {
		j.kind.refuseSameValue(j.rows)
	}
	return nil
}

func (j *job) readFile() error {
	in, err := j.open()
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	for row, err := range in.Rows() {
		if bad, ok := errors.AsType[*sheet.RowError](err); ok {
			r := &Row{Line: bad.Line}
			r.refuse(bad.Unwrap())
			j.rows = append(j.rows, r)
			continue
		}
		if err != nil {
			return err
		}
		j.rows = append(j.rows, j.newRow(row))
	}
	j.heads = in.Heads()
	if len(j.rows) == 0 {
		return lang.Errorf("%s: holds no rows", in.Name())
	}
	return nil
}

func (j *job) open() (*sheet.Reader, error) {
	o := sheet.ReadOptions{Columns: []sheet.Column{j.kind.ID, j.kind.Column}, Sheet: j.options.Sheet, Headless: isHeadless}
	if j.kind.All != "" {
		o.Columns[1].Optional = true
	}
	if j.options.Columns != "" {
		mapping, err := sheet.ParseMapping(j.options.Columns)
		if err != nil {
			return nil, lang.Errorf("-columns is %q; %w", j.options.Columns, err)
		}
		o.Mapping = mapping
	}
	switch name := j.input.Name; {
	case name == "-":
		return sheet.New(j.tool.Sprintf("standard input"), j.tool.Stdin, o)
	case name == "" && j.tool.IsSandbox() && j.input.Sample != nil:
		return sheet.New("sample.csv", bytes.NewReader(j.input.Sample), o)
	case name == "":
		return nil, lang.Errorf("which FILE? %s -h tells more", j.tool.Name())
	default:
		return sheet.Open(name, o)
	}
}

// isHeadless reports whether a row is one of data: it begins with an id.
func isHeadless(cells []sheet.Cell) bool {
	if len(cells) == 0 {
		return false
	}
	_, ok := sheet.Integer(strings.TrimSpace(cells[0].Text))
	return ok
}

// newRow takes a row of the file. Blanks around a value are dropped, as the server
// would; what can't be seen otherwise is refused.
func (j *job) newRow(row sheet.Row) *Row {
	r := &Row{Line: row.Line, cells: row.Cells}
	r.id = trim(row.Get(j.kind.ID.Name).Text)
	r.Want = sheet.Unquote(trim(row.Get(j.kind.Column.Name).Text))
	switch {
	case j.kind.All != "":
		r.Want = j.kind.All
	case j.kind.Spell != nil:
		r.Want = j.kind.Spell(r.Want)
	}
	id, ok := sheet.Integer(r.id)
	if ok && id > 0 {
		r.ID = id
	}
	if problem := j.problemOf(r); problem != nil {
		r.refuse(problem)
	}
	return r
}

// NewRow returns a row of the command line.
func NewRow(line int, id int64, want string) *Row {
	return &Row{Line: line, ID: id, id: strconv.FormatInt(id, 10), Want: want}
}

func trim(text string) string { return strings.Trim(text, " \t") }

func (j *job) problemOf(r *Row) error {
	switch {
	case r.ID == 0 && r.id == "":
		return lang.Errorf("the id is empty")
	case r.ID == 0:
		return lang.Errorf("%q is not an id", r.id)
	case r.Want == "":
		return lang.Errorf("the %s is empty", lang.T(j.kind.Column.Name))
	case !utf8.ValidString(r.Want):
		return lang.Errorf("the %s is not UTF-8; save the file as UTF-8", lang.T(j.kind.Column.Name))
	}
	if what, found := sheet.Invisible(r.Want); found {
		return lang.Errorf("the %s %q holds what can't be seen: %s", lang.T(j.kind.Column.Name), r.Want, what)
	}
	if why, damaged := sheet.Damaged(r.Want); damaged {
		return lang.Errorf("the %s is %q: %s", lang.T(j.kind.Column.Name), r.Want, why)
	}
	return nil
}

// refuseRepeats refuses each row of an id that stands in several with different values:
// which of them is right nobody here can know. One that stands there again just the same
// is left out.
func refuseRepeats(rows []*Row) {
	of := map[int64][]*Row{}
	for _, r := range rows {
		if r.ID > 0 {
			of[r.ID] = append(of[r.ID], r)
		}
	}
	for _, twins := range of {
		for i, r := range twins {
			if len(twins) == 1 || r.State == Refused {
				continue
			}
			other := twins[0]
			if i == 0 {
				other = twins[1]
			}
			if sameWant(twins) {
				if i > 0 {
					r.State = Same
				}
				continue
			}
			r.refuse(lang.Errorf("the id stands on line %d too", other.Line))
		}
	}
}

func sameWant(rows []*Row) bool {
	for _, r := range rows {
		if r.State == Refused || r.Want != rows[0].Want {
			return false
		}
	}
	return true
}
