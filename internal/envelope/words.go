package envelope

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// words are the members of an answer that belong to the envelope, raw and as
// the server named them.
type words struct {
	names  []string
	values [][]byte
}

func (w *words) add(name string, raw []byte) {
	w.names = append(w.names, name)
	w.values = append(w.values, raw)
}

// get gives the value of the first of names that was sent and says something.
func (w *words) get(names ...string) []byte {
	for _, want := range names {
		for i, name := range w.names {
			if name == want && !loose.IsBlank(w.values[i]) {
				return w.values[i]
			}
		}
	}
	return nil
}

func (w *words) has(name string) bool {
	for _, n := range w.names {
		if n == name {
			return true
		}
	}
	return false
}

// The names that an envelope uses, and nothing else does at its level.
var (
	statusNames  = []string{"status"}
	codeNames    = []string{"code", "status_code", "statusCode", "http_code"}
	messageNames = []string{"message", "msg", "status_message", "pesan"}
)

// IsWord tells the names that an envelope uses at its top.
func IsWord(name string) bool {
	switch name {
	case "status", "success", "error", "errors", "code", "status_code", "statusCode", "http_code",
		"message", "msg", "status_message", "pesan":
		return true
	}
	return isPageWord(name)
}

// A verdict is what a status word says.
type verdict uint8

const (
	silent  verdict = iota // nothing was said
	success                // it went well
	failure                // it did not
	unknown                // a word that nobody knows
)

// judgeStatus reads the envelope's status; number is the 4xx or 5xx that it is.
func judgeStatus(raw []byte) (v verdict, number int) {
	switch loose.Kind(raw) {
	case 'n':
		return silent, 0
	case 't':
		return success, 0
	case 'f':
		return failure, 0
	case '{':
		return unknown, 0
	case '[':
		for first := range loose.Elements(raw) {
			if loose.Kind(first) == '[' {
				return unknown, 0
			}
			return judgeStatus(first)
		}
		return unknown, 0
	}
	text, _ := loose.String(raw)
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "":
		return silent, 0
	case "success", "succes", "sukses", "ok", "berhasil", "true":
		return success, 0
	case "false", "gagal":
		return failure, 0
	}
	if strings.HasPrefix(text, "fail") || strings.HasPrefix(text, "error") || strings.HasPrefix(text, "gagal") {
		return failure, 0
	}
	return judgeNumber(raw, text)
}

func judgeNumber(raw []byte, text string) (verdict, int) {
	if len(text) > 1 && strings.Trim(text, "0") == "" {
		return success, 0 // "00", the banks' word for success
	}
	n, ok := loose.Int(raw)
	switch {
	case !ok:
		return unknown, 0
	case n == 0:
		return failure, 0
	case n == 1 || n >= 200 && n <= 299:
		return success, 0
	case n >= 400 && n <= 599:
		return failure, int(n)
	}
	return unknown, 0
}

// judge fills in what the envelope's words say of the call. An answer whose
// words contradict each other failed: nothing succeeds by omission.
func (a *Answer) judge(w *words, hasData bool) {
	status := w.get(statusNames...)
	a.Status = statusText(status)
	v, number := judgeStatus(status)
	a.Code = number
	for _, name := range codeNames {
		if _, n := judgeStatus(w.get(name)); n != 0 && a.Code == 0 {
			a.Code = n
		}
	}
	said := v == success
	if succeeded, ok := loose.Bool(w.get("success")); ok && w.get("success") != nil {
		said = said || succeeded
		if !succeeded {
			v = failure
		}
	}
	problem := w.get("error")
	switch loose.Kind(problem) {
	case '"', '{', '[':
		if failed, ok := loose.Bool(problem); ok {
			if failed {
				v = failure
			}
		} else if !said && !isEmpty(problem) {
			v = failure
		}
	case 't', '0':
		if failed, _ := loose.Bool(problem); failed {
			v = failure
		}
	}
	if errs := w.get("errors"); !said && !hasData && errs != nil && !isEmpty(errs) && loose.Kind(errs) != 'f' {
		v = failure
	}
	a.Failed = v == failure || a.Code != 0
	a.unknownStatus = nil
	if v == unknown && !a.Failed {
		a.unknownStatus = status
	}
}

func isEmpty(raw []byte) bool {
	switch loose.Kind(raw) {
	case '{':
		for range loose.Members(raw) {
			return false
		}
		return true
	case '[':
		for range loose.Elements(raw) {
			return false
		}
		return true
	}
	return loose.IsBlank(raw)
}

// statusText is the status as the server wrote it.
func statusText(raw []byte) string {
	if raw == nil {
		return ""
	}
	if text, ok := loose.String(raw); ok {
		return line(text)
	}
	return line(string(raw))
}

// explain fills in Message and Fields.
func (a *Answer) explain(w *words, data []byte) {
	message := w.get(messageNames...)
	if loose.Kind(message) == '{' {
		a.addFields(message)
	}
	errs := w.get("errors", "error")
	if loose.Kind(errs) == '{' {
		if inner := member(errs, "message"); inner != nil && message == nil {
			message = inner // {"error": {"message": …}}
		} else {
			a.addFields(errs)
		}
	}
	if a.Failed && a.Fields == nil && loose.Kind(data) == '{' {
		a.addLists(data)
	}
	if message != nil {
		a.Message = line(flatten(message))
		return
	}
	candidates := [][]byte{w.get("error_description"), w.get("error"), w.get("errors")}
	if a.Failed && loose.Kind(data) == '"' {
		candidates = append(candidates, data)
	}
	for _, raw := range candidates {
		if k := loose.Kind(raw); k != '"' && k != '{' && k != '[' {
			continue // error: true explains nothing
		}
		if a.Message = line(flatten(raw)); a.Message != "" {
			return
		}
	}
}

// addFields takes a validator's errors: lists of texts or texts, by field.
func (a *Answer) addFields(object []byte) {
	for name, value := range loose.Unique(object) {
		texts := lines(value)
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
		if loose.Kind(value) != '[' {
			return
		}
		n := 0
		for text := range loose.Elements(value) {
			if loose.Kind(text) != '"' {
				return
			}
			n++
		}
		if n == 0 {
			return
		}
	}
	a.addFields(object)
}

// member gives an object's member of that name, nil where there is none.
func member(object []byte, want string) (found []byte) {
	for name, value := range loose.Members(object) {
		if loose.NameIs(name, want) {
			found = value
		}
	}
	return found
}

// lines gives the texts in a value, at any depth a validator uses.
func lines(raw []byte) (texts []string) {
	switch loose.Kind(raw) {
	case '[':
		for element := range loose.Elements(raw) {
			if k := loose.Kind(element); k == '[' || k == '{' {
				texts = append(texts, line(flatten(element)))
				continue
			}
			texts = append(texts, lines(element)...)
		}
	case '{':
		if text := line(flatten(raw)); text != "" {
			texts = append(texts, text)
		}
	default:
		if text, _ := loose.String(raw); strings.TrimSpace(text) != "" {
			texts = append(texts, line(text))
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
			parts = append(parts, flattenTo(element, depth-1))
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

// line makes a text fit for one line of a log.
func line(text string) string {
	const most = 500
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\ufffd")), " ")
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
