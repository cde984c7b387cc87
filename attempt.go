package pmpsmart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"

	"github.com/go-resty/resty/v2"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// bigUpload is the size from which a request's body is watched on its way out;
// a smaller one leaves in one write.
const bigUpload = 16 << 10

// A transportError is an attempt that got no answer, or not all of it.
type transportError struct {
	err    error
	sent   bool   // the server may have seen the request
	begun  bool   // the answer had begun
	origin string // scheme and host
}

func (e *transportError) Error() string {
	switch {
	case !e.sent:
		return fmt.Sprintf("can't reach %s: %v", e.origin, e.err)
	case e.begun:
		return fmt.Sprintf("the answer from %s broke off: %v", e.origin, e.err)
	}
	return fmt.Sprintf("no answer from %s: %v", e.origin, e.err)
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
	case k.own != nil:
		token = *k.own
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
	f.trace.foreign = c.own == nil
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
		err = masked(causeOf(ctx, err), redact.Secrets{string(token.Token), k.password})
		return nil, &transportError{err: err, sent: f.trace.sent(err), origin: c.origin}
	}
	raw := answer.RawResponse
	f.body = silentBody{body: raw.Body, ctx: ctx, s: &f.silence}
	f.reply = reply{status: raw.StatusCode, header: raw.Header, body: unzip(raw, &f.body), wire: &f.body, token: token, secret: k.password}
	return &f.reply, nil
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

// takeTurn waits for the rate limit.
func (c *Client) takeTurn(ctx context.Context) error {
	if err := ctx.Err(); err != nil || c.limiter == nil {
		return err
	}
	return c.limiter.wait(ctx)
}
