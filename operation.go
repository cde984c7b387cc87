package pmpsmart

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// An operation is one call of a method, with all its pages and retries.
type operation struct {
	endpoint
	callConfig
	config      *config // the client's
	tell        telemetry
	ends        ending[CallResult] // what the hooks want called at the end
	body        []byte             // of the requests, nil for none
	displayPath string             // Call's path, for errors
	secrets     []string           // a login's password and the client's token, to be redacted
	perRecord   bool               // WithMaxResponseBytes limits each record
	isList      bool
	isYielding  bool // the caller's loop over a Seq has a record
	attempts    atomic.Int32
	records     int // that the caller gets

	began        time.Time      // zero unless somebody reads the Response
	lease        *session.Lease // the token of a login, which carries none, or of a logout; nil for the session's
	first        response       // to the first attempt, which mostly is the only one
	lastResponse Response
	short        *Drift // of a list that ends before it should
	isSingle     bool   // the list came as an object by itself
	page         int    // the number of the list's page that is asked for, 0 for none
	previous     []byte // the first record of the list's page before

	mu     sync.Mutex // pages that are prefetched may log in
	drifts []Drift
}

// prepare checks and encodes the input of an operation.
func (op *operation) prepare(ctx context.Context, in any, problems []*InputError) error {
	if ctx == nil {
		return &InputError{Op: op.name, Field: "ctx", Problem: "is nil; want a context, such as context.Background()"}
	}
	problem := op.problem
	if problem == nil {
		problem = firstOf(problems...)
	}
	if problem == nil {
		problem = checkInput(in)
	}
	if problem != nil {
		return inputError(op.name, problem)
	}
	if in == nil {
		return nil
	}
	body, err := encode(in)
	if err != nil {
		return &InputError{Op: op.name, Field: "in", Problem: "can't be made JSON: " + err.Error()}
	}
	op.body = body
	return nil
}

// encode returns the JSON of an input of this package's own. One that writes its JSON
// itself is that of a call which is over soon: reflection would take a good part of it.
func encode(in any) ([]byte, error) {
	if in, ok := in.(interface{ appendJSON(b []byte) []byte }); ok {
		return in.appendJSON(make([]byte, 0, 32)), nil
	}
	return jsonv2.Marshal(in)
}

// finish ends an operation: it fills in the Response, reports drift, tells the hooks,
// and returns the error for the caller.
func (op *operation) finish(ctx context.Context, err error) error {
	if err = op.conclude(ctx, err); err != nil {
		op.records = 0
	}
	op.end(err)
	return err
}

// end tells the hooks that the operation ended in err.
func (op *operation) end(err error) {
	if op.ends == nil {
		return
	}
	ends := op.ends
	op.ends = nil
	ends.call(CallResult{Response: op.lastResponse, Records: op.records, Err: err})
}

// abandon tells the hooks of the end of an operation that panicked.
func (op *operation) abandon() {
	if op.ends != nil {
		if !op.perRecord {
			op.records = 0
		}
		op.sum()
		op.end(op.aborted())
	}
}

// sum completes the last response with what is known of the whole operation.
func (op *operation) sum() {
	if op.reportsResponse() {
		op.lastResponse.Attempts = int(op.attempts.Load())
		op.lastResponse.Duration = time.Since(op.began)
	}
}

// isInsert reports whether the operation creates a record that its caller describes.
func (op *operation) isInsert() bool { return op.endpoint == insertJSONOrderEndpoint }

// aborted returns the error of an operation that panics now, for hooks. A range that the
// caller's loop leaves by a panic was left early.
func (op *operation) aborted() error {
	if op.isYielding {
		return nil
	}
	return errAborted
}

// conclude is finish without the end: an error of its result may still be added to.
func (op *operation) conclude(ctx context.Context, err error) error {
	op.sum()
	if op.response != nil {
		*op.response = op.lastResponse
	}
	if op.inner != nil {
		op.addTo(op.inner)
	} else {
		op.reportDrift(ctx)
	}
	if err == nil {
		return nil
	}
	if op.class == create && op.endpoint != ensureEndpoint && failureOf(err).OutcomeUnknown() {
		return &OutcomeUnknownError{Op: op.name, Err: op.withOp(err)}
	}
	return op.withOp(err)
}

// withOp returns err with the operation that its text starts with.
func (op *operation) withOp(err error) error {
	switch err := err.(type) { //nolint:errorlint // the outermost is the one that needs the name
	case *APIError, *DecodeError, *InputError, *OutcomeUnknownError, *opError:
		return err
	default:
		return &opError{op: op.name, what: op.displayPath, err: err}
	}
}

