package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A target is a file or a folder that the report is written to.
type target struct {
	path     string
	isFolder bool
	format   string // one of formats
}

// formats are the values of -format.
var formats = []string{"svg", "png", "csv", "xlsx", "jsonl"}

// targets reads -o and -format. A name that ends in a format's is a file, any other a
// folder.
func (o *options) targets(asked tool.Range, now time.Time) ([]target, error) {
	if o.format != "" && !slices.Contains(formats, o.format) {
		return nil, tool.Usagef("-format is %q; want svg, png, csv, xlsx or jsonl", o.format)
	}
	out := o.out
	if len(out) == 0 && o.format != "" {
		out = []string{"."}
	}
	var all []target
	for _, name := range out {
		t := target{path: tool.FillDates(name, asked, now), isFolder: true, format: o.format}
		ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(t.path)), ".")
		info, err := os.Stat(t.path)
		switch {
		case name == "" || name == "-":
			return nil, tool.Usagef("-o %q is no file; the tables go to the standard output anyway, and -json prints the numbers", name)
		case isForeign(ending) && err != nil:
			return nil, tool.Usagef("-o %s: can't write .%s; want .svg, .png, .csv, .xlsx or .jsonl, or the name of a folder", name, ending)
		case err == nil && info.IsDir(), strings.HasSuffix(t.path, "/"), !slices.Contains(formats, ending):
			if t.format == "" {
				t.format = "svg"
			}
		case o.format != "" && o.format != ending:
			return nil, tool.Usagef("-o %s ends in .%s, and -format is %s; give one of them", name, ending, o.format)
		default:
			t.isFolder, t.format = false, ending
		}
		all = append(all, t)
	}
	if o.excel && !slices.ContainsFunc(all, func(t target) bool { return t.format == "csv" }) {
		return nil, tool.Usagef("-excel is for numbers as CSV: -o report.csv, or -format csv")
	}
	return all, nil
}

// isForeign reports whether a name's ending is that of a file of another format.
func isForeign(ending string) bool {
	return slices.Contains([]string{"pdf", "jpg", "jpeg", "gif", "webp", "xls", "ods", "json", "txt", "html", "docx", "pptx"}, ending)
}

// A file is one to write, and how.
type file struct {
	path  string
	write func(io.Writer) error
}

// write writes what was asked for and returns the files that are there. What can't be
// written does not keep the others from it.
func (r *report) write(t *tool.Tool, targets []target, excel bool) (written []string, err error) {
	if len(targets) == 0 {
		return nil, nil
	}
	paint := newPainter(t.Language, r)
	for _, one := range targets {
		names, writeErr := r.writeTarget(one, paint, excel)
		written, err = append(written, names...), errors.Join(err, writeErr)
	}
	return written, err
}

func (r *report) writeTarget(t target, paint *painter, excel bool) (written []string, err error) {
	if t.isFolder {
		if err := tool.MakeFolder(t.path); err != nil {
			return nil, err
		}
	}
	for _, f := range r.files(t, paint, excel) {
		if err := tool.WriteFile(f.path, f.write); err != nil {
			return written, err // the next would most likely meet the same
		}
		written = append(written, f.path)
	}
	return written, nil
}

// files returns the files of a target.
func (r *report) files(t target, paint *painter, excel bool) []file {
	orders, visits := t.path, strings.TrimSuffix(t.path, filepath.Ext(t.path))+"-visits"+filepath.Ext(t.path)
	if t.isFolder {
		orders = filepath.Join(t.path, "orders-by-"+r.by+"."+t.format)
		visits = filepath.Join(t.path, "visits-by-salesperson."+t.format)
	}
	if t.format == "svg" || t.format == "png" {
		save := func(draw func() *picture.Picture) func(io.Writer) error {
			return func(w io.Writer) error { return draw().Write(w, picture.Format(t.format)) }
		}
		if !t.isFolder {
			return []file{{orders, save(paint.both)}}
		}
		return []file{{orders, save(paint.orders)}, {visits, save(paint.visits)}}
	}
	options := sheet.WriteOptions{Format: sheet.Format(t.format), Excel: excel && t.format == "csv"}
	return []file{
		{orders, func(w io.Writer) error { return r.writeOrders(w, options) }},
		{visits, func(w io.Writer) error { return r.writeVisits(w, options) }},
	}
}
