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
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// result returns the error of a response that was read as a, if it has one, and
// records its drift. err is that of the reading.
func (op *operation) result(r *response, a *envelope.Answer, err error) error {
	op.noteEnvelope(r, a)
	isStopped := errors.Is(err, envelope.ErrStopped)
	var unclear *envelope.Problem
	if err == nil && !a.Failed {
		unclear = op.unclear(r, a)
	}
	isUnclear := unclear != nil || !a.Success && a.Payload != envelope.Content
	switch {
	case !isStopped && (err != nil || a.Failed || isUnclear) && op.rejectsToken(r, a):
		return op.apiError(r, a).asUnauthorized()
	case isStopped, err == nil && !a.Failed && unclear == nil:
		op.recordDrift(r, a.Drifts)
		if err == nil {
			err = op.noSuccess(r, a)
		}
		return err
	case a.Failed && (err == nil || isDrift(err)):
		return op.apiError(r, a)
	case unclear != nil:
		return op.decodeError(r, a.Head, unclear)
	case errors.Is(err, envelope.ErrTooMany):
		return &opError{op: op.name, err: &tooManyError{op.name}}
	case errors.Is(err, envelope.ErrTooLarge):
		return &opError{op: op.name, what: op.displayPath, err: &tooLargeError{op.perRecord, op.maxBytes(), op.maxBytes() < op.config.maxBytes}}
	}
	if errors.Is(a.Broken, transport.ErrTooLarge) {
		return &opError{op: op.name, what: op.displayPath, err: &emptyGzipError{a.Broken}}
	}
	if broken, ok := errors.AsType[*transport.Error](a.Broken); ok {
		return broken
	}
	return op.decodeError(r, a.Head, err)
}

// unclear returns why a response that reports no failure is no success either, or nil:
// nothing succeeds by the absence of known words of failure. What is enough depends on
// what the operation does. That of a login or logout is judged by its token.
func (op *operation) unclear(r *response, a *envelope.Answer) *envelope.Problem {
	if op.isInsert() && a.Success && !a.Record && (a.Payload == envelope.No || a.Payload == envelope.Zero) {
		return &envelope.Problem{Text: "it says that the call succeeded, and that nothing was written", Got: saidOf(a)}
	}
	isContested := op.class == create && (a.Errors || a.NoID && a.Message != "" && !a.Success && a.Path != "data")
	if (a.Success || a.Record) && !isContested {
		return nil
	}
	want := ""
	switch {
	case op.class == create:
		if r.Status != http.StatusCreated && a.Payload != envelope.Yes {
			want = "a known word of success, or a record"
		}
		if want != "" && isContested {
			want += " with an id and without errors"
		}
	case op.class == overwrite:
		if r.Status != http.StatusCreated && a.Payload != envelope.Yes && (a.Unclear || a.Payload == envelope.No) {
			want = "a known word of success, or a record"
		}
	case op.class == read && op.isList:
		if a.Payload == envelope.NoPayload || a.Unclear && a.Payload != envelope.Content {
			want = "records, or a known word of success"
		}
	case op.class == read:
		if a.Payload == envelope.NoPayload || a.Unclear {
			want = "a record, or a known word of success"
		}
	}
	if want == "" {
		return nil
	}
	return &envelope.Problem{Text: "it does not say whether the call succeeded: want " + want, Got: saidOf(a)}
}

// saidOf returns the status and the message of a response, for people.
func saidOf(a *envelope.Answer) string {
	var parts []string
	if a.Status != "" {
		parts = append(parts, fmt.Sprintf("status %q", a.Status))
	}
	if a.Message != "" && a.Message != a.Status {
		parts = append(parts, fmt.Sprintf("message %q", a.Message))
	}
	if parts == nil {
		return "neither status nor message"
	}
	return strings.Join(parts, ", ")
}

// noSuccess reports drift, in strict mode an error, for a response that is taken for a
// success though nothing in it says so, or for a write of which data says that it was
// not done.
func (op *operation) noSuccess(r *response, a *envelope.Answer) error {
	switch isWrite := op.class == overwrite || op.class == create; {
	case isWrite && a.Success && a.Payload == envelope.Zero && !a.Record:
		return op.mismatch(r, a, envelope.Drift{Path: "data", Want: "a record, or a count of what was written above 0", Got: []byte("0"), Count: 1})
	case isWrite && a.Success && a.Payload == envelope.No:
		return op.mismatch(r, a, envelope.Drift{Path: "data", Want: "a record, or no false", Got: []byte("false"), Count: 1})
	case a.Success || a.Unclear || a.Record || a.Payload == envelope.Yes || r.Status == http.StatusCreated:
		return nil
	case isWrite, op.isList && a.Message != "" && a.Payload != envelope.Content:
		return op.mismatch(r, a, envelope.Drift{Path: "status", Want: "a known word of success", Got: []byte("null"), Count: 1})
	}
	return nil
}

// mismatch records drift of what a response says, in strict mode it returns an error.
func (op *operation) mismatch(r *response, a *envelope.Answer, drifts ...envelope.Drift) error {
	if op.config.strict && len(drifts) > 0 {
		d := drifts[0]
		return op.decodeError(r, a.Head, &envelope.Problem{Text: d.Path + ": want " + d.Want, Got: string(d.Got), Drift: true})
	}
	op.recordDrift(r, drifts)
	return nil
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
		e = e.asUnauthorized()
	}
	if r.Status == http.StatusNotFound && (op.endpoint == loginEndpoint || op.isList && op.displayPath == "") && !e.saysMore() {
		e.hint = "check the base URL, which goes as far as the version, as " + defaultBaseURL + " does"
	}
	if r.Status == http.StatusNotFound && op.displayPath != "" {
		e.hint = op.pathHint(e.saysMore())
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
	login  bool // the limit is that of a login's response
}

func (e *tooLargeError) Error() string {
	what := "the answer"
	if e.record {
		what = "a record"
	}
	if e.login {
		return fmt.Sprintf("%s is larger than the %d bytes that are read of a login's", what, e.limit)
	}
	return fmt.Sprintf("%s is larger than the %d bytes of WithMaxResponseBytes", what, e.limit)
}

func (e *tooLargeError) Is(target error) bool { return target == ErrResponseTooLarge }

// A tooManyError is a list whose records would take too much memory.
type tooManyError struct{ list string }

func (e *tooManyError) Error() string {
	return fmt.Sprintf("the list has more records than memory should hold; %sSeq holds one at a time", e.list)
}

func (e *tooManyError) Is(target error) bool { return target == ErrResponseTooLarge }

// An emptyGzipError is a response that is too large as it came, and not by what it
// holds.
type emptyGzipError struct{ error }

func (e *emptyGzipError) Unwrap() error        { return e.error }
func (e *emptyGzipError) Is(target error) bool { return target == ErrResponseTooLarge }

// pathHint returns what may be wrong with the caller's path that met a 404, or "". If
// the server said more, it may have been another thing that was not there.
func (op *operation) pathHint(saidMore bool) string {
	if own := repeated(op.config.baseURL, op.displayPath); own != "" {
		return "the base URL ends in " + own + " already: leave it out of the path"
	}
	if saidMore || op.name != callOp {
		return ""
	}
	return "check the path, which is under " + op.config.baseURL
}
