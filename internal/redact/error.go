package redact

import (
	"crypto/tls"
	"net"
	"net/url"
	"reflect"
)

// maxError limits the text of an error, of which a person reads the beginning.
const maxError = 2 << 10

// Error returns err with a text that is a single line without secrets, if the text
// of it or of an error that it wraps is not. The errors that it wraps are replaced
// likewise: none that errors.Unwrap or errors.As reaches shows a secret, while
// errors.Is finds what it found before, and errors.As a net.Error, a *net.OpError
// and a *url.Error.
func (s *Secrets) Error(err error) error {
	if err == nil || s.isClean(err, maxWrapped) {
		return err
	}
	e := redactedError{s.Line(err.Error(), maxError), func() (*Secrets, error) { return s, err }}
	switch err := err.(type) { //nolint:errorlint // this one, not what it wraps
	case net.Error:
		return &redactedNetError{e, err.Timeout}
	case interface{ Unwrap() []error }:
		return &redactedErrors{e}
	}
	return &e
}

// maxWrapped limits how many errors that wrap each other are looked through.
const maxWrapped = 64

// isClean reports whether the texts of an error and of all that it wraps may be
// shown.
func (s *Secrets) isClean(err error, depth int) bool {
	if text := err.Error(); depth == 0 || s.Line(text, maxError) != text {
		return false
	}
	for _, inner := range unwrap(err) {
		if inner != nil && !s.isClean(inner, depth-1) {
			return false
		}
	}
	return true
}

// unwrap returns the errors that err wraps.
func unwrap(err error) []error {
	switch e := err.(type) { //nolint:errorlint // this one, not what it wraps
	case interface{ Unwrap() error }:
		return []error{e.Unwrap()}
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	}
	return nil
}

// A redactedError stands for an error whose text, or that of one it wraps, can't be
// shown.
type redactedError struct {
	text string
	// hidden returns the error. It is a func, which nothing that prints by reflection
	// follows.
	hidden func() (*Secrets, error)
}

func (e *redactedError) Error() string { return e.text }

// Unwrap returns what the error wraps, without secrets.
func (e *redactedError) Unwrap() error {
	s, err := e.hidden()
	for _, inner := range unwrap(err) {
		return s.Error(inner)
	}
	return nil
}

// Is reports whether the error is target, or says so itself.
func (e *redactedError) Is(target error) bool {
	_, err := e.hidden()
	if t := reflect.TypeOf(target); t != nil && t.Comparable() && err == target { //nolint:errorlint // errors.Is calls this for each error
		return true
	}
	is, ok := err.(interface{ Is(error) bool })
	return ok && is.Is(target)
}

// As sets target to an error of net, url or tls without secrets, if the error is one
// and target is of its kind.
func (e *redactedError) As(target any) bool {
	s, err := e.hidden()
	switch err := err.(type) { //nolint:errorlint // errors.As calls this for each error
	case *net.OpError:
		clean := *err
		clean.Err = s.Error(err.Err)
		return set(target, &clean)
	case *url.Error:
		return set(target, &url.Error{Op: err.Op, URL: s.Line(err.URL, maxError), Err: s.Error(err.Err)})
	case *tls.CertificateVerificationError:
		clean := *err
		clean.Err = s.Error(err.Err)
		return set(target, &clean)
	}
	return false
}

// set sets what target points to if it is of the error's type.
func set[E error](target any, err E) bool {
	to, ok := target.(*E)
	if ok {
		*to = err
	}
	return ok
}

// A redactedErrors is a redactedError that wraps several.
type redactedErrors struct{ redactedError }

// Unwrap returns what the error wraps, without secrets.
func (e *redactedErrors) Unwrap() []error {
	s, err := e.hidden()
	inner := append([]error(nil), unwrap(err)...)
	for i := range inner {
		inner[i] = s.Error(inner[i])
	}
	return inner
}

// A redactedNetError is a redactedError that is a net.Error.
type redactedNetError struct {
	redactedError
	timeout func() bool
}

func (e *redactedNetError) Timeout() bool   { return e.timeout() }
func (e *redactedNetError) Temporary() bool { return e.timeout() }
