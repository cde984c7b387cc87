package push

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
)

// A table makes orders of the rows of CSV or a workbook. The data is the column "data", or
// "json_data" as export writes it, which holds JSON; or what stands in the columns "data.…"
// or "json_data.…"; or else an object of all columns but the code and the status.
type table struct {
	in      *sheet.Reader
	options *options

	heads  []string // of the columns that make the data, once they are known; "" for others
	isText []bool   // of the same columns
	known  bool
	err    error
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
		return t.options.setData(o, t.in.Heads()[t.in.At("data")], json.RawMessage(row.Get("data").Text))
	}
	return t.collect(o, row.Cells)
}

// setData takes a cell of JSON.
func (o *options) setData(to *order, column string, text json.RawMessage) error {
	if len(strings.TrimSpace(string(text))) == 0 {
		return lang.Errorf(`it has no "data"`)
	}
	if err := checkJSON(column, text); err != nil {
		return err
	}
	to.data = text
	return o.checkData(to)
}

// checkJSON refuses a text of a column that is no JSON.
func checkJSON(column string, text []byte) error {
	if !json.Valid(text) {
		return lang.Errorf("the column %q holds %q, which is no JSON", column, shorten(text))
	}
	return nil
}

// collect makes an object of the cells.
func (t *table) collect(o *order, cells []sheet.Cell) (err error) {
	if !t.known {
		t.known = true
		t.heads, t.isText, t.err = t.options.dataColumns(t.in)
	}
	if t.err != nil {
		return t.err
	}
	values := make([]sheet.Cell, len(t.heads))
	for i, head := range t.heads {
		if head == "" || i >= len(cells) || cells[i].IsEmpty() {
			continue
		}
		if why, damaged := sheet.Damaged(cells[i].Text); damaged {
			return lang.Errorf("the column %q holds %q: %s", head, cells[i].Text, why)
		}
		if t.isText[i] {
			values[i] = sheet.Text(cells[i].Text)
			continue
		}
		if t.in.IsAmbiguous(cells[i]) {
			whole := strings.Replace(cells[i].Text, ".", "", 1)
			return lang.Errorf("the column %q holds %q, which may be %s or %s: write one of these; with -text %s it stays a text", head, cells[i].Text, whole, strings.Replace(cells[i].Text, ".", ",", 1), t.in.Heads()[i])
		}
		values[i] = t.in.Guess(cells[i])
	}
	if o.data, err = sheet.Nest(t.heads, values); err != nil {
		return err
	}
	return t.options.checkData(o)
}

// dataColumns finds the columns of the data: heads as Nest takes them, and whether the
// cells stay texts.
func (o *options) dataColumns(in *sheet.Reader) (heads []string, isText []bool, err error) {
	all := in.Heads()
	hasData := slices.ContainsFunc(all, isData)
	heads, isText = make([]string, len(all)), make([]bool, len(all))
	found := false
	for i, head := range all {
		switch {
		case i == in.At("code") || i == in.At("status") || strings.EqualFold(head, "problem"):
			continue
		case hasData && !isData(head):
			continue // of the order, not of its data
		}
		if hasData {
			_, head, _ = strings.Cut(head, "data.")
		}
		heads[i], isText[i] = head, slices.Contains(o.text, all[i])
		found = found || head != ""
	}
	if !found {
		return nil, nil, lang.Errorf("no column is left for the data: %s", strings.Join(all, ", "))
	}
	for _, name := range o.text {
		if !slices.Contains(all, name) {
			return nil, nil, lang.Errorf("-text %s: there is no such column; the columns are %s", name, strings.Join(all, ", "))
		}
	}
	return heads, isText, nil
}

// isData reports whether a column is of a field of the data, as people and export call it.
func isData(head string) bool {
	return strings.HasPrefix(head, "data.") || strings.HasPrefix(head, recordData+".")
}
