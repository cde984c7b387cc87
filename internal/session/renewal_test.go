package session_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/flight"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// All who need a token at the same moment share one login, of which one of them
// gets the drift.
func TestOneLoginForAll(t *testing.T) {
	t.Parallel()
	for _, rejected := range []string{"", "old"} {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			w := &world{onLogin: func(context.Context, int) (string, []string, error) {
				<-release
				return "new", []string{"odd"}, nil
			}}
			s := w.session(rejected)
			const callers = 100
			outcomes := make([]outcome, callers)
			var all sync.WaitGroup
			for i := range outcomes {
				all.Go(func() {
					if rejected == "" {
						outcomes[i] = got(s.Token(t.Context(), w))
					} else {
						outcomes[i] = got(s.Renew(t.Context(), w, rejected))
					}
				})
			}
			synctest.Wait()
			require.Equal(t, callers, s.Waiting())
			close(release)
			all.Wait()
			var drift []string
			for _, o := range outcomes {
				requireLease(t, "new", true, o)
				drift = append(drift, o.drift...)
			}
			require.Equal(t, []string{"odd"}, drift)
			require.Equal(t, 1, w.logins)
			why := map[string]string{"": "no token yet", "old": "the token was refused"}
			require.Equal(t, []string{"logged in: " + why[rejected]}, w.logged)
			w.account = session.Account{}
			requireLease(t, "new", false, got(s.Token(t.Context(), w)))
			requireLease(t, "new", false, got(s.Renew(t.Context(), w, "old"))) // a 401 that comes late
			require.Equal(t, 1, w.logins)
			require.Zero(t, w.account, "the store is not asked again")
		})
	}
}

// A token that was rejected as soon as it was got is not got again.
func TestAFreshTokenIsRenewedToo(t *testing.T) {
	t.Parallel()
	w := new(world)
	s := w.session("")
	requireLease(t, "new-1", true, got(s.Token(t.Context(), w)))
	requireLease(t, "new-2", true, got(s.Renew(t.Context(), w, "new-1")))
}

// What another program has put into the store serves without a login.
func TestTokenOfTheStore(t *testing.T) {
	t.Parallel()
	w := &world{kept: "theirs"}
	s := w.session("")
	requireLease(t, "theirs", false, got(s.Token(t.Context(), w)))
	require.Equal(t, account, w.account)
	w = &world{kept: "theirs"}
	s = w.session("old")
	requireLease(t, "old", false, got(s.Token(t.Context(), w)))
	requireLease(t, "theirs", false, got(s.Renew(t.Context(), w, "old")))
	require.Zero(t, w.logins)
	requireLease(t, "new-1", true, got(s.Renew(t.Context(), w, "theirs")))
	require.Equal(t, "new-1", w.now())

	// The store's lock was lost during the login: what is there is everybody's.
	w = &world{onReplace: func(ctx context.Context, login func(context.Context) (string, error)) (string, error) {
		_, err := login(ctx)
		return "newer", err
	}}
	s = w.session("old")
	requireLease(t, "newer", false, got(s.Renew(t.Context(), w, "old")))
}

func TestNoCredentials(t *testing.T) {
	t.Parallel()
	w := &world{kept: "theirs"}
	s := w.without("old")
	_, _, err := s.Renew(t.Context(), w, "old") // no account: whose token would it be?
	require.Equal(t, session.ErrNoToken, err)
	require.Zero(t, w.account)
	s = w.without("")
	_, _, err = s.Token(t.Context(), w)
	require.Equal(t, session.ErrNoToken, err)

	require.NoError(t, s.Login(t.Context(), w, email, password, func(context.Context) (string, error) { return "mine", nil }))
	w.kept = "theirs"
	requireLease(t, "theirs", false, got(s.Renew(t.Context(), w, "mine")))
	_, _, err = s.Renew(t.Context(), w, "theirs")
	require.Equal(t, session.ErrNoToken, err)
	require.Zero(t, w.logins)
}

