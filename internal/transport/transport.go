// Package transport sends one POST at a time, as the API wants it, and returns the
// response with its body unread. It gives up on a server that is idle for too
// long, and its errors say whether the server may have seen the request. It does
// not retry, follow redirects, decode or log.
package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// A Config says where a Transport sends its requests, and how.
type Config struct {
	BaseURL     string        // what each path is under, without a slash at its end
	Client      *http.Client  // whose Transport, Jar and Timeout are used; it is not changed; nil for a transport of the package's own, unless the program replaced http.DefaultTransport
	UserAgent   string        // of each request
	IdleTimeout time.Duration // how long the server may send nothing
	MaxWait     time.Duration // how long a request may wait for the server in all, at less than MinRate; 0 for any time
}

// A Transport sends requests. It is safe for concurrent use.
type Transport struct {
	baseURL     string
	origin      string // scheme and host, for errors
	idleTimeout time.Duration
	maxWait     time.Duration
	headers     headers
	template    *resty.Request    // copied for each request
	copies      sync.Pool         // of *resty.Request, each for the time of a Do
	client      *http.Client      // of the template
	gate        *gate             // the Transport of client; nil where requests go without
	base        http.RoundTripper // below what is wrapped around it
	wrapped     bool              // something is
	own         *http.Transport   // nil where the caller brought a client
	keepAlive   keepAlive
	held        atomic.Int64 // connections that requests have
	urls        urls
	watch       watch
}

// New returns a Transport. It reaches no network.
func New(c Config) *Transport {
	t := &Transport{baseURL: c.BaseURL, origin: originOf(c.BaseURL), idleTimeout: c.IdleTimeout, maxWait: c.MaxWait}
	t.headers.userAgent = c.UserAgent
	t.client = new(http.Client)
	if c.Client == nil {
		t.own = newHTTPTransport()
	} else {
		*t.client = *c.Client // resty writes to the client that it is given
	}
	if t.client.Transport == nil {
		t.client.Transport = defaultTransport{t.own}
	}
	t.base = t.client.Transport
	if t.client.Jar == nil && t.client.Timeout == 0 {
		t.gate = &gate{t.base}
		t.client.Transport = t.gate
	}
	t.template = newTemplate(t.client)
	t.copies.New = func() any { r := *t.template; return &r }
	return t
}

// Own returns the package's own transport below, or nil where the caller brought a
// client.
func (t *Transport) Own() *http.Transport { return t.own }

// CloseIdle closes the idle connections of the package's own transport.
func (t *Transport) CloseIdle() {
	if t.own != nil {
		t.own.CloseIdleConnections()
	}
}

// A Request is one POST.
type Request struct {
	Path  string // under the base URL, its query included
	Body  []byte // JSON, nil for none
	Token string // the bearer token, "" for none
	// Header holds more headers, as SetHeader sets them; nil for none.
	Header http.Header
	// Secrets are others than the token, such as a password that Body holds, to be
	// kept out of errors.
	Secrets []string
	// LastOnConnection closes the connection after the response. net/http prints
	// to the process's log what comes on an idle connection, such as the end of a
	// response that is longer than it says.
	LastOnConnection bool
	// MaxWait is how long it may wait for the server in all, however much is sent, in
	// place of the Transport's limit; 0 for that.
	MaxWait time.Duration
}

// redactor returns what redacts the request's secrets.
func (r Request) redactor() *redact.Secrets {
	return redact.New(append([]string{r.Token}, r.Secrets...)...)
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
func (r *Response) BytesRead() int64 { return r.wire.f.idle.came.Load() }

// Elapsed returns the time since the request was begun.
func (r *Response) Elapsed() time.Duration { return time.Since(r.wire.f.idle.began) }

// An inFlight is all that a request needs until its response is read, in one
// allocation: they are what the time of a small call goes into.
type inFlight struct {
	transport *Transport
	request   Request
	url       *url.URL
	header    http.Header // until the gate puts it back
	payload   bytes.Reader
	ctx       requestContext
	idle      idleTimer
	trace     trace
	hooks     httptrace.ClientTrace
	wire      idleBody
	body      decodedBody
	response  Response
}

// isLarge reports whether the body is watched while it is written.
func (f *inFlight) isLarge() bool { return len(f.request.Body) > largeBody }

// Do sends a request and returns its response, whatever the HTTP status is. An
// error is an [*Error].
func (t *Transport) Do(ctx context.Context, r Request) (*Response, error) {
	to, err := t.urls.of(t.baseURL, r.Path)
	if err != nil {
		return nil, &Error{Err: r.redactor().Error(err), Origin: t.origin}
	}
	f := &inFlight{transport: t, request: r, url: to}
	f.start(ctx)
	got, err := f.post()
	f.idle.gotHeader()
	if err != nil {
		lost := f.lost(err)
		f.trace.release()
		f.idle.stop()
		lost.Err, lost.Origin = r.redactor().Error(lost.Err), t.origin
		return nil, lost
	}
	raw := got.RawResponse
	t.keepAlive.note(raw)
	f.wire = idleBody{body: raw.Body, f: f}
	f.body = decodedBody{wire: &f.wire, encoding: encodingOf(raw.Header)}
	f.response = Response{Status: raw.StatusCode, Header: raw.Header, Body: &f.body, wire: &f.wire}
	return &f.response, nil
}

// start makes the context of the request, by which it is watched.
func (f *inFlight) start(ctx context.Context) {
	t := f.transport
	ctx = f.idle.start(ctx, &t.watch, t.idleTimeout, t.limitOf(f.request))
	t.trace(f)
	f.hooks = f.trace.hooks(f.isLarge())
	f.ctx = requestContext{httptrace.WithClientTrace(ctx, &f.hooks), f}
}

// post has resty send the request. The body of the response is unread.
func (f *inFlight) post() (*resty.Response, error) {
	t := f.transport
	// A reader also where there is no body: resty would send one of unknown
	// length, chunked, in place of none.
	f.payload.Reset(f.request.Body)
	request := t.copies.Get().(*resty.Request)
	request.Header = with(t.headers.withToken(f.request.Token), f.request.Header)
	got, err := request.SetContext(&f.ctx).SetBody(&f.payload).Post(anyURL)
	request.Header, request.Body, request.RawRequest = nil, nil, nil
	t.copies.Put(request.SetContext(context.Background()))
	return got, err
}

// lost returns the Error of a request that got no response.
func (f *inFlight) lost(err error) *Error {
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err // the text of the outer one repeats the address
	}
	unread := f.payload.Len() > 0 && int64(f.payload.Len()) == f.payload.Size()
	lost := &Error{Err: f.cause(err), Sent: f.trace.mayHaveSent(err, unread)}
	if lost.Sent {
		return lost
	}
	lost.Final = isUntrusted(err)
	if timeout, ok := errors.AsType[*timeoutError](lost.Err); ok && f.trace.isQueued() {
		lost.Err = &timeoutError{limit: timeout.limit, queued: true}
	} else if !ok {
		lost.Err = asProxyError(lost.Err)
	}
	return lost
}

// newTemplate returns the request of which each request is a copy: resty's own R
// makes six maps a request, which stay empty. Its client only carries requests:
// redirects, retries, decoding and logging are not left to it.
func newTemplate(hc *http.Client) *resty.Request {
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := resty.NewWithClient(hc).
		SetLogger(noLog{}).
		SetDisableWarn(true).
		SetPreRequestHook(prepare)
	return client.R().SetDoNotParseResponse(true)
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
