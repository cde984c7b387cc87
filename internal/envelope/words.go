package envelope

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A word is a name that an envelope uses, and nothing else does at its level.
type word uint8

const (
	noWord word = iota
	wordStatus
	wordSuccess
	wordError
	wordErrors
	wordCode
	wordStatusCode
	wordStatusCodeCamel
	wordHTTPCode
	wordMessage
	wordMsg
	wordStatusMessage
	wordPesan
	wordMessages
	wordErrorDescription
	wordErrorMessage
	wordCount
)

var wordNames = [wordCount]string{
	wordStatus: "status", wordSuccess: "success", wordError: "error", wordErrors: "errors",
	wordCode: "code", wordStatusCode: "status_code", wordStatusCodeCamel: "statusCode", wordHTTPCode: "http_code",
	wordMessage: "message", wordMsg: "msg", wordStatusMessage: "status_message", wordPesan: "pesan", wordMessages: "messages",
	wordErrorDescription: "error_description", wordErrorMessage: "error_message",
}

// Words that say one thing, those that say it best first.
var (
	codeWords    = [...]word{wordCode, wordStatusCode, wordStatusCodeCamel, wordHTTPCode}
	messageWords = [...]word{wordMessage, wordMsg, wordStatusMessage, wordPesan, wordMessages}
	detailWords  = [...]word{wordErrorDescription, wordErrorMessage, wordError, wordErrors}
)

// wordOf gives the word of that name, or noWord.
func wordOf(name string) word {
	switch name { // a map would take longer than all the rest of a word's reading
	case "status":
		return wordStatus
	case "message":
		return wordMessage
	case "success":
		return wordSuccess
	}
	for w := wordStatus; w < wordCount; w++ {
		if wordNames[w] == name {
			return w
		}
	}
	return noWord
}

// isWord tells the names that an envelope or a paginator uses at the top.
func isWord(name string) bool { return wordOf(name) != noWord || isPageWord(name) }

// words are what an answer's envelope says, raw and word for word.
type words struct {
	top  level
	meta *level // what stood in meta, which counts where the top says nothing
	sent uint32 // a bit for each word at the top, whatever it says
	any  bool   // a word was sent at all
}

// A level holds the words that stand side by side, nil where one says nothing.
type level [wordCount][]byte

// add takes in a value; of several the first that says something counts.
func (l *level) add(name word, raw []byte) {
	if l[name] == nil && !loose.IsBlank(raw) {
		l[name] = raw
	}
}

// first gives the value of the first of names that says something, or nil.
func (l *level) first(names []word) []byte {
	for _, name := range names {
		if l[name] != nil {
			return l[name]
		}
	}
	return nil
}

// add takes in a word that stands at the top.
func (w *words) add(name word, raw []byte) {
	w.any = true
	w.sent |= 1 << name
	w.top.add(name, raw)
}

// addMeta takes in a word that stands in meta.
func (w *words) addMeta(name word, raw []byte) {
	w.any = true
	if w.meta == nil {
		w.meta = new(level)
	}
	w.meta.add(name, raw)
}

// get gives the value of the first of names that says something, or nil.
func (w *words) get(names ...word) []byte {
	raw := w.top.first(names)
	if raw == nil && w.meta != nil {
		raw = w.meta.first(names)
	}
	return raw
}

// all gives the values of those of names that say something.
func (w *words) all(names []word) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, name := range names {
			if raw := w.get(name); raw != nil && !yield(raw) {
				return
			}
		}
	}
}

// hasMessage reports whether a message stands at the top, whatever it says.
func (w *words) hasMessage() bool {
	return slices.ContainsFunc(messageWords[:], func(name word) bool { return w.sent&(1<<name) != 0 })
}

// drop forgets a word.
func (w *words) drop(name word) {
	w.sent &^= 1 << name
	w.top[name] = nil
	if w.meta != nil {
		w.meta[name] = nil
	}
}

// wordName is a member's name; the usual ones cost no allocation.
func wordName(quoted []byte) string {
	switch string(quoted) {
	case `"status"`:
		return "status"
	case `"message"`:
		return "message"
	case `"success"`:
		return "success"
	case `"code"`:
		return "code"
	case `"data"`:
		return "data"
	case `"id"`:
		return "id"
	}
	return loose.Name(quoted)
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
	text, _ := loose.String(raw, "success", "error")
	if text == "success" { // as nearly all are
		return success, 0
	}
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "":
		return silent, 0
	case "success", "succes", "sukses", "ok", "berhasil", "true":
		return success, 0
	case "false":
		return failure, 0
	}
	for _, start := range []string{"fail", "error", "gagal"} {
		if strings.HasPrefix(text, start) {
			return failure, 0
		}
	}
	return judgeNumber(text)
}

// judgeNumber reads 200, and "404 Not Found" too.
func judgeNumber(text string) (verdict, int) {
	if len(text) > 1 && strings.Trim(text, "0") == "" {
		return success, 0 // "00", the banks' word for success
	}
	number, _, _ := strings.Cut(text, " ")
	n, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil || n != math.Trunc(n):
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
	status := w.get(wordStatus)
	a.Status = statusText(status)
	v, number := judgeStatus(status)
	other, otherNumber := judgeStatus(w.get(wordSuccess))
	well := v == success || other == success
	ofError, errorNumber := judgeError(w.get(wordError), well)
	errs := w.get(wordErrors)
	byErrors := !well && !hasData && !isEmpty(errs) && loose.Kind(errs) != 'f'

	a.Code = cmp.Or(number, otherNumber, w.code(), errorNumber)
	a.Failed = v == failure || other == failure || ofError == failure || byErrors || a.Code != 0
	a.unknownStatus = nil
	if v == unknown && !a.Failed {
		a.unknownStatus = status
	}
}

// code gives the 4xx or 5xx number that is sent beside the status, or 0.
func (w *words) code() int {
	for raw := range w.all(codeWords[:]) {
		if _, number := judgeStatus(raw); number != 0 {
			return number
		}
	}
	return 0
}

// judgeError reads the envelope's error: a flag, a number, a text, or an object
// with a code of its own. Beside a status that says that all went well only the
// flag and the number count.
func judgeError(raw []byte, well bool) (verdict, int) {
	if raw == nil {
		return silent, 0
	}
	if flag, ok := loose.Bool(raw); ok {
		if !flag {
			return silent, 0
		}
		_, number := judgeStatus(raw)
		return failure, number
	}
	if well || isEmpty(raw) {
		return silent, 0
	}
	if loose.Kind(raw) == '{' {
		inner := words{}
		for name, value := range loose.Members(raw) {
			if w := wordOf(wordName(name)); w != noWord {
				inner.add(w, value)
			}
		}
		_, number := judgeStatus(inner.get(wordStatus))
		return failure, cmp.Or(inner.code(), number)
	}
	return failure, 0
}

// statusText is the status as the server wrote it.
func statusText(raw []byte) string {
	if raw == nil {
		return ""
	}
	if text, ok := loose.String(raw, "success", "error"); ok {
		return line(text)
	}
	return line(string(raw))
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
