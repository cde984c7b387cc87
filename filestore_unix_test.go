//go:build unix

package pmpsmart_test

import (
	"context"
	"os"
	"os/exec"
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
