package session_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// returns is a login of the user's that gives a token.
func returns(token string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return token, nil }
}

// The server is always asked, and the account becomes the session's.
func TestLogin(t *testing.T) {
	t.Parallel()
	w := &world{kept: "theirs"}
	s := w.session("old")
	require.NoError(t, s.Login(t.Context(), w, email, password, returns("mine")))
	require.Equal(t, "mine", w.now())
	requireLease(t, "mine", false, got(s.Token(t.Context(), w)))
	requireLease(t, "new-1", true, got(s.Renew(t.Context(), w, "mine"))) // the credentials are those of this account

	require.NoError(t, s.Login(t.Context(), w, "lain@pmpsmart.com", password, returns("yours")))
	require.Equal(t, session.Account{BaseURL: baseURL, Email: "lain@pmpsmart.com"}, w.account)
	requireLease(t, "yours", false, got(s.Token(t.Context(), w)))
	_, _, err := s.Renew(t.Context(), w, "yours") // and of no other
	require.Equal(t, session.ErrNoToken, err)
}

// Another program that puts its token into the store in between does not keep the
// server from being asked.
func TestLoginTriesAgain(t *testing.T) {
	t.Parallel()
	w := &world{kept: "theirs-1"}
	turns := 0
	w.onReplace = func(ctx context.Context, login func(context.Context) (string, error)) (string, error) {
		if turns++; turns < 3 {
			w.kept = fmt.Sprint("theirs-", turns+1)
			return w.kept, nil
		}
		return login(ctx)
	}
	s := w.session("")
	require.NoError(t, s.Login(t.Context(), w, email, password, returns("mine")))
	require.Equal(t, 3, turns)
	requireLease(t, "mine", false, got(s.Token(t.Context(), w)))
}

func TestLoginFails(t *testing.T) {
	t.Parallel()
	away := errors.New("away")
	none := func(token string, err error) func(context.Context, func(context.Context) (string, error)) (string, error) {
		return func(context.Context, func(context.Context) (string, error)) (string, error) { return token, err }
	}
	for _, tt := range []struct {
		name  string
		w     *world
		login error
		want  string
	}{
		{"refused", new(world), errRefused, "wrong password"},
		{"load", &world{onLoad: func(context.Context) (string, error) { return "", away }}, nil, "token store: away"},
		{"replace", &world{onReplace: none("", away)}, nil, "token store: away"},
		{"the store does nothing", &world{kept: "t", onReplace: none("t", nil)}, nil, "token store: it neither asked for a login nor gave another token"},
	} {
		s := tt.w.session("old")
		err := s.Login(t.Context(), tt.w, email, password, func(context.Context) (string, error) { return "mine", tt.login })
		require.EqualError(t, err, tt.want, tt.name)
		requireLease(t, "old", false, got(s.Token(t.Context(), tt.w))) // what was before stands
	}
	w := &world{onReplace: func(ctx context.Context, login func(context.Context) (string, error)) (string, error) {
		_, _ = login(ctx)
		return "", away
	}}
	s := w.session("old")
	require.NoError(t, s.Login(t.Context(), w, email, password, returns("mine")))
	require.Equal(t, []string{"store: away"}, w.logged)
	requireLease(t, "mine", false, got(s.Token(t.Context(), w)))
}

