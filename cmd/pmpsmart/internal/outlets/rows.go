package outlets

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A row is one line of the file: what an outlet's code should be, and what
// becomes of it.
type row struct {
	Line    int    `json:"line"`
	ID      int64  `json:"id"`
	Now     string `json:"now"` // the code that the server has
	Code    string `json:"code"`
	State   state  `json:"state"`
	Problem string `json:"problem,omitempty"` // of a row that is refused

	id string // as the file has it
}

// A state is what has become of a row.
type state string

const (
	toUpdate state = "update" // the server has another code
	same     state = "same"   // the server has this code
	updated  state = "updated"
	refused  state = "refused" // by the server, or by us
)

func (r *row) refuse(format string, args ...any) {
	r.State, r.Problem = refused, fmt.Sprintf(format, args...)
}

// readRows reads the file and refuses what can't be right on its own.
func readRows(file io.Reader) ([]*row, error) {
	in, err := newReader(file)
	if err != nil {
		return nil, err
	}
	var rows []*row
	idAt, codeAt := 0, 1 // where no heads say otherwise
	for first := true; ; first = false {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if first && !isID(cells[0]) {
			if idAt, codeAt, err = heads(cells); err != nil {
				return nil, err
			}
			continue
		}
		line, _ := in.FieldPos(0)
		rows = append(rows, newRow(line, cells, idAt, codeAt))
	}
	if len(rows) == 0 {
		return nil, errors.New("holds no rows")
	}
	refuseRepeats(rows)
	refuseSameCode(rows)
	return rows, nil
}

// newReader makes a CSV reader for what spreadsheets save: perhaps with a
// byte-order mark, perhaps with semicolons.
func newReader(file io.Reader) (*csv.Reader, error) {
	text, err := tool.Text(file)
	if err != nil {
		return nil, err
	}
	start, err := text.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	in := csv.NewReader(text)
	in.FieldsPerRecord = -1 // a short row is refused alone
	first, _, _ := bytes.Cut(start, []byte("\n"))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		in.Comma = ';'
	}
	return in, nil
}

func isID(cell string) bool {
	_, err := strconv.ParseInt(strings.TrimSpace(cell), 10, 64)
	return err == nil
}

// heads finds the two columns by their heads.
func heads(cells []string) (idAt, codeAt int, err error) {
	for i := range cells {
		cells[i] = strings.ToLower(strings.TrimSpace(cells[i]))
	}
	find := func(names ...string) int {
		return slices.IndexFunc(cells, func(head string) bool { return slices.Contains(names, head) })
	}
	idAt, codeAt = find("id", "id_outlet", "outlet_id"), find("code", "kode", "kode_outlet")
	if idAt < 0 || codeAt < 0 {
		return 0, 0, fmt.Errorf(`line 1: want the columns "id" and "code", found %q`, cells)
	}
	return idAt, codeAt, nil
}

func newRow(line int, cells []string, idAt, codeAt int) *row {
	r := &row{Line: line}
	if len(cells) <= max(idAt, codeAt) {
		r.id = strings.Join(cells, " ")
		r.refuse("the row has %s, needs %d", tool.Count(int64(len(cells)), "cell"), max(idAt, codeAt)+1)
		return r
	}
	// The server would trim the code.
	r.id, r.Code = strings.TrimSpace(cells[idAt]), strings.TrimSpace(cells[codeAt])
	id, err := strconv.ParseInt(r.id, 10, 64)
	switch {
	case err != nil || id < 1:
		r.refuse("%q is not an id", r.id)
	case r.Code == "":
		r.refuse("the code is empty")
	case !utf8.ValidString(r.Code):
		r.refuse("the code is not UTF-8; save the file as UTF-8")
	}
	if err == nil {
		r.ID = id
	}
	return r
}

// refuseRepeats refuses each row of an id that stands in several: which of them
// is right nobody here can know.
func refuseRepeats(rows []*row) {
	of := map[int64][]*row{}
	for _, r := range rows {
		if r.ID > 0 {
			of[r.ID] = append(of[r.ID], r)
		}
	}
	for _, twins := range of {
		for i, r := range twins {
			if len(twins) == 1 || r.State == refused {
				continue
			}
			other := twins[0]
			if i == 0 {
				other = twins[1]
			}
			r.refuse("the id stands on line %d too", other.Line)
		}
	}
}
