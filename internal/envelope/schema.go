package envelope

import (
	"bytes"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A schema tells records from what stands around them, by the names of their
// fields.
type schema struct {
	knows     func(quotedName []byte) bool // whether the model has a field of that name
	ownStatus func(status string) bool     // whether a record may have that status; nil if it is not known
	modelless bool                         // any object may be a record
	anyKind   bool                         // a field may be an array or object
	ownFields int                          // how many of them only the model's records have, below 0 if there are none
}

// isRecord reports whether an object is a record rather than one around records:
// it has an id, a code or any other field of the model. A status is no sign:
// envelopes have one.
func (s *schema) isRecord(object []byte) bool {
	for name, value := range loose.Members(object) {
		if s.isField(name, loose.Kind(value)) {
			return true
		}
	}
	return false
}

// allEmpty reports whether an object holds nothing but empty values, as a record that was
// not found does that a server makes of its fields.
func allEmpty(object []byte) bool {
	for _, value := range loose.Members(object) {
		if !loose.IsEmpty(value) {
			return false
		}
	}
	return true
}

// isField reports whether only a record has such a member: its id or code, or a
// scalar that the model knows. kind is the value's.
func (s *schema) isField(quoted []byte, kind byte) bool {
	return s.isIdentity(quoted, kind) || (s.anyKind || kind != '{' && kind != '[') && s.knows(quoted) && words.Of(quoted).Role() != words.Status
}

// isIdentity reports whether a member is an id or a code, whatever an id's value
// is.
func (s *schema) isIdentity(quoted []byte, kind byte) bool {
	if isCodeName(quoted) {
		return kind != '{' && kind != '[' || s.knows(quoted)
	}
	return isIDName(quoted)
}

// isIDName reports whether a member's name is id, in whatever case.
func isIDName(quoted []byte) bool {
	return len(quoted) == len(`"id"`) && quoted[1]|0x20 == 'i' && quoted[2]|0x20 == 'd' || loose.NameIs(quoted, "id")
}

// isCodeName reports whether a member's name starts as kode_order does, in whatever
// case and with whatever separator.
func isCodeName(quoted []byte) bool {
	const start = `"kode`
	if len(quoted) < len(start)+2 || !bytes.EqualFold(quoted[:len(start)], []byte(start)) {
		return false
	}
	switch next := quoted[len(start)]; next {
	case '_', '-', ' ':
		return true
	default:
		return 'A' <= next && next <= 'Z' && quoted[len(start)-1] == 'e' // kodeOrder, but not KODEPOS
	}
}

// isNoise reports whether an object says nothing: it holds empty values, and words
// of an envelope or a paginator.
func (s *schema) isNoise(object []byte) bool {
	for name, value := range loose.Members(object) {
		if !loose.IsEmpty(value) && loose.Kind(value) != 'f' && (s.knows(name) || !wordOf(name, value).Known()) {
			return false
		}
	}
	return true
}

// commonNames are fields of nearly every model.
var commonNames = loose.NewNameIndex("id", "name", "status", "created_at", "updated_at")

// maxCommon is how many fields a record may have without one of the model's own.
const maxCommon = 5

// countOwn returns how many of a model's fields only its records have.
func countOwn(names []string) (n int) {
	for _, name := range names {
		if commonNames.Find([]byte(`"`+name+`"`)) < 0 {
			n++
		}
	}
	return n
}

// isOfModel reports whether a record has a field that only the model's records
// have.
func (s *schema) isOfModel(object []byte) bool {
	for name := range loose.Members(object) {
		if s.knows(name) && commonNames.Find(name) < 0 {
			return true
		}
	}
	return false
}

// likeness returns how much a member of an object looks like the record that is
// looked for: more the more of the model's fields it has, be it as an array of one;
// 0 if it may hold the record, and less if it can't.
func (s *schema) likeness(name words.Word, value []byte) int {
	kind := loose.Kind(value)
	if kind != '{' && kind != '[' || name.BesideList() || name.Role() == words.Failed || loose.IsEmpty(value) {
		return -1
	}
	object := value
	if kind == '[' {
		object = loose.Only(value)
	}
	if loose.Kind(object) != '{' || !s.isRecord(object) {
		if kind == '{' && s.isAnswer(object) {
			return 0
		}
		if kind == '{' && s.isNoise(value) || kind == '[' && loose.Kind(firstOf(value)) == '"' {
			return -1
		}
		return 0
	}
	likeness := 2 * s.countFields(object)
	if kind == '{' {
		likeness++ // rather than an array with as many
	}
	return likeness + 1
}

// countFields returns how many members of an object are fields of the model.
func (s *schema) countFields(object []byte) (n int) {
	for name := range loose.Members(object) {
		if s.knows(name) {
			n++
		}
	}
	return n
}

// isZero reports whether a value is 0, or that in a string.
func isZero(value []byte) bool {
	text := bytes.Trim(value, `" `)
	return len(text) > 0 && len(bytes.Trim(text, "0.")) == 0
}

// isSaid reports whether an object has a field of the model that says something of a
// record: not 0, an empty value, or a list in a scalar's place, as a validator's errors
// are.
func (s *schema) isSaid(object []byte) bool {
	for name, value := range loose.Members(object) {
		switch kind := loose.Kind(value); {
		case kind == '{' && isAttributes(name, value) && s.hasInAttributes(object, value) && s.isSaid(value):
			return true
		case s.knows(name) && kind != 'f' && kind != '[' && !isZero(value) && !loose.IsEmpty(value):
			return true
		}
	}
	return false
}

// fieldsOf returns how many fields of the model a record has, be it among its
// attributes, and how many of them only the model's records have.
func (s *schema) fieldsOf(record []byte) (known, own int) {
	known, own = s.countFields(record), s.own(record)
	for name, value := range loose.Members(record) {
		if isAttributes(name, value) && s.hasInAttributes(record, value) {
			known += s.countFields(value)
			own += s.own(value)
		}
	}
	return known, own
}

// isNested reports whether an object holds objects or arrays that may be records.
func isNested(object []byte) bool {
	for name, value := range loose.Members(object) {
		if k := loose.Kind(value); (k == '{' || k == '[') && !words.Of(name).BesideList() {
			return true
		}
	}
	return false
}

// isAttributes reports whether a member may hold the fields of a record, as JSON:API's
// attributes and GeoJSON's properties do.
func isAttributes(quoted, value []byte) bool {
	switch string(quoted) {
	case `"attributes"`, `"properties"`:
		return loose.Kind(value) == '{'
	}
	return false
}

// hasInAttributes reports whether the fields of a record stand in its attributes, rather
// than the attributes being a field of its own: it has the form of JSON:API, or no
// field of the model's own but there.
func (s *schema) hasInAttributes(object, attributes []byte) bool {
	return isResource(object) || s.own(attributes) > 0 && s.own(object) == 0
}

// isResource reports whether a record has the form of JSON:API, as Laravel's
// JsonApiResource sends it: it has a type, and nothing but what JSON:API names.
func isResource(object []byte) bool {
	hasType := false
	for name := range loose.Members(object) {
		switch loose.Name(name) {
		case "type":
			hasType = true
		case "id", "lid", "attributes", "relationships", "links", "meta":
		default:
			return false
		}
	}
	return hasType
}

// own returns how many fields an object has that only the model's records have. They
// tell the model's records from those of others, which have an id and a name as well.
func (s *schema) own(object []byte) (n int) {
	if s.ownFields < 0 {
		return 0
	}
	for name := range loose.Members(object) {
		if s.knows(name) && commonNames.Find(name) < 0 {
			n++
		}
	}
	return n
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
