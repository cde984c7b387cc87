package patience

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"time"
)

// send sends a request once. It gives up if the server is silent for the timeout: until
// there is a connection, from the last byte written to the header, and in each read of
// the body.
func (p *patientTransport) send(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	w := &silence{timeout: p.timeout, cancel: cancel}
	w.timer = time.AfterFunc(p.timeout, func() { cancel(&silentError{p.timeout}) })
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:        func(httptrace.GotConnInfo) { w.broken() },
		WroteRequest:   func(httptrace.WroteRequestInfo) { w.broken() },
		Got1xxResponse: func(int, textproto.MIMEHeader) error { w.broken(); return nil },
	})
	r = r.WithContext(ctx)
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &watchedUpload{r.Body, w}
	}
	resp, err := p.next.RoundTrip(r)
	w.pause()
	if err != nil {
		err = w.cause(ctx, err)
		cancel(nil)
		return nil, err
	}
	resp.Body = &watchedBody{resp.Body, ctx, w}
	return resp, nil
}

// A silence is the time in which a server says nothing. It cancels the request when it
// gets too long.
type silence struct {
	timeout time.Duration
	cancel  context.CancelCauseFunc
	timer   *time.Timer

	mu     sync.Mutex
	paused bool // nothing is waited for
}

// broken counts from now on, unless nothing is waited for: a request may still be written
// when the answer is there.
func (s *silence) broken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.paused {
		s.timer.Reset(s.timeout)
	}
}

func (s *silence) pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = true
	s.timer.Stop()
}

func (s *silence) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = false
	s.timer.Reset(s.timeout)
}

// cause returns the silence in place of the error that it made of the request.
func (s *silence) cause(ctx context.Context, err error) error {
	if silent, ok := errors.AsType[*silentError](context.Cause(ctx)); ok {
		return silent
	}
	return err
}

// A watchedUpload is a request's body: a server that is sent it slowly is not silent.
type watchedUpload struct {
	io.ReadCloser
	silence *silence
}

func (b *watchedUpload) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.silence.broken()
	return n, err
}

// A watchedBody is a response's body. The silence is that of a read; the time between
// two of them is the caller's.
type watchedBody struct {
	io.ReadCloser
	ctx     context.Context
	silence *silence
}

func (b *watchedBody) Read(p []byte) (int, error) {
	b.silence.resume()
	n, err := b.ReadCloser.Read(p)
	b.silence.pause()
	if err != nil && err != io.EOF { //nolint:errorlint // as readers return it
		err = b.silence.cause(b.ctx, err)
	}
	return n, err
}

func (b *watchedBody) Close() error {
	err := b.ReadCloser.Close()
	b.silence.pause()
	b.silence.cancel(nil)
	return err
}

// A silentError is the end of a request whose server was silent. It is a net.Error and
// matches context.DeadlineExceeded, as the client's own does.
type silentError struct{ timeout time.Duration }

func (e *silentError) Error() string   { return "the server was silent for " + e.timeout.String() }
func (e *silentError) Timeout() bool   { return true }
func (e *silentError) Temporary() bool { return true }
func (e *silentError) Is(target error) bool {
	return target == context.DeadlineExceeded
}
