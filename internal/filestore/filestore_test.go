package filestore_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/filestore"
)

// open opens the same folder twice, as two programs do.
func open(t *testing.T) (d, twin *filestore.Dir, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a", "store")
	d, err := filestore.Open(path)
	require.NoError(t, err)
	twin, err = filestore.Open(path)
	require.NoError(t, err)
	require.Equal(t, path, d.Path())
	return d, twin, path
}

func requireFile(t *testing.T, d *filestore.Dir, name, want string) {
	t.Helper()
	body, err := d.Read(name, 1<<10)
	require.NoError(t, err)
	require.Equal(t, want, string(body))
}

func TestReadWriteRemove(t *testing.T) {
	t.Parallel()
	d, twin, path := open(t)
	requireFile(t, d, "a", "")
	require.NoError(t, d.Remove("a"))
	for _, body := range []string{"one", "two, which is longer", "3"} {
		require.NoError(t, d.Write("a", []byte(body)))
		requireFile(t, twin, "a", body)
	}
	require.NoError(t, d.Write("b", []byte("other")))
	requireFile(t, d, "a", "3")
	body, err := d.Read("b", 2)
	require.NoError(t, err)
	require.Equal(t, "ot", string(body))
	require.NoError(t, twin.Remove("a"))
	requireFile(t, d, "a", "")

	file := filepath.Join(path, "b.json")
	if runtime.GOOS != "windows" { // its files have no such modes
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		info, err = os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	}
	all, err := os.ReadDir(path)
	require.NoError(t, err)
	require.Len(t, all, 1, "nothing is left behind")
}

// What is in the way is reported, and leaves the file as it was.
func TestFaults(t *testing.T) {
	t.Parallel()
	d, twin, path := open(t)
	require.NoError(t, d.Write("a", []byte("one")))
	require.NoError(t, os.MkdirAll(filepath.Join(path, "a.tmp", "x"), 0o700))
	require.Error(t, d.Write("a", []byte("two")))
	requireFile(t, twin, "a", "one")
	requireFile(t, d, "a", "two") // from memory
	require.NoError(t, os.MkdirAll(filepath.Join(path, "b.json", "x"), 0o700))
	_, err := d.Read("b", 10)
	require.Error(t, err)
	require.Error(t, d.Write("b", nil))
	require.NoFileExists(t, filepath.Join(path, "b.tmp"))
	require.Error(t, d.Remove("b"))
	require.NoError(t, os.MkdirAll(filepath.Join(path, "c.lock"), 0o700))
	_, err = d.Lock(t.Context(), "c")
	require.ErrorContains(t, err, "lock: ")
	_, err = filestore.Open(filepath.Join(path, "a.json"))
	require.Error(t, err)
}

// What a program that died left behind is in nobody's way, nor is its mode kept.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	d, _, path := open(t)
	require.NoError(t, os.WriteFile(filepath.Join(path, "a.tmp"), []byte("half"), 0o444))
	require.NoError(t, d.Write("a", []byte("whole")))
	requireFile(t, d, "a", "whole")
	require.NoError(t, os.RemoveAll(path)) // swept away
	requireFile(t, d, "a", "")
	unlock, err := d.Lock(t.Context(), "a")
	require.NoError(t, err)
	defer unlock()
	require.NoError(t, d.Write("a", []byte("again")))
	requireFile(t, d, "a", "again")
}

// A folder that is named from where the program stands stays there.
func TestRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	d, err := filestore.Open("store")
	require.NoError(t, err)
	require.NoError(t, d.Write("a", []byte("one")))
	t.Chdir(t.TempDir())
	requireFile(t, d, "a", "one")
}

// A lock excludes others of its name, of this folder and of its twin.
func TestLock(t *testing.T) {
	t.Parallel()
	d, twin, _ := open(t)
	unlock, err := d.Lock(t.Context(), "a")
	require.NoError(t, err)
	for _, d := range []*filestore.Dir{d, twin} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		_, err = d.Lock(ctx, "a")
		require.Equal(t, context.DeadlineExceeded, err)
		cancel()
		other, err := d.Lock(t.Context(), "b")
		require.NoError(t, err)
		other()
	}
	unlock()
	unlock, err = twin.Lock(t.Context(), "a")
	require.NoError(t, err)
	unlock()

	var inside, most atomic.Int32
	var all sync.WaitGroup
	for n := range 20 {
		d := []*filestore.Dir{d, twin}[n%2]
		all.Go(func() {
			unlock, err := d.Lock(t.Context(), "a")
			if err != nil {
				t.Error(err)
				return
			}
			defer unlock()
			most.Store(max(most.Load(), inside.Add(1)))
			runtime.Gosched()
			inside.Add(-1)
		})
	}
	all.Wait()
	require.EqualValues(t, 1, most.Load())
}

// A reader never sees half a file, or none, while it is replaced.
func TestReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	d, reader, _ := open(t)
	const size = 16 << 10
	body := func(n int) []byte { return bytes.Repeat([]byte{byte('0' + n%10)}, size) }
	require.NoError(t, d.Write("a", body(0)))
	var done atomic.Bool
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for !done.Load() {
				got, err := reader.Read("a", 2*size)
				if err != nil || len(got) != size || bytes.Count(got, got[:1]) != size {
					t.Errorf("got %d bytes of %d, %v", len(got), size, err)
					return
				}
			}
		})
	}
	for n := range 100 {
		if err := d.Write("a", body(n)); err != nil {
			t.Error(err)
			break
		}
	}
	done.Store(true)
	all.Wait()
}
