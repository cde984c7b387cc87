package typeset

import (
	"slices"

	"github.com/go-text/typesetting/bidi"
	class "golang.org/x/text/unicode/bidi"
)

// A stretch is a part of a text that has one level of the Unicode bidirectional
// algorithm: an odd one runs from right to left.
type stretch struct {
	start, end int
	level      bidi.Level
}

// stretches splits a text by its levels. The paragraph's own runs are of one direction
// each, and a number within text that runs from right to left may be in one run with
// what follows it, or comes before it, in the main direction.
func stretches(p *bidi.Paragraph, text []rune) (all []stretch) {
	runs := p.Segment(text, bidi.Neutral) // the first letter that has a direction decides
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		all = append(all, stretch{run.Start, run.End, run.Level})
	}
	if !slices.ContainsFunc(all, func(s stretch) bool { return s.level == 0 }) {
		return all // the main direction is from right to left: all numbers and Latin words are of level 2
	}
	for i := 0; i < len(all); i++ {
		s := all[i]
		switch {
		case s.level == 2:
			if end := numberEnd(text, s); end < s.end {
				all = slices.Insert(all, i+1, stretch{end, s.end, 0})
				all[i].end = end
			}
		case s.level == 0 && i+1 < len(all):
			if start := arabicNumberStart(text, s); start > s.start && start < s.end {
				all = slices.Insert(all, i+1, stretch{start, s.end, 2})
				all[i].end = start
				i++
			}
		}
	}
	return all
}

// numberEnd returns where the number ends that a stretch begins with.
func numberEnd(text []rune, s stretch) int {
	end := s.start
	for i := s.start; i < s.end; i++ {
		switch classOf(text[i]) {
		case class.EN, class.AN:
			end = i + 1
		case class.ET, class.NSM: // of the number, if they touch it
			if end == i {
				end = i + 1
			}
		case class.ES, class.CS: // of the number, if digits follow
		default:
			return end
		}
	}
	return end
}

// arabicNumberStart returns where a number in Arabic digits begins that a stretch ends with.
func arabicNumberStart(text []rune, s stretch) int {
	start := s.end
	for start > s.start && classOf(text[start-1]) == class.AN {
		start--
	}
	return start
}

func classOf(r rune) class.Class {
	properties, _ := class.LookupRune(r)
	return properties.Class()
}
