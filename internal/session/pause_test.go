package session_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// refusing returns a world whose server refuses each login while refuses is true.
func refusing() (w *world, refuses *bool) {
	refuses = new(bool)
	*refuses = true
	w = new(world)
	w.onLogin = func(context.Context, int) (string, []string, error) {
		if *refuses {
			return "", nil, errRefused
		}
		return "new", nil, nil
	}
	return w, refuses
}

// requirePaused checks that an operation was told of a refusal and for how long it
// stands, without a login.
func requirePaused(t *testing.T, w *world, left time.Duration, logins int, o outcome) {
	t.Helper()
	var paused *session.PausedError
	require.ErrorAs(t, o.err, &paused)
	require.ErrorIs(t, o.err, errRefused)
	require.Equal(t, left, paused.Left)
	require.Equal(t, logins, w.logins)
}

// A refused pair is sent again after 30 s, and after twice as long each time, up to 5
// minutes; a login that succeeds ends that.
func TestPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, refuses := refusing()
		s := w.session("old")
		renew := func() outcome { return got(s.Renew(t.Context(), w, "old")) }
		for n, length := range []time.Duration{30, 60, 120, 240, 300, 300} {
			length *= time.Second
			require.EqualError(t, renew().err, "login: wrong password")
			requirePaused(t, w, length, n+1, renew())
			time.Sleep(length - time.Nanosecond)
			requirePaused(t, w, time.Nanosecond, n+1, got(s.Token(t.Context(), w)))
			time.Sleep(time.Nanosecond)
		}
		*refuses = false
		requireLease(t, "new", true, renew())
		*refuses = true
		require.EqualError(t, got(s.Renew(t.Context(), w, "new")).err, "login: wrong password")
		requirePaused(t, w, 30*time.Second, 8, renew())
	})
}

// However many operations there are, one login is made, and no request goes out with a
// token that was rejected.
func TestPauseOfMany(t *testing.T) {
	t.Parallel()
	w, _ := refusing()
	s := w.session("old")
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			if o := got(s.Renew(t.Context(), w, "old")); !errors.Is(o.err, errRefused) {
				t.Error(o.err)
			}
		})
	}
	all.Wait()
	require.Equal(t, 1, w.logins)
	require.Empty(t, s.Current())
	require.ErrorIs(t, got(s.Token(t.Context(), w)).err, errRefused)
	require.Equal(t, 1, w.logins)
}

// An error that may pass is not paused for, and leaves a pause as it is.
func TestNoPauseAfterWhatMayPass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		passing := errors.New("server error")
		answers := []error{errRefused, passing, errRefused}
		w := &world{onLogin: func(_ context.Context, n int) (string, []string, error) { return "", nil, answers[n-1] }}
		s := w.session("")
		renew := func() outcome { return got(s.Token(t.Context(), w)) }
		require.ErrorIs(t, renew().err, errRefused)
		time.Sleep(30 * time.Second)
		require.ErrorIs(t, renew().err, passing)
		require.ErrorIs(t, renew().err, errRefused, "asked again at once")
		requirePaused(t, w, time.Minute, 3, renew())
	})
}

// The store's token is as good in a pause as at any time, and a store that is away
// changes nothing of the refusal.
func TestStoreInAPause(t *testing.T) {
	t.Parallel()
	w, _ := refusing()
	w.kept = "old"
	s := w.session("old")
	require.ErrorIs(t, got(s.Renew(t.Context(), w, "old")).err, errRefused)
	w.onLoad = func(context.Context) (string, error) { return "", errors.New("away") }
	require.ErrorIs(t, got(s.Token(t.Context(), w)).err, errRefused)
	w.onLoad = nil
	require.ErrorIs(t, got(s.Token(t.Context(), w)).err, errRefused, "the store's is the rejected one")
	w.set(account, "theirs")
	requireLease(t, "theirs", false, got(s.Token(t.Context(), w)))
	require.Equal(t, 1, w.logins)
}

// A Login ends a pause if it succeeds, and its password is the next one sent. One that
// fails changes nothing.
func TestLoginEndsAPause(t *testing.T) {
	t.Parallel()
	w := new(world) // which takes no other password than password
	c := w.config("old")
	c.Credentials = session.NewCredentials(email, "lama")
	c.IsFinal = func(error) bool { return true }
	s := session.New(c)
	require.Error(t, got(s.Renew(t.Context(), w, "old")).err)
	requireStillPaused := func() {
		var paused *session.PausedError
		require.ErrorAs(t, got(s.Token(t.Context(), w)).err, &paused)
		require.Equal(t, 1, w.logins)
	}
	requireStillPaused()
	failed := func(context.Context) (string, error) { return "", errRefused }
	require.Equal(t, errRefused, s.Login(t.Context(), w, email, password, failed))
	require.Equal(t, errRefused, s.Login(t.Context(), w, "lain@pmpsmart.com", password, failed))
	requireStillPaused()
	require.NoError(t, s.Login(t.Context(), w, email, password, returns("mine")))
	requireLease(t, "new-2", true, got(s.Renew(t.Context(), w, "mine")))
}

// So it does where the same password was refused before, as that of a locked account.
func TestLoginEndsAPauseOfItsOwnPassword(t *testing.T) {
	t.Parallel()
	w, refuses := refusing()
	s := w.session("old")
	require.ErrorIs(t, got(s.Renew(t.Context(), w, "old")).err, errRefused)
	*refuses = false
	require.NoError(t, s.Login(t.Context(), w, email, password, returns("mine")))
	requireLease(t, "new", true, got(s.Renew(t.Context(), w, "mine")))
}

// A refusal that comes after a Login has succeeded says nothing any more.
func TestALateRefusalIsNoPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release, end := make(chan struct{}), errRefused
		w := &world{onLogin: func(context.Context, int) (string, []string, error) { <-release; return "new", nil, end }}
		s := w.session("")
		first := make(chan outcome, 1)
		go func() { first <- got(s.Token(t.Context(), w)) }()
		synctest.Wait()
		require.NoError(t, s.Login(t.Context(), w, email, password, returns("mine")))
		close(release)
		require.ErrorIs(t, (<-first).err, errRefused)
		end = nil
		requireLease(t, "new", true, got(s.Renew(t.Context(), w, "mine")))
	})
}
