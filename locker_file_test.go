package pmpsmart_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/programs"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func fileLocker(t *testing.T, dir string) pmpsmart.Locker {
	t.Helper()
	l, err := pmpsmart.NewFileLocker(dir)
	require.NoError(t, err)
	return l
}

type lockerKey struct{}

func TestFileLocker(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l, twin := fileLocker(t, dir), fileLocker(t, dir)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), lockerKey{}, "value"))
		held, unlock, err := l.Lock(ctx, "a")
		require.NoError(t, err)
		require.Equal(t, "value", held.Value(lockerKey{}))
		require.NoError(t, held.Err())

		other, done, err := twin.Lock(t.Context(), "b")
		require.NoError(t, err)
		done(0)
		require.ErrorIs(t, other.Err(), context.Canceled, "it is held no more")

		short, end := context.WithTimeout(t.Context(), time.Second)
		defer end()
		_, none, err := twin.Lock(short, "a")
		require.Equal(t, context.DeadlineExceeded, err)
		require.Nil(t, none)

		cancel()
		<-held.Done()
		began := time.Now()
		unlock(3 * time.Second)
		unlock(0) // is once
		_, unlock, err = twin.Lock(t.Context(), "a")
		require.NoError(t, err)
		require.InDelta(t, 3*time.Second, time.Since(began), float64(50*time.Millisecond))
		unlock(0)
	})
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	require.Equal(t, "pmpsmart.FileLocker("+dir+")", fmt.Sprintf("%v", l))
}

// A lock that is taken away by the removal of its file is noticed before the insert.
func TestFileLockerIsLost(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "locks")
	b := newOrderBook(t)
	b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
		return nil, nil
	}
	_, _, err := b.client(pmpsmart.WithLocker(fileLocker(t, dir))).EnsureJSONOrder(t.Context(), anOrder)
	require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: lock: the lock was lost: file locker: the lock's file was removed; nothing was inserted")
	inserts, _ := b.Counts()
	require.Zero(t, inserts)
}

func TestFileLockerErrors(t *testing.T) {
	t.Parallel()
	_, err := pmpsmart.NewFileLocker("")
	require.EqualError(t, err, "pmpsmart: file locker: no folder is named")
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = pmpsmart.NewFileLocker(file)
	var path *fs.PathError
	require.ErrorAs(t, err, &path)

	dir := filepath.Join(t.TempDir(), "locks")
	l, b := fileLocker(t, dir), newOrderBook(t)
	require.NoError(t, os.RemoveAll(dir))
	require.NoError(t, os.WriteFile(dir, nil, 0o600))
	_, _, err = b.client(pmpsmart.WithLocker(l)).EnsureJSONOrder(t.Context(), anOrder)
	require.ErrorContains(t, err, "pmpsmart: EnsureJSONOrder: lock: file locker: mkdir "+dir)
	require.ErrorContains(t, err, "; nothing was inserted")
	require.ErrorAs(t, err, &path)
	require.Empty(t, b.Requests())
}

// Files of holders that died do not pile up.
func TestFileLockerSweeps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := fileLocker(t, dir)
	synctest.Test(t, func(t *testing.T) {
		for n := range 800 {
			_, unlock, err := l.Lock(t.Context(), fmt.Sprint(n))
			require.NoError(t, err)
			unlock(time.Millisecond)
			time.Sleep(2 * time.Millisecond)
		}
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Less(t, len(left), 600)
	})
}

const lockerDir = "PMPSMART_TEST_LOCKER_DIR"

// TestFileLockerProgram is a program of those below; in the tests' own process, nothing.
func TestFileLockerProgram(t *testing.T) {
	if !programs.IsMain() {
		t.Skip("is the body of the programs")
	}
	var opts []pmpsmart.Option
	if dir := os.Getenv(lockerDir); dir != "" {
		opts = append(opts, pmpsmart.WithLocker(fileLocker(t, dir)))
	}
	require.NoError(t, programs.Main(t.Context(), opts...))
}

// Programs that ensure the same orders, two of which are killed, on a server that loses
// answers.
func TestFileLockerPrograms(t *testing.T) {
	t.Parallel()
	o := programs.Options{Test: "TestFileLockerProgram", Env: []string{lockerDir + "=" + t.TempDir()}, Count: 4, Codes: 60, Kills: 1}
	if testserver.Long(t) {
		o.Count, o.Codes, o.Kills = 8, 1000, 2
	}
	programs.Ensure(t, o).Check(t)
}

// The same without a Locker: what it is for. Where codes are unique no order is there
// twice, and yet several programs are told that they created it. Whether two programs
// meet at an order is chance, of which a busy machine may leave little.
func TestProgramsWithoutALocker(t *testing.T) {
	t.Parallel()
	for _, unique := range []bool{false, true} {
		t.Run(fmt.Sprint("unique codes ", unique), func(t *testing.T) {
			t.Parallel()
			o := programs.Options{Test: "TestFileLockerProgram", Count: 2, Codes: 200}
			if testserver.Long(t) {
				o.Codes = 1000
			}
			var opts []pmpsmarttest.Option
			if unique {
				opts = append(opts, pmpsmarttest.WithUnique())
			}
			var twice, doubled int
			for rounds := 0; rounds < 20 && (doubled == 0 || twice == 0 && !unique); rounds++ {
				got := programs.Ensure(t, o, opts...)
				t.Log(got)
				require.Zero(t, got.Missing)
				twice, doubled = twice+got.Twice, doubled+got.Doubled
			}
			require.Equal(t, unique, twice == 0)
			require.Positive(t, doubled)
		})
	}
}

// A program that dies while it holds a lock: the next one waits for its settle.
func TestFileLockerDeadHolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	holder := startChild(t, "lock", "", dir)
	require.Equal(t, "locked", holder.says(t))
	l := fileLocker(t, dir)
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, _, err := l.Lock(short, "a")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, holder.cmd.Process.Kill())
	began := time.Now()
	_, unlock, err := l.Lock(t.Context(), "a")
	require.NoError(t, err)
	unlock(0)
	require.Greater(t, time.Since(began), 4*time.Second)
}
