package sheet

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// windowSize is how much of a file is looked at to find out what it is.
const windowSize = 64 << 10

// open finds out what in is, and makes the source of the rows.
func (r *Reader) open(in io.Reader) error {
	file, _ := in.(*os.File)
	b := bufio.NewReaderSize(in, windowSize)
	start, err := peekStart(b)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(start, []byte("\x1f\x8b")) {
		file = nil
		if b, err = r.gunzip(b); err != nil {
			return err
		}
		if start, err = peekStart(b); err != nil {
			return err
		}
	}
	kind := kindOf(start)
	if kind == xmlText { // what kind of XML, stands further down
		more, _ := b.Peek(4096)
		kind = kindOf(more)
	}
	switch {
	case len(start) == 0:
		return lang.Errorf("the file is empty")
	case kind == zipped:
		return r.openZip(file, b)
	case kind == oldExcel && isLocked(b):
		return lockedExcel.refuse()
	case kind != textual:
		return kind.refuse()
	}
	return r.openText(b)
}

// peekStart returns the start of what can be read, without waiting for more than a line:
// the first line, if it says anything, or 1,024 bytes. It is the same however the bytes
// come.
func peekStart(b *bufio.Reader) ([]byte, error) {
	const enough, short = 1024, 8
	for n := 1; ; n = min(max(n, b.Buffered())+1, enough) {
		_, err := b.Peek(n)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		start, _ := b.Peek(min(b.Buffered(), enough))
		if len(start) > short {
			if end := bytes.IndexByte(start[short:], '\n'); end >= 0 {
				return start[:short+end+1], nil
			}
		}
		if err != nil || len(start) >= enough {
			return start, nil
		}
	}
}

// gunzip reads through a compressed file.
func (r *Reader) gunzip(b *bufio.Reader) (*bufio.Reader, error) {
	packed := &counter{in: b}
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return nil, lang.Errorf("the file is compressed (gzip) and damaged: %w", err)
	}
	return bufio.NewReaderSize(&unpacker{in: unpacked, packed: packed, most: r.o.MaxSize}, windowSize), nil
}

// A counter counts what is read through it.
type counter struct {
	in *bufio.Reader
	n  int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counter) ReadByte() (byte, error) { // or gzip would read ahead
	b, err := c.in.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// An unpacker bounds what a compressed file may become.
type unpacker struct {
	in     io.Reader
	packed *counter
	n      int64
	most   int64
}

// Tables are compressed to a tenth or, where all rows are alike, a hundredth. Only what
// is made to fill memory goes to a thousandth.
const (
	bombRatio = 300
	bombFrom  = 32 << 20
)

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	u.n += int64(n)
	switch {
	case u.n > u.most:
		return 0, lang.Errorf("the compressed file holds more than %s", lang.Size(u.most))
	case u.n > bombFrom && u.n > bombRatio*u.packed.n:
		return 0, lang.Errorf("the compressed file grows more than %d times; it is made to fill memory, not to be read", bombRatio)
	case err != nil && !errors.Is(err, io.EOF):
		return 0, lang.Errorf("the file is compressed (gzip) and damaged or not whole: %w", err)
	}
	return n, err
}

// openText reads CSV or JSON.
func (r *Reader) openText(b *bufio.Reader) error {
	b, err := r.decode(b)
	if err != nil {
		return err
	}
	start, err := peekStart(b)
	if err != nil {
		return err
	}
	if kind := kindOf(start); kind != textual { // in UTF-16
		return kind.refuse()
	}
	if r.o.Sheet != "" {
		return lang.Errorf("the file has no sheets, of which one is %q: it is no Excel workbook (.xlsx)", r.o.Sheet)
	}
	switch format := r.textFormat(start); format {
	case JSONLines, JSONArray:
		if r.o.Format == CSV {
			return lang.Errorf("the file is JSON, not CSV")
		}
		return r.openJSON(b, start)
	}
	if r.o.Format == JSONLines || r.o.Format == JSONArray {
		return lang.Errorf("the file is not JSON; it starts with %q", shorten(string(bytes.ToValidUTF8(bytes.TrimSpace(start), nil)), 20))
	}
	if r.o.Format == XLSX {
		return lang.Errorf("the file is a text (CSV perhaps), not an Excel workbook (.xlsx)")
	}
	return r.openCSV(b)
}

// decode makes UTF-8 of UTF-16 and takes a byte-order mark away. Text that is neither is
// looked at row by row.
func (r *Reader) decode(b *bufio.Reader) (*bufio.Reader, error) {
	start, err := peekStart(b)
	if err != nil {
		return nil, err
	}
	r.encoding = "UTF-8"
	var order unicode.Endianness
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		_, err := b.Discard(3)
		return b, err
	case bytes.HasPrefix(start, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(start, []byte("\x00\x00\xfe\xff")):
		return nil, lang.Errorf("the file is UTF-32; save it as UTF-8")
	case bytes.HasPrefix(start, []byte("\xff\xfe")):
		order = unicode.LittleEndian
	case bytes.HasPrefix(start, []byte("\xfe\xff")):
		order = unicode.BigEndian
	default:
		little, ok := looksUTF16(start)
		if !ok {
			return b, nil
		}
		order = unicode.BigEndian
		if little {
			order = unicode.LittleEndian
		}
	}
	r.encoding = "UTF-16"
	decoder := unicode.UTF16(order, unicode.UseBOM).NewDecoder()
	return bufio.NewReaderSize(decoder.Reader(b), windowSize), nil
}

// looksUTF16 recognizes UTF-16 without a byte-order mark: of what tables are made of,
// separators and digits at least, each second byte is zero. In the first line, too: zeros
// that come only later are what somebody's cells hold.
func looksUTF16(start []byte) (little, ok bool) {
	if line, _, whole := bytes.Cut(start, []byte("\n")); whole && len(line) > 0 && utf8.Valid(line) && bytes.IndexByte(line, 0) < 0 {
		return false, false
	}
	var zeros [2]int
	for i, c := range start {
		if c == 0 {
			zeros[i%2]++
		}
	}
	half := len(start) / 2
	switch {
	case half < 2:
		return false, false
	case zeros[1]*3 > half && zeros[0]*20 <= zeros[1]:
		return true, true
	case zeros[0]*3 > half && zeros[1]*20 <= zeros[0]:
		return false, true
	}
	return false, false
}
