package session_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

const other = "lain@pmpsmart.com"

var otherAccount = session.Account{BaseURL: baseURL, Email: other}

// A vault is a source of credentials.
type vault struct {
	mu              sync.Mutex
	email, password string
	err             error
	asked           int
	logins          []string // what the server was sent
	refuse          string   // the password that the server refuses
	away            error    // of the server
}

func (v *vault) ask(context.Context) (string, string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked++
	return v.email, v.password, v.err
}

func (v *vault) login(_ context.Context, email, password string) (string, []string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.logins = append(v.logins, email+" "+password)
	if v.away != nil {
		return "", nil, v.away
	}
	if password == v.refuse {
		return "", nil, errRefused
	}
	return fmt.Sprintf("%s-%d", password, len(v.logins)), nil, nil
}

func (v *vault) session(w *world, email, token string) *session.Session[string] {
	c := w.config(token)
	c.Login, c.Credentials = v.login, session.NewSource(email, v.ask)
	return session.New(c)
}

// A source is asked before each login and by nobody who has a token.
func TestSource(t *testing.T) {
	t.Parallel()
	w, v := new(world), &vault{email: email, password: "satu"}
	s := v.session(w, "", "")
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			if o := got(s.Token(t.Context(), w)); o.err != nil || o.lease.Token != "satu-1" {
				t.Error(o.err)
			}
		})
	}
	all.Wait()
	require.Equal(t, 1, v.asked)
	v.password = "dua"
	requireLease(t, "satu-1", false, got(s.Token(t.Context(), w)))
	require.Equal(t, 1, v.asked)
	requireLease(t, "dua-2", true, got(s.Renew(t.Context(), w, "satu-1")))
	require.Equal(t, 2, v.asked)
	require.Equal(t, []string{email + " satu", email + " dua"}, v.logins)

	w.set(account, "theirs") // of another program
	requireLease(t, "theirs", false, got(s.Renew(t.Context(), w, "dua-2")))
	require.Equal(t, 2, v.asked, "no login")
}

// With a store the source is asked once, for whose token to look.
func TestSourceAndStore(t *testing.T) {
	t.Parallel()
	w, v := &world{kept: "theirs"}, &vault{email: email, password: "satu"}
	s := v.session(w, "", "")
	requireLease(t, "theirs", false, got(s.Token(t.Context(), w)))
	require.Equal(t, 1, v.asked)
	require.Empty(t, v.logins)

	v = &vault{email: email, password: "satu", err: errors.New("sealed")}
	requireLease(t, "theirs", false, got(v.session(w, email, "").Token(t.Context(), w)))
	require.Zero(t, v.asked, "the email is known")
}

// Where the source names another email, the account is that one's.
func TestSourceNamesAnotherAccount(t *testing.T) {
	t.Parallel()
	w, v := new(world), &vault{email: email, password: "satu"}
	s := v.session(w, "", "")
	requireLease(t, "satu-1", true, got(s.Token(t.Context(), w)))
	v.email, v.password, v.away = other, "dua", errors.New("away")
	require.ErrorIs(t, got(s.Renew(t.Context(), w, "satu-1")).err, v.away)
	require.Empty(t, s.Current(), "the former account's is not used")
	v.refuse, v.away = "dua", nil
	require.ErrorIs(t, got(s.Renew(t.Context(), w, "satu-1")).err, errRefused)
	require.Empty(t, s.Current(), "the former account's is not used")
	v.refuse, v.password = "", "tiga"
	requireLease(t, "tiga-4", true, got(s.Token(t.Context(), w)))
	require.Equal(t, "satu-1", w.get(account))
	require.Equal(t, "tiga-4", w.get(otherAccount))

	v.email = email
	w.set(account, "theirs")
	requireLease(t, "theirs", false, got(s.Renew(t.Context(), w, "tiga-4")))
	require.Len(t, v.logins, 4)
}

