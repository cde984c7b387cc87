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

// APIError is an error response: a non-2xx status, or a 2xx whose envelope reports
// a failure. It matches the sentinel of its status.
type APIError struct {
	Op         string              // the method, "GetOrder"; "Login" where a call's own login failed
	HTTPStatus int                 // of the response; 200 where only the envelope says that the call failed
	Status     string              // the envelope's status, "error", "false", as the server wrote it
	Message    string              // the server's words, or the name of the HTTP status
	Fields     map[string][]string // a validator's errors by field, at most 1,000 texts and 64 KiB, nil where there are none
	RetryAfter time.Duration       // how long the server asked to wait, 0 where it did not
	Header     http.Header         // of the response, at most 64 KiB, secrets redacted
	Body       []byte              // how the response's body starts, at most 64 KiB, secrets redacted

	code          int    // the status that counts, 0 for the HTTP status: the envelope's 4xx or 5xx, or 401 for a rejected token
	absent        bool   // the call succeeded and there is no record
	hasRetryAfter bool   // the header was there, be it 0
	hint          string // what a person could do
	path          string // Call's
}

// Error says what was called, what came and what could be done.
func (e *APIError) Error() string {
	if e == nil {
		return noError
	}
	return prefix(e.Op) + e.text()
}

// text returns the text of Error without the operation before it.
func (e *APIError) text() string {
	if e == nil {
		return noError
	}
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
	case number == 0:
		b.WriteString("refused")
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
	switch {
	case e == nil: // as a careless transport may return one
		return 0
	case e.code != 0:
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
	if e == nil {
		return false
	}
	status := e.status()
	switch target {
	case ErrUnauthorized:
		return status == http.StatusUnauthorized || e.isRefusedLogin()
	case ErrForbidden:
		return status == http.StatusForbidden
	case ErrNotFound:
		return status == http.StatusNotFound
	case ErrConflict:
		return status == http.StatusConflict
	case ErrValidation:
		return status == http.StatusUnprocessableEntity || len(e.Fields) > 0 && (status < 400 || status == http.StatusBadRequest || status == http.StatusPreconditionFailed)
	case ErrRefused:
		return status >= 200 && status <= 299 && len(e.Fields) == 0 && !e.isRefusedLogin()
	case ErrRateLimited:
		return status == http.StatusTooManyRequests
	case ErrMaintenance:
		return status == http.StatusServiceUnavailable
	case ErrServer:
		return status >= 500 && status <= 599
	}
	return false
}

// isRefusedLogin reports whether a login was refused in an HTTP success, or in a 400
// that names no field: the request itself was as it should be.
func (e *APIError) isRefusedLogin() bool {
	status := e.status()
	return e.Op == loginEndpoint.name && (status >= 200 && status <= 299 || status == http.StatusBadRequest && len(e.Fields) == 0)
}

// A loginRefusal is a login's refusal as the call's own error: the account may
// not do the call, whatever the status, which says nothing of what the call asked
// for.
type loginRefusal struct {
	*APIError
	err error // the refusal as the login returned it
}

func (e loginRefusal) Error() string { return e.text() }

func (e loginRefusal) text() string { return textOf(e.err) }

func (e loginRefusal) Is(target error) bool { return target == ErrUnauthorized }

// As sets target to the *APIError.
func (e loginRefusal) As(target any) bool {
	to, ok := target.(**APIError)
	if ok {
		*to = e.APIError
	}
	return ok
}

// hinted adds a hint to the *APIError that err is, and returns err.
func hinted(err error, hint string) error {
	var refusal *APIError
	if errors.As(err, &refusal) && refusal != nil {
		if refusal.hint != "" {
			hint = refusal.hint + "; " + hint
		}
		refusal.hint = hint
	}
	return err
}
