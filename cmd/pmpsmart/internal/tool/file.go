package tool

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gofrs/flock"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// Place returns where a file of that path is to be written, and refuses what no file
// can take the place of. It follows a link: a rename would put the file in the
// link's place. Its errors are of the command line.
func Place(path string) (string, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	} else if _, err := os.Readlink(path); err == nil {
		return "", Usagef("%s is a link that leads nowhere", path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "", Usagef("%s is a folder; name a file in it", path)
	} else if err == nil && !info.Mode().IsRegular() {
		return "", Usagef("%s is not a regular file", path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return "", Usagef("there is no folder %s", filepath.Dir(path))
	}
	return path, nil
}

// MakeFolder makes a folder, and those above it, where they are not there. That none may
// be there is an error of the command line.
func MakeFolder(path string) error {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return ofCommandLine(lang.Errorf("can't make the folder %s: %w", path, pathCause(err)))
	}
	return nil
}

// ofCommandLine marks an error about a place by Usage, where another run would meet the
// same: a disk that is full is no mistake of who named the place.
func ofCommandLine(err error) error {
	for _, lasting := range []error{fs.ErrPermission, fs.ErrNotExist, syscall.EROFS, syscall.ENOTDIR, syscall.EISDIR} {
		if errors.Is(err, lasting) {
			return Usage(err)
		}
	}
	return err
}

// An Output is a file that a flag names.
type Output struct{ Flag, Name string }

// CheckOutputs refuses, before anything is done, files that could not be written, that
// are the input, or that are one file by two names. An output without a name is none. Its
// errors are of the command line.
func CheckOutputs(input string, outputs ...Output) error {
	places := map[string]string{} // flags, by the place that theirs is written to
	if place, err := Place(input); err == nil {
		places[absolute(place)] = ""
	}
	for _, o := range outputs {
		if o.Name == "" {
			continue
		}
		place, err := Place(o.Name)
		if err == nil {
			err = cantMake(command.CheckPlace(place))
		}
		if err != nil {
			return Usagef("-%s: %w", o.Flag, err)
		}
		switch other, taken := places[absolute(place)]; {
		case taken && other == "":
			return Usagef("-%s %s is the input itself; name another file", o.Flag, o.Name)
		case taken:
			return Usagef("-%s and -%s name one file; give each its own", other, o.Flag)
		}
		places[absolute(place)] = o.Flag
	}
	return nil
}

func absolute(path string) string {
	if path, err := filepath.Abs(path); err == nil {
		return path
	}
	return path
}

// cantMake returns the error of a file beside another: its own name would only puzzle.
func cantMake(err error) error {
	if folder, ok := errors.AsType[*command.FolderError](err); ok {
		return ofCommandLine(lang.Errorf("can't make a file in the folder %s: %w", folder.Folder, folder.Err))
	}
	return err
}

// WriteFile writes a file whole or not at all, in its Place: into a temporary one beside
// it, which takes its place once it is on the disk. It has the mode of the file that it
// replaces, or that of a new file under the user's umask.
func WriteFile(path string, write func(io.Writer) error) error {
	return writeFile(path, command.Replace, write)
}

func writeFile(path string, replace func(string, func(io.Writer) error) error, write func(io.Writer) error) error {
	path, err := Place(path)
	if err != nil {
		return err
	}
	return cantMake(replace(path, write))
}

// CreateFile begins a file in its Place; it is there at once.
func CreateFile(path string) (*os.File, error) {
	path, err := Place(path)
	if err != nil {
		return nil, err
	}
	return os.Create(path) //nolint:gosec // the one that the user names
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
			return nil, cantMake(&command.FolderError{Folder: filepath.Dir(path), Err: pathCause(err)})
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

// pathCause returns the cause of an error of os, without the path.
func pathCause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}
