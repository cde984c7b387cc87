package envelope

import (
	"bytes"
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A verdict is what a word, or an envelope's words together, say of the call.
type verdict uint8

const (
	noVerdict verdict = iota // nothing was said
	success                  // it went well
	failure                  // it did not
	unknown                  // a word that nobody knows
)

// A judgement is what an envelope's words say of the call together.
type judgement struct {
	verdict
	status        string // as the server wrote it
	code          int    // the 4xx or 5xx number, 0 where there is none
	unknownStatus []byte // a status that nobody knows, of a call that did not fail
	complains     bool   // beside a word of success something tells of an error
	errors        []byte // that stand beside data without a word of success
}

// add takes in what one word says. A failure outweighs everything, and the first number
// counts.
func (j *judgement) add(v verdict, number int) {
	j.code = cmp.Or(j.code, number)
	switch {
	case v == failure || number != 0:
		j.verdict = failure
	case v == success && j.verdict == noVerdict:
		j.verdict = success
	}
}

// judge says what the words say of the call. An answer whose words contradict each
// other failed, and one without a known word of success did not succeed: nothing
// succeeds by omission.
func (s *statement) judge(hasData bool) (j judgement) {
	status := s.get(words.Status)
	j.status = statusText(status)
	ofStatus, number := judgeStatus(status)
	j.add(ofStatus, number)
	const usual = 1<<words.Status | 1<<words.Message
	if s.roles()&^usual != 0 { // as in few answers
		s.judgeRest(&j, ofStatus, hasData)
	}
	if ofStatus == unknown && j.verdict != failure {
		j.unknownStatus = status
		if j.verdict == noVerdict {
			j.verdict = unknown
		}
	}
	return j
}

// judgeRest takes in what the words but the status say.
func (s *statement) judgeRest(j *judgement, ofStatus verdict, hasData bool) {
	for flag := range s.all(words.Success) {
		j.add(judgeStatus(flag))
	}
	ok := j.verdict == success && !isHTTP(s.get(words.Status))
	for code := range s.all(words.Code) {
		if v, number := judgeCode(code); ofStatus != unknown || v != success { // a code of 200 may be HTTP's
			j.add(v, number)
		}
	}
	for flag := range s.all(words.Error) {
		v, number := judgeError(flag, ok)
		j.add(v, number)
		j.complains = j.complains || ok && v == noVerdict && !loose.IsEmpty(flag)
	}
	for flag := range s.all(words.Failed) {
		j.add(judgeFailed(flag), 0)
	}
	for code := range s.all(words.ErrorCode) {
		j.add(judgeErrorCode(code, ok))
	}
	j.add(s.judgeException(), 0)
	if errs := s.get(words.Errors); !loose.IsEmpty(errs) && loose.Kind(errs) != 'f' {
		switch {
		case ok:
			j.complains = j.complains || !hasData
		case hasData:
			j.errors = errs
		default:
			j.add(failure, codeOfErrors(errs))
		}
	}
}

// failed reports whether the words so far say that the call failed.
func (s *statement) failed() bool { return s.any && s.judge(true).verdict == failure }

// isHTTP reports whether a status is a number as HTTP has it, which says less than a
// word: frameworks send 200 with their own errors.
func isHTTP(status []byte) bool {
	digits := bytes.Trim(status, `" `)
	return len(digits) >= len("200") && digits[0] >= '1' && digits[0] <= '9'
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
	case "success", "succes", "sukses", "ok", "okay", "berhasil", "true", "successful", "succeeded",
		"created", "updated", "saved", "inserted", "tersimpan", "disimpan":
		return success, 0
	case "false":
		return failure, 0
	}
	for _, start := range []string{"fail", "error", "gagal"} {
		if strings.HasPrefix(text, start) {
			return failure, 0
		}
	}
	if strings.HasPrefix(text, "berhasil di") || strings.HasPrefix(text, "sukses di") { // disimpan, diubah: "has been …"
		return success, 0
	}
	return judgeNumber(text)
}

// judgeNumber reads 200, and "404 Not Found" too.
func judgeNumber(text string) (v verdict, number int) {
	if len(text) > 1 && strings.Trim(text, "0") == "" {
		return success, 0 // "00", the banks' word for success
	}
	digits, _, _ := strings.Cut(text, " ")
	if len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
		return unknown, 0 // "01", which is the banks' word for something else
	}
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

// judgeCode reads the number that is sent beside the status. One that is neither
// HTTP's nor a bank's means what its server likes.
func judgeCode(value []byte) (v verdict, number int) {
	text, _ := loose.String(value)
	if kind := loose.Kind(value); len(strings.TrimSpace(text)) < 2 || kind != '0' && kind != '"' {
		return noVerdict, 0
	}
	if v, number = judgeStatus(value); v == unknown {
		return noVerdict, 0
	}
	return v, number
}

// judgeError reads an envelope's error: a flag, a number, a text, or an object with
// a code of its own. Beside a word that says that the call went well only the flag
// and the number count.
func judgeError(value []byte, ok bool) (v verdict, number int) {
	if flag, isFlag := loose.Bool(value); isFlag {
		if !flag {
			return success, 0
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
	return failure, inner.code()
}

// judgeFailed reads a flag that is true where the call failed. A number under its name
// counts something.
func judgeFailed(value []byte) verdict {
	switch loose.Kind(value) {
	case 't':
		return failure
	case 'f':
		return success
	}
	return noVerdict
}

// judgeErrorCode reads the number of an error. A text counts where nothing says that
// the call went well.
func judgeErrorCode(value []byte, ok bool) (v verdict, number int) {
	if n, isNumber := loose.Float(value); isNumber {
		if n == 0 || n >= 200 && n <= 299 {
			return success, 0
		}
		_, number := judgeStatus(value)
		return failure, number
	}
	if ok || loose.IsEmpty(value) {
		return noVerdict, 0
	}
	return failure, 0
}

// judgeException reads the debug page of a PHP framework: the class of an exception, and
// where it was thrown.
func (s *statement) judgeException() verdict {
	class := s.get(words.Exception)
	text, _ := loose.String(class)
	if s.get(words.Trace) != nil && !loose.IsEmpty(class) && loose.Kind(class) != 'f' ||
		strings.HasSuffix(text, "Exception") || strings.HasSuffix(text, "Error") {
		return failure
	}
	return noVerdict
}

// code returns the 4xx or 5xx number among the words of an error, or 0.
func (s *statement) code() int {
	for value := range s.all(words.Code, words.ErrorCode, words.Status) {
		if _, number := judgeStatus(value); number != 0 {
			return number
		}
	}
	return 0
}

// codeOfErrors returns the 4xx or 5xx number of the first error of a list, as JSON:API
// has them, or 0.
func codeOfErrors(errs []byte) int {
	if loose.Kind(errs) != '[' || loose.Kind(firstOf(errs)) != '{' {
		return 0
	}
	first := statementOf(firstOf(errs))
	return first.code()
}

// statementOf returns what an object says that stands inside an envelope.
func statementOf(object []byte) (s statement) {
	for name, value := range loose.Members(object) {
		if w := wordOf(name, value); w.OfEnvelope() {
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

// codeBesideMessage returns the 4xx or 5xx number that stands beside a message in the data
// of a failure, as Yii wraps an error that it sends with a 200, or 0.
func codeBesideMessage(data []byte) int {
	inner := statementOf(data)
	if inner.get(words.Message) == nil {
		return 0
	}
	return inner.code()
}
