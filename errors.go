package pmpsmart

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// What went wrong, for errors.Is. The detail is in the error types, for
// errors.As.
var (
	// ErrUnauthorized is a 401 or another response that rejects the token, a
	// login that an HTTP success refuses, a call that has no token and no
	// credentials, or one whose own login was refused for good, with whatever
	// status.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden is a 403: the account may not do this, or a bot check
	// stands before the server.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound is an order that is not there, or any 404 but that of a
	// call's own login.
	ErrNotFound = errors.New("not found")
	// ErrValidation is a 422, or a 400, a 412 or an HTTP success that names the
	// fields at fault.
	ErrValidation = errors.New("refused by validation")
	// ErrRateLimited is a 429.
	ErrRateLimited = errors.New("rate limited")
	// ErrMaintenance is a 503, which is also ErrServer.
	ErrMaintenance = errors.New("in maintenance")
	// ErrServer is any 5xx.
	ErrServer = errors.New("server error")
	// ErrInvalidInput is an [*InputError]: nothing was sent.
	ErrInvalidInput = errors.New("invalid input")
	// ErrResponseTooLarge is an answer, or a record of a Seq, beyond
	// [WithMaxResponseBytes].
	ErrResponseTooLarge = errors.New("response too large")
)

// APIError is an error response: a non-2xx status, or a 2xx whose envelope reports
// a failure. It matches the sentinel of its status.
type APIError struct {
	Op         string              // the method, "GetOrder"; "Login" where a call's own login failed
	HTTPStatus int                 // of the answer; 200 where only the envelope says that the call failed
	Status     string              // the envelope's status, "error", "false", as the server wrote it
	Message    string              // the server's words, or the name of the HTTP status
	Fields     map[string][]string // a validator's errors by field, at most 1,000 texts and 64 KiB, nil where there are none
	RetryAfter time.Duration       // how long the server asked to wait, 0 where it did not
	Header     http.Header         // of the answer, at most 64 KiB, secrets blanked out
	Body       []byte              // how the answer's body starts, at most 64 KiB, secrets blanked out

	code          int    // the status that counts, 0 for the HTTP status: the envelope's 4xx or 5xx, or 401 for a rejected token
	absent        bool   // the call succeeded and there is no record
	hasRetryAfter bool   // the header was there, be it 0
	hint          string // what a person could do
	path          string // Call's
}

// Error says what was called, what came and what could be done.
func (e *APIError) Error() string { return prefix(e.Op) + e.text() }

// text returns the text of Error without the operation before it.
func (e *APIError) text() string {
	var b strings.Builder
	if e.path != "" {
		b.WriteString(e.path + ": ")
	}
	number := e.status()
	switch {
	case number >= 300:
		b.WriteString(statusLine(number))
		if number != e.HTTPStatus && e.HTTPStatus != 0 {
			fmt.Fprintf(&b, " (in an HTTP %d)", e.HTTPStatus)
		}
	default:
		fmt.Fprintf(&b, "refused with HTTP %d", e.HTTPStatus)
	}
	if e.saysMore() {
		b.WriteString(": " + line(e.Message))
	}
	if fields := e.fields(); fields != "" && fields != e.Message {
		b.WriteString(" [" + fields + "]")
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, " (the server asks to wait %s)", e.RetryAfter.Round(time.Second))
	}
	if e.hint != "" {
		b.WriteString("; " + e.hint)
	}
	return b.String()
}

// saysMore reports whether the message is more than the status's name.
func (e *APIError) saysMore() bool {
	number := e.status()
	return e.Message != "" && e.Message != envelope.StatusText(number) && e.Message != statusLine(number)
}

// statusLine returns a status and its name, if it has one.
func statusLine(number int) string {
	unnamed := fmt.Sprintf("HTTP %d", number)
	if name := envelope.StatusText(number); name != unnamed {
		return fmt.Sprintf("%d %s", number, name)
	}
	return unnamed
}

// fields returns the validator's errors on one line, at most ten fields of them.
func (e *APIError) fields() string {
	const most = 10
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		if len(parts) == most {
			parts = append(parts, fmt.Sprintf("and %d fields more", len(e.Fields)-most))
			break
		}
		texts := e.Fields[name]
		parts = append(parts, redact.Quote(line(name))+": "+line(strings.Join(texts[:min(len(texts), most)], " ")))
	}
	return strings.Join(parts, "; ")
}

// status returns the HTTP status that counts.
func (e *APIError) status() int {
	if e.code != 0 {
		return e.code
	}
	return e.HTTPStatus
}

// asUnauthorized makes e a 401, whatever the server calls it.
func (e *APIError) asUnauthorized() *APIError {
	if e.HTTPStatus != http.StatusUnauthorized {
		e.code = http.StatusUnauthorized
	}
	if e.Message == "" {
		e.Message = envelope.StatusText(http.StatusUnauthorized)
	}
	return e
}

