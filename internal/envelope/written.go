package envelope

import (
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// writtenWords are parts of the names of members that say whether a record was written,
// or how many were.
var writtenWords = []string{"affected", "changed", "modified", "updated", "saved", "created", "inserted", "stored", "written",
	"berubah", "diubah", "disimpan", "tersimpan", "diperbarui", "terupdate"}

// written returns what an object in the place of a record says of a write: No or Zero if
// all of what it says of that is false or 0, and Content if it says anything else.
func (s *schema) written(object []byte) Payload {
	said := Content
	for name, value := range loose.Members(object) {
		kind := loose.Kind(value)
		if s.isField(name, kind) || kind == '{' || kind == '[' {
			return Content
		}
		if !saysWritten(name) || loose.IsBlank(value) {
			continue
		}
		switch flag, isFlag := loose.Bool(value); {
		case !isFlag || flag:
			return Content
		case kind == 'f':
			said = No
		case said == Content:
			said = Zero
		}
	}
	return said
}

func saysWritten(quoted []byte) bool {
	name := loose.NormalName(loose.Name(quoted))
	if strings.HasSuffix(name, "at") || strings.HasSuffix(name, "id") { // updated_at, inserted_id
		return false
	}
	for _, word := range writtenWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return name == "rows" || name == "rowcount"
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

// isRecordBesideMessage reports whether an answer without data is a record and a message.
// It is if it has an id and a field that only the model's records have: then a status
// that is a word is the record's, and one that would be a failure's is drift.
func (r *reader) isRecordBesideMessage(whole []byte) bool {
	status := r.statement.get(words.Status)
	if r.refused || !r.statement.hasMessage || r.modelless || loose.Kind(status) != '"' || r.own(whole) == 0 || loose.IsBlank(idOf(whole)) || isZero(idOf(whole)) {
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
