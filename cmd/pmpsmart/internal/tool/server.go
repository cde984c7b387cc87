package tool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

const defaultBaseURL = "https://api.pmpsmart.com/api/v1"

// IsSandbox reports whether the program talks to the server inside it.
func (t *Tool) IsSandbox() bool { return t.sandbox }

// IsJSON reports whether the result is printed for machines.
func (t *Tool) IsJSON() bool { return t.json }

// Where is the server and the account that Client found.
func (t *Tool) Where() string { return t.where }

// Client connects to the server that the flags and the environment name, and
// says which it is.
func (t *Tool) Client(opts ...pmpsmart.Option) (*pmpsmart.Client, error) {
	opts = append(opts, pmpsmart.WithUserAgent("backoffice-"+t.name))
	if t.sandbox {
		return t.sandboxClient(opts)
	}
	email := os.Getenv("PMPSMART_EMAIL")
	if email+os.Getenv("PMPSMART_PASSWORD")+os.Getenv("PMPSMART_TOKEN") == "" {
		return nil, errors.New("no account: set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN, or try it with -sandbox")
	}
	store, err := t.tokenStore()
	if err != nil {
		return nil, fmt.Errorf("-tokens: %w", err)
	}
	opts = append(opts, pmpsmart.WithTokenStore(store))
	client, err := pmpsmart.New(append(opts, pmpsmart.FromEnv())...)
	if err != nil {
		return nil, err
	}
	t.where = baseURL()
	if email != "" {
		t.where += " as " + email
	}
	t.Note("on %s", t.where)
	return client, nil
}

// tokenStore returns where the account's token is kept, nil for this program's memory.
// Without -tokens that is the user's cache folder, if there is one that can be used.
func (t *Tool) tokenStore() (pmpsmart.TokenStore, error) {
	switch t.tokens {
	case "none":
		return nil, nil
	case "":
	default:
		return pmpsmart.NewFileTokenStore(t.tokens)
	}
	cache, err := os.UserCacheDir()
	if err != nil { // no home, as under some schedulers
		return nil, nil
	}
	store, err := pmpsmart.NewFileTokenStore(filepath.Join(cache, "pmpsmart"))
	if err != nil {
		t.Note("the account's token is not kept for the next run: %v", err)
		return nil, nil
	}
	return store, nil
}

func (t *Tool) sandboxClient(opts []pmpsmart.Option) (*pmpsmart.Client, error) {
	server, err := pmpsmarttest.Open("127.0.0.1:0", pmpsmarttest.WithSeed(t.orders), pmpsmarttest.WithSeedEnd(pmpsmart.NewDate(2026, time.February, 9)))
	if err != nil {
		return nil, fmt.Errorf("-sandbox-orders: %w", err)
	}
	t.server, t.where = server, "the sandbox"
	t.Note("on the sandbox, a made-up server with %s that ends with this program", Count(int64(t.orders), "order"))
	return server.Client(opts...), nil
}

func baseURL() string {
	if url := os.Getenv("PMPSMART_BASE_URL"); url != "" {
		return strings.TrimRight(url, "/")
	}
	return defaultBaseURL
}
