package pmpsmart_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// An foreignEnding is how a caller's own code ends that a client calls: by a panic, or by
// the end of its goroutine, as a test's FailNow does.
type foreignEnding struct {
	name string
	end  func()
}

var foreignEndings = []foreignEnding{{"panic", func() { panic("broken by its owner") }}, {"Goexit", runtime.Goexit}}

// require checks what a call came to whose shared work ended so: it panicked with
// the value, in the caller's goroutine, or returned an error that says what
// happened.
func (e foreignEnding) require(t *testing.T, do func() error) {
	t.Helper()
	if e.name == "panic" {
		defer func() {
			t.Helper()
			err, ok := recover().(error)
			require.True(t, ok, "no panic")
			require.Contains(t, err.Error(), "broken by its owner\n\ngoroutine ")
			require.Contains(t, err.Error(), "panic_test.go", "where it was")
		}()
	}
	require.ErrorContains(t, do(), "the goroutine that worked for this call was ended by runtime.Goexit")
}

// A panic of the program's own code, inside the login that calls share, reaches
// each of them and nobody else.
func TestPanicInsideASharedLogin(t *testing.T) {
	t.Parallel()
	for _, e := range foreignEndings {
		for name, option := range map[string]func(end func()) pmpsmart.Option{
			"transport": func(end func()) pmpsmart.Option {
				return pmpsmart.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					end()
					return http.DefaultTransport.RoundTrip(r)
				})})
			},
			"store": func(end func()) pmpsmart.Option {
				memory := pmpsmart.NewMemoryTokenStore()
				return pmpsmart.WithTokenStore(storeFuncs{
					load: func() (pmpsmart.Token, error) { return "", nil },
					replace: func(ctx context.Context, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
						end()
						return memory.Replace(ctx, anAccount, "", login)
					},
				})
			},
			"store that loads": func(end func()) pmpsmart.Option {
				return pmpsmart.WithTokenStore(endingStore{pmpsmart.NewMemoryTokenStore(), "Load", end})
			},
			"log handler": func(end func()) pmpsmart.Option {
				return pmpsmart.WithLogger(slog.New(messageHandler{slog.DiscardHandler, "pmpsmart: logged in", end}))
			},
			"credential source": func(end func()) pmpsmart.Option {
				return pmpsmart.WithCredentialSource(func(context.Context) (string, string, error) { end(); return email, password, nil })
			},
		} {
			t.Run(e.name+" of the "+name, func(t *testing.T) {
				t.Parallel()
				const callers = 2
				a := startAccount(t, new(testserver.Account))
				broken, meet := true, make(chan struct{})
				c := a.client(option(func() {
					if broken {
						<-meet
						e.end()
					}
				}))
				var all sync.WaitGroup
				for range callers {
					all.Go(func() {
						e.require(t, func() error { _, err := c.ListOutlets(t.Context()); return err })
					})
				}
				waitFor(t, "all wait", func() bool { return c.WaitingForLogin() == callers })
				close(meet)
				all.Wait()
				broken = false
				_, err := c.ListOutlets(t.Context())
				require.NoError(t, err, "the client goes on")
			})
		}
	}
}

