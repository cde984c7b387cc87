package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// openZip reads a workbook, or says what else a zip file is.
func (r *Reader) openZip(file *os.File, b *bufio.Reader) error {
	in, size, err := r.seekable(file, b)
	if err != nil {
		return err
	}
	z, err := zip.NewReader(in, size)
	if err != nil {
		return lang.Errorf("the file is an Excel workbook (.xlsx) or an archive, and is damaged or not whole: %w", err)
	}
	p := newParts(z, r.o.MaxSize)
	if err := p.refuseOthers(); err != nil {
		return err
	}
	if r.o.Format != Auto && r.o.Format != XLSX {
		return lang.Errorf("the file is an Excel workbook (.xlsx), not %s", map[Format]string{CSV: "CSV", JSONLines: "JSON Lines", JSONArray: "JSON"}[r.o.Format])
	}
	book, err := openBook(p)
	if err != nil {
		return err
	}
	r.format = XLSX
	return r.openBook(book)
}

// seekable returns what is left to read of a file, or of a pipe once it is in memory or,
// if it is long, in a temporary file.
func (r *Reader) seekable(file *os.File, b *bufio.Reader) (io.ReaderAt, int64, error) {
	if file != nil {
		info, err := file.Stat()
		at, seekErr := file.Seek(0, io.SeekCurrent)
		if err == nil && seekErr == nil && info.Mode().IsRegular() {
			start := at - int64(b.Buffered())
			return io.NewSectionReader(file, start, info.Size()-start), info.Size() - start, nil
		}
	}
	const inMemory = 4 << 20
	start, err := io.ReadAll(io.LimitReader(b, inMemory))
	if err != nil {
		return nil, 0, err
	}
	if len(start) < inMemory {
		return bytes.NewReader(start), int64(len(start)), nil
	}
	temp, err := os.CreateTemp("", "pmpsmart-*.xlsx")
	if err != nil {
		return nil, 0, lang.Errorf("can't keep the workbook for reading: %w", err)
	}
	r.close = append(r.close, func() error { return errors.Join(temp.Close(), os.Remove(temp.Name())) })
	size, err := io.Copy(temp, io.LimitReader(io.MultiReader(bytes.NewReader(start), b), r.o.MaxSize+1))
	switch {
	case err != nil:
		return nil, 0, lang.Errorf("can't keep the workbook for reading: %w", err)
	case size > r.o.MaxSize:
		return nil, 0, lang.Errorf("the workbook is larger than %s", lang.Size(r.o.MaxSize))
	}
	return temp, size, nil
}

// parts are the files within a workbook.
type parts struct {
	files map[string]*zip.File
	most  int64
}

func newParts(z *zip.Reader, most int64) *parts {
	p := &parts{files: map[string]*zip.File{}, most: most}
	for _, file := range z.File {
		p.files[partName(file.Name)] = file
	}
	return p
}

// partName returns what two spellings of a part's name have in common.
func partName(name string) string {
	name = strings.ReplaceAll(strings.ToLower(name), `\`, "/")
	return strings.TrimPrefix(path.Clean(name), "/")
}

// refuseOthers names a zip file that is no workbook.
func (p *parts) refuseOthers() error {
	var content string
	for name := range p.files {
		if folder, _, ok := strings.Cut(name, "/"); ok && (folder == "word" || folder == "ppt") && p.files["[content_types].xml"] != nil {
			content = folder
		}
	}
	mime := p.start("mimetype")
	switch {
	case p.files["xl/workbook.bin"] != nil:
		return lang.Errorf("the file is a binary Excel workbook (.xlsb); open it in Excel and save it as .xlsx")
	case strings.Contains(mime, "opendocument.spreadsheet"):
		return lang.Errorf("the file is an OpenDocument spreadsheet (.ods); save it as .xlsx or as CSV")
	case content != "" || strings.Contains(mime, "opendocument"):
		return lang.Errorf("the file is a document, not a table; it has to be CSV, JSON Lines or .xlsx")
	case p.files["[content_types].xml"] == nil && p.files["xl/workbook.xml"] == nil:
		return archive.refuse()
	}
	return nil
}

func (p *parts) start(name string) string {
	in, err := p.open(name)
	if err != nil {
		return ""
	}
	defer in.Close()
	start, _ := io.ReadAll(io.LimitReader(in, 200)) // what can't be read says nothing
	return string(start)
}

// open opens a part, bounded in what it may become.
func (p *parts) open(name string) (io.ReadCloser, error) {
	file := p.files[partName(name)]
	if file == nil {
		return nil, lang.Errorf("the workbook lacks its part %q", name)
	}
	in, err := file.Open()
	if err != nil {
		return nil, lang.Errorf("the workbook is damaged: %w", err)
	}
	return &part{in, 0, p.most, max(int64(file.CompressedSize64), 1)}, nil //nolint:gosec // it is less than the file's size
}

// A part is one that is being read.
type part struct {
	io.ReadCloser
	n, most, packed int64
}

func (p *part) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.n += int64(n)
	switch {
	case p.n > p.most:
		return 0, lang.Errorf("the workbook unpacks to more than %s", lang.Size(p.most))
	case p.n > bombFrom && p.n > bombRatio*p.packed:
		return 0, lang.Errorf("the workbook grows more than %d times when it is unpacked; it is made to fill memory, not to be read", bombRatio)
	case err != nil && !errors.Is(err, io.EOF):
		return 0, lang.Errorf("the workbook is damaged: %w", err)
	}
	return n, err
}
