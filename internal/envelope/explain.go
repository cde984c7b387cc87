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
	told    []string            // a line of each field, in their order
}

// addStatement takes the message and the fields from an envelope's words and, of a
// call that failed, from its data.
func (e *explanation) addStatement(s *statement, j judgement, data []byte) {
	for value := range s.all(words.Message) {
		if only := onlyMessage(value); only != nil {
			e.addText(only)
			continue
		}
		e.addFields(value)
		e.addText(value)
	}
	errs := s.get(words.Errors)
	if errs == nil {
		errs = s.get(words.Error)
	}
	if inner := innerMessage(errs); inner != nil {
		e.addText(inner)
		e.search(errs, maxErrorDepth)
	} else {
		e.addFields(errs)
	}
	for value := range s.all(words.Detail, words.Error, words.Errors) {
		if loose.Kind(value) == '{' {
			e.addTold()
		}
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
		if e.fields == nil {
			e.addFieldErrors(data)
		}
		e.add(data)
		return
	}
	if e.fields == nil {
		e.search(data, maxErrorDepth)
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
		e.add(member(whole, name))
	}
	if e.fields == nil {
		e.search(whole, maxErrorDepth)
	}
	if e.fields == nil && isByField(whole, maxErrorDepth) {
		e.addByField(whole, "", maxErrorDepth)
	}
	e.addTold()
	if only := onlyMember(whole); only != nil && e.message == "" && e.fields == nil {
		e.addData(only) // {"apierror": {…}}
	}
}

// onlyMember returns the object that is all that an object holds, nil if there is none.
func onlyMember(object []byte) (only []byte) {
	for _, value := range loose.Members(object) {
		if only != nil || loose.Kind(value) != '{' {
			return nil
		}
		only = value
	}
	return only
}

// onlyMessage returns the text in {"error": "…"} or {"success": "…"} in a message's
// place, nil if it holds anything else.
func onlyMessage(object []byte) (text []byte) {
	if loose.Kind(object) != '{' {
		return nil
	}
	for name, value := range loose.Members(object) {
		w := words.Of(name)
		if text != nil || loose.Kind(value) != '"' || w.Role() != words.Error && w.Role() != words.Success && w.Role() != words.Message {
			return nil
		}
		text = value
	}
	return text
}

// add makes the message of what explains something, where there is none yet: a flag
// or a number explains nothing.
func (e *explanation) add(value []byte) {
	if _, flag := loose.Bool(value); !flag {
		e.addText(value)
	}
}

// addTold makes the message of the errors by field, where there is none yet.
func (e *explanation) addTold() {
	if e.message == "" {
		e.message = singleLine(e.mask, strings.Join(e.told, "; "))
	}
}

// addText makes the message of any value, where there is none yet.
func (e *explanation) addText(value []byte) {
	if e.message != "" {
		return
	}
	text := ""
	if loose.Kind(value) == '[' {
		text = e.flattenErrors(value)
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
	switch loose.Kind(value) {
	case '[':
		for element := range loose.Elements(value) {
			if e.room.isFull() {
				break
			}
			texts = append(texts, e.linesOf(element)...)
		}
		return texts
	case '{':
		return e.linesOf(value)
	}
	return e.line(value)
}

// linesOf returns the texts of an object: that of an error, or all of those by rules.
func (e *explanation) linesOf(value []byte) (texts []string) {
	if loose.Kind(value) != '{' {
		return e.line(value)
	}
	if text := fieldErrorOf(value).text; text != nil && loose.Kind(text) != '{' {
		return e.line(text)
	}
	if !isTexts(value) {
		return e.line(value)
	}
	for _, text := range loose.Members(value) {
		if e.room.isFull() {
			break
		}
		texts = append(texts, e.line(text)...)
	}
	return texts
}

// line returns the text of a value, none if it has none.
func (e *explanation) line(value []byte) []string {
	text := singleLine(e.mask, withoutTags(flatten(value)))
	if text == "" {
		return nil
	}
	e.room.texts++
	e.room.bytes += len(text)
	return []string{text}
}
