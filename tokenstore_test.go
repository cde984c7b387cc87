package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// stores are those of this package; twin returns another process's view of the same
// store, as far as there is one.
var stores = []struct {
	name string
	make func(*testing.T) (s, twin pmpsmart.TokenStore)
}{
	{"memory", func(*testing.T) (s, twin pmpsmart.TokenStore) {
		s = pmpsmart.NewMemoryTokenStore()
		return s, s
	}},
	{"files", func(t *testing.T) (s, twin pmpsmart.TokenStore) {
		dir := t.TempDir()
		return fileStore(t, dir), fileStore(t, dir)
	}},
}

func fileStore(t *testing.T, dir string) pmpsmart.TokenStore {
	t.Helper()
	s, err := pmpsmart.NewFileTokenStore(dir)
	require.NoError(t, err)
	return s
}

var anAccount = pmpsmart.Account{BaseURL: "https://api.pmpsmart.com/api/v1", Email: email}

func gives(t pmpsmart.Token) func(context.Context) (pmpsmart.Token, error) {
	return func(context.Context) (pmpsmart.Token, error) { return t, nil }
}

func noLogin(t *testing.T) func(context.Context) (pmpsmart.Token, error) {
	return func(context.Context) (pmpsmart.Token, error) {
		t.Error("asked for a login")
		return "", errors.New("asked for a login")
	}
}

func replaced(t *testing.T, s pmpsmart.TokenStore, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error), want string) {
	t.Helper()
	got, err := s.Replace(t.Context(), anAccount, stale, login)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}

func loaded(t *testing.T, s pmpsmart.TokenStore, a pmpsmart.Account, want string) {
	t.Helper()
	got, err := s.Load(t.Context(), a)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}

// keep puts a token into a store, as another program does.
func keep(t *testing.T, s pmpsmart.TokenStore, a pmpsmart.Account, token string) {
	t.Helper()
	kept, err := s.Load(t.Context(), a)
	require.NoError(t, err)
	got, err := s.Replace(t.Context(), a, kept, func(context.Context) (pmpsmart.Token, error) { return pmpsmart.Token(token), nil })
	require.NoError(t, err)
	require.Equal(t, token, string(got))
}

// The words of TokenStore, one after the other.
func TestTokenStoreContract(t *testing.T) {
	t.Parallel()
	for _, store := range stores {
		t.Run(store.name, func(t *testing.T) {
			t.Parallel()
			s, twin := store.make(t)
			loaded(t, s, anAccount, "")
			replaced(t, s, "dead", gives("t1"), "t1") // nothing kept: stale does not matter
			loaded(t, twin, anAccount, "t1")
			replaced(t, twin, "dead", noLogin(t), "t1")
			replaced(t, twin, "", noLogin(t), "t1")
			replaced(t, twin, "t1", gives("t2"), "t2")
			loaded(t, s, anAccount, "t2")

			salah := errors.New("salah")
			_, err := s.Replace(t.Context(), anAccount, "t2", func(context.Context) (pmpsmart.Token, error) { return "t3", salah })
			require.Equal(t, salah, err)
			loaded(t, s, anAccount, "t2")

			for _, other := range []pmpsmart.Account{
				{BaseURL: anAccount.BaseURL, Email: "lain@pmpsmart.com"},
				{BaseURL: "https://uji.pmpsmart.com/api/v1", Email: email},
				{BaseURL: anAccount.BaseURL + email}, // no way to write one as the other
			} {
				loaded(t, s, other, "")
				keep(t, s, other, "lain")
			}
			loaded(t, s, anAccount, "t2")

			require.NoError(t, s.Delete(t.Context(), anAccount, "t1"))
			loaded(t, s, anAccount, "t2")
			require.NoError(t, twin.Delete(t.Context(), anAccount, "t2"))
			loaded(t, s, anAccount, "")
			require.NoError(t, s.Delete(t.Context(), anAccount, "t2"))
		})
	}
}

