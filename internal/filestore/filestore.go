// Package filestore keeps small files in a folder that the processes of one
// machine share: each is replaced as a whole, under a lock of its name.
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
	path  string
	locks keymutex.Mutex[string]
}

// Open returns the folder of that path, made for its owner alone if it is missing
// and never changed if it is there.
func Open(path string) (*Dir, error) {
	full, err := filepath.Abs(path) // the program may change its working directory
	if err == nil {
		err = os.MkdirAll(full, 0o700)
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
// That file stays: whoever removed it would let two in. If ctx ends first, its
// error is returned as it is.
func (d *Dir) Lock(ctx context.Context, name string) (unlock func(), err error) {
	done, err := d.locks.Lock(ctx, name)
	if err != nil {
		return nil, err
	}
	// One for each holder: a lock that is held already would be given again.
	file := flock.New(d.file(name, ".lock"))
	if err = os.MkdirAll(d.path, 0o700); err == nil { // it may have been swept away
		_, err = file.TryLockContext(ctx, 10*time.Millisecond+rand.N(10*time.Millisecond))
	}
	switch {
	case err == nil:
		return func() { _ = file.Close(); done() }, nil
	case ctx.Err() != nil:
		err = ctx.Err()
	default:
		err = fmt.Errorf("lock: %w", err)
	}
	done()
	return nil, err
}

// Read returns the start of a file, at most limit bytes of it, or nil if it is not
// there. It needs no lock, since a file is only ever replaced as a whole.
func (d *Dir) Read(name string, limit int64) ([]byte, error) {
	file, err := os.Open(d.file(name, ".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, limit))
}

// Write replaces a file as a whole, readable by its owner alone. Its name must be
// locked.
func (d *Dir) Write(name string, body []byte) error {
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
	if err := os.Remove(d.file(name, ".json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
