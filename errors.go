package pmpsmart

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// What went wrong, for errors.Is. The detail is in the error types, for
// errors.As.
var (
	// ErrUnauthorized is a 401 or another response that rejects the token, a login
	// that an HTTP success or a 400 without fields refuses, or a call that has no token
	// and no credentials. A call whose own login was refused is ErrUnauthorized and
	// nothing else of these, whatever the status.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden is a 403: the account may not do this, or a bot check
	// stands before the server.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound is an order that is not there, or any 404 but that of a
	// call's own login.
	ErrNotFound = errors.New("not found")
	// ErrConflict is a 409: what is there stands against it.
	ErrConflict = errors.New("conflict")
	// ErrValidation is a 422, or a 400, a 412 or an HTTP success that names the
	// fields at fault.
	ErrValidation = errors.New("refused by validation")
	// ErrRefused is an HTTP success whose envelope says no, without a 4xx or 5xx
	// number and without fields: the server's message is all that tells why. A login
	// that is refused so is ErrUnauthorized instead.
	ErrRefused = errors.New("refused")
	// ErrRateLimited is a 429.
	ErrRateLimited = errors.New("rate limited")
	// ErrMaintenance is a 503, which is also ErrServer.
	ErrMaintenance = errors.New("in maintenance")
	// ErrServer is any 5xx.
	ErrServer = errors.New("server error")
	// ErrNoAnswer is a server that could not be reached or gave no answer: its name is
	// unknown, the connection was refused or lost, its certificate is not trusted, or
	// it was silent for too long. It is neither the caller's own cancel nor a response
	// that breaks off.
	ErrNoAnswer = transport.ErrNoAnswer
	// ErrInvalidInput is an [*InputError]: nothing was sent.
	ErrInvalidInput = errors.New("invalid input")
	// ErrResponseTooLarge is a response, a record of a Seq, or a list that is held whole,
	// beyond what [WithMaxResponseBytes] allows.
	ErrResponseTooLarge = errors.New("response too large")
	// ErrNoField is the error of [Extra.Decode] for a field that was not sent.
	ErrNoField = errors.New("no such field")
)

// DecodeError is a response that can't be read as what it should be: HTML in
// place of JSON, JSON cut short, an element of a list that is no record, or,
// with [WithStrictDecoding], drift.
type DecodeError struct {
	Op          string // the method
	HTTPStatus  int    // of the response
	ContentType string // of the response
	Snippet     []byte // the body's first 512 bytes, secrets redacted; nil for a login
	Err         error  // what is wrong

	path  string // Call's
	known bool   // the server said that it did what it was asked
}

// Error says what came instead of what was expected.
func (e *DecodeError) Error() string {
	if e == nil {
		return noError
	}
	return prefix(e.Op) + e.text()
}

func (e *DecodeError) text() string {
	if e == nil {
		return noError
	}
	var b strings.Builder
	if e.path != "" {
		b.WriteString(e.path + ": ")
	}
	b.WriteString("can't read the answer")
	var of []string
	if e.HTTPStatus != 0 {
		of = append(of, fmt.Sprintf("HTTP %d", e.HTTPStatus))
	}
	if e.ContentType != "" {
		of = append(of, quoteAddress(line(e.ContentType)))
	}
	if of != nil {
		b.WriteString(" (" + strings.Join(of, ", ") + ")")
	}
	if e.Err != nil {
		b.WriteString(": " + strings.Replace(textOf(e.Err), "jsontext: ", "", 1))
	}
	return b.String()
}

// Unwrap returns what is wrong.
func (e *DecodeError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// InputError is input that can't be right; nothing was sent. It matches
// [ErrInvalidInput].
type InputError struct {
	Op      string // the method, or "New"
	Field   string // the parameter or field, "orderID"
	Problem string // what is wrong with it
}

// Error names the field and the problem.
func (e *InputError) Error() string {
	if e == nil {
		return noError
	}
	return prefix(e.Op) + e.text()
}

func (e *InputError) text() string {
	switch {
	case e == nil:
		return noError
	case e.Field == "" && e.Problem == "":
		return ErrInvalidInput.Error()
	}
	return strings.TrimSpace(e.Field + " " + line(e.Problem))
}

// Is matches [ErrInvalidInput].
func (e *InputError) Is(target error) bool { return e != nil && target == ErrInvalidInput }

// OutcomeUnknownError is a create that was sent and got no clear response: the row
// may be there or not. Look before sending it again, as [Client.EnsureJSONOrder]
// does.
type OutcomeUnknownError struct {
	Op  string // the method
	Err error  // why it is unknown: a lost connection, a 5xx, a 302, a response that can't be read
}

// Error says that the outcome is unknown, and why.
func (e *OutcomeUnknownError) Error() string {
	if e == nil {
		return noError
	}
	return prefix(e.Op) + e.text()
}

func (e *OutcomeUnknownError) text() string {
	if e == nil {
		return noError
	}
	why, what := "", "look before sending it again"
	if e.Err != nil {
		why = ": " + textOf(e.Err)
	}
	if e.Op == ensureOp {
		what = "calling it again is safe"
	}
	return "outcome unknown, the server may have done it" + why + "; " + what
}

// Unwrap returns the cause.
func (e *OutcomeUnknownError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

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

// noError is the text of a nil pointer to an error type.
const noError = "pmpsmart: no error"

func prefix(op string) string {
	if op == "" {
		return "pmpsmart: "
	}
	return "pmpsmart: " + op + ": "
}

// errNoToken is the error of a call that has no token and no way to one.
var errNoToken = fmt.Errorf("not sent, %w: no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv", ErrUnauthorized)

// A loginError is the error of a call that was not sent, since there was no token
// to send it with.
type loginError struct {
	what string // atLogin, atSource or atStore
	err  error
}

func (e *loginError) Error() string { return e.what + ": " + textOf(e.err) }

func (e *loginError) Unwrap() error { return e.err }

// IsLocal reports whether it is not the server that failed. It is for telemetry, which
// asks any error with this method.
func (e *loginError) IsLocal() bool { return e.what != atLogin }

// What a call without a token failed at.
const (
	atLogin  = "login"
	atSource = "credentials"
	atStore  = "token store"
)

// quoteAddress puts in quotes what would be read as more than an address or a media
// type.
func quoteAddress(line string) string {
	if strings.ContainsAny(strings.ReplaceAll(line, "; ", ""), " \"<>(),") {
		return strconv.Quote(line)
	}
	return line
}
