// Package patience makes a client wait out what passes by itself: a server that asks for
// a wait (429, 503 with Retry-After), one in maintenance, one that can't be reached for
// some minutes. A client that is made with the options of a [Keeper] sends again what
// may be sent again, for as long as the Keeper is patient, and no worker of it hammers a
// server that has asked another one to wait.
//
// The client's own retries come after it and do what only they can: a body that breaks
// off, a failure inside an HTTP 200, an insert whose outcome has to be looked up.
package patience

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// Default is the usual Patience of a program that is run by a person or by cron, which would
// rather be late than give up.
const Default = 30 * time.Minute

// A Listener is told of waits, for the line that shows progress. Its methods are called
// one after the other and should return at once; they must not use the client.
type Listener interface {
	// Waiting says that nothing is sent before until, and why. It is called once a wait,
	// however many workers wait, and again if the wait turns out longer.
	Waiting(until time.Time, why Why)
	// GoingOn says that the server answers again, or that it is waited for no longer.
	GoingOn()
}

// Why is what made a wait necessary.
type Why struct {
	Status int   // the HTTP status; 0 if there was no answer
	Asked  bool  // the server said how long, by Retry-After
	Err    error // of a request that got no answer
}

// String says why the server is waited for.
func (w Why) String() string {
	switch {
	case w.Err != nil:
		return fmt.Sprintf("the server can't be reached (%s)", w.Cause())
	case w.Status == http.StatusTooManyRequests:
		return "the server asks to wait, since it had too many requests (429)"
	case w.Asked:
		return fmt.Sprintf("the server asks to wait (%d)", w.Status)
	case w.Status == http.StatusServiceUnavailable:
		return "the server is in maintenance (503)"
	}
	return fmt.Sprintf("the server is not well (%d)", w.Status)
}

// Cause returns what a person can make something of in Err, which must not be nil.
func (w Why) Cause() string {
	if inner, ok := errors.AsType[*url.Error](w.Err); ok {
		return inner.Err.Error()
	}
	return w.Err.Error()
}

// Config says how patient a Keeper is.
type Config struct {
	// Patience is how long the server may go without a good answer before its errors
	// are let through, and how long one request may go on failing. 0 is none.
	Patience time.Duration
	// Timeout is how long the server may be silent in one request; default 30 s. It
	// takes the place of pmpsmart.WithTimeout, to which waits are a server that is idle.
	Timeout time.Duration
	// FirstContact is how long a server may stay out of reach that has not answered yet:
	// its address may be wrong. Default 20 s, and never more than Patience.
	FirstContact time.Duration
	// AskedOnly leaves to the client's own retries what does not ask for a wait, by 429, by
	// 503 or by a Retry-After: for a program to which such a failure is an answer. Default
	// false.
	AskedOnly bool
	// Listener is told of the waits; nil for nobody.
	Listener Listener
}

// A Keeper keeps the patience of one client. It is safe for concurrent use.
type Keeper struct {
	gate
	timeout   time.Duration
	askedOnly bool
}

// New returns a Keeper.
func New(c Config) *Keeper {
	const timeout, firstContact = 30 * time.Second, 20 * time.Second
	if c.Timeout <= 0 {
		c.Timeout = timeout
	}
	if c.FirstContact <= 0 {
		c.FirstContact = firstContact
	}
	c.Patience = max(c.Patience, 0)
	return &Keeper{timeout: c.Timeout, askedOnly: c.AskedOnly, gate: gate{
		patience: c.Patience, firstContact: min(c.FirstContact, c.Patience), listener: c.Listener,
		changed: make(chan struct{}),
	}}
}

// Options returns the options that make a client patient. They set the client's timeouts and its
// RetryPolicy, and a later option must not set them again.
//
// To the client a wait looks like an idle server. Its own timeouts are therefore longer
// than any wait, and the Keeper has an idle timeout of its own.
func (k *Keeper) Options() []pmpsmart.Option {
	idleTimeout := k.patience + 4*k.timeout // what one request may take until its header is there
	policy := pmpsmart.RetryPolicy{}
	const longestWait = 10 * time.Second // as a client has it by itself
	if k.patience > longestWait {
		policy.MaxWait = k.patience // of a Retry-After that an insert got
	}
	return []pmpsmart.Option{
		pmpsmart.WithTimeout(idleTimeout),
		pmpsmart.WithAttemptTimeout(idleTimeout + 10*k.timeout),
		pmpsmart.WithRetry(policy),
		pmpsmart.WithHooks(pmpsmart.Hooks{Call: beginCall, Attempt: k.beginAttempt}),
		pmpsmart.WithTransportWrapper(func(next http.RoundTripper) http.RoundTripper { return &patientTransport{k, next} }),
	}
}

// What the context of a request says: the class of its call, and the attempt.
type (
	classKey   struct{}
	attemptKey struct{}
)

// beginCall notes the class of a call.
func beginCall(ctx context.Context, info pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
	return context.WithValue(ctx, classKey{}, info.Class), nil
}

// An attempt is one of the client's, which sends its request once or, while the Keeper
// is patient, more often.
type attempt struct {
	class  string
	ticket ticket // for the next request
	goods  int    // good answers, to whomever, before its first failure
}

// beginAttempt waits until requests may be sent. Here, before the client counts how long
// the server is silent, no timeout runs; and an insert that is not sent since its context
// ends is known as one that was not sent.
func (k *Keeper) beginAttempt(ctx context.Context, _ pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
	class, _ := ctx.Value(classKey{}).(string)
	a := &attempt{class: class, ticket: k.enter(ctx, time.Time{})}
	return context.WithValue(ctx, attemptKey{}, a), func(pmpsmart.AttemptResult) { k.leave(&a.ticket, false) }
}