// noteHeader notes a response whose body is not yet read as the last.
func (op *operation) noteHeader(r *response) {
	op.lastResponse = Response{HTTPStatus: r.Status, Header: r.Header}
	if op.reportsResponse() {
		op.lastResponse.Header = r.secrets().Blank(r.Header)
	}
}

// noteEnvelope notes what the envelope of the last response says.
func (op *operation) noteEnvelope(r *response, a *envelope.Answer) {
	if op.reportsResponse() {
		op.lastResponse.Status, op.lastResponse.Message = r.secrets().Line(a.Status, maxMessage), r.secrets().Line(a.Message, maxMessage)
	}
}

// reportsResponse reports whether anybody will read the last response.
func (op *operation) reportsResponse() bool {
	return op.response != nil || op.inner != nil || op.tell.hooks != nil
}

// recordDrift records the drift of a response.
func (op *operation) recordDrift(r *response, drifts []envelope.Drift) {
	const maxPath = 500
	for _, d := range drifts {
		drift := Drift{Op: op.name, Path: r.secrets().Line(d.Path, maxPath), Want: r.secrets().Line(d.Want, maxPath), Count: d.Count}
		if op.countDrift(drift) {
			continue
		}
		if drift.Got = r.redactValue(d.Got); op.endpoint == loginEndpoint && d.Path == "body" {
			drift.Got = json.RawMessage(`"` + redact.Mark + `"`) // what was truncated may end in a part of the new token
		}
		op.addDrift(drift)
	}
}

// maxDrifts limits the kinds of drift of an operation: a flood of them is no news.
const maxDrifts = 64

// countDrift counts drift of a kind that is there, or for which there is no room.
// It reports false for any other.
func (op *operation) countDrift(d Drift) bool {
	op.mu.Lock()
	defer op.mu.Unlock()
	for i := range op.drifts {
		if known := &op.drifts[i]; known.Op == d.Op && known.Path == d.Path && known.Want == d.Want {
			known.Count += d.Count
			return true
		}
	}
	return len(op.drifts) == maxDrifts
}

// addDrift adds drift to the operation's. Drift of a kind that is there is counted.
func (op *operation) addDrift(drifts ...Drift) {
	for _, d := range drifts {
		if !op.countDrift(d) {
			op.mu.Lock()
			op.drifts = append(op.drifts, d)
			op.mu.Unlock()
		}
	}
}

// reportDrift reports the operation's drift to the logger and the drift handler.
func (op *operation) reportDrift(ctx context.Context) {
	op.mu.Lock()
	drifts := op.drifts
	op.mu.Unlock()
	for _, drift := range drifts {
		op.tell.drift(ctx, drift)
		if op.config.onDrift != nil {
			op.config.onDrift(ctx, drift)
		}
	}
}

// addTo adds an operation that has ended to those that another consists of.
func (op *operation) addTo(i *innerOperations) {
	i.lastResponse = op.lastResponse
	i.attempts += int(op.attempts.Load())
	i.drifts = append(i.drifts, op.drifts...)
	i.short, i.single = op.short, op.isSingle
}

// include takes over what came of inner operations: their last response and their
// attempts, and their drift unless another operation reports it.
func (op *operation) include(inner innerOperations, drift bool) {
	op.lastResponse = inner.lastResponse
	op.attempts.Add(int32(inner.attempts))
	if drift {
		op.addDrift(inner.drifts...)
	}
}

// options returns how a response is to be read.
func (op *operation) options(r *response) envelope.Options {
	return envelope.Options{
		ContentType: r.Header.Get("Content-Type"),
		HTTPStatus:  r.Status,
		Header:      r.Header,
		Location:    op.config.location,
		Strict:      op.config.strict,
		MaxBytes:    op.maxBytes(),
		PerRecord:   op.perRecord,
		Page:        op.page,
		Previous:    op.previous,
		New:         op.isInsert(),
		Brief:       !op.reportsResponse(),
		Mask:        r,
	}
}

// maxLoginBytes limits the response to a login, which holds a token and a user.
const maxLoginBytes = 1 << 20

// maxBytes returns the limit of a response, or of each of its records.
func (op *operation) maxBytes() int64 {
	if op.endpoint == loginEndpoint {
		return min(op.config.maxBytes, maxLoginBytes)
	}
	return op.config.maxBytes
}
