package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// rows are the form of an exported file. A row has a key, by which the order is
// known again: its id, or a hash of the row where the server sent none.
type rows interface {
	head() []byte
	row(o *pmpsmart.Order) (line []byte, key uint64, err error) // line is valid until the next call
	keys(file io.Reader, each func(key uint64)) error           // of a file that ends with a whole row
	unmet() []string                                            // the columns asked for that no order had
}

func rowKey(id int64, row ...string) uint64 {
	if id > 0 {
		return uint64(id)
	}
	hash := fnv.New64a()
	for _, text := range row {
		// The CSV reader gives \n for \r\n.
		_, _ = io.WriteString(hash, strings.ReplaceAll(text, "\r\n", "\n")+"\x00")
	}
	return 1<<63 | hash.Sum64()
}

// jsonRows are JSON Lines: an order with the API's names and every other field
// that the server sent.
type jsonRows struct{}

func (jsonRows) head() []byte { return nil }

func (jsonRows) unmet() []string { return nil }

func (jsonRows) row(o *pmpsmart.Order) ([]byte, uint64, error) {
	o.CreatedAt, o.UpdatedAt = o.CreatedAt.In(wib), o.UpdatedAt.In(wib) // as in CSV
	line, err := o.MarshalJSON()
	return append(line, '\n'), rowKey(o.ID, string(line)), err
}

func (jsonRows) keys(file io.Reader, each func(uint64)) error {
	in := bufio.NewReaderSize(file, 64<<10)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line = bytes.TrimSuffix(line, []byte("\n"))
		var o pmpsmart.Order
		if err := o.UnmarshalJSON(line); err != nil {
			return err
		}
		each(rowKey(o.ID, string(line)))
	}
}

// columns are those of every CSV file, by the API's names.
var columns = []string{"id", "kode_order", "status", "date_order", "user_id", "outlet_id", "created_at", "updated_at"}

// csvRows are lines of CSV.
type csvRows struct {
	separator rune
	raw       bool
	names     []string
	extra     map[string]int // the column of a field that the Order struct does not hold
	met       []bool         // by column: an order had such a field
	cells     []string
	line      bytes.Buffer
	out       *csv.Writer
}

func newCSVRows(separator rune, extra []string, raw bool) *csvRows {
	r := &csvRows{separator: separator, raw: raw, extra: map[string]int{}}
	r.names = append(append(r.names, columns...), extra...)
	for i, name := range r.names {
		r.extra[name] = i
	}
	r.cells, r.met = make([]string, len(r.names)), make([]bool, len(r.names))
	r.out = csv.NewWriter(&r.line)
	r.out.Comma = separator
	return r
}

func (r *csvRows) head() []byte { return r.encode(r.names) }

func (r *csvRows) unmet() (names []string) {
	for i := len(columns); i < len(r.names); i++ {
		if !r.met[i] {
			names = append(names, r.names[i])
		}
	}
	return names
}

func (r *csvRows) encode(cells []string) []byte {
	r.line.Reset()
	_ = r.out.Write(cells) // into memory, which takes it
	r.out.Flush()
	return r.line.Bytes()
}

func (r *csvRows) row(o *pmpsmart.Order) ([]byte, uint64, error) {
	clear(r.cells)
	copy(r.cells, []string{
		number(o.ID), o.Code, string(o.Status), o.Date.String(),
		number(o.UserID), number(o.OutletID), moment(o.CreatedAt), moment(o.UpdatedAt),
	})
	// A value that its field could not take is in Extra under the field's name.
	for name, value := range o.Extra.All() {
		if i, asked := r.extra[name]; asked {
			r.cells[i], r.met[i] = text(value), true
		}
	}
	if !r.raw {
		for i := range r.cells {
			r.cells[i] = harmless(r.cells[i])
		}
	}
	return r.encode(r.cells), rowKey(o.ID, r.cells...), nil
}

func (r *csvRows) keys(file io.Reader, each func(uint64)) error {
	in := csv.NewReader(file)
	in.Comma, in.ReuseRecord, in.FieldsPerRecord = r.separator, true, len(r.names)
	for first := true; ; first = false {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if first {
			if strings.Join(row, ",") != strings.Join(r.names, ",") {
				return fmt.Errorf("its columns are %s", strings.Join(row, ", "))
			}
			continue
		}
		for i, cell := range row {
			r.met[i] = r.met[i] || cell != ""
		}
		id, _ := strconv.ParseInt(row[0], 10, 64)
		each(rowKey(id, row...))
	}
}

// number is an id, or nothing where the server sent none.
func number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// wib is the zone of the moments in a file, whatever the server sends.
var wib = time.FixedZone("WIB", 7*3600)

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(wib).Format(time.RFC3339)
}

// text is a JSON value as a cell: the text of a string, nothing for null, else
// the JSON itself.
func text(value json.RawMessage) string {
	var s string
	switch {
	case string(value) == "null":
		return ""
	case value[0] == '"' && json.Unmarshal(value, &s) == nil:
		return s
	}
	return string(value)
}

// harmless puts an apostrophe before a text that a spreadsheet would run as a
// formula. A number is not one, be it negative.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}
