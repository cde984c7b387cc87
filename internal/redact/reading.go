package redact

import (
	"html"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A reading is a text with its escapes resolved, of which each byte knows the part
// of the text that it was written as. A character may be written as itself or
// escaped for JSON, HTML or a URL, in whatever spelling and one inside another.
type reading struct {
	text string
	out  []char // nil if the text is read as it is
}

// A char is one byte of a reading. Backslashes belong to the byte behind them.
type char struct {
	start, end int32 // of its writing
	b          byte
	escaped    bool // it stands behind a backslash
	made       bool // it was an escape
}

// A manner is a way to resolve escapes. A secret that itself looks like an escape
// is read in one of them as it was meant, and a beginning of an escape that happens
// to stand before a secret swallows it in no more than one.
type manner uint8

const (
	asItIs   manner = iota
	once            // what an escape stands for is not read as a part of another
	fully           // until nothing is left that looks like an escape
	noManner        // how many there are
)

// escapes are the characters that escapes begin with; a plus sign is a space in a
// form.
const escapes = `\%&+`

// read reads a text in a manner. lower folds the case of ASCII letters.
func read(text string, m manner, lower bool) *reading {
	if m == asItIs && !lower {
		return &reading{text: text}
	}
	r := reader{again: m == fully, lower: lower, backslash: -1, out: make([]char, 0, len(text))}
	for i := range len(text) {
		c := char{start: int32(i), end: int32(i + 1), b: text[i]}
		if m == asItIs {
			r.add(c)
		} else {
			r.push(c)
		}
	}
	return &reading{text, r.out}
}

// readSecret reads a secret so that it compares equal to any writing of it that is
// read in the same manner.
func readSecret(secret string, m manner, lower bool) []byte {
	if m == once {
		secret = spacesForPluses.Replace(secret)
		m = asItIs
	}
	r := read(secret, m, lower)
	b := make([]byte, r.len())
	for i := range b {
		b[i] = r.at(i)
	}
	return b
}

var spacesForPluses = strings.NewReplacer(`\`, "", "+", " ")

func (r *reading) len() int {
	if r.out == nil {
		return len(r.text)
	}
	return len(r.out)
}

func (r *reading) at(i int) byte {
	if r.out == nil {
		return r.text[i]
	}
	return r.out[i].b
}

// span returns the part of the text that bytes i to j, without j, are written as.
func (r *reading) span(i, j int) span {
	if r.out == nil {
		return span{i, j}
	}
	return span{int(r.out[i].start), int(r.out[j-1].end)}
}

// A reader makes a reading. Each byte is put behind those before it, and an escape
// that it completes is put there in its place: the time grows as the text.
type reader struct {
	out       []char
	again     bool // what escapes stand for may be a part of another
	lower     bool
	backslash int32 // where those before the next byte start, or -1
}

func (r *reader) push(c char) {
	if c.b == '\\' {
		if r.backslash < 0 {
			r.backslash = c.start
		}
		return
	}
	if r.backslash >= 0 {
		c.start, c.escaped = r.backslash, true
		r.backslash = -1
		if i := strings.IndexByte("nrtbf", c.b); i >= 0 {
			c.b, c.made = "\n\r\t\b\f"[i], true
		}
	}
	if c.b == '+' {
		c.b = ' '
	}
	r.add(c)
	switch {
	case c.made && !r.again:
	case c.b == ';':
		r.reduceEntity()
	case isHex(c.b):
		r.reduceNumber()
	}
}

// add puts a byte behind the others as it is.
func (r *reader) add(c char) {
	if r.lower {
		c.b = toLower(c.b)
	}
	r.out = append(r.out, c)
}

// maxEntity limits how long an HTML entity may be.
const maxEntity = 32

// reduceEntity resolves an HTML entity that the reading ends with.
func (r *reader) reduceEntity() {
	for n := 2; n <= min(maxEntity, len(r.out)); n++ {
		switch r.out[len(r.out)-n].b {
		case '&':
			entity := r.tail(n)
			if text := html.UnescapeString(entity); text != entity {
				r.replace(n, text)
			}
			return
		case ';', ' ':
			return
		}
	}
}

// reduceNumber resolves %41, \x41 or \u0041, if the reading ends with one.
func (r *reader) reduceNumber() {
	n := len(r.out)
	if n < 3 || !isHex(r.out[n-2].b) {
		return
	}
	switch c := r.out[n-3]; {
	case c.b == '%', c.b == 'x' && c.escaped:
		r.replace(3, string([]byte{r.hex(2)}))
		return
	}
	if n < 5 || r.out[n-5].b != 'u' || !r.out[n-5].escaped || !isHex(r.out[n-3].b) || !isHex(r.out[n-4].b) {
		return
	}
	code := rune(r.hex(4))<<8 | rune(r.hex(2))
	if high := r.highSurrogate(5); high != 0 && utf16.IsSurrogate(code) {
		if whole := utf16.DecodeRune(high, code); whole != utf8.RuneError {
			r.replace(8, string(whole))
			return
		}
	}
	if utf16.IsSurrogate(code) { // as three bytes, until the other half comes
		r.replace(5, string([]byte{0xe0 | byte(code>>12), 0x80 | byte(code>>6)&0x3f, 0x80 | byte(code)&0x3f}))
		return
	}
	r.replace(5, string(code))
}

// highSurrogate returns the first half of a pair if it stands n bytes before the
// end, else 0.
func (r *reader) highSurrogate(n int) rune {
	at := len(r.out) - n - 3
	if at < 0 || r.out[at].b != 0xed || r.out[at+1].b&0xf0 != 0xa0 {
		return 0
	}
	return 0xd000 | rune(r.out[at+1].b&0x3f)<<6 | rune(r.out[at+2].b&0x3f)
}

// hex returns the two hexadecimal digits that start n bytes before the end.
func (r *reader) hex(n int) byte {
	high, low := r.out[len(r.out)-n].b, r.out[len(r.out)-n+1].b
	return digit(high)<<4 | digit(low)
}

func (r *reader) tail(n int) string {
	b := make([]byte, n)
	for i, c := range r.out[len(r.out)-n:] {
		b[i] = c.b
	}
	return string(b)
}

// replace puts what an escape stands for in the place of the last n bytes, unless
// a part of it was an escape itself and is not to be read again.
func (r *reader) replace(n int, text string) {
	escape := r.out[len(r.out)-n:]
	if !r.again && n < 8 { // a pair of surrogates is made of two
		for _, c := range escape {
			if c.made {
				return
			}
		}
	}
	start, end := escape[0].start, escape[n-1].end
	r.out = r.out[:len(r.out)-n]
	for i := range len(text) {
		r.push(char{start: start, end: end, b: text[i], made: true})
	}
}

// unfinished returns how many bytes at the end may be the beginning of an escape.
func (r *reading) unfinished() int {
	if r.out == nil {
		return 0
	}
	n := 0
	for i := 1; i <= min(maxEntity, len(r.out)); i++ {
		switch c := r.out[len(r.out)-i]; {
		case c.b == '%' && i <= 2, c.b == '&', (c.b == 'u' || c.b == 'x') && c.escaped && i <= 4:
			n = i
		}
	}
	if at := len(r.out) - n - 3; at >= 0 && r.out[at].b == 0xed && r.out[at].made {
		n += 3 // half of a pair of surrogates
	}
	return n
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}

func digit(b byte) byte {
	if b <= '9' {
		return b - '0'
	}
	return toLower(b) - 'a' + 10
}

func toLower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
