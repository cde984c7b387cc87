package pmpsmart_test

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// counting is a store that counts the calls of Replace.
type counting struct {
	pmpsmart.TokenStore
	replaces atomic.Int32
}

func (s *counting) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	s.replaces.Add(1)
	return s.TokenStore.Replace(ctx, a, stale, login)
}

func newCounting() *counting { return &counting{TokenStore: pmpsmart.NewMemoryTokenStore()} }

const thousand = 1000

func TestOneLoginForAThousandCalls(t *testing.T) {
	t.Parallel()
	meet := testserver.Barrier(thousand)
	a := startAccount(t, &testserver.Account{Single: true, OnCall: func(token string, _ http.ResponseWriter, _ *http.Request) bool {
		if token == expiredToken {
			meet()
		}
		return false
	}})
	store := newCounting()
	errs, attempts := storm(t.Context(), thousand, a.client(pmpsmart.WithToken(expiredToken), pmpsmart.WithTokenStore(store)))
	require.Equal(t, make([]error, thousand), errs)
	require.Equal(t, slices.Repeat([]int{2}, thousand), attempts)
	_, logins := a.Logins()
	require.Equal(t, [2]int{1, 1}, [2]int{logins, int(store.replaces.Load())})
	t.Logf("%d calls, %d requests, %d login", thousand, len(a.Requests()), logins)
}

// No call has a token yet.
func TestOneLoginForAThousandFirstCalls(t *testing.T) {
	t.Parallel()
	a := startAccount(t, &testserver.Account{Single: true})
	errs, attempts := storm(t.Context(), thousand, a.client())
	require.Equal(t, make([]error, thousand), errs)
	require.Equal(t, slices.Repeat([]int{1}, thousand), attempts)
	_, logins := a.Logins()
	require.Equal(t, 1, logins)
}

// Two clients of one process that share a store, on an account with one token at
// a time.
func TestTwoClientsShareALogin(t *testing.T) {
	t.Parallel()
	const callers = 200
	meet := testserver.Barrier(callers)
	a := startAccount(t, &testserver.Account{Single: true, OnCall: func(token string, _ http.ResponseWriter, _ *http.Request) bool {
		if token == expiredToken {
			meet()
		}
		return false
	}})
	store := pmpsmart.WithTokenStore(pmpsmart.NewMemoryTokenStore())
	errs, _ := storm(t.Context(), callers, a.client(store, pmpsmart.WithToken(expiredToken)), a.client(store, pmpsmart.WithToken(expiredToken)))
	require.Equal(t, make([]error, callers), errs)
	_, logins := a.Logins()
	require.Equal(t, 1, logins)
}

// A 401 that comes when the token was replaced long ago.
func TestLate401KeepsTheNewerToken(t *testing.T) {
	t.Parallel()
	late, arrived := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	a := startAccount(t, &testserver.Account{Single: true, OnCall: func(token string, _ http.ResponseWriter, r *http.Request) bool {
		if token == expiredToken && first.CompareAndSwap(false, true) {
			close(arrived)
			<-late
		}
		return false
	}})
	store := newCounting()
	c := a.client(pmpsmart.WithToken(expiredToken), pmpsmart.WithTokenStore(store))
	done := make(chan error)
	go func() { _, err := c.ListOutlets(t.Context()); done <- err }()
	<-arrived
	_, err := c.ListOutlets(t.Context())
	require.NoError(t, err)
	newer, err := store.Load(t.Context(), pmpsmart.Account{BaseURL: a.BaseURL(), Email: email})
	require.NoError(t, err)
	close(late)
	require.NoError(t, <-done)
	_, logins := a.Logins()
	require.Equal(t, [2]int{1, 1}, [2]int{logins, int(store.replaces.Load())})
	kept, err := store.Load(t.Context(), pmpsmart.Account{BaseURL: a.BaseURL(), Email: email})
	require.NoError(t, err)
	require.Equal(t, string(newer), string(kept))
}

// slowLogin is a server whose logins wait until they are let go.
func slowLogin(t *testing.T) (a *accountServer, begun <-chan int, let chan<- struct{}, gone <-chan struct{}) {
	began, going, canceled := make(chan int, 10), make(chan struct{}), make(chan struct{}, 10)
	a = startAccount(t, &testserver.Account{OnLogin: func(n int, _ http.ResponseWriter, r *http.Request) bool {
		began <- n
		select {
		case <-going:
			return false
		case <-r.Context().Done():
			canceled <- struct{}{}
			return true
		}
	}})
	return a, began, going, canceled
}

func TestACanceledCallLeavesTheLoginToTheOthers(t *testing.T) {
	t.Parallel()
	const some = 50
	a, begun, let, _ := slowLogin(t)
	c := a.client()
	hasty, giveUp := context.WithCancel(t.Context())
	impatient, patient := make(chan []error), make(chan []error)
	go func() { errs, _ := storm(hasty, some, c); impatient <- errs }()
	<-begun // the one that begins the login is among those who give up
	go func() { errs, _ := storm(t.Context(), some, c); patient <- errs }()
	waitFor(t, "all wait", func() bool { return c.WaitingForLogin() == 2*some })
	giveUp()
	for _, err := range <-impatient { // though the login goes on
		require.EqualError(t, err, "pmpsmart: ListOutlets: login: context canceled")
		require.ErrorIs(t, err, context.Canceled)
	}
	close(let)
	require.Equal(t, make([]error, some), <-patient)
	asked, logins := a.Logins()
	require.Equal(t, [2]int{1, 1}, [2]int{asked, logins})
}

// Not parallel, for the sake of the goroutines that it counts.
func TestCancelingAllCallsCancelsTheLogin(t *testing.T) {
	before := goleak.IgnoreCurrent()
	a, begun, _, gone := slowLogin(t)
	c := a.client()
	ctx, giveUp := context.WithCancel(t.Context())
	all := make(chan struct{})
	var errs []error
	go func() { errs, _ = storm(ctx, 50, c); close(all) }()
	<-begun
	waitFor(t, "all wait", func() bool { return c.WaitingForLogin() == 50 })
	giveUp()
	<-all
	for _, err := range errs {
		require.ErrorIs(t, err, context.Canceled)
	}
	waitFor(t, "the server sees the login end", func() bool { return len(gone) == 1 })
	require.NoError(t, c.Close())
	a.Close()
	goleak.VerifyNone(t, before)
}

// lingering is a store that is slow to see that its caller has gone.
type lingering struct {
	pmpsmart.TokenStore
	canceled, leave chan struct{}
}

func (s *lingering) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	t, err := s.TokenStore.Replace(ctx, a, stale, login)
	if ctx.Err() != nil {
		close(s.canceled)
		<-s.leave
	}
	return t, err
}

// Everybody has given up, and the login that was canceled is not over yet.
func TestCallAfterAllWereCanceled(t *testing.T) {
	t.Parallel()
	a, begun, let, _ := slowLogin(t)
	store := &lingering{pmpsmart.NewMemoryTokenStore(), make(chan struct{}), make(chan struct{})}
	c := a.client(pmpsmart.WithTokenStore(store))
	ctx, giveUp := context.WithCancel(t.Context())
	first := make(chan error)
	go func() { _, err := c.ListOutlets(ctx); first <- err }()
	<-begun
	giveUp()
	require.ErrorIs(t, <-first, context.Canceled)
	<-store.canceled
	close(let)
	_, err := c.ListOutlets(t.Context())
	require.NoError(t, err)
	close(store.leave)
}
