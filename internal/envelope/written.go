package envelope

import (
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// writtenWords are parts of the names of members that say whether a record was written,
// or how many were.
var writtenWords = []string{"affected", "changed", "modified", "updated", "saved", "created", "inserted", "stored", "written",
	"successcount", "berubah", "diubah", "disimpan", "tersimpan", "diperbarui", "terupdate"}

// refusedWords are those that say that a record was not written, or how many were not.
var refusedWords = []string{"failed", "rejected", "skipped", "duplicate", "gagal", "ditolak", "dilewati", "duplikat"}

// written returns what an object in the place of a record says of a write: No or Zero if
// all of what it says of that is false or 0, and Content if it says anything else.
func (s *schema) written(object []byte) Payload {
	said := Content
	for name, value := range loose.Members(object) {
		kind, one := loose.Kind(value), writtenBy(name, value)
		isList := (kind == '{' || kind == '[') && one != No && one != Zero && !(wordOf(name, value).Known() && loose.IsEmpty(value))
		if s.isField(name, kind) || isList || one == Yes {
			return Content
		}
		if one == No || one == Zero && said == Content {
			said = one
		}
	}
	return said
}

// writtenBeside is written for what stands at the top of an answer without data.
func (s *schema) writtenBeside(siblings []byte) Payload {
	rest := without(siblings, func(w words.Word) bool { return onlyEnvelope(w) || w.Role() == words.Status })
	if rest == nil {
		return Content
	}
	return s.written(rest)
}

// writtenBy returns what one member says of a write: Yes, No, Zero, or NoPayload if it
// says nothing of that.
func writtenBy(quoted, value []byte) Payload {
	name := loose.NormalName(loose.Name(quoted))
	if strings.HasSuffix(name, "at") || strings.HasSuffix(name, "id") || loose.IsBlank(value) { // updated_at, inserted_id
		return NoPayload
	}
	isIn := func(word string) bool { return strings.Contains(name, word) }
	flag, isFlag := loose.Bool(value)
	switch {
	case isRefusedName(name):
		if count, isCount := loose.Float(value); isFlag && flag || isCount && count > 0 || loose.Kind(value) == '[' && !loose.IsEmpty(value) {
			return No
		}
		return NoPayload
	case !slices.ContainsFunc(writtenWords, isIn) && name != "rows" && name != "rowcount":
		return NoPayload
	case loose.Kind(value) == '[' && loose.IsEmpty(value):
		return Zero
	case loose.IsEmpty(value):
		return NoPayload
	case !isFlag || flag:
		return Yes
	case loose.Kind(value) == 'f':
		return No
	}
	return Zero
}

// deniesItself reports whether a record without an id says that it was not written: by
// the name under which it stands, by a flag of its own, or by errors that stand in it.
func deniesItself(object []byte, path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		if isRefusedName(loose.NormalName(name)) {
			return true
		}
	}
	for name, value := range loose.Members(object) {
		if w := wordOf(name, value); w.Role() == words.Status || w.Role() == words.Code {
			continue // as a record may have them
		} else if says := (statement{top: level{{w, value}}}); w.OfEnvelope() && says.judge(false).verdict == failure {
			return true
		}
		if writtenBy(name, value) == No {
			return true
		}
	}
	return false
}

// isRefusedName reports whether a name is that of what was not written.
func isRefusedName(name string) bool {
	return slices.ContainsFunc(refusedWords, func(word string) bool { return strings.Contains(name, word) })
}

// isOutcome reports whether a value is a flag, or a count of one row at most.
func isOutcome(value []byte) bool {
	switch loose.Kind(value) {
	case 't', 'f':
		return true
	case '0':
		return len(value) == 1 && value[0] <= '1'
	}
	return false
}

// SaysNothing reports whether a member says nothing of the record in which it stands: it
// is empty, 0, a flag, or a word of an envelope.
func SaysNothing(name string, value []byte) bool {
	kind := loose.Kind(value)
	if w := words.Of([]byte(`"` + name + `"`)); w.For(kind).OfEnvelope() {
		return true
	}
	return kind == 't' || kind == 'f' || loose.IsEmpty(value) || isZero(value)
}

// isRecordBesideMessage reports whether an answer without data is a record and a message.
// It is if it has an id and a field that only the model's records have: then a status
// that is a word is the record's, and one that would be a failure's is drift.
func (r *reader) isRecordBesideMessage(whole []byte) bool {
	status := r.statement.get(words.Status)
	if r.refused || !r.statement.hasMessage || r.modelless || loose.Kind(status) != '"' || r.own(whole) == 0 || !hasID(whole) {
		return false
	}
	v, number := judgeStatus(status)
	if number != 0 || v == success {
		return false
	}
	said := r.statement.top
	rest := statement{meta: r.statement.meta, any: true, hasMessage: true}
	for i := range said {
		if said[i].word.Role() != words.Status {
			rest.top = append(rest.top, said[i])
		}
	}
	if rest.judge(true).verdict == failure {
		return false
	}
	r.ofRecord = status
	r.statement = rest
	return true
}

// idOf returns the id of an object, nil if it has none.
func idOf(object []byte) (id []byte) {
	for name, value := range loose.Members(object) {
		if isIDName(name) {
			id = value
		}
	}
	return id
}

// hasID reports whether an object has an id that says something.
func hasID(object []byte) bool {
	id := idOf(object)
	return id != nil && !loose.IsBlank(id) && !isZero(id)
}

// refuses reports whether a record without an id has a status that no new record has:
// that of a failure or, where it stands without an envelope, one that may be the answer's.
func refuses(object []byte, path string) bool {
	status := member(object, "status")
	if status == nil {
		return false
	}
	v, number := judgeStatus(status)
	return v == failure || number != 0 || v == unknown && path == ""
}
