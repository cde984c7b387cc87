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
	trial, err := createPart(target, nil)
	if err != nil {
		return fmt.Errorf("can't make a file in the folder %s: %w", filepath.Dir(target), pathCause(err))
	}
	return errors.Join(trial.Close(), os.Remove(trial.Name()))
}

// WriteFile writes a file as a whole or not at all: its text stands beside its place until
// all is written. A file that is replaced keeps its rights, and a link goes on leading to
// it. A pipe or a terminal, as /dev/fd/3 may be, gets the text at once.
func WriteFile(name string, text []byte) error {
	there, err := os.Stat(name)
	if err == nil && isStream(there) {
		return writeStream(name, text)
	}
	name = linkTarget(name)
	part, err := createPart(name, there)
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // nothing is there once it is renamed
	_, err = part.Write(text)
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), name)
}

// createPart makes the file that takes the place of name: with the rights of what is there,
// or those that the umask leaves a new file.
func createPart(name string, there fs.FileInfo) (*os.File, error) {
	part, err := os.OpenFile(filepath.Join(filepath.Dir(name), partPrefix+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil || there == nil {
		return part, err
	}
	if err := part.Chmod(there.Mode().Perm()); err != nil {
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