// Two hundred goroutines with one stale token: one login, and one at a time.
func TestTokenStoreSharesALogin(t *testing.T) {
	t.Parallel()
	for _, store := range stores {
		t.Run(store.name, func(t *testing.T) {
			t.Parallel()
			s, twin := store.make(t)
			const callers = 200
			var calling, logins atomic.Int32
			var all sync.WaitGroup
			for n := range callers {
				s := s
				if n%2 == 0 {
					s = twin
				}
				all.Go(func() {
					calling.Add(1)
					got, err := s.Replace(t.Context(), anAccount, "dead", func(context.Context) (pmpsmart.Token, error) {
						for calling.Load() < callers {
							runtime.Gosched()
						}
						return pmpsmart.Token(fmt.Sprintf("t%d", logins.Add(1))), nil
					})
					if got != "t1" || err != nil {
						t.Errorf("%q, %v", string(got), err)
					}
				})
			}
			all.Wait()
			require.EqualValues(t, 1, logins.Load())
		})
	}
}

// Each login is refused: the next caller tries its own, never two at once.
func TestTokenStoreExcludes(t *testing.T) {
	t.Parallel()
	for _, store := range stores {
		t.Run(store.name, func(t *testing.T) {
			t.Parallel()
			s, twin := store.make(t)
			salah := errors.New("salah")
			var inside, logins atomic.Int32
			var all sync.WaitGroup
			for n := range 50 {
				s := s
				if n%2 == 0 {
					s = twin
				}
				all.Go(func() {
					_, err := s.Replace(t.Context(), anAccount, "", func(context.Context) (pmpsmart.Token, error) {
						if inside.Add(1) != 1 {
							t.Error("two logins at once")
						}
						runtime.Gosched()
						logins.Add(1)
						inside.Add(-1)
						return "", salah
					})
					if err != salah {
						t.Error(err)
					}
				})
			}
			all.Wait()
			require.EqualValues(t, 50, logins.Load())
		})
	}
}

// A caller that gives up waiting for another's login.
func TestTokenStoreWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for _, store := range stores {
		t.Run(store.name, func(t *testing.T) {
			t.Parallel()
			s, twin := store.make(t)
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			replaced(t, s, "", func(context.Context) (pmpsmart.Token, error) {
				for _, s := range []pmpsmart.TokenStore{s, twin} {
					_, err := s.Replace(ctx, anAccount, "", noLogin(t))
					require.Equal(t, context.DeadlineExceeded, err)
				}
				return "t1", nil
			}, "t1")
			_, err := s.Replace(ctx, anAccount, "t1", noLogin(t))
			require.Equal(t, context.DeadlineExceeded, err)
			_, err = s.Load(ctx, anAccount)
			require.Equal(t, context.DeadlineExceeded, err)
			replaced(t, s, "t1", gives("t2"), "t2") // nothing is locked
		})
	}
}

// storeFuncs is a store of a program's own.
type storeFuncs struct {
	load    func() (pmpsmart.Token, error)
	replace func(context.Context, func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error)
}

func (s storeFuncs) Load(context.Context, pmpsmart.Account) (pmpsmart.Token, error) { return s.load() }

func (s storeFuncs) Replace(ctx context.Context, _ pmpsmart.Account, _ pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	return s.replace(ctx, login)
}

func (s storeFuncs) Delete(context.Context, pmpsmart.Account, pmpsmart.Token) error {
	return errors.New("disk on fire")
}

