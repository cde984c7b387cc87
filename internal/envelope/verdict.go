package envelope

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A verdict is what a status word says.
type verdict uint8

const (
	noVerdict verdict = iota // nothing was said
	success                  // it went well
	failure                  // it did not
	unknown                  // a word that nobody knows
)

// A judgement is what an envelope's words say of the call together.
type judgement struct {
	status        string // as the server wrote it
	failed        bool
	code          int    // the 4xx or 5xx number, 0 where there is none
	unknownStatus []byte // a status that nobody knows, of a call that did not fail
}

// judge says whether the call failed. An answer whose words contradict each other
// failed: nothing succeeds by omission.
func (s *statement) judge(hasData bool) (j judgement) {
	status := s.get(words.Status)
	j.status = statusText(status)
	v, number := judgeStatus(status)
	other, otherNumber := judgeStatus(s.get(words.Success))
	ok := v == success || other == success
	ofError, errorNumber := judgeError(s.get(words.Error), ok)
	errs := s.get(words.Errors)
	byErrors := !ok && !hasData && !loose.IsEmpty(errs) && loose.Kind(errs) != 'f'

	j.code = cmp.Or(number, otherNumber, s.code(), errorNumber)
	j.failed = v == failure || other == failure || ofError == failure || byErrors || j.code != 0
	if v == unknown && !j.failed {
		j.unknownStatus = status
	}
	return j
}

// failed reports whether the words so far say that the call failed.
func (s *statement) failed() bool { return s.any && s.judge(true).failed }

// code returns the 4xx or 5xx number that is sent beside the status, or 0.
func (s *statement) code() int {
	for value := range s.all(words.Code) {
		if _, number := judgeStatus(value); number != 0 {
			return number
		}
	}
	return 0
}

// judgeStatus reads an envelope's status; number is the 4xx or 5xx that it is.
func judgeStatus(value []byte) (v verdict, number int) {
	switch loose.Kind(value) {
	case 'n':
		return noVerdict, 0
	case 't':
		return success, 0
	case 'f':
		return failure, 0
	case '{':
		return unknown, 0
	case '[':
		first := firstOf(value)
		if first == nil || loose.Kind(first) == '[' {
			return unknown, 0
		}
		return judgeStatus(first)
	}
	text, _ := loose.String(value, "success", "error")
	if text == "success" { // as nearly all are
		return success, 0
	}
	return judgeText(strings.ToLower(strings.TrimSpace(text)))
}

func judgeText(text string) (v verdict, number int) {
	switch text {
	case "":
		return noVerdict, 0
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
func judgeNumber(text string) (v verdict, number int) {
	if len(text) > 1 && strings.Trim(text, "0") == "" {
		return success, 0 // "00", the banks' word for success
	}
	digits, _, _ := strings.Cut(text, " ")
	n, err := strconv.ParseFloat(digits, 64)
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

// judgeError reads an envelope's error: a flag, a number, a text, or an object with
// a code of its own. Beside a status that says that the call went well only the flag
// and the number count.
func judgeError(value []byte, ok bool) (v verdict, number int) {
	if value == nil {
		return noVerdict, 0
	}
	if flag, isFlag := loose.Bool(value); isFlag {
		if !flag {
			return noVerdict, 0
		}
		_, number := judgeStatus(value)
		return failure, number
	}
	if ok || loose.IsEmpty(value) {
		return noVerdict, 0
	}
	if loose.Kind(value) != '{' {
		return failure, 0
	}
	inner := statementOf(value)
	_, number = judgeStatus(inner.get(words.Status))
	return failure, cmp.Or(inner.code(), number)
}

// statementOf returns what an object says that stands inside an envelope.
func statementOf(object []byte) (s statement) {
	for name, value := range loose.Members(object) {
		if w := words.Of(name); w.OfEnvelope() {
			s.add(w, value)
		}
	}
	return s
}

// isRemark reports whether a value in a status's place is a text rather than a
// status.
func isRemark(value []byte) bool {
	v, _ := judgeStatus(value)
	return v == unknown && loose.Kind(value) == '"'
}

// statusText returns the status as the server wrote it.
func statusText(value []byte) string {
	if value == nil {
		return ""
	}
	if text, ok := loose.String(value, "success", "error"); ok {
		return text
	}
	return string(value)
}
