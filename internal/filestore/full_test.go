//go:build linux

package filestore_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/filestore"
)

// fullDisk mounts a file system of 64 KiB and returns a folder on it and a function
// that fills it up.
func fullDisk(t *testing.T) (path string, fill func()) {
	t.Helper()
	path = t.TempDir()
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "size=64k,mode=700"); err != nil {
		t.Skip("can't mount a small disk: ", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(path, syscall.MNT_DETACH)) })
	return path, func() {
		t.Helper()
		file, err := os.Create(filepath.Join(path, "fill"))
		require.NoError(t, err)
		defer file.Close()
		for err == nil {
			_, err = file.Write(make([]byte, 4<<10))
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
	}
}

// A disk that fills up under a file leaves it writable, for all who share it.
func TestFullDisk(t *testing.T) {
	path, fill := fullDisk(t)
	d, err := filestore.Open(path)
	require.NoError(t, err)
	twin, err := filestore.Open(path)
	require.NoError(t, err)
	require.NoError(t, d.Write("a", []byte("one")))
	fill()
	for n, body := range []string{"two, which is longer", "3", strings.Repeat("four", 100)} {
		require.NoError(t, []*filestore.Dir{d, twin}[n%2].Write("a", []byte(body)))
		requireFile(t, d, "a", body)
		requireFile(t, twin, "a", body)
	}
	require.NoFileExists(t, filepath.Join(path, "a.tmp"))

	// What has no room at all is in memory alone, until there is some.
	require.ErrorIs(t, d.Write("b", []byte("mine")), syscall.ENOSPC)
	requireFile(t, d, "b", "mine")
	requireFile(t, twin, "b", "")
	body, err := d.Read("b", 2)
	require.NoError(t, err)
	require.Equal(t, "mi", string(body))
	require.NotContains(t, fmt.Sprintf("%+v %#v", d, d), "mine")
	require.NoError(t, os.Remove(filepath.Join(path, "fill")))
	require.NoError(t, twin.Write("b", []byte("theirs")))
	requireFile(t, d, "b", "theirs")
	require.NoError(t, d.Write("b", []byte("mine")))
	requireFile(t, twin, "b", "mine")

	fill()
	require.Error(t, d.Write("c", bytes.Repeat([]byte("c"), 10)))
	require.NoError(t, d.Remove("c"))
	requireFile(t, d, "c", "")
}

// A disk without room for a lock's file excludes the callers of the process.
func TestFullDiskHasNoLock(t *testing.T) {
	path := t.TempDir()
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "nr_inodes=1,mode=700"); err != nil {
		t.Skip("can't mount a small disk: ", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(path, syscall.MNT_DETACH)) })
	d, err := filestore.Open(path)
	require.NoError(t, err)
	unlock, err := d.Lock(t.Context(), "a")
	require.NoError(t, err)
	require.ErrorIs(t, d.Write("a", []byte("mine")), syscall.ENOSPC)
	requireFile(t, d, "a", "mine")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err = d.Lock(ctx, "a")
	require.Equal(t, context.DeadlineExceeded, err)
	unlock()
	unlock, err = d.Lock(t.Context(), "a")
	require.NoError(t, err)
	unlock()

	_, err = d.LockKey(t.Context(), "b")
	require.ErrorIs(t, err, syscall.ENOSPC, "nor is there a key's")
}

// limited names the folder that the test below has a child write into.
const limited = "PMPSMART_TEST_LIMITED"

// A process that may write no file, however much room there is.
func TestLimitOfAFilesSize(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(limited); dir != "" {
		signal.Ignore(syscall.SIGXFSZ)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{}))
		d, err := filestore.Open(dir)
		require.NoError(t, err)
		unlock, err := d.Lock(t.Context(), "a")
		require.NoError(t, err)
		defer unlock()
		require.ErrorIs(t, d.Write("a", []byte("mine")), syscall.EFBIG)
		requireFile(t, d, "a", "mine")
		return
	}
	d, _, path := open(t)
	require.NoError(t, d.Write("a", []byte("before")))
	cmd := exec.Command("/proc/self/exe", "-test.run=^TestLimitOfAFilesSize$")
	cmd.Env = append(os.Environ(), limited+"="+path)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	requireFile(t, d, "a", "before")
}
