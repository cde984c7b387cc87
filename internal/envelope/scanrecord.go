package envelope

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/scan"
)

// Scan sets record, a zero value, from the object at the start of b, member by member, and
// returns the object's length. See package scan for a result below 0. Finish has to follow.
func (m *Model[T]) Scan(b []byte, record *T, p *Pass, s *Scope) (end int) {
	p.begin(m.members)
	i := scan.Space(b, 1)
	if b[i] == '}' {
		return i + 1
	}
	for next := 0; ; {
		name, nameEnd, field := i, 0, 0
		if next < len(p.members) && p.members[next].IsAt(b[i:]) {
			field = p.members[next].field
			i += len(p.members[next].Text)
			nameEnd = i - 1
			next++
		} else {
			if nameEnd, i = scanName(b, i); i < 0 {
				return i
			}
			field, next = p.find(b[name:nameEnd], next, m.names)
		}
		if b[i] <= ' ' {
			i = scan.Space(b, i)
		}
		value, isSet := i, false
		if field < 0 {
			i = scan.Value(b, i)
		} else {
			p.came(field)
			i, isSet = m.scanField(field, b, i, record, p, s)
		}
		if i < 0 {
			return i
		}
		if !isSet {
			p.left = append(p.left, leftMember{name, nameEnd, value, i, field})
		}
		if b[i] == ',' && b[i+1] == '"' { // as nearly always
			i++
			continue
		}
		if i = scan.Space(b, i); b[i] != ',' {
			if b[i] == '}' {
				return i + 1
			}
			return ^i
		}
		i = scan.Space(b, i+1)
	}
}

// scanName reads the name of a member, and the colon behind it.
func scanName(b []byte, i int) (nameEnd, end int) {
	if b[i] != '"' {
		return 0, ^i
	}
	nameEnd, _ = scan.String(b, i)
	if nameEnd < 0 {
		return 0, nameEnd
	}
	if i = scan.Space(b, nameEnd); b[i] != ':' {
		return 0, ^i
	}
	return nameEnd, i + 1
}

// scanField sets a field from the value at i and reports whether the field holds it.
func (m *Model[T]) scanField(field int, b []byte, i int, record *T, p *Pass, s *Scope) (end int, isSet bool) {
	f := &m.fields[field]
	switch f.kind {
	case intField:
		if n, end := plainInt(b, i); end > 0 {
			*f.int(record) = n
			return end, true
		}
	case dayField:
		if year, month, day, length := loose.PlainDay(b[i:]); length > 0 {
			f.day(record, year, month, day)
			return i + length, true
		}
	case timeField:
		if t, length := s.PlainTime(b[i:], s.Location); length > 0 {
			*f.time(record) = t
			return i + length, true
		}
	case textField:
		if b[i] == '"' {
			return m.scanText(field, b, i, record, p)
		}
	}
	if end = scan.Value(b, i); end < 0 {
		return end, false
	}
	return end, f.Set(record, b[i:end], s)
}

// plainInt reads the number at i if it is at most 18 digits with a comma or bracket right
// behind them, as nearly every one is; else end is 0.
func plainInt(b []byte, i int) (n int64, end int) {
	start := i
	for ; b[i]-'0' <= 9 && i < start+18; i++ {
		n = n*10 + int64(b[i]-'0')
	}
	if i == start || b[i] != ',' && b[i] != '}' || b[start] == '0' && i > start+1 {
		return 0, 0
	}
	return n, i
}

// scanText notes a text. Those of a record are made strings together, once it is whole.
func (m *Model[T]) scanText(field int, b []byte, i int, record *T, p *Pass) (end int, isSet bool) {
	end, has := scan.String(b, i)
	if end < 0 {
		return end, false
	}
	f := &m.fields[field]
	start := len(p.text)
	if has != 0 {
		p.text, _ = jsontext.AppendUnquote(p.text, b[i:end]) // the error is about UTF-8, which is replaced
	} else {
		inner := b[i+1 : end-1]
		for _, known := range f.known {
			if string(inner) == known {
				f.text(record, known)
				return end, true
			}
		}
		p.text = append(p.text, inner...)
	}
	p.texts = append(p.texts, textPart{field, start, len(p.text)})
	return end, true
}

// Finish ends the scan of a record, which is whole: what was noted is done now. It is
// DecodeWith for a record that was scanned.
func (m *Model[T]) Finish(object []byte, record *T, p *Pass, s *Scope, o ObjectOptions, mismatch func(field *Field[T], raw []byte)) (known int) {
	if p.again || !o.Flat && m.isResource(object, p) {
		return m.DecodeWith(object, record, s, o, mismatch)
	}
	s.extra = s.extra[:0]
	for i := range p.left {
		l := &p.left[i]
		name, value := object[l.name:l.nameEnd], object[l.value:l.end]
		if l.field >= 0 {
			mismatch(&m.fields[l.field], value)
		} else if o.Other != nil && o.Other(name, value) {
			continue
		}
		s.keep(name, value)
	}
	m.setTexts(record, p, s)
	return p.known
}

// isResource reports whether fields of the record stand in its attributes.
func (m *Model[T]) isResource(object []byte, p *Pass) bool {
	for i := range p.left {
		l := &p.left[i]
		if value := object[l.value:l.end]; l.field < 0 && isAttributes(object[l.name:l.nameEnd], value) && m.hasInAttributes(object, value) {
			return true
		}
	}
	return false
}

// maxShared is how long the texts of a record may be to share one allocation: who keeps
// one of them keeps them all.
const maxShared = 128

// setTexts sets the texts of a record, and what no field holds.
func (m *Model[T]) setTexts(record *T, p *Pass, s *Scope) {
	extra := len(p.text)
	if len(s.extra) > 0 && extra > 0 && extra+len(s.extra) < maxShared && scan.IsASCII(s.extra) {
		p.text = append(append(p.text, s.extra...), '}')
	}
	all := ""
	if len(p.text) <= maxShared {
		all = string(p.text)
	}
	for _, t := range p.texts {
		if all != "" {
			m.fields[t.field].text(record, all[t.start:t.end])
		} else {
			m.fields[t.field].text(record, string(p.text[t.start:t.end]))
		}
	}
	if extra < len(p.text) {
		m.setExtra(record, all[extra:], s.Location)
	} else {
		m.setExtra(record, s.kept(), s.Location)
	}
}
