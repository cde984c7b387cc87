// Package scan reads plain JSON in place: each function checks one value as strictly as
// package jsontext does, and reads each byte once.
//
// The text ends with a zero byte, which no JSON holds: what comes to it stops there, so
// that no index is compared with the length. A function takes the index at which a value
// starts and returns the one behind it. Where the text is no JSON, is cut short, or is
// none of the JSON that is plain, it returns an index below 0 whose complement is where
// it stopped, and jsontext has to say what it is. Nothing is plain that holds a raw
// control character or is nested deeper than [MaxDepth].
package scan

import (
	"encoding/binary"
	"math/bits"
)

// A Text says what the bytes of a string are, beside printable ASCII.
type Text uint8

// What a string holds.
const (
	Escapes  Text = 1 << iota // a backslash
	NonASCII                  // bytes from 0x80 on, which may be no UTF-8
)

// Space returns the index of the first byte from i on that is no white space.
func Space(b []byte, i int) int {
	for b[i] <= ' ' && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special returns the high bit of each byte of eight that ends or breaks a run of plain
// text: a quote, a backslash, a control character or one that is not ASCII. The bytes
// above the first such byte may be wrong.
func special(x uint64) uint64 {
	quote, slash := x^'"'*ones, x^'\\'*ones
	return ((quote-ones)&^quote | (slash-ones)&^slash | (x-' '*ones)&^x | x) & highs
}

// IsASCII reports whether all bytes of b are ASCII.
func IsASCII(b []byte) bool {
	var all uint64
	for ; len(b) >= 8; b = b[8:] {
		all |= binary.LittleEndian.Uint64(b)
	}
	for _, c := range b {
		all |= uint64(c)
	}
	return all&highs == 0
}

// A Prefix is a text that another one is expected to start with. Of at most 16 bytes it
// is compared in two steps, which is faster than a comparison of strings.
type Prefix struct {
	Text       string
	words, use [2]uint64 // its bytes, and a mask of those that count; no mask if it is longer
}

// NewPrefix returns the Prefix of a text that is not empty.
func NewPrefix(text string) Prefix {
	p := Prefix{Text: text}
	var bytes, use [16]byte
	if copy(bytes[:], text) < len(text) {
		return p
	}
	for i := range text {
		use[i] = 0xff
	}
	for i := range p.words {
		p.words[i], p.use[i] = binary.LittleEndian.Uint64(bytes[8*i:]), binary.LittleEndian.Uint64(use[8*i:])
	}
	return p
}

// IsAt reports whether b starts with the text.
func (p *Prefix) IsAt(b []byte) bool {
	if len(b) < 16 || p.use[0] == 0 {
		return len(b) >= len(p.Text) && string(b[:len(p.Text)]) == p.Text
	}
	return (binary.LittleEndian.Uint64(b)^p.words[0])&p.use[0]|(binary.LittleEndian.Uint64(b[8:])^p.words[1])&p.use[1] == 0
}

// String reads the string whose quote is at i.
func String(b []byte, i int) (end int, has Text) {
	for i++; ; {
		if i+8 <= len(b) {
			found := special(binary.LittleEndian.Uint64(b[i:]))
			if found == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(found) / 8
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1, has
		case c >= 0x80:
			has |= NonASCII
			i++
		case c == '\\':
			has |= Escapes
			if i = escape(b, i); i < 0 {
				return i, has
			}
		case c < ' ':
			return ^i, has
		default: // one of the last seven bytes
			i++
		}
	}
}

// escape reads the escape whose backslash is at i.
func escape(b []byte, i int) (end int) {
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		for j := i + 2; j < i+6; j++ {
			if !isHex(b[j]) {
				return ^j
			}
		}
		return i + 6
	}
	return ^(i + 1)
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// Number reads the number that starts at i. The one byte behind it must be there, since
// the number may go on.
func Number(b []byte, i int) (end int) {
	if b[i] == '-' {
		i++
	}
	switch c := b[i]; {
	case c == '0':
		i++
	case '1' <= c && c <= '9':
		i = digits(b, i)
	default:
		return ^i
	}
	if b[i] == '.' {
		start := i + 1
		if i = digits(b, start); i == start {
			return ^i
		}
	}
	if b[i]|0x20 == 'e' {
		i++
		if b[i] == '+' || b[i] == '-' {
			i++
		}
		start := i
		if i = digits(b, start); i == start {
			return ^i
		}
	}
	if b[i] == 0 {
		return ^i
	}
	return i
}

func digits(b []byte, i int) int {
	for b[i]-'0' <= 9 {
		i++
	}
	return i
}

// literal reads the word that starts at i.
func literal(b []byte, i int, word string) (end int) {
	for j := range len(word) {
		if b[i+j] != word[j] {
			return ^(i + j)
		}
	}
	return i + len(word)
}

// Value reads the value that starts at i.
func Value(b []byte, i int) (end int) {
	switch b[i] {
	case '{', '[':
		return nested(b, i)
	default:
		return scalar(b, i)
	}
}

func scalar(b []byte, i int) (end int) {
	switch b[i] {
	case '"':
		end, _ = String(b, i)
		return end
	case 'n':
		return literal(b, i, "null")
	case 't':
		return literal(b, i, "true")
	case 'f':
		return literal(b, i, "false")
	default:
		return Number(b, i)
	}
}

// MaxDepth is how many arrays and objects in one another are plain.
const MaxDepth = 64

// nested reads the array or object that starts at i. It counts what is open rather than
// calling itself: a bit of objects says of each whether it is an object.
func nested(b []byte, i int) (end int) {
	var objects uint64
	depth := 0
	for {
		// A value starts at i.
		switch c := b[i]; c {
		case '{', '[':
			if depth == MaxDepth {
				return ^i
			}
			depth++
			objects = objects<<1 | uint64(c>>5&1) // of '{' the bit is 1, of '[' 0
			if i = Space(b, i+1); b[i] != c+2 {
				if i = name(b, i, objects); i < 0 {
					return i
				}
				continue
			}
			i++ // it is empty
			depth--
			objects >>= 1
		default:
			if i = scalar(b, i); i < 0 {
				return i
			}
		}
		// A value ended before i, and with it perhaps those around it.
		for {
			if depth == 0 {
				return i
			}
			i = Space(b, i)
			if b[i] == ',' {
				break
			}
			if b[i] != '['+2+byte(objects&1)<<5 {
				return ^i
			}
			i++
			depth--
			objects >>= 1
		}
		if i = name(b, Space(b, i+1), objects); i < 0 {
			return i
		}
	}
}

// name reads what stands before a value: in an object a name and a colon, else nothing.
func name(b []byte, i int, objects uint64) (next int) {
	if objects&1 == 0 {
		return i
	}
	if b[i] != '"' {
		return ^i
	}
	if i, _ = String(b, i); i < 0 {
		return i
	}
	if i = Space(b, i); b[i] != ':' {
		return ^i
	}
	return Space(b, i+1)
}
