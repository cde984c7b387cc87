package envelope

import (
	"bytes"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

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

// isAnswer reports whether an object is an envelope rather than a record: it holds
// nothing but an envelope's words and data, and says what came of the call. A status
// that nobody knows may be the record's own, and where any object may be a record, so
// may a status alone.
func (s *schema) isAnswer(object []byte) bool {
	var said statement
	hasData := false
	for name, value := range loose.Members(object) {
		switch w := wordOf(name, value); {
		case s.isField(name, loose.Kind(value)):
			return false
		case w.Role() == words.Data:
			hasData = !loose.IsEmpty(value)
		case w.OfEnvelope() || w.Role() == words.Trace:
			said.add(w, value)
		case !w.InPage():
			return false
		}
	}
	return s.speaks(&said, hasData)
}

// isRefusal reports whether an object that is no record says that the call failed, among
// other things.
func (s *schema) isRefusal(object []byte) bool {
	if s.isRecord(object) || isNested(object) {
		return false
	}
	said := statementOf(object)
	return said.judge(false).verdict == failure
}

// speaks reports whether words are an envelope's.
func (s *schema) speaks(said *statement, hasData bool) bool {
	alone := len(said.top) == 1 && said.get(words.Status) != nil
	switch j := said.judge(hasData); j.verdict {
	case failure:
		return !(alone && s.modelless)
	case success:
		return true
	case unknown:
		return said.hasMessage && !s.modelless && !(s.ownStatus != nil && s.ownStatus(j.status))
	}
	return false
}

// answer takes an object in the place of a list that is an envelope, and reads the list
// from its data. It reports whether it is one.
func (l *locator) answer(object []byte, path string, depth int) (isAnswer bool, err error) {
	if !l.isAnswer(object) && !l.isRefusal(object) {
		return false, nil
	}
	l.hear(object)
	l.addPager(object)
	if l.nested.data == nil || l.nested.failed() {
		return true, nil
	}
	if depth >= maxNesting {
		return true, &Problem{Text: orBody(path) + ": records nested too deep"}
	}
	return true, l.within(l.nested.data, func() error { return l.list(joinPath(path, "data")) })
}

// judgement returns what the answer says of the call, and whether an envelope in another
// says it: it counts where the outer one does not say that the call failed.
func (r *reader) judgement() (j judgement, isNested bool) {
	j = r.statement.judge(r.count > 0 || !loose.IsEmpty(r.data))
	if j.verdict == noVerdict && r.count == 0 {
		r.hearSiblings()
	}
	if isSQLState(r.data) {
		j.add(failure, 0)
	}
	if r.nested.any {
		inner := r.nested.judge(r.count > 0)
		if j.verdict == noVerdict || j.verdict != failure && (inner.verdict == failure || inner.verdict == unknown && r.count == 0) {
			return inner, true
		}
	}
	return j, false
}

// hearSiblings takes in the envelopes that stand beside data that holds nothing:
// {"header": {"status": "error"}, "data": null}.
func (r *reader) hearSiblings() {
	for name, value := range loose.Members(orEmptyObject(r.siblings())) {
		if loose.Kind(value) == '{' && !words.Of(name).Known() && r.isAnswer(value) {
			r.hear(value)
		}
	}
}

// isSQLState reports whether data is the text of a database's error.
func isSQLState(data []byte) bool { return bytes.HasPrefix(data, []byte(`"SQLSTATE[`)) }
