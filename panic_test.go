package pmpsmart_test

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

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
