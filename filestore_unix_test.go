//go:build unix && !solaris && !aix

package pmpsmart_test

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// withoutRights names the folder that the test below has a child write into.
const withoutRights = "PMPSMART_TEST_WITHOUT_RIGHTS"

// A folder in which this user may not write. Root may write everywhere: its test
// runs in a child that is nobody.
func TestFileStoreWithoutRights(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(withoutRights); dir != "" || os.Getuid() != 0 {
		checkWithoutRights(t, dir)
		return
	}
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))                          // to be seen by nobody
	cmd := exec.Command("/proc/self/exe", "-test.run=^TestFileStoreWithoutRights$") // Linux's name of it, which nobody may use
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), withoutRights+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, "PASS", strings.TrimSpace(string(out)))
}

// checkWithoutRights has the store use dir, or a folder of the test's own, in
// which it may not write.
func checkWithoutRights(t *testing.T, dir string) {
	t.Helper()
	if dir == "" {
		dir = t.TempDir()
		require.NoError(t, os.Chmod(dir, 0o500))
	}
	s := fileStore(t, dir)
	_, err := s.Replace(t.Context(), anAccount, "", func(context.Context) (pmpsmart.Token, error) {
		t.Error("a login whose token can't be kept for others")
		return "", nil
	})
	require.ErrorIs(t, err, os.ErrPermission)
	require.Regexp(t, `^pmpsmart: file token store: lock: open .*\.lock: permission denied$`, err.Error())

	a := startAccount(t, new(testserver.Account))
	_, err = a.client(pmpsmart.WithTokenStore(s)).ListOutlets(t.Context())
	require.ErrorIs(t, err, os.ErrPermission)
	require.Regexp(t, `^pmpsmart: ListOutlets: token store: lock: open .*\.lock: permission denied$`, err.Error())
}

// onAFullDisk names the folder that the test below has a child write into.
const onAFullDisk = "PMPSMART_TEST_FULL_DISK"

// Where no token can be written, the clients of a store share it in memory: none of
// their calls ends the token of another by a login of its own.
func TestFileStoreOnAFullDisk(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(onAFullDisk); dir != "" {
		checkFullDisk(t, dir)
		return
	}
	executable, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(executable, "-test.run=^TestFileStoreOnAFullDisk$")
	cmd.Env = append(os.Environ(), onAFullDisk+"="+t.TempDir())
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func checkFullDisk(t *testing.T, dir string) {
	t.Helper()
	a := startAccount(t, &testserver.Account{Single: true})
	account := pmpsmart.Account{BaseURL: a.BaseURL(), Email: email}
	s := fileStore(t, dir)
	keep(t, s, account, expiredToken)
	signal.Ignore(syscall.SIGXFSZ)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{})) // no file may grow any more

	var log lines
	store, logger := pmpsmart.WithTokenStore(s), pmpsmart.WithLogger(log.logger(slog.LevelWarn))
	c, twin := a.client(store, logger), a.client(store, logger)
	for range 3 {
		errs, _ := storm(t.Context(), 20, c, twin)
		require.Equal(t, make([]error, 20), errs)
	}
	_, logins := a.Logins()
	require.Equal(t, 1, logins)
	require.Len(t, log.all(), 1)
	require.Regexp(t, `^level=WARN msg="pmpsmart: token store" op=ListOutlets error="pmpsmart: file token store: write .*\.tmp: file too large"$`, log.all()[0])

	a.ExpireTokens()
	for range 2 {
		for _, c := range []*pmpsmart.Client{c, twin} {
			_, err := c.ListOutlets(t.Context())
			require.NoError(t, err)
		}
	}
	_, logins = a.Logins()
	require.Equal(t, 2, logins)
	require.LessOrEqual(t, len(log.all()), 2, "one for each client")
	require.NoError(t, c.Logout(t.Context()))
	loaded(t, s, account, "")
}

// A folder or file that another user may have made is refused, by the store and by a
// call.
func TestFileStoreRefuses(t *testing.T) {
	t.Parallel()
	everybodys := t.TempDir()
	require.NoError(t, os.Chmod(everybodys, 0o777))
	_, err := pmpsmart.NewFileTokenStore(everybodys)
	require.EqualError(t, err, "pmpsmart: file token store: refused "+everybodys+": every user can write to it (mode 0777); use a folder that only its owner can change")

	a := startAccount(t, new(testserver.Account))
	dir := t.TempDir()
	s := fileStore(t, dir)
	keep(t, s, pmpsmart.Account{BaseURL: a.BaseURL(), Email: email}, expiredToken)
	path := tokenPath(t, dir, ".json")
	require.NoError(t, os.Remove(path))
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	_, err = a.client(pmpsmart.WithTokenStore(s)).ListOutlets(t.Context())
	require.EqualError(t, err, "pmpsmart: ListOutlets: token store: refused "+path+": it is a named pipe, not a regular file")
	require.ErrorIs(t, err, os.ErrPermission)
	asked, _ := a.Logins()
	require.Zero(t, asked)
}
