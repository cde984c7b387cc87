package tool

import (
	"errors"
	"io"
	"os"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
)

// WriteTable writes a table as a file, whole or not at all as WriteFile does. The name's
// end is the format; CSV where it stands for none. rows writes them.
func WriteTable(name string, heads []string, excel bool, rows func(*sheet.Writer) error) error {
	return WriteFile(name, func(out io.Writer) error {
		w, err := newTable(out, name, heads, excel)
		if err != nil {
			return err
		}
		return errors.Join(rows(w), w.Close())
	})
}

// A TableFile is a table whose rows are in its file as they are written, so that a run
// that is killed leaves what it had. A workbook is whole only once it is closed. It is for
// one goroutine.
type TableFile struct {
	file *os.File
	rows *sheet.Writer
}

// CreateTable begins a table as WriteTable would write it.
func CreateTable(name string, heads []string, excel bool) (*TableFile, error) {
	file, err := CreateFile(name)
	if err != nil {
		return nil, err
	}
	rows, err := newTable(file, name, heads, excel)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &TableFile{file, rows}, nil
}

// Write writes a row.
func (t *TableFile) Write(cells ...sheet.Cell) error {
	return errors.Join(t.rows.Write(cells...), t.rows.Flush())
}

// Close ends the table. That of nil does nothing.
func (t *TableFile) Close() error {
	if t == nil {
		return nil
	}
	return errors.Join(t.rows.Close(), t.file.Close())
}

func newTable(out io.Writer, name string, heads []string, excel bool) (*sheet.Writer, error) {
	return sheet.Create(out, heads, sheet.WriteOptions{Format: sheet.FormatOf(name), Excel: excel})
}