// Is matches the sentinels: [ErrUnauthorized] and the others of its status.
func (e *APIError) Is(target error) bool {
	status := e.status()
	switch target {
	case ErrUnauthorized:
		return status == http.StatusUnauthorized || e.isRefusedLogin()
	case ErrForbidden:
		return status == http.StatusForbidden
	case ErrNotFound:
		return status == http.StatusNotFound
	case ErrValidation:
		return status == http.StatusUnprocessableEntity || len(e.Fields) > 0 && (status < 400 || status == http.StatusBadRequest || status == http.StatusPreconditionFailed)
	case ErrRateLimited:
		return status == http.StatusTooManyRequests
	case ErrMaintenance:
		return status == http.StatusServiceUnavailable
	case ErrServer:
		return status >= 500 && status <= 599
	}
	return false
}

// isRefusedLogin reports whether an HTTP success refuses a login, without a status of
// its own for that.
func (e *APIError) isRefusedLogin() bool {
	return e.Op == loginEndpoint.name && e.status() < 300
}

// DecodeError is a response that can't be read as what it should be: HTML in
// place of JSON, JSON cut short, an element of a list that is no record, or,
// with [WithStrictDecoding], drift.
type DecodeError struct {
	Op          string // the method
	HTTPStatus  int    // of the answer
	ContentType string // of the answer
	Snippet     []byte // the body's first 512 bytes, secrets blanked out; nil for a login
	Err         error  // what is wrong

	path  string // Call's
	known bool   // the server said that it did what it was asked
}

// Error says what came instead of what was expected.
func (e *DecodeError) Error() string { return prefix(e.Op) + e.text() }

func (e *DecodeError) text() string {
	var b strings.Builder
	if e.path != "" {
		b.WriteString(e.path + ": ")
	}
	fmt.Fprintf(&b, "can't read the answer (HTTP %d", e.HTTPStatus)
	if e.ContentType != "" {
		b.WriteString(", " + quoteAddress(line(e.ContentType)))
	}
	b.WriteString("): ")
	if e.Err != nil {
		b.WriteString(strings.Replace(textOf(e.Err), "jsontext: ", "", 1))
	}
	return b.String()
}

// Unwrap returns what is wrong.
func (e *DecodeError) Unwrap() error { return e.Err }

// InputError is input that can't be right; nothing was sent. It matches
// [ErrInvalidInput].
type InputError struct {
	Op      string // the method, or "New"
	Field   string // the parameter or field, "orderID"
	Problem string // what is wrong with it
}

// Error names the field and the problem.
func (e *InputError) Error() string { return prefix(e.Op) + e.text() }

func (e *InputError) text() string { return e.Field + " " + line(e.Problem) }

// Is matches [ErrInvalidInput].
func (e *InputError) Is(target error) bool { return target == ErrInvalidInput }

// OutcomeUnknownError is a create that was sent and got no clear answer: the row
// may be there or not. Look before sending it again, as [Client.EnsureJSONOrder]
// does.
type OutcomeUnknownError struct {
	Op  string // the method
	Err error  // why it is unknown: a lost connection, a 5xx, an answer that can't be read
}

// Error says that the outcome is unknown, and why.
func (e *OutcomeUnknownError) Error() string { return prefix(e.Op) + e.text() }

func (e *OutcomeUnknownError) text() string {
	what := "look before sending it again"
	if e.Op == ensureOp {
		what = "calling it again is safe"
	}
	return "outcome unknown, the server may have done it: " + textOf(e.Err) + "; " + what
}

// Unwrap returns the cause.
func (e *OutcomeUnknownError) Unwrap() error { return e.Err }

// An opError is every other error, such as a broken connection or a context's end,
// with the operation before it.
type opError struct {
	op   string
	what string // what was tried, "" where err says it
	err  error
}

func (e *opError) Error() string { return prefix(e.op) + e.text() }

func (e *opError) text() string {
	if e.what == "" {
		return textOf(e.err)
	}
	return e.what + ": " + textOf(e.err)
}

func (e *opError) Unwrap() error { return e.err }

// textOf returns an error's text without the operation that it starts with, for an
// error inside another.
func textOf(err error) string {
	if e, ok := err.(interface{ text() string }); ok {
		return e.text()
	}
	return line(err.Error())
}

// line returns a text of others' as one line of a length that a person can read.
// Secrets that are known are redacted already, where the text was received.
func line(text string) string {
	const limit = 2 << 10
	return redact.New().Line(text, limit)
}

func prefix(op string) string { return "pmpsmart: " + op + ": " }

// errNoToken is the error of a call that has no token and no way to one.
var errNoToken = fmt.Errorf("not sent, %w: no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv", ErrUnauthorized)

// A loginError is the error of a call that was not sent, since there was no token
// to send it with.
type loginError struct {
	what string // "login" or "token store"
	err  error
}

func (e *loginError) Error() string { return e.what + ": " + textOf(e.err) }

func (e *loginError) Unwrap() error { return e.err }

// A loginRefusal is a login's refusal as the call's own error: the account may
// not do the call, whatever the status; and a 404 says nothing of what the call
// looked for.
type loginRefusal struct{ *APIError }

func (e loginRefusal) Is(target error) bool {
	return target == ErrUnauthorized || target != ErrNotFound && e.APIError.Is(target)
}

// As sets target to the *APIError.
func (e loginRefusal) As(target any) bool {
	to, ok := target.(**APIError)
	if ok {
		*to = e.APIError
	}
	return ok
}
