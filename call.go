package pmpsmart

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// A call is one use of a method: all its pages and repeats.
type call struct {
	endpoint
	client    *Client
	body      []byte // the request's, nil for none
	shown     string // Call's path, for errors
	password  string // a login's, to be blanked out
	perRecord bool   // WithMaxResponseBytes bounds each record
	isList    bool

	callConfig
	own      *session.Lease // the token of a login, which carries none, or of a logout; nil for the session's
	attempts atomic.Int32
	began    time.Time    // where a Response asks for the duration
	mark     session.Mark // where the call began
	last     Response
	log      callLog

	mu     sync.Mutex // pages ahead may log in
	drifts []Drift
}

// begin starts a call.
func (c *Client) begin(ctx context.Context, e endpoint, in any, opts []CallOption, problems ...*InputError) (*call, error) {
	k := &call{endpoint: e, client: c, log: callLog{c.logger, e}}
	for _, option := range opts {
		if option != nil {
			option(&k.callConfig)
		}
	}
	k.mark = c.session.Mark()
	if k.response != nil {
		*k.response = Response{}
		k.began = time.Now()
	}
	if ctx == nil {
		return nil, &InputError{Op: e.op, Field: "ctx", Problem: "is nil; want a context, such as context.Background()"}
	}
	if err := inputError(e.op, problems...); err != nil {
		return nil, err
	}
	if in != nil {
		body, err := jsonv2.Marshal(in) // a request of this package's own
		if err != nil {
			return nil, &InputError{Op: e.op, Field: "in", Problem: "can't be made JSON: " + err.Error()}
		}
		k.body = body
	}
	return k, nil
}

// end closes a call: the response is filled in, drift told, and the error made
// the one that the caller sees.
func (k *call) end(ctx context.Context, err error) error {
	if k.response != nil {
		*k.response = k.last
		k.response.Attempts = int(k.attempts.Load())
		k.response.Duration = time.Since(k.began)
	}
	k.tell(ctx)
	if err == nil {
		return nil
	}
	if k.class == create && failureOf(err).OutcomeUnknown() {
		return &OutcomeUnknownError{Op: k.op, Err: k.named(err)}
	}
	return k.named(err)
}

// tell tells of the drift that the call met, or leaves it to the call that it is a
// part of.
func (k *call) tell(ctx context.Context) {
	k.mu.Lock()
	drifts := k.drifts
	k.mu.Unlock()
	if k.driftsTo != nil {
		*k.driftsTo = append(*k.driftsTo, drifts...)
		return
	}
	for _, drift := range drifts {
		k.log.drift(ctx, drift)
		if k.client.onDrift != nil {
			k.client.onDrift(ctx, drift)
		}
	}
}

// named gives an error the operation that it starts with.
func (k *call) named(err error) error {
	switch err := err.(type) { //nolint:errorlint // the outermost is the one that needs the name
	case *APIError, *DecodeError, *InputError, *OutcomeUnknownError, *opError:
		return err
	default:
		return &opError{op: k.op, what: k.shown, err: err}
	}
}

// seen notes what an attempt came to.
func (k *call) seen(ctx context.Context, r *reply, err error) {
	k.log.attempt(ctx, int(k.attempts.Load()), r, err)
}

// options say how the answer is to be read.
func (k *call) options(r *reply) envelope.Options {
	return envelope.Options{
		ContentType: r.header.Get("Content-Type"),
		Location:    k.client.location,
		Strict:      k.client.strict,
		MaxBytes:    k.client.maxBytes,
		PerRecord:   k.perRecord,
		Mask:        r,
	}
}

// settle makes the error, if any, of an answer that was read, and notes its drift.
func (k *call) settle(r *reply, a *envelope.Answer, err error) error {
	k.last.Status, k.last.Message = a.Status, a.Message
	switch {
	case errors.Is(err, envelope.ErrStopped), err == nil && !a.Failed:
		k.meet(r, a.Drifts)
		return err
	case a.Failed && (err == nil || isDrift(err)):
		return k.refusal(r, a)
	case errors.Is(err, envelope.ErrTooLarge):
		return &opError{op: k.op, what: k.shown, err: &tooLargeError{k.perRecord, k.client.maxBytes}}
	}
	if broken, ok := errors.AsType[*transport.Error](a.Broken); ok {
		return broken
	}
	return k.unreadable(r, a.Head, err)
}

