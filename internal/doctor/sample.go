package doctor

// The details are asked for the first and the last orders of the list: not all have
// the same, and the oldest may differ from the newest.
const (
	firstDetails = 5
	lastDetails  = 5
)

// A sample keeps the ids of the first and the last orders of a list.
type sample struct{ first, last []int64 }

// add takes note of the next id of the list.
func (s *sample) add(id int64) {
	switch {
	case id < 1:
	case len(s.first) < firstDetails:
		s.first = append(s.first, id)
	default:
		if len(s.last) == lastDetails {
			s.last = append(s.last[:0], s.last[1:]...)
		}
		s.last = append(s.last, id)
	}
}

// ids returns the ids in the order of the list.
func (s *sample) ids() []int64 { return append(s.first[:len(s.first):len(s.first)], s.last...) }
