package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/otelpmpsmart"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
	"github.com/pmpsmart/pmpsmart-go/redisstore"
)

// An upstream is the PMP Smart client and what it is made of.
type upstream struct {
	client  *pmpsmart.Client
	sandbox *pmpsmarttest.Server // nil unless the service runs a sandbox itself
	redis   *redis.Client        // nil if tokens are kept in memory

	where, tokens string // the server and the token store, for people
}

// newUpstream returns an upstream. It does not connect.
func newUpstream(cfg config, logger *slog.Logger, t *telemetry) (*upstream, error) {
	u := &upstream{where: "the vendor's server", tokens: "this process's memory; replicas share a login with -redis host:6379"}
	base := "https://api.pmpsmart.com/api/v1" // the library's default
	options := []pmpsmart.Option{
		pmpsmart.WithLogger(logger),
		pmpsmart.WithTimeout(10 * time.Second),
		pmpsmart.WithUserAgent("pmpsmart-service"),
	}
	if cfg.sandbox {
		u.sandbox = pmpsmarttest.NewServer()
		u.where = "a sandbox in this process"
		base = u.sandbox.URL
		options = append(options, pmpsmart.WithBaseURL(base), pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password))
	} else {
		options = append(options, pmpsmart.FromEnv())
		if url := strings.TrimSpace(os.Getenv("PMPSMART_BASE_URL")); url != "" { // a file of Windows leaves a CR
			base, u.where = url, url
		}
	}
	options = append(options, instrumented(t, base)...)
	if cfg.redis != nil {
		redis.SetLogger(redisLog{logger})
		u.redis = redis.NewClient(cfg.redis)
		u.tokens = "Redis at " + cfg.redis.Addr
		options = append(options, pmpsmart.WithTokenStore(markedStore{redisstore.New(u.redis)}))
		if cfg.sandbox {
			u.tokens += ", and shared with nobody: each replica has a sandbox of its own until PMPSMART_BASE_URL names one for all"
		}
	}
	client, err := pmpsmart.New(options...)
	if err != nil {
		u.close()
		return nil, errors.New(strings.TrimPrefix(err.Error(), "pmpsmart: New: "))
	}
	u.client = client
	return u, nil
}

func (u *upstream) close() {
	if u.client != nil {
		u.client.Close()
	}
	if u.redis != nil {
		u.redis.Close()
	}
	if u.sandbox != nil {
		u.sandbox.Close()
	}
}

// instrumented returns the options that trace and measure a client: its calls, each
// request with its retries and logins, and drift. base is the client's base URL. Our
// trace ids are not sent to the vendor.
func instrumented(t *telemetry, base string) []pmpsmart.Option {
	providers := []otelpmpsmart.Option{
		otelpmpsmart.WithTracerProvider(t.tracers),
		otelpmpsmart.WithMeterProvider(t.meters),
		otelpmpsmart.WithBaseURL(base),
	}
	return []pmpsmart.Option{
		pmpsmart.WithHooks(otelpmpsmart.Hooks(providers...)),
		pmpsmart.WithDriftHandler(otelpmpsmart.DriftHandler(providers...)),
	}
}

// The waits between the attempts to get ready.
const (
	minWait    = 500 * time.Millisecond
	maxWait    = 30 * time.Second
	deniedWait = 5 * time.Minute
)

// nextWait returns the time to wait after an attempt that failed with err. It is
// an exponential backoff, but for denied access: that needs a person to mend it,
// and a few wrong passwords in a row may lock the account.
func nextWait(err error, last time.Duration) time.Duration {
	if isDenied(err) {
		return deniedWait
	}
	return min(max(2*last, minWait), maxWait)
}

// isDenied reports whether PMP Smart denies this service access.
func isDenied(err error) bool {
	return errors.Is(err, pmpsmart.ErrUnauthorized) || errors.Is(err, pmpsmart.ErrForbidden)
}

// warmUp logs in, so that the first request need not, and retries until the
// service is ready, which a request may make it as well.
func (s *service) warmUp(ctx context.Context) {
	for wait := time.Duration(0); ; {
		err := s.tryUpstream(ctx)
		if err == nil {
			s.markReady()
			return
		}
		wait = nextWait(err, wait)
		if isDenied(err) {
			s.logger.Error("not ready: PMP Smart does not let this service in; check its account and restart it. It asks again only rarely, so as not to lock the account", "error", err, "again_in", wait)
		} else {
			s.logger.Warn("not ready", "error", err, "again_in", wait)
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-s.becameReady:
			timer.Stop()
			return
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// tryUpstream requests the first page of the orders.
func (s *service) tryUpstream(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	for _, err := range s.client.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
		return err
	}
	return nil
}
