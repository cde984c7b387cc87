package loose

import "strings"

// scanner reads the parts of a written time one after the other.
type scanner struct {
	rest   string
	failed bool
}

func (p *scanner) next(c byte) bool { return p.rest != "" && p.rest[0] == c }

func (p *scanner) byte(c byte) {
	if !p.next(c) {
		p.failed = true
		return
	}
	p.rest = p.rest[1:]
}

// number reads at least least and at most most digits.
func (p *scanner) number(least, most int) (n, digits int) {
	for digits < most && digits < len(p.rest) && p.rest[digits] >= '0' && p.rest[digits] <= '9' {
		n = n*10 + int(p.rest[digits]-'0')
		digits++
	}
	if digits < least {
		p.failed = true
	}
	p.rest = p.rest[digits:]
	return n, digits
}

// clock reads the time of day, if one follows.
func (p *scanner) clock() (hour, minute, second, nanos int) {
	switch {
	case p.next('T') || p.next('t'):
		p.rest = p.rest[1:]
	case p.next(' '):
		p.rest = strings.TrimLeft(p.rest, " ")
	default:
		return 0, 0, 0, 0
	}
	hour, _ = p.number(1, 2)
	p.byte(':')
	minute, _ = p.number(2, 2)
	if p.next(':') {
		p.rest = p.rest[1:]
		second, _ = p.number(2, 2)
	}
	if p.next('.') || p.next(',') {
		p.rest = p.rest[1:]
		fraction, digits := p.number(1, 9)
		for ; digits < 9; digits++ {
			fraction *= 10
		}
		p.rest = strings.TrimLeft(p.rest, "0123456789")
		nanos = fraction
	}
	return hour, minute, second, nanos
}

// parseOffset reads +07:00, +0700 and +07.
func parseOffset(text string) (seconds int, rest string, ok bool) {
	if text == "" || (text[0] != '+' && text[0] != '-') {
		return 0, text, false
	}
	p := scanner{rest: text[1:]}
	hours, _ := p.number(2, 2)
	if p.next(':') {
		p.rest = p.rest[1:]
	}
	minutes := 0
	if p.rest != "" {
		minutes, _ = p.number(2, 2)
	}
	if p.failed || hours > 23 || minutes > 59 {
		return 0, text, false
	}
	seconds = hours*3600 + minutes*60
	if text[0] == '-' {
		seconds = -seconds
	}
	return seconds, p.rest, true
}
