package sheet

import (
	"bufio"
	"io"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A jsonForm writes an object a line, with the heads as names. A number is written as it
// is spelled, an empty cell as null.
type jsonForm struct {
	out   *bufio.Writer
	o     WriteOptions
	names [][]byte // quoted, with what stands before and after
	line  []byte
}

func newJSONForm(out io.Writer, heads []string, o WriteOptions) *jsonForm {
	f := &jsonForm{out: bufio.NewWriterSize(out, windowSize), o: o}
	for i, head := range heads {
		start := byte(',')
		if i == 0 {
			start = '{'
		}
		f.names = append(f.names, append(appendString([]byte{start}, head), ':'))
	}
	return f
}

func (f *jsonForm) row(cells []Cell) error {
	f.line = f.line[:0]
	for i, cell := range cells {
		f.line = append(f.line, f.names[i]...)
		if cell.Kind == KindTime {
			if t, ok := local(cell, f.o.Location); ok {
				cell.Text = t.Format(time.RFC3339Nano)
			}
		}
		f.line = append(f.line, cell.JSON()...)
	}
	_, err := f.out.Write(append(f.line, "}\n"...))
	return err
}

func (f *jsonForm) flush() error { return f.out.Flush() }

func (f *jsonForm) finish() error { return f.out.Flush() }

func (f *jsonForm) notes() []lang.Text { return nil }
