package sheet

import "bytes"

// A csvParser takes CSV apart as spreadsheets write it and people change it.
//
// A cell that starts with a quote ends at the next one before a separator or a line's
// end, and may hold separators, line breaks and, doubled, quotes. Where no such quote
// follows, or one that stands before something else comes first, the quotes are part of
// the text and the cell is read as it stands: "Maju" Jaya. So one stray quote costs
// nothing beyond its own cell. A line ends with LF, CR LF or CR.
type csvParser struct {
	sep      string
	maxCell  int
	maxCells int

	// Of the record that was parsed last:
	cells  [][]byte // valid while the data is; no more than maxCells
	width  int      // how many cells there were
	quoted bool     // one cell at least stood in quotes
	stray  int      // quotes that are part of an unquoted cell
	lines  int      // the line ends that it took
	joined []byte   // room for cells that held doubled quotes
}

// parse takes one record off data and returns how many bytes it took. It returns 0 if
// the record may go on beyond data; final says that nothing follows.
func (p *csvParser) parse(data []byte, final bool) int {
	p.cells, p.width, p.quoted, p.stray, p.lines, p.joined = p.cells[:0], 0, false, 0, 0, p.joined[:0]
	for at := 0; ; {
		cell, next, ok := p.cell(data, at, final)
		if !ok {
			return 0
		}
		if p.width++; p.width <= p.maxCells {
			p.cells = append(p.cells, cell)
		}
		if bytes.HasPrefix(data[next:], []byte(p.sep)) {
			at = next + len(p.sep)
			continue
		}
		if !final && data[next] == '\r' && len(data)-next < 3 {
			return 0 // LF may follow
		}
		if next < len(data) {
			p.lines++
		}
		return next + lineEnd(data[next:])
	}
}

// lineEnd returns the length of the line end that data starts with.
func lineEnd(data []byte) int {
	switch {
	case len(data) == 0:
		return 0
	case data[0] == '\n':
		return 1
	case data[0] != '\r':
		return 0
	case len(data) > 1 && data[1] == '\n':
		return 2
	case len(data) > 2 && data[1] == '\r' && data[2] == '\n':
		return 3 // a text of CR LF that was saved as text once more
	}
	return 1
}

// cell returns the cell that starts at data[at:] and where it ends.
func (p *csvParser) cell(data []byte, at int, final bool) (cell []byte, next int, ok bool) {
	start := at
	for start < len(data) && data[start] == ' ' && p.sep != " " {
		start++
	}
	if start < len(data) && data[start] == '"' {
		cell, next, found, more := p.quotedCell(data, start, final)
		switch {
		case more:
			return nil, 0, false
		case found:
			p.quoted = true
			return cell, next, true
		}
	}
	next = at
	for ; next < len(data); next++ {
		c := data[next]
		if c == '\n' || c == '\r' || c == p.sep[0] && bytes.HasPrefix(data[next:], []byte(p.sep)) {
			break
		}
		if c == '"' {
			p.stray++
		}
	}
	return data[at:next], next, final || next < len(data)
}

// quotedCell reads a cell whose quote is at data[start]. found says that it ends as such
// a cell does, more that the data does not tell.
func (p *csvParser) quotedCell(data []byte, start int, final bool) (cell []byte, next int, found, more bool) {
	doubled := false
	for at := start + 1; ; {
		reach := min(len(data), start+p.maxCell)
		length := bytes.IndexByte(data[min(at, reach):reach], '"')
		if length < 0 {
			return nil, 0, false, !final && reach == len(data)
		}
		at += length
		if at+1 < len(data) && data[at+1] == '"' {
			doubled = true
			at += 2
			continue
		}
		if at+1 == len(data) && !final {
			return nil, 0, false, true
		}
		next, found, more = p.closes(data, at+1, final)
		if !found {
			return nil, 0, false, more
		}
		cell = data[start+1 : at]
		p.lines += lineEnds(cell)
		if doubled {
			cell = p.single(cell)
		}
		return cell, next, true, false
	}
}

// closes reports whether a quote before data[at] ends its cell.
func (p *csvParser) closes(data []byte, at int, final bool) (next int, found, more bool) {
	for at < len(data) && data[at] == ' ' && p.sep != " " {
		at++
	}
	rest := data[at:]
	switch {
	case len(rest) == 0:
		return at, final, !final
	case rest[0] == '\n' || rest[0] == '\r' || bytes.HasPrefix(rest, []byte(p.sep)):
		return at, true, false
	}
	return 0, false, !final && len(rest) < len(p.sep)
}

// single makes one quote of each two.
func (p *csvParser) single(cell []byte) []byte {
	start := len(p.joined)
	for len(cell) > 0 {
		before, after, found := bytes.Cut(cell, []byte(`""`))
		p.joined = append(p.joined, before...)
		if found {
			p.joined = append(p.joined, '"')
		}
		cell = after
	}
	return p.joined[start:]
}

// lineEnds counts the line ends in a quoted cell.
func lineEnds(cell []byte) int {
	n := bytes.Count(cell, []byte("\n"))
	if bytes.IndexByte(cell, '\r') >= 0 {
		n += bytes.Count(cell, []byte("\r")) - bytes.Count(cell, []byte("\r\n"))
	}
	return n
}

// isBlank reports whether the record is an empty line, or one of separators alone.
func (p *csvParser) isBlank() bool {
	if p.quoted || p.width > len(p.cells) {
		return false
	}
	for _, cell := range p.cells {
		if len(bytes.Trim(cell, " \t")) > 0 {
			return false
		}
	}
	return true
}
