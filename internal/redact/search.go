package redact

import "slices"

// A span is a part of a text.
type span struct{ start, end int }

// A pattern is a secret to be searched for by the algorithm of Knuth, Morris and
// Pratt, whose time grows as the text whatever the secret is.
type pattern struct {
	text []byte
	fail []int32 // of each length matched, the longest shorter one that may match
}

func newPattern(text []byte) *pattern {
	p := &pattern{text, make([]int32, len(text)+1)}
	for i, k := 1, 0; i < len(text); i++ {
		for k > 0 && text[i] != text[k] {
			k = int(p.fail[k])
		}
		if text[i] == text[k] {
			k++
		}
		p.fail[i+1] = int32(k)
	}
	return p
}

// next returns how much of the secret is matched after another byte.
func (p *pattern) next(matched int, b byte) int {
	if matched == len(p.text) {
		matched = int(p.fail[matched])
	}
	for matched > 0 && p.text[matched] != b {
		matched = int(p.fail[matched])
	}
	if p.text[matched] == b {
		matched++
	}
	return matched
}

// find appends the spans of a text that write the secret.
func (p *pattern) find(spans []span, r *reading) []span {
	if r.len() < len(p.text) {
		return spans
	}
	matched := 0
	for i := range r.len() {
		if matched = p.next(matched, r.at(i)); matched == len(p.text) {
			spans = append(spans, r.span(i+1-matched, i+1))
		}
	}
	return spans
}

// findStart returns where a beginning of the secret starts that the text ends with,
// an escape that is cut disregarded, or -1.
func (p *pattern) findStart(r *reading) int {
	start, unfinished := -1, r.unfinished()
	// Nothing longer than the secret can be a part of it.
	matched := 0
	for i := max(0, r.len()-unfinished-len(p.text)); i < r.len(); i++ {
		matched = p.next(matched, r.at(i))
		if rest := r.len() - i - 1; matched < shortest || rest != 0 && rest != unfinished {
			continue
		}
		if at := r.span(i+1-matched, i+1).start; start < 0 || at < start {
			start = at
		}
	}
	return start
}

// merge sorts spans and joins those that overlap.
func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	merged := spans[:0]
	for _, s := range spans {
		if n := len(merged); n > 0 && s.start < merged[n-1].end {
			merged[n-1].end = max(merged[n-1].end, s.end)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}
