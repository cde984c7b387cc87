package envelope

import "strings"

// A Mask hides secrets. It does so in the start of a text before it cuts that to
// most bytes: cut first, half a secret would be left, which nobody can tell from
// other text.
type Mask interface {
	Cut(start string, most int) string
}

// singleLine makes a text fit for one line of a log.
func singleLine(m Mask, text string) string { return truncate(m, text, 500) }

// truncate makes a text fit for the inside of a line and cuts it to most bytes. What
// is not cut still has its secrets.
func truncate(m Mask, text string, most int) string {
	const looked = 8 << 10 // at
	isCut := len(text) > looked
	if isCut {
		text = text[:looked]
	}
	text = clean(text)
	switch {
	case !isCut && len(text) <= most:
		return text
	case m != nil:
		text = m.Cut(text, most)
	default:
		text = text[:min(len(text), most)]
	}
	return strings.ToValidUTF8(text, "") + "…"
}

// clean returns text without line breaks and control characters.
func clean(text string) string {
	if isLine(text) {
		return text
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\ufffd")), " ")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}

// isLine reports whether text is a line already, as nearly all are.
func isLine(text string) bool {
	before := byte(' ')
	for _, c := range []byte(text) {
		if c < ' ' || c >= 0x7f || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return text == "" || before != ' '
}
