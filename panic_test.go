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

// A handler of logs that ends so at a login.
type endingHandler struct {
	slog.Handler
	end func()
}

func (h endingHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h endingHandler) Handle(_ context.Context, r slog.Record) error {
	if strings.HasSuffix(r.Message, "logged in") {
		h.end()
	}
	return nil
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
			"log handler": func(end func()) pmpsmart.Option {
				return pmpsmart.WithLogger(slog.New(endingHandler{slog.DiscardHandler, end}))
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
