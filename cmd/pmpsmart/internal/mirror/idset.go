package mirror

// An idSet is a set of ids. Those of a table are close to each other, and a million of
// them take less than a megabyte.
type idSet map[int64]uint64

// add adds an id, and reports whether it was not there.
func (s idSet) add(id int64) bool {
	at, bit := id>>6, uint64(1)<<(id&63)
	before := s[at]
	s[at] = before | bit
	return before&bit == 0
}
