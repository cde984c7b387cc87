//go:build unix

package command_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// A file is replaced as a whole; it keeps its rights, a new one has those that the umask
// leaves, and a link goes on leading to it.
func TestWriteFile(t *testing.T) {
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	folder := t.TempDir()
	for name, mode := range map[string]os.FileMode{"new": 0, "secret": 0o600, "open": 0o666, "run": 0o755} {
		file, want := filepath.Join(folder, name), mode
		if mode == 0 {
			want = 0o640
		} else {
			require.NoError(t, os.WriteFile(file, []byte("before, and longer"), 0o600))
			require.NoError(t, os.Chmod(file, mode))
		}
		require.NoError(t, command.CheckPlace(file))
		require.NoError(t, command.WriteFile(file, []byte("after")))
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Equal(t, want, info.Mode().Perm(), name)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, "after", string(text))
	}
	link := filepath.Join(folder, "link")
	require.NoError(t, os.Symlink("secret", link))
	require.NoError(t, command.WriteFile(link, []byte("by a link")))
	text, err := os.ReadFile(filepath.Join(folder, "secret"))
	require.NoError(t, err)
	assert.Equal(t, "by a link", string(text))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 5, "and nothing else is left")
}

func TestCheckPlace(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	socket := filepath.Join(folder, "socket")
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	defer listener.Close()
	if _, err := os.Stat("/proc/self"); err == nil {
		assert.EqualError(t, command.CheckPlace("/proc/report"), "can't make a file in the folder /proc: no such file or directory")
	}
	for name, want := range map[string]string{
		folder:                           "it is a folder; name a file in it",
		socket:                           "it is no regular file; name one, or one that is not there yet",
		filepath.Join(folder, "none/a"):  "there is no folder " + filepath.Join(folder, "none"),
		filepath.Join(folder, "a") + "/": "there is no folder " + filepath.Join(folder, "a"),
	} {
		assert.EqualError(t, command.CheckPlace(name), want)
	}
	assert.NoError(t, command.CheckPlace(os.DevNull))
	assert.NoError(t, command.WriteFile(os.DevNull, []byte("x")))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 1)
}

// A pipe gets the text, and stays a pipe.
func TestPipe(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	require.NoError(t, command.CheckPlace(pipe))
	text := make(chan string)
	go func() {
		file, err := os.Open(pipe)
		if err != nil {
			text <- err.Error()
			return
		}
		defer file.Close()
		all, _ := io.ReadAll(file)
		text <- string(all)
	}()
	require.NoError(t, command.WriteFile(pipe, []byte("a report")))
	assert.Equal(t, "a report", <-text)
	info, err := os.Stat(pipe)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeNamedPipe)
}

func TestIsSameFile(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer file.Close()
	link := file.Name() + ".link"
	require.NoError(t, os.Symlink(file.Name(), link))
	assert.True(t, command.IsSameFile(link, file))
	assert.False(t, command.IsSameFile(link+".none", file))
	assert.False(t, command.IsSameFile(file.Name(), io.Discard))
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	assert.False(t, command.IsSameFile(os.DevNull, null))
}

// That nobody reads the output is no error.
func TestPrinted(t *testing.T) {
	t.Parallel()
	assert.NoError(t, command.Printed(fmt.Errorf("print: %w", &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE})))
	assert.NoError(t, command.Printed(nil))
	full := errors.New("full")
	assert.Equal(t, full, command.Printed(full))
}
