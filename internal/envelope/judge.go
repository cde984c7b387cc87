package envelope

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

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
	a.Status = line(a.mask, statusText(status))
	v, number := judgeStatus(status)
	other, otherNumber := judgeStatus(w.get(wordSuccess))
	well := v == success || other == success
	ofError, errorNumber := judgeError(w.get(wordError), well)
	errs := w.get(wordErrors)
	byErrors := !well && !hasData && !loose.IsEmpty(errs) && loose.Kind(errs) != 'f'

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
	if well || loose.IsEmpty(raw) {
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
		return text
	}
	return string(raw)
}
