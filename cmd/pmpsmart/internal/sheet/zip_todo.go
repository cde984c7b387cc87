package sheet

import (
	"bufio"
	"io"
	"os"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

func (r *Reader) openZip(file *os.File, b *bufio.Reader) error { return archive.refuse() }

func newXLSXForm(io.Writer, []string, WriteOptions) (form, error) {
	return nil, lang.Errorf("can't write %q; it can be csv, jsonl or xlsx", "xlsx")
}
