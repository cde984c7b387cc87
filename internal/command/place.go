package command

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// partPrefix begins the name of a file that is being written.
const partPrefix = ".pmpsmart-"

// CheckPlace returns an error if WriteFile could not write there, with what is there left
// alone: a folder is no place, nor is a socket or a disk. It tries whether a file can be
// made in the folder.
func CheckPlace(name string) error {
	if folder, err := os.Stat(filepath.Dir(name)); err != nil || !folder.IsDir() {
		return fmt.Errorf("there is no folder %s", filepath.Dir(name))
	}
	there, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return pathCause(err)
	case there.IsDir():
		return errors.New("it is a folder; name a file in it")
	case isStream(there):
		return nil // what reads it may come later
	case !there.Mode().IsRegular():
		return errors.New("it is no regular file; name one, or one that is not there yet")
	}
	target := linkTarget(name)
	trial, err := createPart(target, newFile)
	if err != nil {
		return err
	}
	return errors.Join(trial.Close(), os.Remove(trial.Name()))
}

// A FolderError is that of a folder in which no file can be made.
type FolderError struct {
	Folder string
	Err    error
}

// Error names the folder and says why.
func (e *FolderError) Error() string {
	return fmt.Sprintf("can't make a file in the folder %s: %v", e.Folder, e.Err)
}

// Unwrap returns why no file can be made.
func (e *FolderError) Unwrap() error { return e.Err }

// WriteFile is [Replace] with a text, and by any name: a link goes on leading to its file,
// and a pipe or a terminal, as /dev/fd/3 may be, gets the text at once.
func WriteFile(name string, text []byte) error {
	if there, err := os.Stat(name); err == nil && isStream(there) {
		return writeStream(name, text)
	}
	return Replace(linkTarget(name), func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// Replace writes a file as a whole or not at all: what is written stands beside its place
// until all is on the disk. A file that is replaced keeps its rights, a new one has those
// that the umask leaves. The name should be no link, whose place the file would take.
func Replace(name string, write func(io.Writer) error) error {
	if there, err := os.Stat(name); err == nil {
		return replace(name, there.Mode().Perm(), write)
	}
	return replace(name, newFile, write)
}

// ReplacePrivate is Replace of a file that only its owner can read, also if others could
// before.
func ReplacePrivate(name string, write func(io.Writer) error) error {
	return replace(name, 0o600, write)
}

// newFile stands for the rights of a new file.
const newFile = fs.ModeIrregular

func replace(name string, mode fs.FileMode, write func(io.Writer) error) error {
	part, err := createPart(name, mode)
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // nothing is there once it is renamed
	if err := errors.Join(write(part), part.Sync(), part.Close()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), name); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(name))
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

// createPart makes the file that takes the place of name.
func createPart(name string, mode fs.FileMode) (*os.File, error) {
	begin := fs.FileMode(0o666)
	if mode != newFile {
		begin = 0o600 // nobody opens it before it has its rights
	}
	folder := filepath.Dir(name)
	part, err := os.OpenFile(filepath.Join(folder, partPrefix+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, begin)
	if err != nil {
		return nil, &FolderError{folder, pathCause(err)}
	}
	if mode == newFile {
		return part, nil
	}
	if err := part.Chmod(mode); err != nil {
		return nil, errors.Join(err, part.Close(), os.Remove(part.Name()))
	}
	return part, nil
}

func writeStream(name string, text []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}

// isStream reports whether a file is one that takes what is written in its order, and has
// no name to be replaced.
func isStream(info fs.FileInfo) bool {
	mode := info.Mode()
	return mode&fs.ModeNamedPipe != 0 || mode&fs.ModeCharDevice != 0
}

// IsSameFile reports whether a name is that of the file that w writes to.
func IsSameFile(name string, w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	named, err := os.Stat(name)
	if err != nil || named.Mode()&fs.ModeCharDevice != 0 && !isStandardOutput(name) {
		return false // two may write to a terminal, or to nowhere
	}
	is, err := file.Stat()
	return err == nil && os.SameFile(named, is)
}

// isStandardOutput reports whether a name is one of those that systems have for it.
func isStandardOutput(name string) bool {
	switch filepath.Clean(name) {
	case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1":
		return true
	}
	return false
}

// linkTarget returns where a link leads to, or the name itself.
func linkTarget(name string) string {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		return target
	}
	return name
}

// pathCause returns the cause of an error of os, whose path would only puzzle.
func pathCause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

// Printed returns the error of printing, or nil if all is that who read the output has
// gone, as head does.
func Printed(err error) error {
	if isBrokenPipe(err) {
		return nil
	}
	return err
}