// The error of a store is reported; calls that have a token do not notice.
func TestStoreFails(t *testing.T) {
	t.Parallel()
	fire := &fs.PathError{Op: "open", Path: "tokens", Err: errors.New("disk on fire")}
	fails := func() (pmpsmart.Token, error) { return "", fire }
	empty := func() (pmpsmart.Token, error) { return "", nil }
	type login = func(context.Context) (pmpsmart.Token, error)
	call := func(c *pmpsmart.Client) error { _, err := c.ListOutlets(t.Context()); return err }
	for _, tt := range []struct {
		name  string
		store storeFuncs
		do    func(*pmpsmart.Client) error
		want  string
	}{
		{"no Load", storeFuncs{load: fails}, call, "pmpsmart: ListOutlets: token store: open tokens: disk on fire"},
		{"no Load for a Login", storeFuncs{load: fails}, func(c *pmpsmart.Client) error {
			_, err := c.Login(t.Context(), email, password)
			return err
		}, "pmpsmart: Login: token store: open tokens: disk on fire"},
		{"no Load for a Logout", storeFuncs{load: fails}, func(c *pmpsmart.Client) error { return c.Logout(t.Context()) },
			"pmpsmart: Logout: token store: open tokens: disk on fire"},
		{"no Replace", storeFuncs{load: empty, replace: func(context.Context, login) (pmpsmart.Token, error) { return "", fire }}, call,
			"pmpsmart: ListOutlets: token store: open tokens: disk on fire"},
		{"no Replace for a Login", storeFuncs{load: empty, replace: func(context.Context, login) (pmpsmart.Token, error) { return "", fire }},
			func(c *pmpsmart.Client) error { _, err := c.Login(t.Context(), email, password); return err },
			"pmpsmart: Login: token store: open tokens: disk on fire"},
		{"a Replace that gives nothing", storeFuncs{load: empty, replace: func(context.Context, login) (pmpsmart.Token, error) { return "", nil }}, call,
			"pmpsmart: ListOutlets: token store: it gave no token"},
		{"a Replace that asks for no Login", storeFuncs{load: empty, replace: func(context.Context, login) (pmpsmart.Token, error) { return "", nil }},
			func(c *pmpsmart.Client) error { _, err := c.Login(t.Context(), email, password); return err },
			"pmpsmart: Login: token store: it neither asked for a login nor gave another token"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := startAccount(t, new(testserver.Account))
			err := tt.do(a.client(pmpsmart.WithTokenStore(tt.store)))
			require.EqualError(t, err, tt.want)
			if strings.Contains(tt.want, "fire") {
				require.ErrorIs(t, err, fire)
			}
		})
	}
}

// A login whose token can't be kept serves its own client.
func TestStoreCannotKeep(t *testing.T) {
	t.Parallel()
	a := startAccount(t, new(testserver.Account))
	var log lines
	store := storeFuncs{
		load: func() (pmpsmart.Token, error) { return "", nil },
		replace: func(ctx context.Context, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
			if _, err := login(ctx); err != nil {
				return "", err
			}
			return "", errors.New("disk full")
		},
	}
	c := a.client(pmpsmart.WithTokenStore(store), pmpsmart.WithLogger(log.logger(slog.LevelInfo)))
	errs, _ := storm(t.Context(), 50, c)
	require.Equal(t, make([]error, 50), errs)
	_, err := c.Login(t.Context(), email, password)
	require.NoError(t, err)
	errs, _ = storm(t.Context(), 50, c)
	require.Equal(t, make([]error, 50), errs)
	require.NoError(t, c.Logout(t.Context()))
	_, logins := a.Logins()
	require.Equal(t, 2, logins)
	require.Equal(t, []string{
		`level=INFO msg="pmpsmart: logged in" op=ListOutlets why="no token yet"`,
		`level=WARN msg="pmpsmart: token store" op=ListOutlets error="disk full"`,
		`level=WARN msg="pmpsmart: token store" op=Login error="disk full"`,
		`level=WARN msg="pmpsmart: token store" op=Logout error="disk on fire"`,
	}, log.all())
}

// A foreignStore is a store of somebody else's making.
type foreignStore struct {
	pmpsmart.TokenStore
	token   pmpsmart.Token
	loadErr error
}

func (s *foreignStore) Load(context.Context, pmpsmart.Account) (pmpsmart.Token, error) {
	return s.token, s.loadErr
}

func (s *foreignStore) Replace(context.Context, pmpsmart.Account, pmpsmart.Token, func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	return s.token, nil
}

// A store's token that no header can carry is the store's fault, before anything
// is sent.
func TestAStoresTokenThatNoHeaderCarries(t *testing.T) {
	t.Parallel()
	a := startAccount(t, new(testserver.Account))
	for _, o := range []operation{reading, creating} {
		err := o.do(t.Context(), a.client(pmpsmart.WithTokenStore(&foreignStore{token: "abc\ndef"})))
		require.EqualError(t, err, "pmpsmart: "+o.name+": token store: it gave a token that no header can carry")
	}
	require.Empty(t, a.Requests())
}