// A panic inside the insert that callers share leaves its outcome unknown: who
// ensures the order again waits until it can be seen.
func TestPanicInsideASharedInsert(t *testing.T) {
	t.Parallel()
	for _, e := range foreignEndings {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			testserver.Bubble(t, func(t *testing.T) {
				const callers, minWait = 2, 240 * time.Millisecond
				const late = minWait - time.Millisecond
				b := newOrderBook(t)
				meet := make(chan struct{})
				var inserts, lookups atomic.Int32
				transport := roundTripper(func(r *http.Request) (*http.Response, error) {
					if !strings.HasSuffix(r.URL.Path, "filter") {
						inserts.Add(1)
						<-meet
						time.AfterFunc(late, func() { // the server goes on
							b.Store(testserver.OrderRow{Code: anOrder.Code, Data: `{"key":"value"}`, Status: "completed"})
						})
						e.end()
					}
					lookups.Add(1)
					rows, err := json.Marshal(b.Rows(anOrder.Code))
					w := httptest.NewRecorder()
					success(string(rows))(w, r)
					return w.Result(), err
				})
				c := b.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: minWait, MaxWait: minWait}),
					pmpsmart.WithHTTPClient(&http.Client{Transport: transport}))
				var all sync.WaitGroup
				for range callers {
					all.Go(func() {
						e.require(t, func() error { _, _, err := c.EnsureJSONOrder(t.Context(), anOrder); return err })
					})
				}
				synctest.Wait() // for all of them to wait
				close(meet)
				all.Wait()
				_, created, err := c.EnsureJSONOrder(t.Context(), anOrder)
				require.NoError(t, err)
				require.False(t, created)
				require.Equal(t, [2]int32{1, 2}, [2]int32{inserts.Load(), lookups.Load()})
			})
		})
	}
}

// requireInCaller checks a call in whose own goroutine foreign code ends so: that of
// the caller ends in the same way, as if the caller had called that code itself.
func (e foreignEnding) requireInCaller(t *testing.T, do func() error) {
	t.Helper()
	var got any
	returned := false
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { got = recover() }()
		_ = do()
		returned = true
	}()
	<-done
	require.False(t, returned)
	if e.name == "panic" {
		require.Equal(t, "broken by its owner", got)
	} else {
		require.Nil(t, got)
	}
}

// A marshaler is a caller's type whose methods end so.
type marshaler struct{ end func() }

func (m marshaler) MarshalJSON() ([]byte, error)  { m.end(); return []byte(`{}`), nil }
func (m *marshaler) UnmarshalJSON(_ []byte) error { m.end(); return nil }

// Foreign code in the goroutine of a call ends only that call: nothing stays locked,
// and no request or page is left behind.
func TestPanicInACallsOwnGoroutine(t *testing.T) {
	t.Parallel()
	type place struct {
		name   string
		option func(end func()) pmpsmart.Option // nil where the call brings the code itself
		call   func(ctx context.Context, c *pmpsmart.Client, end func()) error
	}
	list := func(ctx context.Context, c *pmpsmart.Client, _ func()) error {
		_, err := c.ListOrders(ctx, pmpsmart.OrderFilter{})
		return err
	}
	login := func(ctx context.Context, c *pmpsmart.Client, _ func()) error {
		_, err := c.Login(ctx, email, password)
		return err
	}
	drift := func(end func()) pmpsmart.Option {
		return pmpsmart.WithDriftHandler(func(context.Context, pmpsmart.Drift) { end() })
	}
	logging := func(message string) func(end func()) pmpsmart.Option {
		return func(end func()) pmpsmart.Option {
			return pmpsmart.WithLogger(slog.New(messageHandler{slog.DiscardHandler, message, end}))
		}
	}
	store := func(method string) func(end func()) pmpsmart.Option {
		return func(end func()) pmpsmart.Option {
			return pmpsmart.WithTokenStore(endingStore{pmpsmart.NewMemoryTokenStore(), method, end})
		}
	}
	for _, p := range []place{
		{"drift handler", drift, list},
		{"drift handler of a Seq", drift, func(ctx context.Context, c *pmpsmart.Client, _ func()) error {
			for range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
			}
			return nil
		}},
		{"drift handler of a login", drift, login},
		{"log handler of an attempt", logging("pmpsmart: call"), list},
		{"log handler of a retry", logging("pmpsmart: retrying"), list},
		{"log handler of drift", logging("pmpsmart: drift"), list},
		{"store that loads for a login", store("Load"), login},
		{"store that replaces for a login", store("Replace"), login},
		{"store that deletes", store("Delete"), func(ctx context.Context, c *pmpsmart.Client, _ func()) error { return c.Logout(ctx) }},
		{"loop over a Seq", nil, func(ctx context.Context, c *pmpsmart.Client, end func()) error {
			for range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
				end()
			}
			return nil
		}},
		{"input of Call", nil, func(ctx context.Context, c *pmpsmart.Client, end func()) error {
			return c.Call(ctx, "order", marshaler{end}, nil)
		}},
		{"output of Call", nil, func(ctx context.Context, c *pmpsmart.Client, end func()) error {
			return c.Call(ctx, "order", nil, &marshaler{end})
		}},
		{"transport", func(end func()) pmpsmart.Option {
			return pmpsmart.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				end()
				return http.DefaultTransport.RoundTrip(r)
			})})
		}, list},
	} {
		for _, e := range foreignEndings {
			t.Run(e.name+" of the "+p.name, func(t *testing.T) {
				t.Parallel()
				requireEndsAlone(t, e, p.option, p.call)
			})
		}
	}
}

