package envelope

import (
	"bytes"
	"iter"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A statement is what an answer's envelope says, raw and word for word.
type statement struct {
	top  level
	meta level // what stood in meta, which counts where the top says nothing

	any        bool // a word was sent at all
	hasMessage bool // a message stands at the top, whatever it says
}

// A level has the words that stand side by side and say something.
type level []wordValue

type wordValue struct {
	word  words.Word
	value []byte
}

// add takes in a value; of several of one word the first that says something counts.
func (l *level) add(w words.Word, value []byte) {
	if l.get(w) == nil && !loose.IsBlank(value) {
		*l = append(*l, wordValue{w, value})
	}
}

// get returns the value of a word, nil if it says nothing.
func (l level) get(w words.Word) []byte {
	for i := range l {
		if l[i].word == w {
			return l[i].value
		}
	}
	return nil
}

// first returns the value of the first word of a role that says something, or nil.
func (l level) first(role words.Role) (value []byte) {
	first := words.None
	for i := range l {
		if w := l[i].word; w.Role() == role && l[i].value != nil && (first == words.None || w < first) {
			first, value = w, l[i].value
		}
	}
	return value
}

// reset makes the statement one of an answer that was not read yet.
func (s *statement) reset() { *s = statement{top: s.top[:0], meta: s.meta[:0]} }

// add takes in a word that stands at the top.
func (s *statement) add(w words.Word, value []byte) {
	s.any = s.any || w.OfEnvelope()
	s.hasMessage = s.hasMessage || w.Role() == words.Message
	s.top.add(w, value)
}

// addMeta takes in a word that stands in meta.
func (s *statement) addMeta(w words.Word, value []byte) {
	s.any = true
	s.meta.add(w, value)
}

// get returns the value of the first word of a role that says something, or nil.
func (s *statement) get(role words.Role) []byte {
	if value := s.top.first(role); value != nil {
		return value
	}
	return s.meta.first(role)
}

// roles returns the roles of the words that say something, as a set of bits.
func (s *statement) roles() (set uint64) {
	for i := range s.top {
		set |= 1 << s.top[i].word.Role()
	}
	for i := range s.meta {
		set |= 1 << s.meta[i].word.Role()
	}
	return set
}

// all returns the values of the words of some roles that say something.
func (s *statement) all(roles ...words.Role) iter.Seq[[]byte] {
	said := s.roles()
	return func(yield func([]byte) bool) {
		for _, role := range roles {
			if said&(1<<role) == 0 {
				continue
			}
			for _, w := range words.With(role) {
				value := s.top.get(w)
				if value == nil {
					value = s.meta.get(w)
				}
				if value != nil && !yield(value) {
					return
				}
			}
		}
	}
}

// dropFields forgets the words that are fields of a record as well: all of them, or the
// status and the code.
func (s *statement) dropFields(all bool) {
	for _, l := range []level{s.top, s.meta} {
		for i := range l {
			w := l[i].word
			if w.MayBeField() && (all || w.Known() && w.Role() != words.Exception) || all && w.Role() == words.Trace {
				l[i].value = nil
			}
		}
	}
}

// A nested is what envelopes say that stand where a record or a list should, at any
// depth: {"status": "success", "data": {"status": "error", "message": "…"}}.
type nested struct {
	statement
	data []byte // of the innermost
}

// hear takes in what an object says that is an envelope.
func (n *nested) hear(object []byte) {
	for name, value := range loose.Members(bytes.Clone(object)) {
		switch w := wordOf(name, value); {
		case w.Role() == words.Data:
			n.data = value
		case w.OfEnvelope() || w.Role() == words.Trace:
			n.add(w, value)
		}
	}
}
