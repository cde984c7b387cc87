package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
	"github.com/pmpsmart/pmpsmart-go/redisstore"
)

// An upstream is PMP Smart as this service sees it.
type upstream struct {
	client  *pmpsmart.Client
	sandbox *pmpsmarttest.Server // nil but for a sandbox of our own
	redis   *redis.Client        // nil for tokens in memory

	where, tokens string // for people
}

// newUpstream makes the client. It reaches no network.
func newUpstream(cfg config, logger *slog.Logger, t *telemetry) (*upstream, error) {
	u := &upstream{where: "the vendor's server", tokens: "this process's memory; replicas share a login with -redis host:6379"}
	options := []pmpsmart.Option{
		pmpsmart.WithHTTPClient(&http.Client{Transport: tracedTransport(t)}),
		pmpsmart.WithLogger(logger),
		pmpsmart.WithDriftHandler(t.drift),
		pmpsmart.WithTimeout(10 * time.Second),
		pmpsmart.WithUserAgent("pmpsmart-service"),
	}
	if cfg.sandbox {
		u.sandbox = pmpsmarttest.NewServer()
		u.where = "a sandbox in this process"
		options = append(options, pmpsmart.WithBaseURL(u.sandbox.URL), pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password))
	} else {
		options = append(options, pmpsmart.FromEnv())
		if url := os.Getenv("PMPSMART_BASE_URL"); url != "" {
			u.where = url
		}
	}
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

// tracedTransport makes a span and a measurement of each request to PMP Smart,
// repeats and logins included. The transport under it is as the library's own
// would be: room for many idle connections, and none kept so long that the
// server may be closing it.
func tracedTransport(t *telemetry) http.RoundTripper {
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.MaxIdleConns, base.MaxIdleConnsPerHost = 256, 128
	base.IdleConnTimeout = 4 * time.Second
	return otelhttp.NewTransport(base,
		otelhttp.WithTracerProvider(t.tracers),
		otelhttp.WithMeterProvider(t.meters),
		otelhttp.WithPropagators(propagation.NewCompositeTextMapPropagator()), // our trace ids are no business of the vendor's
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + r.URL.Path }))
}

// The waits between the tries to get ready.
const (
	firstWait   = 500 * time.Millisecond
	longestWait = 30 * time.Second
	refusedWait = 5 * time.Minute
)

// nextWait is how long to wait before PMP Smart is asked again. Trouble may pass,
// and is asked after ever more slowly. A refusal passes only when a person does
// something about it, and a few wrong passwords in a row may lock an account.
func nextWait(err error, last time.Duration) time.Duration {
	if isRefusal(err) {
		return refusedWait
	}
	return min(max(2*last, firstWait), longestWait)
}

// isRefusal reports whether PMP Smart does not let this service in.
func isRefusal(err error) bool {
	return errors.Is(err, pmpsmart.ErrUnauthorized) || errors.Is(err, pmpsmart.ErrForbidden)
}

// warmUp logs in before the first request, and says when the service is ready.
func (s *service) warmUp(ctx context.Context) {
	for wait := time.Duration(0); ; {
		err := s.tryUpstream(ctx)
		if err == nil {
			s.state.CompareAndSwap(starting, ready)
			s.logger.Info("ready")
			return
		}
		wait = nextWait(err, wait)
		if isRefusal(err) {
			s.logger.Error("not ready: PMP Smart does not let this service in; check its account and restart it. It asks again only rarely, so as not to lock the account", "error", err, "again_in", wait)
		} else {
			s.logger.Warn("not ready", "error", err, "again_in", wait)
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// tryUpstream asks for the first order of the list, be there one or not.
func (s *service) tryUpstream(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	for _, err := range s.client.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
		return err
	}
	return nil
}
