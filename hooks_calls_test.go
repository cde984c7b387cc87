package pmpsmart_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// A dead token makes a login, which is a call inside the call that met it.
func TestHooksOfALoginInsideACall(t *testing.T) {
	t.Parallel()
	for _, m := range hookedMethods {
		if m.class == "auth" {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			const refused = `pmpsmart: OP: AT 401 Unauthorized: Unauthenticated.`
			var r recorder
			login := `{"status":"success","message":"berhasil","data":{"api_token":"` + aToken + `2"}}`
			s := serve(t, sequence(testserver.Unauthenticated, respond(200, login), respond(200, m.body())))
			c := r.client(s, pmpsmart.WithCredentials(email, password))
			require.NoError(t, m.do(t.Context(), c))
			require.Equal(t, m.lines(
				`OP PATH CLASS`,
				`OP/PAGE.1 sends OP PATH`,
				`OP/PAGE.1 got 401, 30 bytes: `+refused,
				`OP Login auth/login auth`,
				`OP/Login/0.1 sends Login auth/login`,
				fmt.Sprintf(`OP/Login/0.1 got 200, %d bytes: ok`, len(login)),
				`OP/Login ends: 200 "success" "berhasil", attempts 1, records 0: ok`,
				`OP/PAGE.2 sends OP PATH`,
				`OP/PAGE.2 got 200, BYTES bytes: ok`,
				`OP ends: 200 "success" "berhasil", attempts 2, records RECORDS: ok`,
			), r.take())
		})
	}
}

// A login that calls share stands in the call that starts it, and each call has its own.
func TestHooksOfASharedLogin(t *testing.T) {
	t.Parallel()
	const callers = 3
	var r recorder
	meet := make(chan struct{})
	a := startAccount(t, &testserver.Account{OnLogin: func(int, http.ResponseWriter, *http.Request) bool { <-meet; return false }})
	c := a.client(pmpsmart.WithHooks(r.hooks()))
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() { _, _ = c.ListOutlets(under(t.Context(), fmt.Sprint("caller ", i))) })
	}
	waitFor(t, "all wait", func() bool { return c.WaitingForLogin() == callers })
	close(meet)
	all.Wait()
	logins := 0
	for _, event := range r.take() {
		if strings.HasSuffix(event, "/ListOutlets Login auth/login auth") {
			logins++
		}
	}
	require.Equal(t, 1, logins)
}

// A call whose context ends while it waits for the server.
func TestHooksOfACanceledCall(t *testing.T) {
	t.Parallel()
	for _, m := range hookedMethods {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			var r recorder
			c := r.client(serve(t, func(w http.ResponseWriter, r *http.Request) {
				cancel()
				testserver.Silent(w, r)
			}))
			err := m.do(ctx, c)
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, m.lines(
				`OP PATH CLASS`,
				`OP/PAGE.1 sends OP PATH`,
				`OP/PAGE.1 got 0, 0 bytes: no answer from HOST: context canceled`,
				`OP ends: 0 "" "", attempts 1, records 0: `+r.err(err),
			), r.take())
		})
	}
}

// A call that is refused before anything is sent begins and ends.
func TestHooksOfInvalidInput(t *testing.T) {
	t.Parallel()
	s := serve(t, respond(500, ""))
	var noContext context.Context
	for name, row := range map[string]struct {
		do   func(ctx context.Context, c *pmpsmart.Client) error
		want string
	}{
		"GetOrder":  {func(ctx context.Context, c *pmpsmart.Client) error { return errOf(c.GetOrder(ctx, 0)) }, "GetOrder order/detail read"},
		"a nil ctx": {func(_ context.Context, c *pmpsmart.Client) error { return errOf(c.ListOutlets(noContext)) }, "ListOutlets master/outlet read"},
		"a Seq": {func(ctx context.Context, c *pmpsmart.Client) error {
			return drain(c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{UserID: -1}))
		}, "ListOrders order read"},
		"a bad path": {func(ctx context.Context, c *pmpsmart.Client) error {
			return c.Call(ctx, "https://user:secret@example.com/x", nil, nil)
		}, "Call  create"},
		"EnsureJSONOrder": {func(ctx context.Context, c *pmpsmart.Client) error {
			_, _, err := c.EnsureJSONOrder(ctx, pmpsmart.JSONOrderInput{})
			return err
		}, "EnsureJSONOrder json/order create"},
		"Login": {func(ctx context.Context, c *pmpsmart.Client) error { return errOf(c.Login(ctx, "", "")) }, "Login auth/login auth"},
	} {
		var r recorder
		err := row.do(t.Context(), r.client(s))
		require.ErrorIs(t, err, pmpsmart.ErrInvalidInput, name)
		op, _, _ := strings.Cut(row.want, " ")
		require.Equal(t, []string{row.want, op + ` ends: 0 "" "", attempts 0, records 0: ` + err.Error()}, r.take(), name)
	}
	require.Empty(t, s.Requests())
}

// A range that the loop leaves has ended, whether by break, panic or Goexit.
func TestHooksOfASeqThatIsLeft(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(){"break": nil, "panic": foreignEndings[0].end, "Goexit": foreignEndings[1].end} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r recorder
			c := r.client(serve(t, success(`[{"id":1},{"id":2},{"id":3}]`)))
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer func() { _ = recover() }()
				for order, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
					if err != nil || order.ID < 2 {
						continue
					}
					if leave == nil {
						break
					}
					leave()
				}
			}()
			<-done
			said := `"success" "berhasil"`
			if leave != nil {
				said = `"" ""` // it was still being read
			}
			require.Equal(t, []string{
				`ListOrders order read`,
				`ListOrders/1.1 sends ListOrders order`,
				`ListOrders/1.1 got 200, 77 bytes: ok`,
				`ListOrders ends: 200 ` + said + `, attempts 1, records 2: ok`,
			}, r.take())
		})
	}
}
