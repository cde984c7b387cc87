package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A book is an Excel workbook that is being read. excelize writes ours, but what it gives
// of each row is either what is shown or a bare number, without saying that this is a
// date; and a damaged sheet it ends in silence.
type book struct {
	parts     *parts
	sheets    []sheetPart
	formats   []numberFormat // by style
	date1904  bool
	strings   *sharedStrings // nil until one is asked for
	stringsAt string
}

// A sheetPart is a sheet of a workbook.
type sheetPart struct {
	name, path string
	hidden     bool
}

type relations struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// openBook reads what sheets there are and how numbers are shown.
func openBook(p *parts) (*book, error) {
	b := &book{parts: p}
	at := "xl/workbook.xml"
	var roots relations
	if p.files["_rels/.rels"] != nil {
		if err := p.decode("_rels/.rels", &roots); err != nil {
			return nil, err
		}
	}
	for _, root := range roots.All {
		if strings.HasSuffix(root.Type, "/officeDocument") {
			at = root.Target
		}
	}
	at = partName(at)
	var related relations
	if err := p.decode(path.Join(path.Dir(at), "_rels", path.Base(at)+".rels"), &related); err != nil {
		return nil, err
	}
	if err := b.readWorkbook(at, related); err != nil {
		return nil, err
	}
	for _, r := range related.All {
		switch target := resolve(at, r.Target); {
		case strings.HasSuffix(r.Type, "/styles"):
			if err := b.readStyles(target); err != nil {
				return nil, err
			}
		case strings.HasSuffix(r.Type, "/sharedStrings"):
			b.stringsAt = target
		}
	}
	return b, nil
}

// resolve finds what a part refers to.
func resolve(from, target string) string {
	if strings.HasPrefix(target, "/") {
		return partName(target)
	}
	return partName(path.Join(path.Dir(from), target))
}

// decode reads a part whole: those that are short.
func (p *parts) decode(name string, to any) error {
	const most = 64 << 20
	in, err := p.open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := xml.NewDecoder(io.LimitReader(in, most)).Decode(to); err != nil {
		return lang.Errorf("the workbook's part %q can't be read: %w", name, err)
	}
	return nil
}

func (b *book) readWorkbook(at string, related relations) error {
	var workbook struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.parts.decode(at, &workbook); err != nil {
		return err
	}
	b.date1904 = workbook.Properties.Date1904 == "1" || workbook.Properties.Date1904 == "true"
	for _, s := range workbook.Sheets {
		for _, r := range related.All {
			if r.ID == s.ID && strings.HasSuffix(r.Type, "/worksheet") {
				b.sheets = append(b.sheets, sheetPart{s.Name, resolve(at, r.Target), s.State == "hidden" || s.State == "veryHidden"})
			}
		}
	}
	return nil
}

func (b *book) readStyles(at string) error {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.parts.decode(at, &styles); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, f := range styles.Formats {
		codes[f.ID] = f.Code
	}
	for _, cell := range styles.Cells {
		code, custom := codes[cell.Format]
		if custom {
			b.formats = append(b.formats, formatOfCode(code))
		} else {
			b.formats = append(b.formats, formatOfID(cell.Format))
		}
	}
	return nil
}

// openBook chooses the sheet, and the sheets that go on with it: Data, Data 2, Data 3.
func (r *Reader) openBook(b *book) error {
	at := -1
	for i, s := range b.sheets {
		if !s.hidden {
			r.sheets = append(r.sheets, s.name)
		}
		if at < 0 && (r.o.Sheet == "" && !s.hidden || r.o.Sheet != "" && strings.EqualFold(s.name, r.o.Sheet)) {
			at = i
		}
	}
	switch {
	case at < 0 && r.o.Sheet != "":
		return lang.Errorf("there is no sheet %q; the sheets are %s", r.o.Sheet, quoted(r.sheets))
	case at < 0:
		return lang.Errorf("the workbook has no sheet that is shown")
	}
	r.sheet = b.sheets[at].name
	s := &xlsxRows{r: r, book: b, sheets: continued(b.sheets, at)}
	r.close = append(r.close, s.close)
	if err := s.open(); err != nil {
		return err
	}
	err := r.openTable(s, rowsOfSheet)
	if errors.Is(err, errNoRows) {
		return lang.Errorf("the sheet %q is empty; the sheets are %s", r.sheet, quoted(r.sheets))
	}
	var bad *RowError
	if errors.As(err, &bad) && len(r.sheets) > 1 {
		return lang.Errorf("sheet %q, one of %s: %w", r.sheet, quoted(r.sheets), err)
	}
	return err
}

// continued returns a sheet and those that a table goes on in.
func continued(sheets []sheetPart, at int) []sheetPart {
	list := sheets[at : at+1 : at+1]
	for n := 2; ; n++ {
		found := false
		for _, s := range sheets {
			if s.name == sheetName(sheets[at].name, n) && !s.hidden {
				list, found = append(list, s), true
			}
		}
		if !found {
			return list
		}
	}
}
