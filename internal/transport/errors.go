package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"time"
)

// An Error is a request that got no response, or not all of it. Where it is the
// body that broke off, reading it returns the Error. A body that ends too soon is
// io.ErrUnexpectedEOF instead, and one that can't be decompressed is what gzip
// says of it.
type Error struct {
	Err    error
	Sent   bool   // the server may have seen the request
	Begun  bool   // the response had begun
	Final  bool   // no retry changes it: the server's certificate is not trusted
	Origin string // scheme and host of the server
}

// Error says which server was to be reached, and what went wrong.
func (e *Error) Error() string {
	switch {
	case !e.Sent:
		return fmt.Sprintf("can't reach %s: %v", e.Origin, e.Err)
	case e.Begun:
		return fmt.Sprintf("the answer from %s broke off: %v", e.Origin, e.Err)
	}
	return fmt.Sprintf("no answer from %s: %v", e.Origin, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrNoAnswer is an Error of a request that got no response, unless the caller
// canceled it.
var ErrNoAnswer = errors.New("no answer")

// Is matches ErrNoAnswer.
func (e *Error) Is(target error) bool {
	return target == ErrNoAnswer && !e.Begun && !errors.Is(e.Err, context.Canceled)
}

// A deadlineExceeded makes of an error that embeds it a net.Error that matches
// context.DeadlineExceeded.
type deadlineExceeded struct{}

func (deadlineExceeded) Timeout() bool        { return true }
func (deadlineExceeded) Temporary() bool      { return true }
func (deadlineExceeded) Is(target error) bool { return target == context.DeadlineExceeded }

// A timeoutError is the cause of a request that was given up.
type timeoutError struct {
	deadlineExceeded
	limit  time.Duration
	queued bool // the request was still waiting for a connection
}

func (e *timeoutError) Error() string {
	if e.queued {
		return fmt.Sprintf("no connection was free for %s", e.limit)
	}
	return fmt.Sprintf("the server was silent for %s", e.limit)
}

// A clientTimeoutError is a request that took longer than the Timeout of the caller's
// http.Client.
type clientTimeoutError struct {
	deadlineExceeded
	limit time.Duration
}

func (e *clientTimeoutError) Error() string {
	return fmt.Sprintf("it took longer than the %s of the http.Client's Timeout", e.limit)
}

// A proxyError is the status with which a proxy refused to connect to the server.
type proxyError int

func (e proxyError) Error() string {
	if name := http.StatusText(int(e)); name != "" {
		return fmt.Sprintf("the proxy answered %d %s", int(e), name)
	}
	return fmt.Sprintf("the proxy answered %d", int(e))
}

// asProxyError returns the proxyError that err stands for, or err. Of a proxy that
// refuses, net/http's error is nothing but the name of the proxy's status.
func asProxyError(err error) error {
	text := err.Error()
	for status := 300; status < 600; status++ {
		if name := http.StatusText(status); name != "" && name == text {
			return proxyError(status)
		}
	}
	return err
}

// isUntrusted reports whether err is a certificate that is not trusted.
func isUntrusted(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}

// isUnprocessed reports whether err is a stream of HTTP/2 that the server reset with
// a code that says that it did not process the request. The error's type is net/http's
// own or one of golang.org/x/net, which differ in all but their fields.
func isUnprocessed(err error) bool {
	const refusedStream, http11Required = 0x7, 0xd
	for ; err != nil; err = errors.Unwrap(err) {
		v := reflect.ValueOf(err)
		if v.Kind() != reflect.Struct || !v.FieldByName("StreamID").IsValid() {
			continue
		}
		if code := v.FieldByName("Code"); code.IsValid() && code.CanUint() && (code.Uint() == refusedStream || code.Uint() == http11Required) {
			return true
		}
	}
	return false
}
