package envelope

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// words are the members of an answer that belong to the envelope, raw and as
// the server named them.
type words struct{ list []word }

type word struct {
	name string
	raw  []byte
	meta bool // it stood in meta, and counts where the top says nothing
}

func (w *words) add(name string, raw []byte, meta bool) {
	w.list = append(w.list, word{name, raw, meta})
}

// get gives the value of the first of names that was sent and says something.
func (w *words) get(names ...string) []byte {
	for _, meta := range [...]bool{false, true} {
		for _, want := range names {
			for _, word := range w.list {
				if word.name == want && word.meta == meta && !loose.IsBlank(word.raw) {
					return word.raw
				}
			}
		}
	}
	return nil
}

// has reports whether one of names stands at the top, whatever it says.
func (w *words) has(names ...string) bool {
	return slices.ContainsFunc(w.list, func(word word) bool { return !word.meta && slices.Contains(names, word.name) })
}

func (w *words) drop(names ...string) {
	w.list = slices.DeleteFunc(w.list, func(word word) bool { return slices.Contains(names, word.name) })
}

// The names that an envelope uses, and nothing else does at its level.
var (
	codeNames    = []string{"code", "status_code", "statusCode", "http_code"}
	messageNames = []string{"message", "msg", "status_message", "pesan", "messages"}
	detailNames  = []string{"error_description", "error_message", "error", "errors"}
)

// isWord tells the names that an envelope uses at its top.
func isWord(name string) bool {
	switch name {
	case "status", "success", "error", "errors", "code", "status_code", "statusCode", "http_code",
		"message", "msg", "status_message", "pesan", "messages", "error_description", "error_message":
		return true
	}
	return isPageWord(name)
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
	status := w.get("status")
	a.Status = statusText(status)
	v, number := judgeStatus(status)
	other, otherNumber := judgeStatus(w.get("success"))
	well := v == success || other == success
	ofError, errorNumber := judgeError(w.get("error"), well)
	errs := w.get("errors")
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
	for _, name := range codeNames {
		if _, number := judgeStatus(w.get(name)); number != 0 {
			return number
		}
	}
	return 0
}

// judgeError reads the envelope's error: a flag, a number, a text, or an object
// with a code of its own. Beside a status that says that all went well only the
// flag and the number count.
func judgeError(raw []byte, well bool) (verdict, int) {
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
			inner.add(wordName(name), value, false)
		}
		_, number := judgeStatus(inner.get("status"))
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