// A token that the store can't keep serves all the same. For renewals that is logged
// once, until the store works again.
func TestStoreThatCannotKeep(t *testing.T) {
	t.Parallel()
	full := true
	w := new(world)
	w.onReplace = func(ctx context.Context, login func(context.Context) (string, error)) (string, error) {
		token, _ := login(ctx)
		if full {
			return "", errors.New("disk full")
		}
		return token, nil
	}
	s := w.session("old")
	requireLease(t, "new-1", true, got(s.Renew(t.Context(), w, "old")))
	requireLease(t, "new-1", false, got(s.Token(t.Context(), w)))
	const again = "logged in: the token was refused"
	require.Equal(t, []string{again, "store: disk full"}, w.logged)
	requireLease(t, "new-2", true, got(s.Renew(t.Context(), w, "new-1")))
	require.Equal(t, []string{again, "store: disk full", again}, w.logged)
	require.NoError(t, s.Login(t.Context(), w, email, password, returns("mine")))
	full = false
	requireLease(t, "new-3", true, got(s.Renew(t.Context(), w, "mine")))
	full = true
	requireLease(t, "new-4", true, got(s.Renew(t.Context(), w, "new-3")))
	require.Equal(t, []string{again, "store: disk full", again, "store: disk full", again, again, "store: disk full"}, w.logged)
}

func TestStoreFails(t *testing.T) {
	t.Parallel()
	away := errors.New("away")
	returns := func(token string, err error) func(context.Context, func(context.Context) (string, error)) (string, error) {
		return func(context.Context, func(context.Context) (string, error)) (string, error) { return token, err }
	}
	for _, tt := range []struct {
		name, rejected string
		w              *world
		want           string
	}{
		{"load", "", &world{onLoad: func(context.Context) (string, error) { return "", away }}, "token store: away"},
		{"load gives what no header can carry", "", &world{kept: "a\nb"}, "token store: it gave a token that no header can carry"},
		{"replace", "old", &world{onReplace: returns("", away)}, "token store: away"},
		{"replace gives no token", "old", &world{onReplace: returns("", nil)}, "token store: it gave no token"},
		{"replace gives what no header can carry", "old", &world{onReplace: returns("a\nb", nil)}, "token store: it gave a token that no header can carry"},
	} {
		s := tt.w.session(tt.rejected)
		_, _, err := s.Renew(t.Context(), tt.w, tt.rejected)
		require.EqualError(t, err, tt.want, tt.name)
		var failed *session.StoreError
		require.ErrorAs(t, err, &failed, tt.name)
	}
}

// The drift of a login is told whether it succeeds or not.
func TestDriftOfALoginThatFails(t *testing.T) {
	t.Parallel()
	passing := errors.New("server error")
	w := &world{onLogin: func(context.Context, int) (string, []string, error) { return "", []string{"odd"}, passing }}
	s := w.session("old")
	for n := 1; n < 4; n++ { // nothing is learned of such an error
		o := got(s.Renew(t.Context(), w, "old"))
		var failed *session.LoginError
		require.ErrorAs(t, o.err, &failed)
		require.ErrorIs(t, o.err, passing)
		require.Equal(t, []string{"odd"}, o.drift)
		require.Equal(t, n, w.logins)
	}
}

// Whoever gives up leaves the login to the others, the last one cancels it.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release, ended := make(chan struct{}), make(chan error, 1)
		w := &world{onLogin: func(ctx context.Context, n int) (string, []string, error) {
			select {
			case <-release:
				return "new", nil, nil
			case <-ctx.Done():
				ended <- ctx.Err()
				return "", nil, ctx.Err()
			}
		}}
		s := w.session("")
		ask := func(ctx context.Context) <-chan outcome {
			c := make(chan outcome, 1)
			go func() { c <- got(s.Token(ctx, w)) }()
			synctest.Wait()
			return c
		}
		hasty, giveUp := context.WithCancel(t.Context())
		first, second := ask(hasty), ask(t.Context())
		giveUp()
		o := <-first
		require.EqualError(t, o.err, "login: context canceled")
		require.ErrorIs(t, o.err, context.Canceled)
		close(release)
		requireLease(t, "new", true, <-second)
		require.Equal(t, 1, w.logins)

		release = make(chan struct{})
		s = w.session("")
		w.kept = ""
		hasty, giveUp = context.WithCancel(t.Context())
		first = ask(hasty)
		giveUp()
		require.Error(t, (<-first).err)
		require.ErrorIs(t, <-ended, context.Canceled)
	})
}

