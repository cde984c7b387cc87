package pmpsmart

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"
)

// bigUpload is the size from which a request's body is watched on its way out;
// a smaller one leaves in one write.
const bigUpload = 16 << 10

// A reply is an answer whose head is there and whose body is not yet read.
type reply struct {
	number int // of the call's attempts
	status int
	header http.Header
	body   *silentBody
	token  held // that the request carried
}

// close gives the connection back.
func (r *reply) close() {
	if r != nil && r.body != nil {
		_ = r.body.Close()
	}
}

// A transportError is an attempt that got no answer, or not all of it.
type transportError struct {
	err   error
	sent  bool // the server may have seen the request
	begun bool // the answer had begun
	host  string
}

func (e *transportError) Error() string {
	switch {
	case !e.sent:
		return fmt.Sprintf("can't reach %s: %v", e.host, e.err)
	case e.begun:
		return fmt.Sprintf("the answer from %s broke off: %v", e.host, e.err)
	}
	return fmt.Sprintf("no answer from %s: %v", e.host, e.err)
}

func (e *transportError) Unwrap() error { return e.err }

// attempt is one request: it waits its turn, takes the token, unless it is given
// one, and sends. The reply's body must be closed.
func (c *Client) attempt(ctx context.Context, k *call, query string, token held) (_ *reply, err error) {
	if err := c.takeTurn(ctx); err != nil {
		return nil, err
	}
	switch {
	case token.Token != "":
	case k.token != nil:
		token = *k.token
	default:
		if token, err = c.session.token(ctx, k); err != nil {
			return nil, err
		}
	}
	number := int(k.attempts.Add(1))
	r, err := c.send(ctx, k, query, token)
	if r != nil {
		r.number = number
	}
	return r, err
}

// An inFlight is what one request needs until its answer is read, in one piece:
// the time of a small call goes into its allocations.
type inFlight struct {
	request resty.Request
	payload bytes.Reader
	silence silence
	trace   connTrace
	hooks   httptrace.ClientTrace
	body    silentBody
	reply   reply
}

// send has resty carry one request.
func (c *Client) send(ctx context.Context, k *call, query string, token held) (*reply, error) {
	f := new(inFlight)
	ctx = f.silence.start(ctx, c.timeout)
	f.trace.silence = &f.silence
	f.hooks = f.trace.hooks(len(k.body) > bigUpload)
	ctx = httptrace.WithClientTrace(ctx, &f.hooks)
	if len(k.body) > bigUpload {
		ctx = context.WithValue(ctx, uploadKey{}, &f.silence)
	}
	// A reader also where there is no body: resty would send one of unknown
	// length, chunked, in the place of none.
	f.payload.Reset(k.body)
	f.request = *c.blank
	f.request.Header = c.headers.of(token.Token)
	answer, err := f.request.SetContext(ctx).SetBody(&f.payload).Post(c.baseURL + "/" + k.path + query)
	f.silence.answered()
	if err != nil {
		defer f.silence.end()
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err // its text repeats the address
		}
		return nil, &transportError{err: causeOf(ctx, err), sent: f.trace.sent(err), host: c.host}
	}
	raw := answer.RawResponse
	f.body = silentBody{body: raw.Body, ctx: ctx, s: &f.silence}
	unzip(raw, &f.body)
	f.reply = reply{status: raw.StatusCode, header: raw.Header, body: &f.body, token: token}
	return &f.reply, nil
}

// A headers makes the headers of the vendor's page, and remembers them for the
// token in use: resty clones what it is given.
type headers struct {
	agent string
	last  atomic.Pointer[tokenHeaders]
}

type tokenHeaders struct {
	token  Token
	header http.Header
}

// of gives the headers of a request that carries token, which must not be
// changed.
func (h *headers) of(token Token) http.Header {
	last := h.last.Load()
	if last == nil || last.token != token {
		last = &tokenHeaders{token, http.Header{
			"Accept":       {"application/json"},
			"Content-Type": {"application/json"},
			"User-Agent":   {h.agent},
		}}
		if token != "" {
			last.header["Authorization"] = []string{"Bearer " + string(token)}
		}
		h.last.Store(last)
	}
	return last.header
}

// uploadKey is the context key under which the hook below finds the silence of
// a request with a big body.
type uploadKey struct{}

// watchUpload wraps the body of the request that resty made: a wrapped body
// given to resty would lose its length.
func watchUpload(_ *resty.Client, r *http.Request) error {
	s, ok := r.Context().Value(uploadKey{}).(*silence)
	if !ok || r.Body == nil {
		return nil
	}
	r.Body = &upload{r.Body, s}
	if again := r.GetBody; again != nil {
		r.GetBody = func() (io.ReadCloser, error) {
			body, err := again()
			return &upload{body, s}, err
		}
	}
	return nil
}

// unzip replaces the body by its decompressed form where the transport, told
// not to, has not done so. A body in another encoding fails when it is read.
func unzip(raw *http.Response, b *silentBody) {
	switch encoding := strings.ToLower(raw.Header.Get("Content-Encoding")); encoding {
	case "", "identity", "none", "utf-8", "utf8": // the last are what a script takes for a charset's place
	case "gzip", "x-gzip":
		if !raw.Uncompressed {
			b.body = &zipped{packed: b.body}
		}
	default:
		b.body = &zipped{packed: b.body, err: encodingError(encoding)}
	}
}

// An encodingError is the encoding of a body that nobody asked for.
type encodingError string

func (e encodingError) Error() string {
	return fmt.Sprintf("it is encoded as %q, which was not asked for", string(e))
}

// A zipped body is decompressed as it is read, from its first read on.
type zipped struct {
	packed io.ReadCloser
	plain  *gzip.Reader
	err    error // why it can't be decompressed
}

func (z *zipped) Read(p []byte) (int, error) {
	if z.plain == nil && z.err == nil {
		z.plain, z.err = gzip.NewReader(z.packed)
	}
	if z.err != nil {
		return 0, z.err
	}
	return z.plain.Read(p)
}

func (z *zipped) Close() error { return z.packed.Close() }

// A connTrace learns from net/http whether anything of a request left the
// machine.
type connTrace struct {
	silence *silence
	asked   atomic.Bool // for a connection
	got     atomic.Bool // one
}

func (t *connTrace) hooks(bigBody bool) httptrace.ClientTrace {
	hooks := httptrace.ClientTrace{
		// Asked again, net/http repeats by itself, which it does only when
		// nothing was written.
		GetConn: func(string) { t.asked.Store(true); t.got.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true); t.silence.sent() },
	}
	if bigBody { // a small one leaves as soon as the connection is there
		hooks.WroteRequest = func(httptrace.WroteRequestInfo) { t.silence.sent() }
	}
	return hooks
}

// sent reports whether the server may have seen a request that ended in err. A
// transport that fires no trace tells nothing: then only a failed dial or
// handshake is sure.
func (t *connTrace) sent(err error) bool {
	if t.asked.Load() {
		return t.got.Load()
	}
	var op *net.OpError
	var record tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	handshake := errors.As(err, &record) || errors.As(err, &certificate)
	return !handshake && (!errors.As(err, &op) || op.Op != "dial")
}

// takeTurn waits for the rate limit.
func (c *Client) takeTurn(ctx context.Context) error {
	if err := ctx.Err(); err != nil || c.limiter == nil {
		return err
	}
	return c.limiter.wait(ctx)
}

// sleep waits for d or the context's end.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
