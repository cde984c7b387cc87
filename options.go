package pmpsmart

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/ratelimit"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// The defaults of the options.
const (
	defaultBaseURL  = "https://api.pmpsmart.com/api/v1"
	defaultTimeout  = 30 * time.Second
	defaultMaxBytes = 64 << 20
	maxPagesAhead   = 16
)

// Option is a choice made when a Client is made.
type Option func(*config) *InputError

// config is what the options say.
type config struct {
	listeners
	baseURL        string
	source         string // of baseURL, for errors
	insecure       bool
	account        session.Credentials
	now            func() time.Time // of the pause after a refused login; nil for time.Now
	token          Token
	store          TokenStore
	http           func() *http.Client // in a func as a Client's secrets are; nil for a transport of the client's own
	timeout        time.Duration
	attemptTimeout time.Duration // how long an attempt may wait in all; 0 for a multiple of timeout
	retry          retry.Policy
	limiter        *ratelimit.Limiter
	location       *time.Location
	strict         bool
	onDrift        func(context.Context, Drift)
	maxBytes       int64
	ahead          int
	userAgent      string
	wrappers       []func(http.RoundTripper) http.RoundTripper
	locker         Locker
}

func bad(field, format string, args ...any) *InputError {
	return &InputError{Op: "New", Field: field, Problem: fmt.Sprintf(format, args...)}
}

// WithBaseURL names the API's address, as far as the "v1" that the endpoints
// follow. It needs https, unless the host is loopback or [AllowInsecureHTTP] is
// given, and may hold no user, query or fragment. Upper case in the host and a default
// port make no difference. Default https://api.pmpsmart.com/api/v1.
func WithBaseURL(url string) Option {
	return func(c *config) *InputError {
		c.baseURL, c.source = url, "WithBaseURL"
		return nil
	}
}

// WithToken sets the token that the client starts with; a leading "Bearer " is
// dropped. Default none.
func WithToken(token string) Option {
	return func(c *config) *InputError {
		t, ok := session.NormalizeToken(token)
		switch {
		case !ok:
			return bad("WithToken", "is empty or holds characters that no token has")
		case len(t) > session.MaxToken:
			return bad("WithToken", "is %d bytes long; want at most %d", len(t), session.MaxToken)
		}
		c.token = Token(t)
		return nil
	}
}

// WithTokenStore shares the account's token with whoever uses the same store.
// Default a [NewMemoryTokenStore] of the client's own.
func WithTokenStore(store TokenStore) Option {
	return func(c *config) *InputError {
		c.store = store
		return nil
	}
}

// WithHTTPClient sends requests through hc's Transport, where tracing and
// proxies go, with its Jar and within its Timeout, which bounds a whole response.
// A nil Transport means [http.DefaultTransport]. hc itself is not changed, and redirects
// are never followed. Default, which nil also means, a transport of the client's own
// that keeps 128 idle connections for 4 s and takes the proxy from the environment;
// or http.DefaultTransport, where a program has put a mock or an agent in its place.
//
// Do not give it a client that retries, such as one of go-retryablehttp: it sends an
// insert again after a 500 or a lost connection, where the first one may have been
// done. [WithRetry] knows which calls may be sent again.
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) *InputError {
		c.http = func() *http.Client { return hc }
		return nil
	}
}

// WithTransportWrapper puts what wrap returns around the transport in use, be it the
// client's own or that of [WithHTTPClient]: to count, log or change requests, or to wait
// before them. Several add up; each is put around the ones before it. The client's own
// transport keeps its settings, and [Client.Close] closes its idle connections. A wrap
// that is nil or returns nil is an [*InputError]. Default none.
//
// A wrapper that sends a request twice by itself may do an insert twice. A request that
// it refuses without sending it counts as one that may have been sent.
func WithTransportWrapper(wrap func(http.RoundTripper) http.RoundTripper) Option {
	return func(c *config) *InputError {
		if wrap == nil {
			return bad("WithTransportWrapper", "is nil; want a func that returns a RoundTripper")
		}
		c.wrappers = append(c.wrappers, wrap)
		return nil
	}
}

// WithTimeout sets the idle timeout of an attempt. It limits the dial and the TLS
// handshake together, the wait for the response's header after the last byte
// written, and each read of the body. A slow upload does not count as idle.
// [WithAttemptTimeout] limits the attempt, and the context the whole call. The error
// matches [context.DeadlineExceeded]. Less than a millisecond is refused: it is a number
// that lacks its unit. Default 30 s, which 0 also means.
func WithTimeout(d time.Duration) Option {
	return func(c *config) *InputError {
		if problem := checkTimeout("WithTimeout", d); problem != nil {
			return problem
		}
		if c.timeout = d; d == 0 {
			c.timeout = defaultTimeout
		}
		return nil
	}
}

// WithRetry says how calls are retried. Default the defaults of [RetryPolicy].
func WithRetry(p RetryPolicy) Option {
	return func(c *config) *InputError {
		if p.MaxAttempts < 0 || p.MinWait < 0 || p.MaxWait < 0 {
			return bad("WithRetry", "has a negative field: %+v", p)
		}
		for _, wait := range []time.Duration{p.MinWait, p.MaxWait} {
			if wait > 1 && wait < time.Microsecond {
				return bad("WithRetry", "has a wait of %s; write the unit, as in 200*time.Millisecond, or 1 for next to no wait", wait)
			}
		}
		c.retry = retry.Policy(p)
		return nil
	}
}