// An error of the source is the caller's, and nothing is sent or remembered.
func TestSourceFails(t *testing.T) {
	t.Parallel()
	sealed := errors.New("the vault is sealed, rahasia")
	w, v := new(world), &vault{email: email, password: "rahasia", err: sealed}
	s := v.session(w, "", "old")
	_, _, err := s.Renew(t.Context(), w, "old")
	require.EqualError(t, err, "credentials: the vault is sealed, [redacted]")
	require.ErrorIs(t, err, sealed)
	require.Equal(t, "old", s.Current())
	require.Empty(t, v.logins)
	v.err = nil
	requireLease(t, "rahasia-1", true, got(s.Renew(t.Context(), w, "old")))
}

// Another pair ends a pause; the same one, asked for anew, does not.
func TestSourceEndsAPause(t *testing.T) {
	t.Parallel()
	w, v := new(world), &vault{email: email, password: "satu", refuse: "satu"}
	s := v.session(w, "", "")
	require.ErrorIs(t, got(s.Token(t.Context(), w)).err, errRefused)
	var paused *session.PausedError
	require.ErrorAs(t, got(s.Token(t.Context(), w)).err, &paused)
	require.Len(t, v.logins, 1)
	v.email = other // the same password
	require.ErrorIs(t, got(s.Token(t.Context(), w)).err, errRefused)
	require.Len(t, v.logins, 2)
	require.ErrorAs(t, got(s.Token(t.Context(), w)).err, &paused)
	require.LessOrEqual(t, paused.Left, 30*time.Second, "of another pair")
	v.password = "dua"
	requireLease(t, "dua-3", true, got(s.Token(t.Context(), w)))
}

// A caller that gives up on a source is told so; the source is not waited for.
func TestSourceThatBlocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := new(world)
		c := w.config("")
		c.Credentials = session.NewSource("", func(context.Context) (string, string, error) { time.Sleep(time.Hour); return email, password, nil })
		s := session.New(c)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, _, err := s.Token(ctx, w)
		require.EqualError(t, err, "credentials: context deadline exceeded")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(began))
		_, err = s.Forget(t.Context(), w)
		require.EqualError(t, err, "credentials: context deadline exceeded")
		require.Equal(t, 6*time.Second, time.Since(began))
		time.Sleep(2 * time.Hour) // until the source is done
	})
}

// A logout needs to know whose token the store keeps.
func TestForgetAsksTheSource(t *testing.T) {
	t.Parallel()
	w, v := &world{kept: "theirs"}, &vault{email: email, password: "satu"}
	token, err := v.session(w, "", "").Forget(t.Context(), w)
	require.NoError(t, err)
	require.Equal(t, "theirs", token)
	require.Empty(t, w.now())
	require.Equal(t, 1, v.asked)
	v.err = errors.New("sealed")
	_, err = v.session(w, "", "").Forget(t.Context(), w)
	require.EqualError(t, err, "credentials: sealed")
	token, err = v.session(w, "", "mine").Forget(t.Context(), w)
	require.NoError(t, err)
	require.Equal(t, "mine", token)
	require.Equal(t, 2, v.asked)
}

// A Login leaves the account's source as it is, and drops that of another account, also
// where whose it is shows only later.
func TestLoginAndSource(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		asked  bool // before the Login
		login  string
		source string
		kept   bool
	}{
		{"of the account", true, email, email, true},
		{"of another account", true, other, email, false},
		{"not asked before, of the account", false, email, email, true},
		{"not asked before, of another account", false, other, email, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, v := new(world), &vault{email: tt.source, password: "satu"}
			s := v.session(w, "", "")
			if tt.asked {
				requireLease(t, "satu-1", true, got(s.Token(t.Context(), w)))
			}
			require.NoError(t, s.Login(t.Context(), w, tt.login, password, returns("mine")))
			logins := len(v.logins)
			o := got(s.Renew(t.Context(), w, "mine"))
			if tt.kept {
				requireLease(t, fmt.Sprintf("satu-%d", logins+1), true, o)
				v.email = other // as without the Login
				requireLease(t, fmt.Sprintf("satu-%d", logins+2), true, got(s.Renew(t.Context(), w, o.lease.Token)))
				return
			}
			for range 2 {
				require.Equal(t, session.ErrNoToken, o.err)
				o = got(s.Renew(t.Context(), w, "mine"))
			}
			require.Len(t, v.logins, logins)
			require.Equal(t, 1, v.asked)
		})
	}
}
