package main

import (
	"errors"
	"log/slog"
	"os"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A remote is the PMP Smart client and what it is made of.
type remote struct {
	client  *pmpsmart.Client
	sandbox *pmpsmarttest.Server // nil unless the service runs a sandbox itself
	where   string               // the server, for people
}

// newRemote returns a remote. It does not connect.
func newRemote(cfg config, logger *slog.Logger, db database) (*remote, error) {
	r := &remote{where: "the vendor's server"}
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
		options = append(options, pmpsmart.WithBaseURL(sandbox.URL), pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password))
	default:
		if base := os.Getenv("PMPSMART_BASE_URL"); base != "" {
			r.where = base
		}
		options = append(options, pmpsmart.FromEnv())
	}
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
