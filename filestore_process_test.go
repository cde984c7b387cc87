package pmpsmart_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/laravel"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// The environment of a child: this test in a process of its own.
const (
	childOf   = "PMPSMART_TEST_CHILD"
	childBase = "PMPSMART_TEST_BASE"
	childDir  = "PMPSMART_TEST_DIR"
	childCall = "PMPSMART_TEST_CALLS"
)

// A child is a program that shares the store.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func startChild(t *testing.T, role, base, dir string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestFileStoreChild$")
	cmd.Env = append(os.Environ(), childOf+"="+role, childBase+"="+base, childDir+"="+dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return &child{cmd, in, bufio.NewScanner(out)}
}

// says waits for the child's next line.
func (c *child) says(t *testing.T) string {
	t.Helper()
	require.True(t, c.out.Scan(), "the child ended")
	return c.out.Text()
}

// TestFileStoreChild is what a child does; in the tests' own process, nothing.
func TestFileStoreChild(t *testing.T) {
	role := os.Getenv(childOf)
	if role == "" {
		t.Skip("is the body of the child processes")
	}
	if role == "lock" {
		_, _, err := fileLocker(t, os.Getenv(childDir)).Lock(t.Context(), "a")
		require.NoError(t, err)
		fmt.Println("locked")
		_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
		return
	}
	s := fileStore(t, os.Getenv(childDir))
	if role == "hold" {
		_, _ = s.Replace(t.Context(), anAccount, "dead", func(context.Context) (pmpsmart.Token, error) {
			fmt.Println("locked")
			_, err := io.Copy(io.Discard, os.Stdin) // until it is killed
			return "", err
		})
		return
	}
	// It has no timeout for a server that has all the calls wait for each other, or
	// that is slow with so many.
	c := newClient(t, os.Getenv(childBase), pmpsmart.WithCredentials(os.Getenv("PMPSMART_TEST_EMAIL"), os.Getenv("PMPSMART_TEST_PASSWORD")), pmpsmart.WithTokenStore(s), pmpsmart.WithTimeout(time.Hour))
	fmt.Println("ready")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	calls, err := strconv.Atoi(os.Getenv(childCall))
	require.NoError(t, err)
	errs, attempts := storm(t.Context(), calls, c)
	if err := errors.Join(errs...); err != nil {
		fmt.Printf("%q\n", err)
		return
	}
	fmt.Println("ok", attempts)
}

// processes starts eight children whose store holds an expired token, and has each
// make so many calls at the same moment. A call takes two attempts or, if it may come
// late, one with the token that another child's login gave.
func processes(t *testing.T, base, dir string, perChild int, mayBeLate bool) {
	t.Helper()
	t.Setenv(childCall, strconv.Itoa(perChild))
	var children []*child
	for range 8 {
		children = append(children, startChild(t, "call", base, dir))
	}
	for _, c := range children {
		require.Equal(t, "ready", c.says(t))
	}
	for _, c := range children {
		_, err := io.WriteString(c.in, "\n")
		require.NoError(t, err)
	}
	for _, c := range children {
		said := c.says(t)
		if mayBeLate {
			said = strings.ReplaceAll(said, "1", "2")
		}
		require.Equal(t, fmt.Sprint("ok ", slices.Repeat([]int{2}, perChild)), said)
		require.NoError(t, c.cmd.Wait())
	}
}

func TestFileStoreEightProcesses(t *testing.T) {
	t.Setenv("PMPSMART_TEST_EMAIL", email)
	t.Setenv("PMPSMART_TEST_PASSWORD", password)
	const perChild = 20
	meet := testserver.Barrier(8 * perChild)
	a := startAccount(t, &testserver.Account{Single: true, OnCall: func(token string, _ http.ResponseWriter, _ *http.Request) bool {
		if token == expiredToken {
			meet()
		}
		return false
	}})
	dir := t.TempDir()
	keep(t, fileStore(t, dir), pmpsmart.Account{BaseURL: a.BaseURL(), Email: email}, expiredToken)
	processes(t, a.BaseURL(), dir, perChild, false)
	_, logins := a.Logins()
	require.Equal(t, 1, logins)
	t.Logf("8 processes, %d calls, %d requests, %d login", 8*perChild, len(a.Requests()), logins)
}

// The same against a real Laravel with one token an account.
func TestFileStoreEightProcessesLaravel(t *testing.T) {
	if err := laravel.Available(); err != nil {
		t.Skip(err)
	}
	t.Setenv("PMPSMART_TEST_EMAIL", laravel.Email)
	t.Setenv("PMPSMART_TEST_PASSWORD", laravel.Password)
	s, err := laravel.Start(t.Context(), laravel.Options{SingleToken: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	dir := t.TempDir()
	keep(t, fileStore(t, dir), pmpsmart.Account{BaseURL: s.URL, Email: laravel.Email}, expiredToken)
	perChild := 5
	if testserver.Long(t) {
		perChild = 20
	}
	processes(t, s.URL, dir, perChild, true) // nothing makes them meet
	logins, err := s.Logins()
	require.NoError(t, err)
	require.Equal(t, 1, logins)
}

// A program that is killed while it logs in: the next one takes over.
func TestFileStoreDeadHolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := fileStore(t, dir)
	keep(t, s, anAccount, "dead")
	holder := startChild(t, "hold", "", dir)
	require.Equal(t, "locked", holder.says(t))
	loaded(t, s, anAccount, "dead") // the lock is for logins alone

	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := s.Replace(short, anAccount, "dead", noLogin(t))
	require.ErrorIs(t, err, context.DeadlineExceeded)

	var killed atomic.Bool
	var took sync.WaitGroup
	var waits []*waiting
	for _, s := range []pmpsmart.TokenStore{s, fileStore(t, dir)} {
		ctx := &waiting{Context: t.Context()}
		waits = append(waits, ctx)
		took.Go(func() {
			got, err := s.Replace(ctx, anAccount, "dead", func(context.Context) (pmpsmart.Token, error) {
				if !killed.Load() {
					t.Error("two programs log in at once")
				}
				return "t1", nil
			})
			if got != "t1" || err != nil {
				t.Errorf("%q, %v", string(got), err)
			}
		})
	}
	for _, w := range waits { // both find the lock held, over and over
		waitFor(t, "the lock is waited for", func() bool { return w.begun.Load() > 20 })
	}
	killed.Store(true)
	require.NoError(t, holder.cmd.Process.Kill())
	took.Wait()
	loaded(t, s, anAccount, "t1")
}

// A waiting is a context that counts how often somebody began to wait for its end:
// a store does so each time that it finds the lock held.
type waiting struct {
	context.Context
	begun atomic.Int32
}

func (w *waiting) Done() <-chan struct{} {
	w.begun.Add(1)
	return w.Context.Done()
}
