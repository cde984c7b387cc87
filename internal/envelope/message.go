package envelope

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// explain fills in Message and Fields.
func (a *Answer) explain(w *words, data []byte) {
	for raw := range w.all(messageWords[:]) {
		a.addFields(raw)
		a.Message = a.orLine(a.Message, raw)
	}
	errs := w.get(wordErrors, wordError)
	if inner := innerMessage(errs); inner != nil {
		a.Message = a.orLine(a.Message, inner)
		a.addFields(member(errs, "errors"))
	} else {
		a.addFields(errs)
	}
	for raw := range w.all(detailWords[:]) {
		a.say(raw)
	}
	success := w.get(wordSuccess)
	if isRemark(success) || loose.Kind(success) == '[' && loose.Kind(firstOf(success)) == '"' {
		a.say(success) // {"success": "Order saved."}, or a list of such
	}
	a.say(innerMessage(success))
	if a.Failed {
		a.explainByData(data)
		if status := w.get(wordStatus); isRemark(status) && strings.ContainsRune(a.Status, ' ') {
			a.say(status) // {"status": "Token is Expired"}
		}
	}
}

// firstOf gives an array's first element, nil where there is none.
func firstOf(array []byte) []byte {
	for element := range loose.Elements(array) {
		return element
	}
	return nil
}

// isRemark tells words in a status's place from a status.
func isRemark(raw []byte) bool {
	v, _ := judgeStatus(raw)
	return v == unknown && loose.Kind(raw) == '"'
}

// explainByData looks in data for what the words leave out.
func (a *Answer) explainByData(data []byte) {
	if loose.Kind(data) != '{' {
		a.say(data)
		return
	}
	if a.Fields == nil {
		a.addFields(member(data, "errors"))
	}
	if a.Fields == nil {
		a.addLists(data)
	}
	for _, name := range slices.Concat(messageWords[:], detailWords[:]) {
		a.say(member(data, wordNames[name]))
	}
}

// say makes the message of what explains something where there is none yet: a
// flag or a number explains nothing.
func (a *Answer) say(raw []byte) {
	if _, flag := loose.Bool(raw); !flag {
		a.Message = a.orLine(a.Message, raw)
	}
}

// orLine gives text, or else a line made of raw.
func (a *Answer) orLine(text string, raw []byte) string {
	if text != "" {
		return text
	}
	return line(a.mask, flatten(raw))
}

// innerMessage gives the text in {"error": {"message": …}}.
func innerMessage(object []byte) []byte {
	if loose.Kind(object) != '{' {
		return nil
	}
	if inner := member(object, "message"); loose.Kind(inner) == '"' {
		return inner
	}
	return nil
}

// addFields takes a validator's errors: lists of texts or texts, by field.
func (a *Answer) addFields(object []byte) {
	if loose.Kind(object) != '{' {
		return
	}
	for name, value := range loose.Unique(object) {
		texts := a.lines(value)
		if len(texts) == 0 {
			continue
		}
		if a.Fields == nil {
			a.Fields = make(map[string][]string)
		}
		a.Fields[name] = append(a.Fields[name], texts...)
	}
}

// addLists takes a validator's errors from data, where many a tutorial puts
// them; only lists of texts are surely such errors.
func (a *Answer) addLists(object []byte) {
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
	a.addFields(object)
}

// lines gives the texts in a value, at any depth a validator uses.
func (a *Answer) lines(raw []byte) (texts []string) {
	if loose.Kind(raw) != '[' {
		if text := line(a.mask, flatten(raw)); text != "" {
			texts = append(texts, text)
		}
		return texts
	}
	for element := range loose.Elements(raw) {
		if text := line(a.mask, flatten(element)); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// flatten makes one text of any value: lists joined, objects as "name: text".
func flatten(raw []byte) string { return flattenTo(raw, 4) }

func flattenTo(raw []byte, depth int) string {
	var parts []string
	switch kind := loose.Kind(raw); {
	case kind == 'n':
		return ""
	case kind == '[' && depth > 0:
		for element := range loose.Elements(raw) {
			if text := flattenTo(element, depth-1); text != "" {
				parts = append(parts, text)
			}
		}
	case kind == '{' && depth > 0:
		for name, value := range loose.Members(raw) {
			if text := flattenTo(value, depth-1); text != "" {
				parts = append(parts, loose.Name(name)+": "+text)
			}
		}
	case kind == '[' || kind == '{':
		return string(raw)
	default:
		text, _ := loose.String(raw)
		return strings.TrimSpace(text)
	}
	return strings.Join(parts, "; ")
}

// StatusText is http.StatusText with the statuses of Laravel and Cloudflare
// that the standard does not know.
func StatusText(status int) string {
	switch status {
	case 419:
		return "Page Expired"
	case 520:
		return "Web Server Returned an Unknown Error"
	case 521:
		return "Web Server Is Down"
	case 522:
		return "Connection Timed Out"
	case 523:
		return "Origin Is Unreachable"
	case 524:
		return "A Timeout Occurred"
	case 525:
		return "SSL Handshake Failed"
	case 526:
		return "Invalid SSL Certificate"
	}
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "HTTP " + strconv.Itoa(status)
}
