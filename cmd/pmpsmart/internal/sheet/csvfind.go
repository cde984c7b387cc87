package sheet

// The separators that are looked for, the likeliest first.
var separators = []string{",", ";", "\t", "|"}

// findSeparator returns the separator by which the first rows of a file look most like
// a table: heads that are wanted and stand first, rows of one width, no stray quotes.
func findSeparator(window []byte, final bool, parser csvParser, wanted *choice) string {
	best, found := evidence{}, separators[0]
	for _, sep := range separators {
		parser.sep = sep
		if e := weigh(window, final, parser, wanted); best.less(e) {
			best, found = e, sep
		}
	}
	return found
}

// evidence is what speaks for a separator.
type evidence struct {
	wanted int // columns in one row
	at     int // the first row that has them
	alike  int // rows of the commonest width above one
	width  int // that width
	stray  int // quotes that make no sense: against it
}

func (e evidence) less(f evidence) bool {
	switch {
	case e.wanted != f.wanted:
		return e.wanted < f.wanted
	case e.at != f.at:
		return e.at > f.at
	case e.alike != f.alike:
		return e.alike < f.alike
	case e.stray != f.stray:
		return e.stray > f.stray && f.alike > 0
	}
	return e.width < f.width
}

// weigh parses the first rows with a separator.
func weigh(window []byte, final bool, parser csvParser, wanted *choice) (e evidence) {
	const rows = 100
	widths := map[int]int{}
	for n := 0; n < rows && len(window) > 0; {
		size := parser.parse(window, final)
		if size == 0 && n == 0 {
			size = parser.parse(window, true) // a first row as long as the window
		}
		if size == 0 {
			break
		}
		window = window[size:]
		if parser.isBlank() {
			continue
		}
		n++
		e.stray += parser.stray
		width := parser.width
		widths[width]++
		if n <= headRows && len(wanted.columns) > 0 && width <= 1000 {
			heads := make([]string, width)
			for i, cell := range parser.cells {
				heads[i] = string(cell)
			}
			if score := wanted.score(heads); score > e.wanted {
				e.wanted, e.at = score, n
			}
		}
	}
	for width, n := range widths {
		if width > 1 && (n > e.alike || n == e.alike && width > e.width) {
			e.alike, e.width = n, width
		}
	}
	return e
}
