package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// A disk is a file whose writes and syncs may fail, as on a disk that is full: a part
// of a line is written.
type disk struct {
	*os.File
	room    int // bytes
	syncErr error
	lost    func(*os.File) // what a failed sync does to the file
}

func (d *disk) WriteAt(p []byte, at int64) (int, error) {
	n, err := d.File.WriteAt(p[:min(len(p), d.room)], at)
	d.room -= n
	if n < len(p) && err == nil {
		err = &os.PathError{Op: "write", Path: d.Name(), Err: syscall.ENOSPC}
	}
	return n, err
}

func (d *disk) Sync() error {
	if d.syncErr == nil {
		return d.File.Sync()
	}
	if d.lost != nil {
		d.lost(d.File)
	}
	return d.syncErr
}

func openDisk(t *testing.T, path string) (*Store, *disk) {
	t.Helper()
	s, err := Open(Options{Data: seed.Data{}, DataFile: path, Now: func() time.Time { return time.Unix(1, 0) }})
	require.NoError(t, err)
	d := &disk{File: s.journal.file.(*os.File), room: 1 << 20}
	s.journal.file = d
	return s, d
}

func putOutlet(s *Store, name string) error {
	tx := s.Begin()
	err := tx.PutOutlet(&seed.Outlet{Name: name})
	tx.End()
	return errors.Join(err, s.Sync())
}

func outlets(s *Store) (names []string) {
	for o := range Find(s, Outlets, nil, func(o *seed.Outlet) string { return o.Name }).All() {
		names = append(names, o)
	}
	return names
}

// What a full disk has no room for is refused and not made. It goes on once there is
// room, and the file is whole.
func TestFullDiskHeals(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	s, d := openDisk(t, path)
	require.NoError(t, putOutlet(s, "Satu"))
	for _, room := range []int{0, 7, 50} {
		d.room = room
		assert.ErrorIs(t, putOutlet(s, "a long name that does not fit"), syscall.ENOSPC)
		d.room = 0
		assert.ErrorIs(t, putOutlet(s, "x"), syscall.ENOSPC)
		assert.Equal(t, []string{"Satu"}, outlets(s))
		assert.ErrorIs(t, s.Problem(), syscall.ENOSPC)
	}
	d.room = 200 // it is seen that there is room, before something is written
	assert.NoError(t, s.Problem())
	assert.NoError(t, s.Problem())
	whole, err := d.Stat()
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, byte('\n'), text[whole.Size()-1], "and nothing is left of the trial")
	d.room = 1 << 20
	require.NoError(t, putOutlet(s, "Dua"))
	require.NoError(t, s.Close())
	s, _ = openDisk(t, path)
	assert.Equal(t, []string{"Satu", "Dua"}, outlets(s))
	require.NoError(t, s.Close())
}

// What the system drops when a sync fails is written again.
func TestFailedSyncHeals(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	s, d := openDisk(t, path)
	require.NoError(t, putOutlet(s, "Satu"))
	whole, err := d.Stat()
	require.NoError(t, err)
	d.syncErr = syscall.EIO
	d.lost = func(f *os.File) { _ = f.Truncate(whole.Size()) }
	assert.ErrorIs(t, putOutlet(s, "Dua"), syscall.EIO)
	assert.ErrorIs(t, putOutlet(s, "Tiga"), syscall.EIO)
	assert.ErrorIs(t, s.Problem(), syscall.EIO)
	d.syncErr = nil
	assert.NoError(t, s.Problem())
	require.NoError(t, s.Sync())
	require.NoError(t, putOutlet(s, "Empat"))
	require.NoError(t, s.Close())
	s, _ = openDisk(t, path)
	assert.Equal(t, []string{"Satu", "Dua", "Tiga", "Empat"}, outlets(s))
	require.NoError(t, s.Close())
}
