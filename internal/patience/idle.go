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

// send sends a request once. It gives up if the server is idle for the timeout: until
// there is a connection, from the last byte written to the header, and in each read of
// the body.
func (p *patientTransport) send(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	w := &idleTimer{timeout: p.timeout, cancel: cancel}
	w.timer = time.AfterFunc(p.timeout, func() { cancel(&idleError{p.timeout}) })
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:        func(httptrace.GotConnInfo) { w.restart() },
		WroteRequest:   func(httptrace.WroteRequestInfo) { w.restart() },
		Got1xxResponse: func(int, textproto.MIMEHeader) error { w.restart(); return nil },
	})
	r = r.WithContext(ctx)
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &idleUpload{r.Body, w}
	}
	resp, err := p.next.RoundTrip(r)
	w.pause()
	if err != nil {
		err = w.cause(ctx, err)
		cancel(nil)
		return nil, err
	}
	resp.Body = &idleBody{resp.Body, ctx, w}
	return resp, nil
}

// An idleTimer cancels a request when the server sends nothing for the timeout.
type idleTimer struct {
	timeout time.Duration
	cancel  context.CancelCauseFunc
	timer   *time.Timer

	mu     sync.Mutex
	paused bool // nothing is waited for
}

// restart counts from now on, unless nothing is waited for: a request may still be written
// when the answer is there.
func (t *idleTimer) restart() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.paused {
		t.timer.Reset(t.timeout)
	}
}

func (t *idleTimer) pause() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.paused = true
	t.timer.Stop()
}

func (t *idleTimer) resume() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.paused = false
	t.timer.Reset(t.timeout)
}

// cause returns the idle timeout in place of the error that it made of the request.
func (t *idleTimer) cause(ctx context.Context, err error) error {
	if idle, ok := errors.AsType[*idleError](context.Cause(ctx)); ok {
		return idle
	}
	return err
}

// An idleUpload is a request's body: a server that is sent it slowly is not idle.
type idleUpload struct {
	io.ReadCloser
	idle *idleTimer
}

func (b *idleUpload) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.idle.restart()
	return n, err
}

// An idleBody is a response's body. The timer runs during a read; the time between
// two of them is the caller's.
type idleBody struct {
	io.ReadCloser
	ctx  context.Context
	idle *idleTimer
}

func (b *idleBody) Read(p []byte) (int, error) {
	b.idle.resume()
	n, err := b.ReadCloser.Read(p)
	b.idle.pause()
	if err != nil && err != io.EOF { //nolint:errorlint // as readers return it
		err = b.idle.cause(b.ctx, err)
	}
	return n, err
}

func (b *idleBody) Close() error {
	err := b.ReadCloser.Close()
	b.idle.pause()
	b.idle.cancel(nil)
	return err
}

// An idleError is the end of a request whose server sent nothing for too long. It is a
// net.Error and matches context.DeadlineExceeded, as the client's own does.
type idleError struct{ timeout time.Duration }

func (e *idleError) Error() string   { return "the server was silent for " + e.timeout.String() }
func (e *idleError) Timeout() bool   { return true }
func (e *idleError) Temporary() bool { return true }
func (e *idleError) Is(target error) bool {
	return target == context.DeadlineExceeded
}