// WithRateLimit makes every attempt of every call wait its turn: perSecond turns
// a second, burst of them at once; a burst below 1 is 1. A turn past the
// context's deadline is [context.DeadlineExceeded] at once. Default no limit.
func WithRateLimit(perSecond float64, burst int) Option {
	return func(c *config) *InputError {
		if math.IsNaN(perSecond) || perSecond <= 0 {
			return bad("WithRateLimit", "is %v a second; want more than 0", perSecond)
		}
		c.limiter = ratelimit.New(perSecond, max(burst, 1))
		return nil
	}
}

// WithLogger logs each attempt at Debug; a retry, giving up with the reason as
// RetryInfo.GaveUp names it, and a new login at Info; and drift at Warn; never bodies or
// credentials. Default no logging, which nil also means.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) *InputError {
		c.logger = l
		return nil
	}
}

// WithLocation names the zone of times that the server sends without one.
// Default WIB, UTC+7, which nil also means.
func WithLocation(loc *time.Location) Option {
	return func(c *config) *InputError {
		if c.location = loc; loc == nil {
			c.location = wib
		}
		return nil
	}
}

// WithStrictDecoding makes a [*DecodeError] of the first drift. Default off:
// drift is reported to the logger and the drift handler.
func WithStrictDecoding() Option {
	return func(c *config) *InputError {
		c.strict = true
		return nil
	}
}

// WithDriftHandler calls f with each [Drift] when a call, or the range over a list,
// ends, in the goroutine of the call: f may use the client. Default none.
func WithDriftHandler(f func(context.Context, Drift)) Option {
	return func(c *config) *InputError {
		c.onDrift = f
		return nil
	}
}

// WithMaxResponseBytes bounds one response (a page of a list) after decompression,
// or one record of a Seq. The records that a page decodes to may take four times as much
// memory, at least 16 MiB, and those of a list 1 GiB, or twice a page's if that is more:
// a list that has more needs its Seq. The error is [ErrResponseTooLarge]. Default 64 MiB,
// which 0 also means.
func WithMaxResponseBytes(n int64) Option {
	return func(c *config) *InputError {
		if n < 0 {
			return bad("WithMaxResponseBytes", "is %d; want a positive number", n)
		}
		if c.maxBytes = n; n == 0 {
			c.maxBytes = defaultMaxBytes
		}
		return nil
	}
}

// WithPagesAhead says how many pages of a numbered list are fetched while
// earlier ones are read, 0 to 16. Default 1.
func WithPagesAhead(n int) Option {
	return func(c *config) *InputError {
		if n < 0 || n > maxPagesAhead {
			return bad("WithPagesAhead", "is %d; want 0 to %d", n, maxPagesAhead)
		}
		c.ahead = n
		return nil
	}
}

// WithUserAgent puts product, such as "kasir/1.2", before the library's own
// User-Agent. Default the library's alone.
func WithUserAgent(product string) Option {
	return func(c *config) *InputError {
		if strings.ContainsFunc(product, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return bad("WithUserAgent", "holds a control character: %q", product)
		}
		c.userAgent = product
		return nil
	}
}

// AllowInsecureHTTP allows http:// beyond loopback: whoever listens on the way
// reads the password and the token. Default off.
func AllowInsecureHTTP() Option {
	return func(c *config) *InputError {
		c.insecure = true
		return nil
	}
}

// WithHooks calls h as the client works. Several add up and are called in the order of
// the options, also at an end; each gets the context that the one before it returned.
// Default none.
func WithHooks(h Hooks) Option {
	return func(c *config) *InputError {
		c.hooks = append(c.hooks, h)
		return nil
	}
}

// WithLocker makes [Client.EnsureJSONOrder] hold a code's lock from its first look to
// its end, so that programs that ensure the same code do so one after the other, and
// one of them is told created. Programs exclude each other if they share the Locker,
// the base URL and the account: all of them with the same email, or all with a token
// alone. The wait for the lock counts against the context. Default none, which nil
// also means.
//
// [NewFileLocker] serves the processes of one machine, and NewLocker of the module
// redisstore many machines.
func WithLocker(l Locker) Option {
	return func(c *config) *InputError {
		c.locker = l
		return nil
	}
}

// RetryPolicy says how often and how fast calls are retried. After which failures
// depends on what a call does, its class. The n-th wait is random between 0 and
// MinWait·2ⁿ⁻¹, at most MaxWait; a longer Retry-After that the server sends wins, up
// to MaxWait. A wait past MaxWait or the context's deadline is not begun: the error
// comes at once. Zero fields mean the defaults. A wait of 2 to 999 ns is refused: it is a
// number that lacks its unit.
type RetryPolicy struct {
	MaxAttempts int           // requests a call, or a page of a list, may make; 1 turns retries off; default 4
	MinWait     time.Duration // bound of the first wait; default 200 ms
	MaxWait     time.Duration // bound of any wait, also of the first; default 10 s
}

// checkTimeout checks the duration of an option, 0 for its default.
func checkTimeout(option string, d time.Duration) *InputError {
	switch {
	case d < 0:
		return bad(option, "is %s; want a positive duration", d)
	case d > 0 && d < time.Millisecond:
		return bad(option, "is %s, in which no server answers; write the unit, as in 30*time.Second", d)
	}
	return nil
}
