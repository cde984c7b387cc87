package pmpsmart

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// result returns the error of a response that was read as a, if it has one, and
// records its drift. err is that of the reading.
func (op *operation) result(r *response, a *envelope.Answer, err error) error {
	op.noteEnvelope(r, a)
	isStopped := errors.Is(err, envelope.ErrStopped)
	isUnclear := !a.Success && a.Payload != envelope.Content
	switch {
	case !isStopped && (err != nil || a.Failed || isUnclear) && op.rejectsToken(r, a):
		return op.apiError(r, a).asUnauthorized()
	case isStopped, err == nil && !a.Failed:
		op.recordDrift(r, a.Drifts)
		return err
	case a.Failed && (err == nil || isDrift(err)):
		return op.apiError(r, a)
	case errors.Is(err, envelope.ErrTooLarge):
		return &opError{op: op.name, what: op.displayPath, err: &tooLargeError{op.perRecord, op.maxBytes()}}
	}
	if errors.Is(a.Broken, transport.ErrTooLarge) {
		return &opError{op: op.name, what: op.displayPath, err: &emptyGzipError{a.Broken}}
	}
	if broken, ok := errors.AsType[*transport.Error](a.Broken); ok {
		return broken
	}
	return op.decodeError(r, a.Head, err)
}

// isDrift reports whether err is strict mode's, of a response that can be read.
func isDrift(err error) bool {
	var problem *envelope.Problem
	return errors.As(err, &problem) && problem.Drift
}

// statusError returns the error of a response whose HTTP status is no success.
func (op *operation) statusError(r *response) error {
	a := envelope.Failure(r.Body, op.options(r))
	op.noteEnvelope(r, a)
	e := op.apiError(r, a)
	e.code = 0 // the HTTP status says it
	if op.rejectsToken(r, a) {
		e.asUnauthorized()
	}
	if r.Status == http.StatusNotFound && (op.endpoint == loginEndpoint || op.isList) && !e.saysMore() {
		e.hint = "check the base URL, which goes as far as the version, as " + defaultBaseURL + " does"
	}
	if e.Message == "" {
		e.Message = envelope.StatusText(r.Status)
	}
	if location := r.Header.Get("Location"); r.Status >= 300 && r.Status < 400 && location != "" {
		e.hint = "it points to " + quoteAddress(r.secrets().Line(location, maxMessage)) + ", and redirects are not followed"
		if e.code == 0 {
			e.hint += ": check the base URL, or whether the server is in maintenance"
		}
	}
	return e
}

// rejectsToken reports whether an error response says that the token has expired or is
// not valid, in whatever form. A login carries none.
func (op *operation) rejectsToken(r *response, a *envelope.Answer) bool {
	return op.endpoint != loginEndpoint && session.RejectsToken(r.Status, r.Header, a.Head)
}

// apiError returns the error of a response that says that the call failed.
func (op *operation) apiError(r *response, a *envelope.Answer) *APIError {
	const maxBody = 64 << 10
	secrets := r.secrets()
	e := &APIError{Op: op.name, HTTPStatus: r.Status, Status: secrets.Line(a.Status, maxMessage), Message: secrets.Line(a.Message, maxMessage),
		Header: secrets.Header(r.Header), Body: secrets.Head(a.Head, maxBody), code: a.Code, path: op.displayPath}
	delay := retry.ParseRetryAfter(r.Header, time.Now())
	e.RetryAfter, e.hasRetryAfter = delay.Wait, delay.Asked
	if e.Message == "" && a.Code != 0 {
		e.Message = envelope.StatusText(a.Code)
	}
	e.Fields = redactFields(secrets, a.Fields)
	return e
}

// maxMessage limits a text of the server's in an error.
const maxMessage = 500

// redactFields returns a validator's errors without secrets, as many as a person
// might read: 1,000 texts of 64 KiB in all, by the order of the fields' names.
func redactFields(secrets *redact.Secrets, fields map[string][]string) map[string][]string {
	if fields == nil {
		return nil
	}
	const maxName, maxTexts, maxBytes = 200, 1000, 64 << 10
	shown := make(map[string][]string, min(len(fields), maxTexts))
	count, size := 0, 0
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		shownName := secrets.Line(name, maxName)
		for _, text := range fields[name] {
			text = secrets.Line(text, maxMessage)
			if count++; count > maxTexts || size > maxBytes {
				return shown
			}
			size += len(shownName) + len(text)
			shown[shownName] = append(shown[shownName], text)
		}
	}
	return shown
}

// quoteAddress puts in quotes what would be read as more than an address or a media
// type.
func quoteAddress(line string) string {
	if strings.ContainsAny(strings.ReplaceAll(line, "; ", ""), " \"<>(),") {
		return strconv.Quote(line)
	}
	return line
}

// noRecord returns the error of a success that holds no record.
func (op *operation) noRecord(r *response, a *envelope.Answer) error {
	e := op.apiError(r, a)
	e.code, e.absent = http.StatusNotFound, true
	e.hint = "the answer holds no record"
	return e
}

// decodeError returns the error of a response that can't be read and whose body
// starts with head. That of a login shows nothing of the body, which may hold the
// token.
func (op *operation) decodeError(r *response, head []byte, err error) *DecodeError {
	secrets := r.secrets()
	e := &DecodeError{Op: op.name, HTTPStatus: r.Status, ContentType: secrets.Line(r.Header.Get("Content-Type"), maxMessage), path: op.displayPath}
	var problem *envelope.Problem
	if errors.As(err, &problem) {
		problem.Text, problem.Got = secrets.Line(problem.Text, 2*maxMessage), secrets.Line(problem.Got, maxMessage)
		problem.Err = secrets.Error(problem.Err)
	}
	e.Err = secrets.Error(err)
	if op.class != auth {
		const searched, maxSnippet = 8 << 10, 512
		e.Snippet = secrets.Head(head[:min(len(head), searched)], maxSnippet)
	} else if problem != nil {
		problem.Got = ""
	}
	return e
}

// isUnauthorized reports whether err is the server's 401 to the operation itself.
func isUnauthorized(err error) bool {
	var apiErr *APIError
	return errors.As(err, &apiErr) && apiErr.status() == http.StatusUnauthorized && apiErr.Op != loginEndpoint.name
}

// A tooLargeError is the cause of ErrResponseTooLarge.
type tooLargeError struct {
	record bool // it is a record, not the response
	limit  int64
}

func (e *tooLargeError) Error() string {
	what := "the answer"
	if e.record {
		what = "a record"
	}
	if e.limit == maxLoginBytes {
		return fmt.Sprintf("%s is larger than the %d bytes that are read of a login's", what, e.limit)
	}
	return fmt.Sprintf("%s is larger than the %d bytes of WithMaxResponseBytes", what, e.limit)
}

func (e *tooLargeError) Is(target error) bool { return target == ErrResponseTooLarge }

// An emptyGzipError is a response that is too large as it came, and not by what it
// holds.
type emptyGzipError struct{ error }

func (e *emptyGzipError) Unwrap() error        { return e.error }
func (e *emptyGzipError) Is(target error) bool { return target == ErrResponseTooLarge }
