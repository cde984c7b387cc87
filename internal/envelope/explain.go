package envelope

import (
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// An explanation is what an answer says to people.
type explanation struct {
	mask    Mask
	message string              // a readable line, "" where there is none
	fields  map[string][]string // a validator's errors by field
	room    room                // what they take
}

// addStatement takes the message and the fields from an envelope's words and, of a
// call that failed, from its data.
func (e *explanation) addStatement(s *statement, j judgement, data []byte) {
	for value := range s.all(words.Message) {
		e.addFields(value)
		e.addText(value)
	}
	errs := s.get(words.Errors)
	if errs == nil {
		errs = s.get(words.Error)
	}
	if inner := innerMessage(errs); inner != nil {
		e.addText(inner)
		e.addFields(member(errs, "errors"))
	} else {
		e.addFields(errs)
	}
	for value := range s.all(words.Detail, words.Error, words.Errors) {
		e.add(value)
	}
	ok := s.get(words.Success)
	if isRemark(ok) || loose.Kind(ok) == '[' && loose.Kind(firstOf(ok)) == '"' {
		e.add(ok) // {"success": "Order saved."}, or a list of such
	}
	e.add(innerMessage(ok))
	if j.verdict != failure {
		return
	}
	e.addData(data)
	if status := s.get(words.Status); isRemark(status) && strings.ContainsRune(j.status, ' ') {
		e.add(status) // {"status": "Token is Expired"}
	}
}

// addData looks in data for what the words leave out.
func (e *explanation) addData(data []byte) {
	if loose.Kind(data) != '{' {
		e.add(data)
		return
	}
	if e.fields == nil {
		e.addFields(member(data, "errors"))
	}
	if e.fields == nil {
		e.addLists(data)
	}
	inner := statementOf(data)
	for value := range inner.all(words.Message, words.Detail, words.Error, words.Errors) {
		e.add(value)
	}
}

// addWhole reads what has no envelope: RFC 9457's members, which proxies and
// gateways send, or a validator's errors alone.
func (e *explanation) addWhole(whole []byte) {
	if loose.Kind(whole) != '{' {
		return
	}
	for _, name := range []string{"detail", "title", "reason"} {
		value := member(whole, name)
		e.add(value)
		e.addFieldErrors(value)
	}
	if e.fields == nil {
		e.addLists(whole)
	}
	if e.fields != nil {
		e.add(whole)
	}
}

// add makes the message of what explains something, where there is none yet: a flag
// or a number explains nothing.
func (e *explanation) add(value []byte) {
	if _, flag := loose.Bool(value); !flag {
		e.addText(value)
	}
}

// addText makes the message of any value, where there is none yet.
func (e *explanation) addText(value []byte) {
	if e.message != "" {
		return
	}
	text := ""
	if loose.Kind(value) == '[' {
		text = flattenErrors(value)
	}
	if text == "" {
		text = flatten(value)
	}
	e.message = singleLine(e.mask, withoutTags(text))
}

// innerMessage returns the text in {"error": {"message": …}}.
func innerMessage(object []byte) []byte {
	if loose.Kind(object) != '{' {
		return nil
	}
	if inner := member(object, "message"); loose.Kind(inner) == '"' {
		return inner
	}
	return nil
}

// addFields takes a validator's errors: lists of texts or texts, by field, or a list of
// objects that name their fields.
func (e *explanation) addFields(object []byte) {
	e.addFieldErrors(object)
	if loose.Kind(object) != '{' {
		return
	}
	found := make(map[string][]string) // of a name that comes twice the last counts
	for quoted, value := range loose.Members(object) {
		if e.room.isFull() {
			break
		}
		texts := e.lines(value)
		if len(texts) == 0 {
			continue
		}
		name := truncate(e.mask, unquoteStart(quoted, lookedAt(maxName)+1), maxName)
		e.room.bytes += len(name)
		found[name] = texts
	}
	if e.fields == nil && len(found) > 0 {
		e.fields = make(map[string][]string, len(found))
	}
	for name, texts := range found {
		e.fields[name] = append(e.fields[name], texts...)
	}
}

// maxName limits the name of a field.
const maxName = 200

// A room is how much was taken of a validator's errors, of which a hostile answer
// may hold millions.
type room struct{ texts, bytes int }

func (r *room) isFull() bool { return r.texts >= 1000 || r.bytes >= 64<<10 }

// addLists takes a validator's errors from data, where many a tutorial puts them;
// only lists of texts are surely such errors.
func (e *explanation) addLists(object []byte) {
	for _, value := range loose.Members(object) {
		if loose.Kind(value) != '[' || loose.IsEmpty(value) {
			return
		}
		for text := range loose.Elements(value) {
			if loose.Kind(text) != '"' {
				return
			}
		}
	}
	e.addFields(object)
}

// lines returns the texts in a value, at any depth a validator uses.
func (e *explanation) lines(value []byte) (texts []string) {
	add := func(value []byte) {
		if text := singleLine(e.mask, withoutTags(flatten(value))); text != "" {
			texts = append(texts, text)
			e.room.texts++
			e.room.bytes += len(text)
		}
	}
	if loose.Kind(value) != '[' {
		add(value)
		return texts
	}
	for element := range loose.Elements(value) {
		if e.room.isFull() {
			break
		}
		add(element)
	}
	return texts
}
