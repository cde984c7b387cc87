//go:build linux || darwin || freebsd

package filestore_test

import (
	"context"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/filestore"
)

const nobody = 65534

// requireRefused checks an error that names the path and the reason.
func requireRefused(t *testing.T, err error, path, reason string) {
	t.Helper()
	var refused *filestore.RefusedError
	require.ErrorAs(t, err, &refused)
	require.ErrorIs(t, err, fs.ErrPermission)
	require.Equal(t, path, refused.Path)
	require.Contains(t, refused.Error(), "refused "+path+": ")
	require.Contains(t, refused.Reason, reason)
}

// plants puts something of another's making in a file's place.
var plants = []struct {
	name   string
	put    func(t *testing.T, path string)
	reason string
}{
	{"a link to a file", func(t *testing.T, path string) {
		target := path + ".target"
		require.NoError(t, os.WriteFile(target, []byte("planted"), 0o600))
		require.NoError(t, os.Symlink(target, path))
	}, "a symbolic link"},
	{"a link to nothing", func(t *testing.T, path string) { require.NoError(t, os.Symlink(path+".none", path)) }, "a symbolic link"},
	{"a named pipe", func(t *testing.T, path string) { require.NoError(t, syscall.Mkfifo(path, 0o600)) }, "a named pipe"},
	{"a link to a named pipe", func(t *testing.T, path string) {
		require.NoError(t, syscall.Mkfifo(path+".pipe", 0o600))
		require.NoError(t, os.Symlink(path+".pipe", path))
	}, "a symbolic link"},
	{"a socket", func(t *testing.T, path string) {
		t.Chdir(filepath.Dir(path)) // a socket's path must be short
		l, err := net.Listen("unix", filepath.Base(path))
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
	}, "a socket"},
	{"a folder", func(t *testing.T, path string) { require.NoError(t, os.Mkdir(path, 0o700)) }, "a folder"},
	{"a link to a device", func(t *testing.T, path string) { require.NoError(t, os.Symlink("/dev/zero", path)) }, "a symbolic link"},
	{"a file that everybody can write to", func(t *testing.T, path string) {
		require.NoError(t, os.WriteFile(path, []byte("planted"), 0o600))
		require.NoError(t, os.Chmod(path, 0o606))
	}, "every user can write to it (mode 0606)"},
	{"a file of another user's", func(t *testing.T, path string) {
		needRoot(t)
		require.NoError(t, os.WriteFile(path, []byte("planted"), 0o644))
		require.NoError(t, os.Chown(path, nobody, nobody))
	}, "it belongs to another user (uid 65534; this process runs as 0)"},
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
}

// What another user may have put into the folder is neither read nor waited for.
func TestPlantedFilesAreRefused(t *testing.T) {
	for _, tt := range plants {
		t.Run(tt.name, func(t *testing.T) {
			d, _, path := open(t)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // a hang is seen sooner
			defer cancel()
			file := filepath.Join(path, "a.json")
			tt.put(t, file)
			_, err := d.Read("a", 1<<10)
			requireRefused(t, err, file, tt.reason)
			lock := filepath.Join(path, "b.lock")
			tt.put(t, lock)
			_, err = d.Lock(ctx, "b")
			requireRefused(t, err, lock, tt.reason)
			require.ErrorContains(t, err, "lock: refused ")
			for _, suffix := range []string{".lock", ".settle"} {
				file := filepath.Join(path, "d"+suffix)
				tt.put(t, file)
				_, err = d.LockKey(ctx, "d")
				requireRefused(t, err, file, tt.reason)
				require.NoError(t, os.RemoveAll(file))
			}
			require.NoError(t, ctx.Err())

			unlock, err := d.Lock(ctx, "c") // the other files are not concerned
			require.NoError(t, err)
			defer unlock()
			require.NoError(t, d.Write("c", []byte("mine")))
			requireFile(t, d, "c", "mine")
		})
	}
}

// A leftover of whatever kind is replaced rather than written to.
func TestPlantedLeftovers(t *testing.T) {
	for _, tt := range plants[:5] {
		t.Run(tt.name, func(t *testing.T) {
			d, _, path := open(t)
			tt.put(t, filepath.Join(path, "a.tmp"))
			require.NoError(t, d.Write("a", []byte("mine")))
			requireFile(t, d, "a", "mine")
			if target, err := os.ReadFile(filepath.Join(path, "a.tmp.target")); err == nil {
				require.Equal(t, "planted", string(target))
			}
		})
	}
}

// A folder that others can write to or own is refused, at once and later.
func TestFolderOfOthers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, path string)
		reason string // "" where it is used
	}{
		{"private", func(t *testing.T, path string) { require.NoError(t, os.Chmod(path, 0o700)) }, ""},
		{"readable", func(t *testing.T, path string) { require.NoError(t, os.Chmod(path, 0o755)) }, ""},
		{"a group's", func(t *testing.T, path string) { require.NoError(t, os.Chmod(path, 0o2770)) }, ""},
		{"everybody's", func(t *testing.T, path string) { require.NoError(t, os.Chmod(path, 0o777)) }, "every user can write to it (mode 0777); use a folder that only its owner can change"},
		{"a common folder of temporary files", func(t *testing.T, path string) { require.NoError(t, os.Chmod(path, 0o777|fs.ModeSticky)) }, "every user can write to it (mode 0777)"},
		{"another user's", func(t *testing.T, path string) {
			needRoot(t)
			require.NoError(t, os.Chown(path, nobody, nobody))
		}, "it belongs to another user (uid 65534; this process runs as 0)"},
		{"a link to everybody's", func(t *testing.T, path string) {
			require.NoError(t, os.Rename(path, path+".real"))
			require.NoError(t, os.Chmod(path+".real", 0o777))
			require.NoError(t, os.Symlink(path+".real", path))
		}, "every user can write to it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, _, path := open(t)
			require.NoError(t, d.Write("a", []byte("mine")))
			tt.change(t, path)
			before, err := os.Stat(path)
			require.NoError(t, err)
			if tt.reason == "" {
				_, err = filestore.Open(path)
				require.NoError(t, err)
				requireFile(t, d, "a", "mine")
				unlock, err := d.Lock(t.Context(), "a")
				require.NoError(t, err)
				unlock()
			} else {
				_, err = filestore.Open(path)
				requireRefused(t, err, path, tt.reason)
				_, err = d.Read("a", 1<<10)
				requireRefused(t, err, path, tt.reason)
				_, err = d.Lock(t.Context(), "a")
				requireRefused(t, err, path, tt.reason)
				_, err = d.LockKey(t.Context(), "b")
				requireRefused(t, err, path, tt.reason)
			}
			after, err := os.Stat(path)
			require.NoError(t, err)
			require.Equal(t, before.Mode(), after.Mode(), "a folder that is there is not changed")
		})
	}
}

// Whatever is missing of a path is made for its owner alone, under any umask.
func TestOpenMakesPrivateFolders(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "c")
	previous := syscall.Umask(0)
	_, err := filestore.Open(path)
	syscall.Umask(previous)
	require.NoError(t, err)
	for dir := path; strings.Contains(dir, "/a"); dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o700), info.Mode().Perm(), dir)
		if filepath.Base(dir) == "a" {
			break
		}
	}
}
