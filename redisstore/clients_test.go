package redisstore

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
)

// An account that has one token at a time, on a real HTTP server.
type accountServer struct {
	*httptest.Server
	mu     sync.Mutex
	token  string
	logins int
}

func newAccountServer(t *testing.T) *accountServer {
	a := new(accountServer)
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		switch {
		case strings.HasSuffix(r.URL.Path, "/auth/login"):
			a.logins++
			a.token = fmt.Sprintf("token-rahasia-%d", a.logins)
			fmt.Fprintf(w, `{"status":"success","data":{"api_token":%q}}`, a.token)
		case r.Header.Get("Authorization") != "Bearer "+a.token:
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"message":"Unauthenticated."}`)
		default:
			_, _ = io.WriteString(w, `{"status":"success","data":[]}`)
		}
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *accountServer) expire() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.token = "none"
}

func (a *accountServer) client(t *testing.T, s pmpsmart.TokenStore, opts ...pmpsmart.Option) *pmpsmart.Client {
	t.Helper()
	c, err := pmpsmart.New(append(opts, pmpsmart.WithBaseURL(a.URL+"/api/v1"), pmpsmart.WithCredentials("api@example.com", "kata-sandi"), pmpsmart.WithTokenStore(s))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Eight programs of twenty callers each, whose token dies, while Redis lives,
// is killed, and is back.
func TestClients(t *testing.T) {
	t.Parallel()
	server, api := startRedis(t), newAccountServer(t)
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	var clients []*pmpsmart.Client
	for n := range 8 {
		rdb := server.connect(t)
		var opts []pmpsmart.Option
		if n == 0 {
			rdb = redis.NewClient(&redis.Options{Addr: server.addr, MaxRetries: -1, DialerRetries: 1}) // else it takes 2 s to say why
			defer rdb.Close()
			opts = append(opts, pmpsmart.WithLogger(logger))
		}
		clients = append(clients, api.client(t, New(rdb, WithPatience(4*time.Second)), opts...))
	}
	storm := func(logins int) {
		t.Helper()
		var all sync.WaitGroup
		for _, c := range clients {
			for range 20 {
				all.Go(func() {
					if _, err := c.ListOutlets(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		if api.logins != logins {
			t.Errorf("%d logins, want %d", api.logins, logins)
		}
	}
	storm(1)
	api.expire()
	storm(2)
	server.kill()
	storm(2) // the token in memory goes on serving

	api.expire()
	_, err := clients[0].ListOutlets(t.Context())
	if got, want := server.text(err), "pmpsmart: ListOutlets: token store: redis token store: no answer from Redis for 4s: dial tcp ADDR: connect: connection refused"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	server.start()
	storm(3)

	if strings.Contains(log.String(), "rahasia") || strings.Contains(log.String(), "kata-sandi") {
		t.Errorf("a secret in the log:\n%s", &log)
	}
}
