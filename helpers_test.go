package pmpsmart_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// Every test of the package runs under one check that no goroutine is left.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What most tests use of testserver.
var (
	respond   = testserver.Respond
	success   = testserver.Success
	sequence  = testserver.Sequence
	truncated = testserver.Truncated
	stalled   = testserver.Stalled
	waitFor   = testserver.WaitFor
)

// aToken is the token of the tests' clients.
const aToken = "5|QwErTyUiOpAsDfGhJkLzXcVbNm0123456789"

// The credentials of a testserver.Account, and a token that it refuses.
const (
	email        = testserver.Email
	password     = testserver.Password
	expiredToken = testserver.ExpiredToken
)

// quick retries as the default does, with waits too short to notice.
var quick = pmpsmart.RetryPolicy{MinWait: time.Millisecond, MaxWait: 4 * time.Millisecond}

// A server is a testserver.Server with clients.
type server struct {
	*testserver.Server
	t *testing.T
}

// serve starts a server. It, and each client made of it, ends with the test.
func serve(t *testing.T, h http.HandlerFunc) *server {
	t.Helper()
	return &server{testserver.New(t, h), t}
}

// client returns a client of the server, with a token.
func (s *server) client(opts ...pmpsmart.Option) *pmpsmart.Client {
	s.t.Helper()
	return newClient(s.t, s.BaseURL(), append([]pmpsmart.Option{pmpsmart.WithToken(aToken)}, opts...)...)
}

// once returns a client of the server that does not retry.
func once(s *server) *pmpsmart.Client {
	return s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
}

// newClient returns a client with waits too short to notice, on the network of the
// test's bubble if it has one.
func newClient(t *testing.T, base string, opts ...pmpsmart.Option) *pmpsmart.Client {
	t.Helper()
	c, err := pmpsmart.New(append([]pmpsmart.Option{pmpsmart.WithBaseURL(base), pmpsmart.WithRetry(quick)}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	if dial := testserver.Dial(t); dial != nil {
		c.DialBy(dial)
	}
	return c
}

// An accountServer is a testserver.Account with clients.
type accountServer struct {
	*testserver.Account
	t *testing.T
}

func startAccount(t *testing.T, a *testserver.Account) *accountServer {
	t.Helper()
	a.Start(t)
	return &accountServer{a, t}
}

// client returns a client with the account's credentials. It never times out where a
// thousand calls wait for each other.
func (a *accountServer) client(opts ...pmpsmart.Option) *pmpsmart.Client {
	a.t.Helper()
	return newClient(a.t, a.BaseURL(), append([]pmpsmart.Option{pmpsmart.WithCredentials(email, password), pmpsmart.WithTimeout(time.Hour)}, opts...)...)
}

// An orderBook is a testserver.OrderBook with clients.
type orderBook struct {
	*testserver.OrderBook
	t *testing.T
}

func newOrderBook(t *testing.T) *orderBook {
	t.Helper()
	return &orderBook{testserver.NewOrderBook(t), t}
}

// client returns a client of the server, with a token.
func (b *orderBook) client(opts ...pmpsmart.Option) *pmpsmart.Client {
	b.t.Helper()
	return newClient(b.t, b.BaseURL(), append([]pmpsmart.Option{pmpsmart.WithToken(aToken)}, opts...)...)
}

// requireOnce checks that the order is stored exactly once.
func (b *orderBook) requireOnce(t *testing.T, code string) {
	t.Helper()
	require.Len(t, b.Rows(code), 1)
}

// storm makes n calls at once and returns the error and the attempts of each.
func storm(ctx context.Context, n int, clients ...*pmpsmart.Client) (errs []error, attempts []int) {
	errs, attempts = make([]error, n), make([]int, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			var r pmpsmart.Response
			_, errs[i] = clients[i%len(clients)].ListOutlets(ctx, pmpsmart.WithResponse(&r))
			attempts[i] = r.Attempts
		})
	}
	all.Wait()
	return errs, attempts
}

// inBubbleIfSilent runs the test of a fault: in a bubble if the server is silent
// there by design, else on the network and the clock that programs have.
func inBubbleIfSilent(t *testing.T, fault string, test func(t *testing.T)) {
	t.Helper()
	if strings.Contains(fault, "silence") {
		testserver.Bubble(t, test)
		return
	}
	test(t)
}

// textOf returns an error's text with the server's address, which differs from run
// to run, as HOST.
func textOf(base string, err error) string {
	host := strings.TrimSuffix(base, testserver.BasePath)
	text := strings.ReplaceAll(err.Error(), host, "HOST")
	return strings.ReplaceAll(text, strings.TrimPrefix(host, "http://"), "HOST")
}

func rawJSON(text string) json.RawMessage { return json.RawMessage(text) }

// An operation is a method of the client under its name, for tests of what is
// the same for many.
type operation struct {
	name string
	path string // under the base URL
	do   func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error
}

// One method of each class, and Call.
var (
	reading = operation{"GetOrder", "order/detail", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.GetOrder(ctx, 198, opts...)
		return err
	}}
	overwriting = operation{"UpdateOrderStatus", "order/update", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.UpdateOrderStatus(ctx, 198, pmpsmart.OrderOpen, opts...)
		return err
	}}
	creating = operation{"InsertJSONOrder", "json/order", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.InsertJSONOrder(ctx, anOrder, opts...)
		return err
	}}
	calling = operation{"Call", "stock/move", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return c.Call(ctx, "stock/move", map[string]int{"n": 1}, nil, opts...)
	}}
	loggingIn = operation{"Login", "auth/login", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.Login(ctx, "api@pmpsmart.com", aPassword, opts...)
		return err
	}}
	loggingOut = operation{"Logout", "auth/logout", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return c.Logout(ctx, opts...)
	}}
	listing = operation{"ListOrders", "order", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.ListOrders(ctx, pmpsmart.OrderFilter{}, opts...)
		return err
	}}
)

const aPassword = "rah4sia-Sekali"

var anOrder = pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: []byte(`{"key": "value"}`), Status: pmpsmart.JSONOrderCompleted}
