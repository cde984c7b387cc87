// Package transport sends one POST at a time, as the API wants it, and returns the
// response with its body unread. It gives up on a server that is idle for too
// long, and its errors say whether the server may have seen the request. It does
// not retry, follow redirects, decode or log.
package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// A Config says where a Transport sends its requests, and how.
type Config struct {
	BaseURL     string        // what each path is under, without a slash at its end
	Client      *http.Client  // whose Transport, Jar and Timeout are used; it is not changed; nil for a transport of the package's own
	UserAgent   string        // of each request
	IdleTimeout time.Duration // how long the server may send nothing
}

// A Transport sends requests. It is safe for concurrent use.
type Transport struct {
	baseURL     string
	origin      string // scheme and host, for errors
	idleTimeout time.Duration
	headers     headers
	template    *resty.Request  // copied for each request
	own         *http.Transport // nil where the caller brought one
}

// New returns a Transport. It reaches no network.
func New(c Config) *Transport {
	t := &Transport{baseURL: c.BaseURL, origin: originOf(c.BaseURL), idleTimeout: c.IdleTimeout}
	t.headers.userAgent = c.UserAgent
	t.template, t.own = newTemplate(c.Client)
	return t
}

// Own returns the transport below, or nil where it is the caller's.
func (t *Transport) Own() *http.Transport { return t.own }

// CloseIdle closes the idle connections, unless the transport below is the
// caller's.
func (t *Transport) CloseIdle() {
	if t.own != nil {
		t.own.CloseIdleConnections()
	}
}

// A Request is one POST.
type Request struct {
	Path   string // under the base URL, its query included
	Body   []byte // JSON, nil for none
	Token  string // the bearer token, "" for none
	Secret string // a password that Body holds, to be kept out of errors; "" for none
}

// A Response is one whose header has arrived and whose body is not yet read. Its
// Body must be closed.
type Response struct {
	Status int
	Header http.Header
	Body   io.ReadCloser // decompressed
	wire   *idleBody
}

// BytesRead returns how many bytes of the body were read so far, as they came,
// before they were decompressed.
func (r *Response) BytesRead() int64 { return r.wire.n }

// Elapsed returns the time since the request was begun.
func (r *Response) Elapsed() time.Duration { return time.Since(r.wire.idle.began) }

// An Error is a request that got no response, or not all of it. Where it is the
// body that broke off, reading it returns the Error. A body that ends too soon is
// io.ErrUnexpectedEOF instead, and one that can't be decompressed is what gzip
// says of it.
type Error struct {
	Err    error
	Sent   bool   // the server may have seen the request
	Begun  bool   // the response had begun
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

// An inFlight is all that a request needs until its response is read, in one
// allocation: they are what the time of a small call goes into.
type inFlight struct {
	request  resty.Request
	payload  bytes.Reader
	idle     idleTimer
	trace    trace
	hooks    httptrace.ClientTrace
	body     idleBody
	response Response
}

// Do sends a request and returns its response, whatever the HTTP status is. An
// error is an [*Error].
func (t *Transport) Do(ctx context.Context, r Request) (*Response, error) {
	f := new(inFlight)
	ctx = f.idle.start(ctx, t.idleTimeout)
	f.trace.idle = &f.idle
	f.trace.callerTransport = t.own == nil
	large := len(r.Body) > largeBody
	f.hooks = f.trace.hooks(large)
	ctx = httptrace.WithClientTrace(ctx, &f.hooks)
	if large {
		ctx = context.WithValue(ctx, uploadKey{}, &f.idle)
	}
	// A reader also where there is no body: resty would send one of unknown
	// length, chunked, in place of none.
	f.payload.Reset(r.Body)
	f.request = *t.template
	f.request.Header = t.headers.withToken(r.Token)
	got, err := f.request.SetContext(ctx).SetBody(&f.payload).Post(t.baseURL + "/" + r.Path)
	f.idle.gotHeader()
	if err != nil {
		defer f.idle.stop()
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err // the text of the outer one repeats the address
		}
		sent := f.trace.mayHaveSent(err)
		return nil, &Error{Err: redact.New(r.Token, r.Secret).Error(causeOf(ctx, err)), Sent: sent, Origin: t.origin}
	}
	raw := got.RawResponse
	f.body = idleBody{body: raw.Body, ctx: ctx, idle: &f.idle, origin: t.origin, token: r.Token, secret: r.Secret}
	f.response = Response{Status: raw.StatusCode, Header: raw.Header, Body: decompress(raw, &f.body), wire: &f.body}
	return &f.response, nil
}

// newTemplate returns the request of which each request is a copy: resty's own R
// makes six maps a request, which stay empty. Its client only carries requests:
// redirects, retries, decoding and logging are not left to it. own is the transport
// that it uses where the caller brought none.
func newTemplate(given *http.Client) (template *resty.Request, own *http.Transport) {
	hc := new(http.Client)
	if given != nil {
		*hc = *given // resty writes to the client that it is given
	}
	if hc.Transport == nil {
		own = newHTTPTransport()
		hc.Transport = own
	}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := resty.NewWithClient(hc).
		SetLogger(noLog{}).
		SetDisableWarn(true).
		SetPreRequestHook(watchUpload)
	return client.R().SetDoNotParseResponse(true), own
}

// noLog is resty's logger.
type noLog struct{}

func (noLog) Errorf(string, ...any) {}
func (noLog) Warnf(string, ...any)  {}
func (noLog) Debugf(string, ...any) {}

func originOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Scheme + "://" + u.Host
}