// requireEndsAlone makes a call with foreign code that ends so, and then more with the
// same client.
func requireEndsAlone(t *testing.T, e foreignEnding, option func(func()) pmpsmart.Option, call func(context.Context, *pmpsmart.Client, func()) error) {
	t.Helper()
	var requests atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch n := requests.Add(1); {
		case strings.HasSuffix(r.URL.Path, "/auth/login"):
			success(`{"api_token":"`+aToken+`","user":{"id":"x"}}`)(w, r)
		case n == 1:
			respond(503, `{"message":"Service Unavailable"}`, "Retry-After", "0")(w, r)
		default:
			success(`[{"id":1,"user_id":"x"},{"id":2,"user_id":"y"}]`)(w, r)
		}
	})
	broken := true
	end := func() {
		if broken {
			e.end()
		}
	}
	options := []pmpsmart.Option{pmpsmart.WithToken(aToken), pmpsmart.WithCredentials(email, password)}
	if option != nil {
		options = append(options, option(end))
	}
	c := newClient(t, s.URL, options...)
	e.requireInCaller(t, func() error { return call(t.Context(), c, end) })
	broken = false
	_, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err, "the client goes on")
	_, err = c.Login(t.Context(), email, password)
	require.NoError(t, err)
	require.NoError(t, c.Logout(t.Context()))
}

// A messageHandler is a handler of logs that ends so at a message.
type messageHandler struct {
	slog.Handler
	message string
	end     func()
}

func (h messageHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h messageHandler) Handle(_ context.Context, r slog.Record) error {
	if r.Message == h.message {
		h.end()
	}
	return nil
}

// An endingStore is a store of which one method ends so.
type endingStore struct {
	pmpsmart.TokenStore
	method string
	end    func()
}

func (s endingStore) at(method string) {
	if s.method == method {
		s.end()
	}
}

func (s endingStore) Load(ctx context.Context, a pmpsmart.Account) (pmpsmart.Token, error) {
	s.at("Load")
	return s.TokenStore.Load(ctx, a)
}

func (s endingStore) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	s.at("Replace")
	return s.TokenStore.Replace(ctx, a, stale, login)
}

func (s endingStore) Delete(ctx context.Context, a pmpsmart.Account, t pmpsmart.Token) error {
	s.at("Delete")
	return s.TokenStore.Delete(ctx, a, t)
}

// A transport may return a nil pointer as its error.
func TestANilPointerOfATransport(t *testing.T) {
	t.Parallel()
	c := newClient(t, "http://127.0.0.1:1", pmpsmart.WithToken(aToken), pmpsmart.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		var err *pmpsmart.APIError
		return nil, err
	})}))
	for _, o := range operations {
		require.Error(t, o.do(t.Context(), c), o.name)
	}
	_, err := c.Login(t.Context(), email, aPassword)
	require.Error(t, err)
}
