package push

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// An order is one line of the input.
type order struct {
	line   int
	in     pmpsmart.JSONOrderInput
	data   json.RawMessage
	sum    string // of the status and the data, however they are written
	broken error  // why the line is no order
	end    error  // why there are no more lines

	raw   []byte       // as the input has it, where that is JSON
	cells []sheet.Cell // as the input has them, where that is a table
}

// open opens the input. It looks at how it begins: what holds no orders is hardly the
// file that was meant.
func (o *options) open(t *tool.Tool, name string) (*sheet.Reader, error) {
	options, err := o.reading()
	if err != nil {
		return nil, err
	}
	var in *sheet.Reader
	switch {
	case name == "-":
		in, err = sheet.New(t.Sprintf("standard input"), t.Stdin, options)
	case name == "" && t.IsSandbox():
		in, err = sheet.New("sample.jsonl", bytes.NewReader(sample), options)
	case name == "":
		return nil, tool.Usagef("which FILE? %s -h tells more", t.Name())
	default:
		in, err = sheet.Open(name, options)
	}
	return in, tool.Usage(err)
}

// recordData is what the server calls the data of an order, and so does export.
const recordData = "json_data"

// columns are those of an order, as people and the server call them.
var columns = []sheet.Column{
	{Name: "code", Synonyms: []string{"kode", "kode_order", "order_code"}},
	{Name: "status", Optional: true},
	{Name: "data", Synonyms: []string{recordData}, Optional: true},
}

// columnOf returns the column that a member of JSON is of, else its name in small letters.
func columnOf(name string) string {
	name = strings.ToLower(name)
	for _, column := range columns {
		if slices.Contains(column.Synonyms, name) {
			return column.Name
		}
	}
	return name
}

// reading says what is looked for in a table.
func (o *options) reading() (sheet.ReadOptions, error) {
	r := sheet.ReadOptions{Whole: true, Sheet: o.sheet, Columns: columns}
	if o.columns == "" {
		return r, nil
	}
	mapping, err := sheet.ParseMapping(o.columns)
	if err != nil {
		return r, tool.Usagef("-columns is %q; %w", o.columns, err)
	}
	r.Mapping = mapping
	return r, nil
}

// readOrders sends the orders of the input one by one, in a goroutine of its own: a read
// from a pipe may wait for ever. A line that is no order does not end it; an input that
// can't be read does, by an order that says so in end.
func (o *options) readOrders(ctx context.Context, in *sheet.Reader) <-chan order {
	orders := make(chan order)
	go func() {
		defer close(orders)
		table := &table{in: in, options: o}
		for row, err := range in.Rows() {
			var next order
			bad, isOfRow := errors.AsType[*sheet.RowError](err)
			switch {
			case isOfRow:
				next = order{line: bad.Line, broken: bad.Unwrap()}
			case err != nil:
				next = order{end: err}
			case row.JSON != nil:
				next = o.parse(row.Line, row.JSON)
			default:
				next = table.order(row)
			}
			if !give(ctx, orders, next) || next.end != nil {
				return
			}
		}
	}()
	return orders
}

// countLines returns how many lines a file has, 0 where that can't be known at once.
func countLines(name string) int64 {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || sheet.FormatOf(name) == sheet.XLSX {
		return 0
	}
	file, err := os.Open(name)
	if err != nil {
		return 0
	}
	defer file.Close() //nolint:errcheck // only read
	lines, buffer := int64(0), make([]byte, 64<<10)
	for {
		n, err := file.Read(buffer)
		if bytes.IndexByte(buffer[:n], 0) >= 0 { // compressed, or UTF-16
			return 0
		}
		lines += int64(bytes.Count(buffer[:n], []byte("\n")))
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			return 0
		}
	}
}

var errNoOrders = lang.Errorf("the input holds no orders")

// give puts an order into a channel, unless the context ends before.
func give(ctx context.Context, orders chan<- order, o order) bool {
	select {
	case orders <- o:
		return true
	case <-ctx.Done():
		return false
	}
}

// take returns the next order of a channel, unless there is none or the context
// ends before.
func take(ctx context.Context, orders <-chan order) (o order, ok bool) {
	select {
	case o, ok = <-orders:
	case <-ctx.Done():
	}
	return o, ok
}