// unreadable is the error of an answer that can't be read, whose body starts with
// head. That of a login shows nothing of it, which may hold the token.
func (k *call) unreadable(r *reply, head []byte, err error) *DecodeError {
	secrets := r.secrets()
	e := &DecodeError{Op: k.op, HTTPStatus: r.status, ContentType: secrets.Text(r.header.Get("Content-Type")), Err: err, path: k.shown}
	var problem *envelope.Problem
	if errors.As(err, &problem) {
		problem.Text, problem.Got = secrets.Text(problem.Text), secrets.Text(problem.Got)
	} else {
		e.Err = secrets.Error(err)
	}
	if k.class != auth {
		const looked, most = 8 << 10, 512
		e.Snippet = secrets.Head(head[:min(len(head), looked)], most)
	} else if problem != nil {
		problem.Got = ""
	}
	return e
}

// isDrift tells strict mode's problem from one that leaves the answer unread.
func isDrift(err error) bool {
	var problem *envelope.Problem
	return errors.As(err, &problem) && problem.Drift
}

// statusError is the error of an answer whose HTTP status is no success.
func (c *Client) statusError(k *call, r *reply) error {
	a := envelope.Failure(r.body, k.options(r))
	k.last.Status, k.last.Message = a.Status, a.Message
	e := k.refusal(r, a)
	e.code = 0 // the HTTP status says it
	if r.status == http.StatusNotFound && (k.endpoint == loginEndpoint || k.isList) && !e.saysMore() {
		e.hint = "check the base URL, which goes as far as the version, as " + defaultBaseURL + " does"
	}
	if e.Message == "" {
		e.Message = envelope.StatusText(r.status)
	}
	if location := r.header.Get("Location"); r.status >= 300 && r.status < 400 && location != "" {
		e.hint = "it points to " + r.secrets().Text(location) + ", and redirects are not followed: check the base URL, or whether the server is in maintenance"
	}
	return e
}

// refusal is the error of an answer that says that the call failed.
func (k *call) refusal(r *reply, a *envelope.Answer) *APIError {
	const most = 64 << 10
	secrets := r.secrets()
	e := &APIError{Op: k.op, HTTPStatus: r.status, Status: secrets.Text(a.Status), Message: secrets.Text(a.Message),
		Header: secrets.Header(r.header), Body: secrets.Head(a.Head, most), code: a.Code, path: k.shown}
	delay := retry.ParseRetryAfter(r.header, time.Now())
	e.RetryAfter, e.hasRetryAfter = delay.Wait, delay.Asked
	if e.Message == "" && a.Code != 0 {
		e.Message = envelope.StatusText(a.Code)
	}
	if a.Fields != nil {
		e.Fields = make(map[string][]string, len(a.Fields))
		for name, texts := range a.Fields {
			for _, text := range texts {
				e.Fields[secrets.Text(name)] = append(e.Fields[secrets.Text(name)], secrets.Text(text))
			}
		}
	}
	return e
}

// meet adds the drift of an answer to the call's.
func (k *call) meet(r *reply, drifts []envelope.Drift) {
	for _, d := range drifts {
		k.note(Drift{Op: k.op, Path: d.Path, Want: d.Want, Got: r.shown(d.Got), Count: d.Count})
	}
}

// mostDrifts bounds the kinds of drift of a call: a flood of them is no news.
const mostDrifts = 64

// note adds drift to the call's: what was met before is counted.
func (k *call) note(drifts ...Drift) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, d := range drifts {
		same := func(known Drift) bool { return known.Op == d.Op && known.Path == d.Path && known.Want == d.Want }
		if i := slices.IndexFunc(k.drifts, same); i >= 0 {
			k.drifts[i].Count += d.Count
		} else if len(k.drifts) < mostDrifts {
			k.drifts = append(k.drifts, d)
		}
	}
}

// isUnauthorized reports whether err is the server's 401, in whatever form.
func isUnauthorized(err error) bool {
	var refusal *APIError
	return errors.As(err, &refusal) && refusal.status() == http.StatusUnauthorized && refusal.Op != loginEndpoint.op
}
