// Package filestore keeps small files in a folder that the processes of one
// machine share: each is replaced as a whole, under a lock of its name. It also locks
// keys that have no file but their lock. What another user may have put there is
// refused.
package filestore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"

	"github.com/pmpsmart/pmpsmart-go/internal/keymutex"
)

// A Dir is a folder of files. It is safe for concurrent use.
type Dir struct {
	path    string
	locks   keymutex.Mutex[string]
	unsaved unsaved
}

// Open returns the folder of that path, made for its owner alone if it is missing
// and never changed if it exists. A folder that other users can change is a
// [*RefusedError].
func Open(path string) (*Dir, error) {
	full, err := filepath.Abs(path) // the program may change its working directory
	if err == nil {
		err = os.MkdirAll(full, 0o700)
	}
	if err == nil {
		err = checkFolder(full)
	}
	if err != nil {
		return nil, err
	}
	return &Dir{path: full}, nil
}

// Path returns the folder's absolute path.
func (d *Dir) Path() string { return d.path }

// file returns the path of one of the files of a name.
func (d *Dir) file(name, suffix string) string { return filepath.Join(d.path, name+suffix) }

// Lock excludes the other callers of this process, by a mutex, and those of other
// processes, by a lock on a file, which the kernel releases when its holder dies.
// That file stays: whoever removed it would let two in. On a disk too full for it
// nobody can have the lock, and only the callers of this process are excluded. If
// ctx ends first, its error is returned as it is.
func (d *Dir) Lock(ctx context.Context, name string) (unlock func(), err error) {
	done, err := d.locks.Lock(ctx, name)
	if err != nil {
		return nil, err
	}
	release, err := d.lockFile(ctx, name)
	switch {
	case err == nil:
		return func() { release(); done() }, nil
	case isFull(err):
		return done, nil
	case ctx.Err() != nil:
		err = ctx.Err()
	default:
		err = fmt.Errorf("lock: %w", err)
	}
	done()
	return nil, err
}

// lockFile locks the file of a name's lock.
func (d *Dir) lockFile(ctx context.Context, name string) (release func(), err error) {
	if err := os.MkdirAll(d.path, 0o700); err != nil { // it may have been swept away
		return nil, err
	}
	if err := checkFolder(d.path); err != nil {
		return nil, err
	}
	path := d.file(name, ".lock")
	if err := checkPath(path); err != nil {
		return nil, err
	}
	// One for each holder: a lock that is held already would be given again.
	file := flock.New(path, flock.SetFlag(os.O_CREATE|lockAccess()|safeFlags))
	if _, err := file.TryLockContext(ctx, 10*time.Millisecond+rand.N(10*time.Millisecond)); err != nil {
		return nil, err
	}
	return func() { _ = file.Close() }, nil
}

// lockAccess returns how a lock's file is opened. Some systems lock for writing only
// what is open for writing.
func lockAccess() int {
	switch runtime.GOOS {
	case "aix", "solaris", "illumos":
		return os.O_RDWR
	}
	return os.O_RDONLY
}

// Read returns the start of a file, at most limit bytes of it, or nil if it is not
// there. It needs no lock, since a file is replaced as a whole as long as the disk
// has room. What [Dir.Write] could not write is read from memory, until another
// process changes the file. A file that another user may have made is a
// [*RefusedError].
func (d *Dir) Read(name string, limit int64) ([]byte, error) {
	body, info, err := d.read(name, limit)
	if err != nil {
		return nil, err
	}
	if kept, ok := d.unsaved.get(name, info); ok {
		return kept[:min(int64(len(kept)), limit)], nil
	}
	return body, nil
}

// read reads from the disk. info is nil if there is no file.
func (d *Dir) read(name string, limit int64) (body []byte, info fs.FileInfo, err error) {
	if err := checkFolder(d.path); err != nil {
		return nil, nil, err
	}
	file, err := openFile(d.file(name, ".json"), os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	if info, err = file.Stat(); err == nil {
		body, err = io.ReadAll(io.LimitReader(file, limit))
	}
	return body, info, err
}

// Write replaces a file as a whole, readable by its owner alone. On a full disk it
// writes over the file that exists, whose space is there. If that fails too, Write
// returns the error and the Dir keeps the body in memory. The name must be locked.
func (d *Dir) Write(name string, body []byte) error {
	err := d.replace(name, body)
	if isFull(err) && d.overwrite(name, body) == nil {
		err = nil
	}
	if err == nil {
		d.unsaved.drop(name)
		return nil
	}
	if _, info, readErr := d.read(name, 0); readErr == nil {
		d.unsaved.keep(name, body, info)
	}
	return err
}

// replace writes a new file and gives it the name of the old one.
func (d *Dir) replace(name string, body []byte) error {
	// Left behind by a holder that died; what is there may not be ours to read.
	temporary := d.file(name, ".tmp")
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(body)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = rename(temporary, d.file(name, ".json"))
	}
	if err != nil {
		_ = os.Remove(temporary)
	}
	return err
}

// overwrite writes over the file that exists. A reader that holds no lock may see a
// part of each body.
func (d *Dir) overwrite(name string, body []byte) error {
	file, err := openFile(d.file(name, ".json"), os.O_WRONLY)
	if err != nil {
		return err
	}
	if err = file.Chmod(0o600); err == nil {
		_, err = file.WriteAt(body, 0)
	}
	if err == nil {
		err = file.Truncate(int64(len(body)))
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// rename replaces a file. Windows refuses while a reader has it open.
func rename(from, to string) error {
	err := os.Rename(from, to)
	for n := 0; err != nil && runtime.GOOS == "windows" && n < 50; n++ {
		time.Sleep(10 * time.Millisecond)
		err = os.Rename(from, to)
	}
	return err
}

// Remove removes a file, if it is there. Its name must be locked.
func (d *Dir) Remove(name string) error {
	d.unsaved.drop(name)
	if err := os.Remove(d.file(name, ".json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
