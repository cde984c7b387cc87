package pmpsmart

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// A telemetry tells the logger and the hooks of a client what an operation does. Each
// event has one method, which tells both.
type telemetry struct{ operationLog }

func newTelemetry(l *listeners, e *endpoint) telemetry { return telemetry{operationLog{l, e}} }

// An ending is what the hooks want called when what they were told of ends.
type ending[R any] []func(R)

// call calls all of them in their order, also if one of them panics.
func (e ending[R]) call(result R) {
	if len(e) > 0 {
		defer e[1:].call(result)
		e[0](result)
	}
}

// begin tells the hooks of what begins, each in the context that the one before it
// returned. It returns the last context. If a hook panics, those that were told are told
// of the end.
func begin[I, R any](ctx context.Context, hooks []Hooks, hook func(*Hooks) func(context.Context, I) (context.Context, func(R)), info I, aborted R) (context.Context, ending[R]) {
	var ends ending[R]
	returned := false
	defer func() {
		if !returned {
			ends.call(aborted)
		}
	}()
	for i := range hooks {
		f := hook(&hooks[i])
		if f == nil {
			continue
		}
		inner, end := f(ctx, info)
		if inner != nil {
			ctx = inner
		}
		if end != nil {
			ends = append(ends, end)
		}
	}
	returned = true
	return ctx, ends
}

// errAborted is what hooks are told of a call or an attempt that did not return.
var errAborted = errors.New("ended by a panic or runtime.Goexit")

// call tells that a call of the class begins. It returns the context that the call goes
// on with.
func (t *telemetry) call(ctx context.Context, class retry.Class) (context.Context, ending[CallResult]) {
	if len(t.hooks) == 0 {
		return ctx, nil
	}
	info := CallInfo{Op: t.name, Path: line(t.route()), Class: class.String()}
	if ctx == nil { // which is an *InputError
		ctx = context.Background()
	}
	return begin(ctx, t.hooks, func(h *Hooks) func(context.Context, CallInfo) (context.Context, func(CallResult)) { return h.Call }, info, CallResult{Err: errAborted})
}

// route returns the path without what a caller's has in its query.
func (t *telemetry) route() string {
	path, _, hasQuery := strings.Cut(t.path, "?")
	if !hasQuery {
		return t.path
	}
	return path
}

// A target says which of an operation's requests an attempt is.
type target struct {
	rawQuery  string // that asks for a page
	page, try int    // as in AttemptInfo
}

// An attempt is one request, from before it is sent until its response was judged or
// thrown away.
type attempt struct {
	*telemetry
	ctx    context.Context // as the hooks returned it
	number int             // of the operation's requests
	ends   ending[AttemptResult]
	isOver bool
}

// attempt tells that a request is about to be sent, with the context of the attempt.
func (t *telemetry) attempt(ctx context.Context, number int, at target) attempt {
	a := attempt{telemetry: t, ctx: ctx, number: number}
	if len(t.hooks) > 0 {
		info := AttemptInfo{Op: t.name, Path: t.route(), Page: at.page, Try: at.try}
		a.ctx, a.ends = begin(ctx, t.hooks, func(h *Hooks) func(context.Context, AttemptInfo) (context.Context, func(AttemptResult)) {
			return h.Attempt
		}, info, AttemptResult{Err: errAborted})
	}
	return a
}

// retry tells that the attempt at is made again after wait or, if why is a reason to
// give up, that it is not.
func (t *telemetry) retry(ctx context.Context, at target, wait time.Duration, why retry.GiveUp, err error) {
	if why != retry.NoGiveUp {
		wait = 0
	}
	t.logRetry(ctx, at.try, wait, why, err)
	for i := range t.hooks {
		if f := t.hooks[i].Retry; f != nil {
			f(ctx, RetryInfo{Op: t.name, Path: t.route(), Page: at.page, Try: at.try, Wait: wait, Err: err, GaveUp: string(why)})
		}
	}
}
