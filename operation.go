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
type operation struct {
	endpoint
	client      *Client
	body        []byte // the request's, nil for none
	displayPath string // Call's path, for errors
	password    string // a login's, to be blanked out
	perRecord   bool   // WithMaxResponseBytes bounds each record
	isList      bool

	callConfig
	lease        *session.Lease // the token of a login, which carries none, or of a logout; nil for the session's
	attempts     atomic.Int32
	began        time.Time    // where a Response asks for the duration
	mark         session.Mark // where the call began
	lastResponse Response
	log          operationLog

	mu     sync.Mutex // pages ahead may log in
	drifts []Drift
}

// begin starts a call.
func (c *Client) newOperation(ctx context.Context, e endpoint, in any, opts []CallOption, problems ...*InputError) (*operation, error) {
	op := &operation{endpoint: e, client: c, log: operationLog{c.logger, e}}
	for _, option := range opts {
		if option != nil {
			option(&op.callConfig)
		}
	}
	op.mark = c.session.Mark()
	if op.response != nil {
		*op.response = Response{}
		op.began = time.Now()
	}
	if ctx == nil {
		return nil, &InputError{Op: e.name, Field: "ctx", Problem: "is nil; want a context, such as context.Background()"}
	}
	if err := inputError(e.name, problems...); err != nil {
		return nil, err
	}
	if in != nil {
		body, err := jsonv2.Marshal(in) // a request of this package's own
		if err != nil {
			return nil, &InputError{Op: e.name, Field: "in", Problem: "can't be made JSON: " + err.Error()}
		}
		op.body = body
	}
	return op, nil
}

// end closes a call: the response is filled in, drift told, and the error made
// the one that the caller sees.
func (op *operation) finish(ctx context.Context, err error) error {
	if op.response != nil {
		*op.response = op.lastResponse
		op.response.Attempts = int(op.attempts.Load())
		op.response.Duration = time.Since(op.began)
	}
	op.reportDrift(ctx)
	if err == nil {
		return nil
	}
	if op.class == create && failureOf(err).OutcomeUnknown() {
		return &OutcomeUnknownError{Op: op.name, Err: op.withOp(err)}
	}
	return op.withOp(err)
}

// named gives an error the operation that it starts with.
func (op *operation) withOp(err error) error {
	switch err := err.(type) { //nolint:errorlint // the outermost is the one that needs the name
	case *APIError, *DecodeError, *InputError, *OutcomeUnknownError, *opError:
		return err
	default:
		return &opError{op: op.name, what: op.displayPath, err: err}
	}
}

// seen notes what an attempt came to.
func (op *operation) logAttempt(ctx context.Context, r *response, err error) {
	op.log.attempt(ctx, int(op.attempts.Load()), r, err)
}

// tell tells of the drift that the call met, or leaves it to the call that it is a
// part of.
func (op *operation) reportDrift(ctx context.Context) {
	op.mu.Lock()
	drifts := op.drifts
	op.mu.Unlock()
	if op.driftsTo != nil {
		*op.driftsTo = append(*op.driftsTo, drifts...)
		return
	}
	for _, drift := range drifts {
		op.log.drift(ctx, drift)
		if op.client.onDrift != nil {
			op.client.onDrift(ctx, drift)
		}
	}
}

// meet adds the drift of an answer to the call's.
func (op *operation) recordDrift(r *response, drifts []envelope.Drift) {
	for _, d := range drifts {
		op.addDrift(Drift{Op: op.name, Path: d.Path, Want: d.Want, Got: r.redactValue(d.Got), Count: d.Count})
	}
}

// note adds drift to the call's: what was met before is counted.
func (op *operation) addDrift(drifts ...Drift) {
	op.mu.Lock()
	defer op.mu.Unlock()
	for _, d := range drifts {
		same := func(known Drift) bool { return known.Op == d.Op && known.Path == d.Path && known.Want == d.Want }
		if i := slices.IndexFunc(op.drifts, same); i >= 0 {
			op.drifts[i].Count += d.Count
		} else if len(op.drifts) < maxDrifts {
			op.drifts = append(op.drifts, d)
		}
	}
}

// mostDrifts bounds the kinds of drift of a call: a flood of them is no news.
const maxDrifts = 64

// options say how the answer is to be read.
func (op *operation) options(r *response) envelope.Options {
	return envelope.Options{
		ContentType: r.Header.Get("Content-Type"),
		Location:    op.client.location,
		Strict:      op.client.strict,
		MaxBytes:    op.client.maxBytes,
		PerRecord:   op.perRecord,
		Mask:        r,
	}
}

// CallOption is a choice made for one call.
type CallOption func(*callConfig)

type callConfig struct {
	response *Response
	noRetry  bool
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
func withoutRetry(c *callConfig) { c.noRetry = true }

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
type response struct {
	number   int // of the call's attempts
	Status   int
	Header   http.Header
	Body     io.ReadCloser // decompressed
	wire     *transport.Response
	lease    session.Lease // that the request carried
	password string        // the password that the request held, if any
}

// secrets are those that the answer might show.
func (r *response) secrets() redact.Secrets { return redact.Secrets{r.lease.Token, r.password} }

// Cut hides the secrets in the start of a text and cuts it to most bytes.
func (r *response) Cut(start string, most int) string {
	return string(r.secrets().Head([]byte(start), most))
}

// shown is a value of the answer without its secrets; one that is too long to be
// looked through is a JSON string of how it starts.
func (r *response) redactValue(value []byte) json.RawMessage {
	const most = 8 << 10
	if len(value) <= most {
		return json.RawMessage(r.secrets().Text(string(value)))
	}
	return envelope.AppendString(nil, r.Cut(string(value[:most]), most)+"…")
}

// isSuccess reports whether the HTTP status is a success.
func (r *response) isSuccess() bool { return r.Status >= 200 && r.Status <= 299 }

// close gives the connection back.
func (r *response) close() {
	if r != nil && r.Body != nil {
		_ = r.Body.Close()
	}
}