// A Login overtakes the renewal for the account before it: nobody who comes later
// waits for that, or gets its token or its refusal.
func TestLoginOvertakesARenewal(t *testing.T) {
	t.Parallel()
	for n := range 4 {
		end, another := []error{nil, errRefused}[n/2], n%2 == 0
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			w := &world{onLogin: func(context.Context, int) (string, []string, error) { <-release; return "late", nil, end }}
			s := w.session("")
			first := make(chan outcome, 1)
			go func() { first <- got(s.Token(t.Context(), w)) }()
			synctest.Wait()
			require.NoError(t, s.Login(t.Context(), w, "lain@pmpsmart.com", password, returns("mine")))
			require.Zero(t, s.Waiting(), "for the other account's")
			if another {
				_, _, err := s.Renew(t.Context(), w, "mine")
				require.Equal(t, session.ErrNoToken, err)
			}
			close(release)
			if o := <-first; end == nil {
				requireLease(t, "late", true, o)
			} else {
				require.ErrorIs(t, o.err, end)
			}
			requireLease(t, "mine", false, got(s.Token(t.Context(), w)))
			_, _, err := s.Renew(t.Context(), w, "mine")
			require.Equal(t, session.ErrNoToken, err)
		})
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	forget := func(s *session.Session[string], w *world) string {
		token, err := s.Forget(canceled, w) // a caller that has given up logs out all the same
		require.NoError(t, err)
		return token
	}
	w := &world{kept: "mine"}
	s := w.session("mine")
	require.Equal(t, "mine", forget(s, w))
	require.Empty(t, w.now())
	require.Empty(t, forget(s, w), "there is none any more")
	requireLease(t, "new-1", true, got(s.Token(t.Context(), w)))

	w = &world{kept: "theirs"} // the store's, of which the session does not know
	require.Equal(t, "theirs", forget(w.session(""), w))
	require.Empty(t, w.now())
	w = &world{kept: "theirs"}
	require.Equal(t, "mine", forget(w.session("mine"), w))
	require.Equal(t, "theirs", w.now())

	w = new(world) // of no account
	s = w.without("given")
	require.Equal(t, "given", forget(s, w))
	require.Zero(t, w.account)
	_, err := s.Forget(t.Context(), w)
	require.Equal(t, session.ErrNoToken, err)

	away := errors.New("away")
	w = &world{onDelete: func(context.Context) error { return away }, onLoad: func(context.Context) (string, error) { return "", away }}
	s = w.session("mine")
	require.Equal(t, "mine", forget(s, w))
	require.Equal(t, []string{"store: away"}, w.logged)
	_, err = s.Forget(t.Context(), w)
	require.EqualError(t, err, "token store: away")
}

// A store that hangs does not hold up a logout for ever.
func TestForgetWaitsForItsStoreForAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &world{onDelete: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
		began := time.Now()
		token, err := w.session("mine").Forget(t.Context(), w)
		require.NoError(t, err)
		require.Equal(t, "mine", token)
		require.Equal(t, 5*time.Second, time.Since(began))
		require.Equal(t, []string{"store: context deadline exceeded"}, w.logged)
	})
}

// Nothing that holds a token or a password prints it.
func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	w := new(world)
	s := w.session("rahasia-token")
	s.SetEnd("rahasia-token", time.Now().Add(time.Hour), time.Now())
	creds := session.NewCredentials(email, "rahasia-sandi")
	source := session.NewSource(email, func(context.Context) (string, string, error) { return email, "rahasia-sandi", nil })
	refusing := w.config("")
	refusing.Credentials = creds
	refused := session.New(refusing)
	_, _, err := refused.Token(t.Context(), w)
	require.Error(t, err)
	lease := session.Lease{Token: "rahasia-token"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%t"} {
		for _, v := range []any{s, struct{ S *session.Session[string] }{s}, creds, source, refused, &creds, struct{ c session.Credentials }{creds}, lease, &lease, []session.Lease{lease}} {
			require.NotContains(t, fmt.Sprintf(verb, v), "rahasia")
			require.NotContains(t, fmt.Sprintf(verb, v), fmt.Sprintf("%x", "rahasia"))
		}
	}
}

// Each request asks for the token.
func TestTokenAllocatesNothing(t *testing.T) {
	w := new(world)
	s := w.session("mine")
	ctx := t.Context()
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if _, _, err := s.Token(ctx, w); err != nil {
			t.Error(err)
		}
	}))
}

func TestNormalizeToken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"5|AbC/dEf+GhI": "5|AbC/dEf+GhI",
		" a \n":         "a", "Bearer a": "a", "bEARER   a ": "a", "Bearera": "Bearera",
		"": "", "Bearer": "", "Bearer ": "", "a b": "", "a\nb": "", "a\x7f": "", "é": "", `{"token":1}`: "", "[redacted]": "", "Bearer [redacted]": "",
	} {
		token, ok := session.NormalizeToken(text)
		require.Equal(t, want != "", ok, "%q", text)
		if ok {
			require.Equal(t, want, token)
		}
	}
}
