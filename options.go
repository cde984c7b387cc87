package pmpsmart

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode/utf8"

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
	baseURL   string
	source    string // of baseURL, for errors
	insecure  bool
	account   session.Credentials
	token     Token
	store     TokenStore
	http      func() *http.Client // in a func as a Client's secrets are; nil for a transport of the client's own
	timeout   time.Duration
	retry     retry.Policy
	limiter   *ratelimit.Limiter
	logger    *slog.Logger
	location  *time.Location
	strict    bool
	onDrift   func(context.Context, Drift)
	maxBytes  int64
	ahead     int
	userAgent string
	hooks     []Hooks
	wrappers  []func(http.RoundTripper) http.RoundTripper
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

// WithCredentials lets the client log in when it first needs a token and again
// when the token dies. White space around the email, such as the line break of a file,
// is dropped; the password is used as it is. Default none: then [WithToken] or
// [Client.Login] is needed.
func WithCredentials(email, password string) Option {
	email = trimEmail(email)
	return func(c *config) *InputError {
		if email == "" || password == "" {
			return bad("WithCredentials", "needs an email and a password, and one of them is empty")
		}
		if !utf8.ValidString(email) || !utf8.ValidString(password) {
			return bad("WithCredentials", "needs an email and a password in UTF-8")
		}
		c.account = session.NewCredentials(email, password)
		return nil
	}
}

// WithToken gives the client a token to start with; a leading "Bearer " is
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
// proxies go, with its Jar and within its Timeout, which bounds a whole answer.
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
// written, and each read of the body. A slow upload does not count as idle. Use
// the context to limit the whole call. The error matches
// [context.DeadlineExceeded]. Default 30 s, which 0 also means.
func WithTimeout(d time.Duration) Option {
	return func(c *config) *InputError {
		if d < 0 {
			return bad("WithTimeout", "is %s; want a positive duration", d)
		}
		if c.timeout = d; d == 0 {
			c.timeout = defaultTimeout
		}
		return nil
	}
}

// WithRetry says how calls are repeated. Default the defaults of [RetryPolicy].
func WithRetry(p RetryPolicy) Option {
	return func(c *config) *InputError {
		if p.MaxAttempts < 0 || p.MinWait < 0 || p.MaxWait < 0 {
			return bad("WithRetry", "has a negative field: %+v", p)
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

// WithLogger logs each attempt at Debug; a repeat, giving up with the reason as
// RetryInfo.GaveUp names it, and a new login at Info; and drift at Warn; never bodies or
// credentials. Default silence, which nil also means.
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
// drift is told to the logger and the drift handler.
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

// WithMaxResponseBytes bounds one answer (a page of a list) after decompression,
// or one record of a Seq. Default 64 MiB, which 0 also means.
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

// WithUserAgent puts product, such as "backoffice/1.2", before the library's own
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

// FromEnv takes what is set of PMPSMART_BASE_URL, PMPSMART_EMAIL,
// PMPSMART_PASSWORD and PMPSMART_TOKEN, in place of what options before it say. An
// email without a password, or the reverse, is refused. White space around the email
// is dropped, as by [WithCredentials].
func FromEnv() Option {
	return func(c *config) *InputError {
		email, password := trimEmail(os.Getenv("PMPSMART_EMAIL")), os.Getenv("PMPSMART_PASSWORD")
		switch {
		case email != "" && password != "":
			if problem := WithCredentials(email, password)(c); problem != nil {
				return bad("FromEnv", "found PMPSMART_EMAIL or PMPSMART_PASSWORD not in UTF-8")
			}
		case email != "":
			return bad("FromEnv", "found PMPSMART_EMAIL without PMPSMART_PASSWORD; set both or neither")
		case password != "":
			return bad("FromEnv", "found PMPSMART_PASSWORD without PMPSMART_EMAIL; set both or neither")
		}
		if v := os.Getenv("PMPSMART_BASE_URL"); v != "" {
			c.baseURL, c.source = v, "PMPSMART_BASE_URL"
		}
		if v := os.Getenv("PMPSMART_TOKEN"); v != "" {
			if problem := WithToken(v)(c); problem != nil {
				problem.Field = "PMPSMART_TOKEN"
				return problem
			}
		}
		return nil
	}
}

// checkBaseURL returns the base URL in the one spelling that it has as a part of an
// Account: without slashes at its end, its host in lower case, and without a port that
// is the scheme's default. source says where it is from.
func checkBaseURL(raw, source string, insecure bool) (string, *InputError) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case strings.Contains(raw, "@"): // which is not shown
		return "", bad(source, "holds a user or password; give them by WithCredentials")
	case strings.ContainsAny(raw, "\"'`"):
		return "", bad(source, "is %q; leave the quotes out", raw)
	case err != nil:
		return "", bad(source, "is %q, which is no URL; want an address like %s", raw, defaultBaseURL)
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return "", bad(source, "has a query or a fragment; want an address like %s", defaultBaseURL)
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return "", bad(source, "is %q; want an address like %s", raw, defaultBaseURL)
	case u.Scheme == "http" && !insecure && !isLoopback(u.Hostname()):
		return "", bad(source, "is %q, and http would show the password and the token to whoever listens; use https, or AllowInsecureHTTP where the way is safe", raw)
	}
	u.Host = normalizeHost(u)
	return strings.TrimRight(u.String(), "/"), nil
}

func normalizeHost(u *url.URL) string {
	host, zone, hasZone := strings.Cut(u.Hostname(), "%") // the zone of an IPv6 address
	if host = strings.ToLower(host); hasZone {
		host += "%" + zone
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host += ":" + port
	}
	return host
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// RetryPolicy says how often and how fast calls are repeated. After which answers
// depends on what a call does, its class. The n-th wait is random between 0 and
// MinWait·2ⁿ⁻¹, at most MaxWait; a longer Retry-After that the server sends wins, up
// to MaxWait. A wait past MaxWait or the context's deadline is not begun: the error
// comes at once. Zero fields mean the defaults.
type RetryPolicy struct {
	MaxAttempts int           // requests a call, or a page of a list, may make; 1 turns repeats off; default 4
	MinWait     time.Duration // bound of the first wait; default 200 ms
	MaxWait     time.Duration // bound of any wait, also of the first; default 10 s
}
