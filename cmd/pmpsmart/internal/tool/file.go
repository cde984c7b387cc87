package tool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// Place gives where a file of that path is to be written, and refuses what no file
// can take the place of. It follows a link: a rename would put the file in the
// link's place.
func Place(path string) (string, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	} else if _, err := os.Readlink(path); err == nil {
		return "", lang.Errorf("%s is a link that leads nowhere", path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "", lang.Errorf("%s is a folder; name a file in it", path)
	} else if err == nil && !info.Mode().IsRegular() {
		return "", lang.Errorf("%s is not a regular file", path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return "", lang.Errorf("there is no folder %s", filepath.Dir(path))
	}
	return path, nil
}

// cantMake is the error of a file beside another: its own name would only puzzle.
func cantMake(path string, err error) error {
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return lang.Errorf("can't make a file in the folder %s: %w", filepath.Dir(path), err)
}

// WriteFile writes a file whole or not at all: into a temporary one beside it,
// which takes its place once it is on the disk. It has the mode of the file that it
// replaces, or that of a new file under the user's umask.
func WriteFile(path string, write func(io.Writer) error) error {
	mode, err := newMode(path)
	if err != nil {
		return err
	}
	return writeFile(path, mode, write)
}

// newMode returns the mode of a file that takes the place of the one at path.
func newMode(path string) (fs.FileMode, error) {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm(), nil
	}
	// Only making a file tells the umask without changing it for the whole process.
	probe := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d", filepath.Base(path), rand.Uint64()))
	file, err := os.OpenFile(probe, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return 0, cantMake(path, err)
	}
	info, err := file.Stat()
	return info.Mode().Perm(), errors.Join(err, file.Close(), os.Remove(probe))
}

func writeFile(path string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return cantMake(path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	err = errors.Join(write(file), file.Chmod(mode), file.Sync(), file.Close())
	if err != nil {
		return err
	}
	return Rename(file.Name(), path)
}

// Rename gives a file another name for good: the folder is on the disk too.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(to))
}

// SyncDir puts the names of a folder's files on the disk.
func SyncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrInvalid) {
		err = nil // some systems sync no folder
	}
	return errors.Join(err, dir.Close())
}

// Lock keeps other runs away from the file of that path, by a lock file beside
// it. The lock ends with release, or with the process.
func Lock(path string) (release func(), err error) {
	name := path + ".lock"
	if info, err := os.Lstat(name); err == nil && (!info.Mode().IsRegular() || info.Size() > 0) {
		return nil, lang.Errorf("%s is in the way: it is not the lock of a run, which is empty; move it", name)
	}
	for {
		lock := flock.New(name)
		locked, err := lock.TryLock()
		if err != nil {
			return nil, cantMake(path, err)
		}
		if !locked {
			return nil, lang.Errorf("another run is at work on %s", path)
		}
		mine, err := lock.Stat()
		if there, statErr := os.Stat(name); err == nil && statErr == nil && os.SameFile(mine, there) {
			return func() {
				os.Remove(name) // while it is locked; who waits for it sees that it is gone
				lock.Close()
			}, nil
		}
		lock.Close() // the former holder removed it just now
	}
}
