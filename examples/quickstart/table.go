package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// A table is printed with aligned columns.
type table struct{ lines []string }

func newTable(columns ...string) *table {
	return &table{[]string{strings.ToUpper(strings.Join(columns, "\t"))}}
}

func (t *table) row(cells ...any) {
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = clean(fmt.Sprint(cell))
	}
	t.lines = append(t.lines, strings.Join(texts, "\t"))
}

// clean keeps a cell on its line, whatever the server sent.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

func (t *table) print(out io.Writer) error {
	if len(t.lines) == 1 {
		_, err := fmt.Fprintln(out, "  none")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, line := range t.lines {
		fmt.Fprintln(w, "  "+line)
	}
	return w.Flush()
}

// wib is the zone in which the people who made the data work.
var wib = time.FixedZone("WIB", 7*3600)

func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(wib).Format("2006-01-02 15:04 MST")
}

// total returns an order's amount, a field that no struct names; a dash where the server sent none.
func total(o pmpsmart.Order) string {
	var amount float64
	if err := o.Extra.Decode("total", &amount); err != nil {
		return "-"
	}
	return rupiah(amount)
}

func rupiah(amount float64) string {
	digits := strconv.FormatFloat(amount, 'f', 0, 64)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return "Rp " + digits
}
