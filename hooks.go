package pmpsmart

import (
	"context"
	"time"
)

// Hooks are told what a client does: of every call, every attempt at a request, and
// every retry. Any of the funcs may be nil, and so may the func that Call or Attempt
// returns; a nil context stands for the one before. They are called in the goroutine that
// does the work, several of them at once where pages are prefetched, and should return
// at once. What begins ends once, before the call that it is a part of does, but for a
// login or an insert that others still wait for when that call is canceled. A hook that
// panics does so in the goroutine of the call.
//
// The module otelpmpsmart makes Hooks for OpenTelemetry.
type Hooks struct {
	// Call is called when a call begins. The call goes on with the context that it
	// returns, so that spans of attempts and of inner calls are children of the call's.
	// The func that it returns is called when the call ends; for a Seq, when the range
	// ends. The inner calls of a call, such as its login and the look-ups and inserts of
	// EnsureJSONOrder, are calls too; those that calls share stand in the one that began
	// them. A call that is refused for its input begins and ends as any other.
	Call func(ctx context.Context, info CallInfo) (context.Context, func(CallResult))
	// Attempt is called before each request is sent, once the rate limit lets it. The
	// request is sent with the context that it returns. The func that it returns is
	// called when the response has been read and judged, or thrown away: a page that was
	// prefetched and is not needed ends in context.Canceled.
	Attempt func(ctx context.Context, info AttemptInfo) (context.Context, func(AttemptResult))
	// Retry is called after a failed attempt of a kind that may be retried: before the
	// wait, or when the client gives up. A login after a 401 is not a retry. Of the inserts
	// of EnsureJSONOrder it is called in that call, with its Op.
	Retry func(ctx context.Context, info RetryInfo)
}

// CallInfo describes a call that begins.
type CallInfo struct {
	Op    string // the method, "ListOrders"; "Login" for a login of the client's own
	Path  string // under the base URL, "order"; of Call, ListAs and GetAs without the query
	Class string // when it may be retried: "read", "overwrite", "create" or "auth"
}

// CallResult describes how a call ended.
type CallResult struct {
	Response Response // the last one, as [WithResponse] fills it
	Records  int      // that the caller got; 1 for one record, 0 for a Call, a login and a logout
	Err      error    // as the caller got it; nil where a range over a Seq was left early
}

// AttemptInfo describes a request that is about to be sent.
type AttemptInfo struct {
	Op, Path string // as in CallInfo
	Page     int    // of a list, from 1; else 0
	Try      int    // at this page, or at the call, from 1; also after a new login
}

// AttemptResult describes what came of a request.
type AttemptResult struct {
	HTTPStatus int   // 0 where there was no response
	Bytes      int64 // read of the body, as they came over the wire
	Err        error // as judged: a refusal inside an HTTP 200 is one
}

// RetryInfo describes the retry of a failed attempt, or that there is none.
type RetryInfo struct {
	Op, Path  string        // as in CallInfo
	Page, Try int           // of the attempt that failed
	Wait      time.Duration // before the next attempt; 0 where there is none
	Err       error         // of the attempt that failed
	// GaveUp is empty if the request is sent again after Wait. Else it is why it is not:
	// "attempts" (MaxAttempts were made), "budget" (the client's retry budget is spent),
	// "deadline" (the context would end first) or "retry-after" (the server asks for a
	// longer wait than MaxWait).
	GaveUp string
}
