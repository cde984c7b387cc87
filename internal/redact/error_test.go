package redact_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

const secret = "rah4sia-Sekali"

// A strange error shows its text however it is printed.
type strange struct{ text string }

func (e strange) Error() string { return e.text }
func (e strange) Is(target error) bool {
	return target == io.ErrNoProgress
}

func TestError(t *testing.T) {
	t.Parallel()
	secrets := redact.New(secret, "")
	clean := fmt.Errorf("read: %w", io.ErrUnexpectedEOF)
	require.Same(t, clean, secrets.Error(clean))
	require.NoError(t, secrets.Error(nil))

	shown := strange{"proxy: " + secret}
	for name, err := range map[string]error{
		"itself":          shown,
		"wrapped":         fmt.Errorf("dial: %w", shown),
		"below a clean":   &below{"dial", shown},
		"one of several":  errors.Join(io.ErrUnexpectedEOF, fmt.Errorf("x: %w", shown)),
		"of an operation": &net.OpError{Op: "dial", Net: "tcp", Err: shown},
		"of a URL":        &url.Error{Op: "Post", URL: "https://host/?x=" + secret, Err: shown},
	} {
		got := secrets.Error(err)
		require.ErrorIs(t, got, err, name)
		require.ErrorIs(t, got, io.ErrNoProgress, name)
		require.NotErrorIs(t, got, io.EOF, name)
		requireNoSecret(t, got)
		require.NotContains(t, testserver.Dump(got), secret, name)
		require.NotErrorAs(t, got, new(strange), name)
	}
	require.EqualError(t, secrets.Error(fmt.Errorf("dial: %w", shown)), "dial: proxy: [redacted]")
	require.EqualError(t, secrets.Error(&below{"dial", shown}), "dial")
}

// A below is an error whose text does not show that of what it wraps.
type below struct {
	text string
	err  error
}

func (e *below) Error() string { return e.text }
func (e *below) Unwrap() error { return e.err }

// requireNoSecret checks an error and all that it wraps.
func requireNoSecret(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	require.NotContains(t, fmt.Sprintf("%s %+v %#v %q", err, err, err, err), secret)
	requireNoSecret(t, errors.Unwrap(err))
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, inner := range several.Unwrap() {
			requireNoSecret(t, inner)
		}
	}
}

// What programs ask of a network's error is answered as before.
func TestErrorOfTheNetwork(t *testing.T) {
	t.Parallel()
	secrets := redact.New(secret)
	err := secrets.Error(&url.Error{Op: "Post", URL: "https://host/" + secret, Err: &net.OpError{
		Op: "read", Net: "tcp", Err: &net.OpError{Op: secret, Net: "tcp", Err: os.ErrDeadlineExceeded}}})

	var network net.Error
	require.ErrorAs(t, err, &network)
	require.True(t, network.Timeout())
	requireNoSecret(t, network)
	var timeout interface{ Timeout() bool }
	require.ErrorAs(t, err, &timeout)
	require.True(t, timeout.Timeout())
	var address *url.Error
	require.ErrorAs(t, err, &address)
	require.Equal(t, "https://host/[redacted]", address.URL)
	requireNoSecret(t, address)
	var op *net.OpError
	require.ErrorAs(t, err, &op)
	require.Equal(t, "read", op.Op)
	requireNoSecret(t, op)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.NotErrorIs(t, err, context.Canceled)
	require.NotErrorAs(t, err, new(*net.DNSError))

	var certificate *tls.CertificateVerificationError
	require.ErrorAs(t, secrets.Error(fmt.Errorf("x: %w", &tls.CertificateVerificationError{Err: errors.New(secret)})), &certificate)
	requireNoSecret(t, certificate)

	require.NotErrorAs(t, secrets.Error(errors.New(secret)), &network)
}

// The text of an error is one line of a limited length.
func TestErrorIsOneLine(t *testing.T) {
	t.Parallel()
	var none *redact.Secrets
	for text, want := range map[string]string{
		"a\nb":                     "a b",
		"\x1b[2Jx\u202e":           "\ufffd[2Jx\ufffd",
		strings.Repeat("x", 1<<20): strings.Repeat("x", 2<<10) + "…",
		"password=abc":             "password=[redacted]",
	} {
		err := errors.New(text)
		got := none.Error(err)
		require.EqualError(t, got, want)
		require.ErrorIs(t, got, err)
		require.Equal(t, got, none.Error(got), "once is enough")
	}
}