// A renewal that all gave up, and that a stubborn store ends much later, does not
// put its token in the place of a newer one.
func TestAnAbandonedRenewalIsOvertaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		n := 0
		w := &world{onReplace: func(ctx context.Context, login func(context.Context) (string, error)) (string, error) {
			if n++; n == 1 {
				<-release
			}
			return login(ctx)
		}}
		s := w.session("old")
		hasty, giveUp := context.WithCancel(t.Context())
		first := make(chan outcome, 1)
		go func() { first <- got(s.Renew(hasty, w, "old")) }()
		synctest.Wait()
		giveUp()
		require.Error(t, (<-first).err)
		requireLease(t, "new-1", true, got(s.Renew(t.Context(), w, "old")))
		close(release)
		synctest.Wait()
		require.Equal(t, 2, w.logins, "the first one's, late")
		requireLease(t, "new-1", false, got(s.Token(t.Context(), w)))
	})
}

// A panic inside a renewal, of a store or a log handler of the caller's, is one of
// each operation that waits; the session survives it.
func TestPanicAndGoexit(t *testing.T) {
	t.Parallel()
	for name, foreign := range map[string]func(){"panic": func() { panic("broken store") }, "Goexit": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				w := &world{onLoad: func(context.Context) (string, error) { <-release; foreign(); return "", nil }}
				s := w.session("")
				outcomes, panics := make([]outcome, 2), make([]any, 2)
				var all sync.WaitGroup
				for i := range outcomes {
					all.Go(func() {
						defer func() { panics[i] = recover() }()
						outcomes[i] = got(s.Token(t.Context(), w))
					})
				}
				synctest.Wait()
				close(release)
				all.Wait()
				for i := range outcomes {
					if name == "Goexit" {
						require.Nil(t, panics[i])
						require.ErrorIs(t, outcomes[i].err, flight.ErrGoexit)
						continue
					}
					require.IsType(t, new(flight.PanicError), panics[i])
					require.Equal(t, "broken store", panics[i].(*flight.PanicError).Value)
				}
				w.onLoad = nil
				requireLease(t, "new-1", true, got(s.Token(t.Context(), w)))
			})
		})
	}
}

// A caller that gives up is told what it waited for: the store or the server.
func TestGivingUpNamesWhatWasWaitedFor(t *testing.T) {
	t.Parallel()
	hang := func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }
	for _, tt := range []struct {
		name string
		w    func(w *world)
		want string
	}{
		{"load", func(w *world) { w.onLoad = func(ctx context.Context) (string, error) { return "", hang(ctx) } }, "token store: context deadline exceeded"},
		{"before the login", func(w *world) {
			w.onReplace = func(ctx context.Context, _ func(context.Context) (string, error)) (string, error) {
				return "", hang(ctx)
			}
		}, "token store: context deadline exceeded"},
		{"the login", func(w *world) {
			w.onLogin = func(ctx context.Context, _ int) (string, []string, error) { return "", nil, hang(ctx) }
		}, "login: context deadline exceeded"},
		{"after the login", func(w *world) {
			w.onReplace = func(ctx context.Context, login func(context.Context) (string, error)) (string, error) {
				_, _ = login(ctx)
				return "", hang(ctx)
			}
		}, "token store: context deadline exceeded"},
		{"a store that heeds no context", func(w *world) {
			w.onLoad = func(context.Context) (string, error) { time.Sleep(time.Hour); return "late", nil }
		}, "token store: context deadline exceeded"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := new(world)
				tt.w(w)
				s := w.session("")
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				began := time.Now()
				_, _, err := s.Token(ctx, w)
				require.EqualError(t, err, tt.want)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Equal(t, time.Second, time.Since(began))
				time.Sleep(time.Hour) // until the store is done
			})
		})
	}
}
