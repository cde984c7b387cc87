package pmpsmart

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
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

// meet adds the drift of an answer to the call's.
func (k *call) meet(r *reply, drifts []envelope.Drift) {
	for _, d := range drifts {
		k.note(Drift{Op: k.op, Path: d.Path, Want: d.Want, Got: r.shown(d.Got), Count: d.Count})
	}
}

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

// mostDrifts bounds the kinds of drift of a call: a flood of them is no news.
const mostDrifts = 64

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

// CallOption is a choice made for one call.
type CallOption func(*callConfig)

type callConfig struct {
	response *Response
	once     bool
	driftsTo *[]Drift
}

// WithResponse fills dst with what is known of the call's last answer, on success
// and on failure alike; for a Seq when the range ends. Default none.
func WithResponse(dst *Response) CallOption {
	return func(c *callConfig) { c.response = dst }
}

// driftTo is the option of a call inside another, which tells of its drift.
func driftTo(drifts *[]Drift) CallOption {
	return func(c *callConfig) { c.driftsTo = drifts }
}

// notRepeated is the option of a call whose caller repeats it.
func notRepeated(c *callConfig) { c.once = true }

// Response tells of a call's last answer. The zero fields are those of a call
// that got none.
type Response struct {
	HTTPStatus int         // of the last answer
	Header     http.Header // of the last answer, as it came
	Status     string      // the envelope's status as the server wrote it, "success", "true", "200"
	Message    string      // the envelope's message, a readable line
	// Attempts counts all requests of the call, pages and repeats included,
	// logins not.
	Attempts int
	Duration time.Duration // from the call to its end
}

// A reply is an answer whose head is there and whose body is not yet read.
type reply struct {
	number int // of the call's attempts
	status int
	header http.Header
	body   io.ReadCloser // decompressed
	wire   *transport.Response
	token  session.Lease // that the request carried
	secret string        // the password that the request held, if any
}

// secrets are those that the answer might show.
func (r *reply) secrets() redact.Secrets { return redact.Secrets{r.token.Token, r.secret} }

// Cut hides the secrets in the start of a text and cuts it to most bytes.
func (r *reply) Cut(start string, most int) string {
	return string(r.secrets().Head([]byte(start), most))
}

// shown is a value of the answer without its secrets; one that is too long to be
// looked through is a JSON string of how it starts.
func (r *reply) shown(value []byte) json.RawMessage {
	const most = 8 << 10
	if len(value) <= most {
		return json.RawMessage(r.secrets().Text(string(value)))
	}
	return envelope.AppendString(nil, r.Cut(string(value[:most]), most)+"…")
}

// isSuccess reports whether the HTTP status is a success.
func (r *reply) isSuccess() bool { return r.status >= 200 && r.status <= 299 }

// close gives the connection back.
func (r *reply) close() {
	if r != nil && r.body != nil {
		_ = r.body.Close()
	}
}
