package envelope

import "github.com/pmpsmart/pmpsmart-go/internal/envelope/words"

// A candidate is an object in an object in a list's place. It is buffered until it
// is clear what it is: a record, one of many by key, or something beside them.
type candidate struct {
	name   string
	word   words.Word
	object []byte
}

// candidates are the objects of an object in a list's place, in their order.
type candidates struct {
	all     []candidate
	streak  int // how many of the last stand in a row, null between them
	longest streak
}

// A streak is candidates that stand in a row: those from from on, n of them.
type streak struct{ from, n int }

// maxUndecided is how many objects in a row are buffered before they are taken for
// records, though none of them looks like one.
const maxUndecided = 8

func (c *candidates) add(one candidate) {
	c.all = append(c.all, one)
	c.streak++
}

// endStreak notes that the objects read last are followed by something else.
func (c *candidates) endStreak() {
	if c.streak > c.longest.n {
		c.longest = c.lastStreak()
	}
	c.streak = 0
}

// lastStreak returns the streak of the objects read last.
func (c *candidates) lastStreak() streak { return streak{len(c.all) - c.streak, c.streak} }

// beginRecords reports whether object, right behind the last streak, makes it sure
// that they are records by key. Objects that do not look like records may also be
// what stands before a list: a filter, a summary.
func (c *candidates) beginRecords(s *schema, object []byte) bool {
	if c.streak == 0 {
		return false
	}
	before := c.all[len(c.all)-1].object
	return c.streak == maxUndecided || s.own(before) > 0 && s.own(object) > 0
}

// byKey returns the longest streak, and reports whether its objects are records by
// key: two at least say something, and not just one of them holds a list of what looks
// more like records.
func (c *candidates) byKey(s *schema) (streak, bool) {
	c.endStreak()
	n, lists := 0, 0
	for _, one := range c.of(c.longest) {
		if !s.isNoise(one.object) {
			n++
		}
		if s.holdsList(one.object, s.deepestList(one.object, maxNesting)) {
			lists++
		}
	}
	return c.longest, n > 1 && lists != 1
}

// of returns the candidates of a streak.
func (c *candidates) of(s streak) []candidate { return c.all[s.from : s.from+s.n] }

// best returns the place of the candidate that holds what looks most like records, or
// looks most like one itself, or else says something.
func (c *candidates) best(s *schema) (at int) {
	best, most := -1, -1
	for i, one := range c.all {
		own := s.own(one.object)
		if inList := s.deepestList(one.object, maxNesting); s.holdsList(one.object, inList) {
			own = inList
		}
		if likeness := s.likeness(one.word, one.object); own > most || own == most && likeness > best {
			most, best, at = own, likeness, i
		}
	}
	return at
}
