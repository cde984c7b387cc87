package export

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A target is where the export goes.
type target struct {
	name   string    // as it was given
	path   string    // of the file; "" for a stream
	stream io.Writer // nil for a file
}

func (t *target) isStream() bool { return t.stream != nil }

// write writes the file whole.
func (t *target) write(write func(io.Writer) error) error { return tool.WriteFile(t.path, write) }

// job reads the flags.
func (o *options) job(t *tool.Tool, args []string, now time.Time) (*job, error) {
	what := tool.Argument(args, 0)
	if what != "" && o.what != "" && what != o.what {
		return nil, tool.Usagef("-what is %q, and the argument %q; give one of them", o.what, what)
	}
	if what == "" {
		what = o.what
	}
	kind, err := kindOf(what)
	if err != nil {
		return nil, err
	}
	j := &job{tool: t, began: now}
	if j.query, err = o.newQuery(kind, now); err != nil {
		return nil, err
	}
	if err := o.check(t); err != nil {
		return nil, err
	}
	j.form, err = o.newForm(kind)
	return j, err
}

// check refuses flags that don't go with each other.
func (o *options) check(t *tool.Tool) error {
	switch {
	case o.resume && o.restart:
		return tool.Usagef("-resume goes on and -restart begins anew; give one of them")
	case o.isStdout() && (o.resume || o.restart):
		return tool.Usagef("the standard output can't be resumed; name a FILE by -o")
	case o.isStdout() && t.IsJSON():
		return tool.Usagef("-json prints the result where -o - writes the records; leave out one of them")
	case o.parallel < 1 || o.parallel > mostParallel:
		return tool.Usagef("-parallel is %d; want 1 to %d", o.parallel, mostParallel)
	case o.columns != nil && o.extra != nil:
		return tool.Usagef("-columns names all columns and -extra some more; give one of them")
	}
	return nil
}

// isStdout reports whether the records go to the standard output.
func (o *options) isStdout() bool {
	return slices.Contains([]string{"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}, o.out)
}

// newForm returns the form of the file.
func (o *options) newForm(k *kind) (*form, error) {
	format, err := o.formatOf()
	if err != nil {
		return nil, err
	}
	f := &form{kind: k, items: strings.TrimSpace(o.items), write: sheet.WriteOptions{Format: format, Excel: o.excel, Raw: o.raw, Sheet: k.name}}
	if o.separator != "" {
		separator, size := utf8.DecodeRuneInString(o.separator)
		if size != len(o.separator) || strings.ContainsRune("\"\r\n\ufffd", separator) {
			return nil, tool.Usagef("-separator is %q; want one character such as ; that is no quote", o.separator)
		}
		f.write.Separator = separator
	}
	if format != sheet.CSV && (o.excel || o.raw || o.separator != "") {
		return nil, tool.Usagef("-excel, -raw and -separator are for CSV")
	}
	if format == sheet.JSONLines && o.extra != nil {
		return nil, tool.Usagef("JSON Lines hold every field as it came; -extra is for CSV and xlsx, and -columns for these alone")
	}
	if f.columns, err = columnNames("columns", o.columns, nil); err != nil {
		return nil, err
	}
	if slices.Contains(o.extra, "all") {
		f.all = true
		o.extra = slices.DeleteFunc(slices.Clone(o.extra), func(name string) bool { return name == "all" })
	}
	f.extra, err = columnNames("extra", o.extra, k.columns)
	return f, err
}

// columnNames reads the columns of a flag.
func columnNames(flag string, names, there []string) (columns []string, err error) {
	for _, name := range names {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if slices.Contains(there, name) || slices.Contains(columns, name) {
			return nil, tool.Usagef("-%s %s: there is such a column already", flag, name)
		}
		columns = append(columns, name)
	}
	return columns, nil
}

// formatOf returns the format of the file.
func (o *options) formatOf() (sheet.Format, error) {
	switch strings.ToLower(o.format) {
	case "":
	case "csv":
		return sheet.CSV, nil
	case "jsonl", "ndjson":
		return sheet.JSONLines, nil
	case "xlsx":
		return sheet.XLSX, nil
	default:
		return "", tool.Usagef("can't write %q: -format is csv, jsonl or xlsx", o.format)
	}
	if o.out == "" || o.isStdout() {
		return sheet.CSV, nil
	}
	if format := sheet.FormatOf(o.out); format != sheet.Auto {
		return format, nil
	}
	if info, err := os.Stat(o.out); err == nil && info.IsDir() {
		return "", tool.Usagef("%s is a folder; name a file in it", o.out)
	}
	ending := filepath.Ext(o.out)
	if ending == "" || ending == "." {
		return "", tool.Usagef("-o %s ends in neither .csv, .jsonl nor .xlsx; name it so, or give -format csv, -format jsonl or -format xlsx", o.out)
	}
	return "", tool.Usagef("can't write %q: -format is csv, jsonl or xlsx", strings.TrimPrefix(strings.ToLower(ending), "."))
}

// place returns where the records go.
func (o *options) place(j *job, now time.Time) (*target, error) {
	if o.isStdout() {
		return &target{name: j.tool.Sprintf("the standard output"), stream: j.tool.Stdout}, nil
	}
	name := o.out
	if name == "" {
		name = j.query.kind.name + map[sheet.Format]string{sheet.CSV: ".csv", sheet.JSONLines: ".jsonl", sheet.XLSX: ".xlsx"}[j.form.write.Format]
	}
	name = tool.FillDates(name, j.query.days, now)
	if info, err := os.Stat(name); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return o.device(j, name)
	}
	path, err := tool.Place(name)
	if err != nil {
		return nil, tool.Usage(err)
	}
	return &target{name: name, path: path}, nil
}

// device returns what is no file and is written as a stream, such as a pipe that the shell
// has made or /dev/null.
func (o *options) device(j *job, name string) (*target, error) {
	if o.resume || o.restart {
		return nil, tool.Usagef("%s is not a regular file, and can't be resumed", name)
	}
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return nil, tool.Usage(lang.Errorf("%s is not a regular file: %w", name, err))
	}
	return &target{name: name, stream: file}, nil
}
