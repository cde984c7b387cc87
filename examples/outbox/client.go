package main

import (
	"errors"
	"log/slog"
	"os"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/otelpmpsmart"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A remote is the PMP Smart client and what it is made of.
type remote struct {
	client  *pmpsmart.Client
	sandbox *pmpsmarttest.Server // nil unless the service runs a sandbox itself
	where   string               // the server, for people
}

// newRemote returns a remote. It does not connect.
func newRemote(cfg config, logger *slog.Logger, db database, t *telemetry) (*remote, error) {
	r := &remote{where: "the vendor's server"}
	base := "https://api.pmpsmart.com/api/v1" // the library's default
	options := []pmpsmart.Option{
		pmpsmart.WithLogger(logger),
		pmpsmart.WithUserAgent("pmpsmart-outbox"),
		pmpsmart.WithLocker(markedLocker{db.locker()}),
		pmpsmart.WithTokenStore(db.tokens()), // where an account has one token, each login ends the others'
	}
	switch {
	case cfg.sandbox:
		sandbox, err := pmpsmarttest.Open("127.0.0.1:0", pmpsmarttest.WithStyle(pmpsmarttest.Paginated))
		if err != nil {
			return nil, err
		}
		r.sandbox, r.where = sandbox, "a sandbox in this process; set PMPSMART_EMAIL and PMPSMART_PASSWORD for an account of yours"
		base = sandbox.URL
		options = append(options, pmpsmart.WithBaseURL(base), pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password))
	default:
		if url := strings.TrimSpace(os.Getenv("PMPSMART_BASE_URL")); url != "" { // a file of Windows leaves a CR
			base, r.where = url, url
		}
		options = append(options, pmpsmart.FromEnv())
	}
	telling := []otelpmpsmart.Option{otelpmpsmart.WithTracerProvider(t.tracers), otelpmpsmart.WithMeterProvider(t.meters), otelpmpsmart.WithBaseURL(base)}
	options = append(options, pmpsmart.WithHooks(otelpmpsmart.Hooks(telling...)), pmpsmart.WithDriftHandler(otelpmpsmart.DriftHandler(telling...)))
	client, err := pmpsmart.New(options...)
	if err != nil {
		r.close()
		return nil, errors.New(strings.TrimPrefix(err.Error(), "pmpsmart: New: "))
	}
	r.client = client
	return r, nil
}

func (r *remote) close() {
	if r.client != nil {
		r.client.Close()
	}
	if r.sandbox != nil {
		r.sandbox.Close()
	}
}
