package filestore

import (
	"fmt"
	"io/fs"
	"os"
)

// A RefusedError is a file or folder that is not used, because another user may have
// made or may change it. It matches [fs.ErrPermission].
type RefusedError struct {
	Path   string
	Reason string
}

// Error names the path and the reason.
func (e *RefusedError) Error() string { return "refused " + e.Path + ": " + e.Reason }

// Is reports whether target is [fs.ErrPermission].
func (e *RefusedError) Is(target error) bool { return target == fs.ErrPermission }

// checkFolder refuses a folder that is another user's, root aside, who can read and
// write anything, or that everybody can write to. A group may write: it is often the
// user's own, and whatever it puts there is no file of this user's.
func checkFolder(path string) error {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return nil //nolint:nilerror // whoever uses it will find out
	}
	if uid, ok := ownerOf(info); ok && uid != 0 && uid != os.Geteuid() {
		return &RefusedError{path, foreign(uid)}
	}
	if isWritableByAll(info) {
		return &RefusedError{path, fmt.Sprintf("every user can write to it (mode %#o); use a folder that only its owner can change", info.Mode().Perm())}
	}
	return nil
}

// checkPath refuses what checkFile refuses, if there is a file.
func checkPath(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return nil //nolint:nilerror // whoever opens it will find out
	}
	return checkFile(path, info)
}

// checkFile refuses what is no regular file, as a link or a named pipe is not, a file
// of another user's and one that everybody can write to.
func checkFile(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return &RefusedError{path, "it is " + kind(info.Mode()) + ", not a regular file"}
	}
	if uid, ok := ownerOf(info); ok && uid != os.Geteuid() {
		return &RefusedError{path, foreign(uid)}
	}
	if isWritableByAll(info) {
		return &RefusedError{path, fmt.Sprintf("every user can write to it (mode %#o)", info.Mode().Perm())}
	}
	return nil
}

func foreign(uid int) string {
	return fmt.Sprintf("it belongs to another user (uid %d; this process runs as %d)", uid, os.Geteuid())
}

// isWritableByAll reports whether every user may write to a file or folder. A system
// that knows no owners knows no such rights either.
func isWritableByAll(info fs.FileInfo) bool {
	_, hasOwner := ownerOf(info)
	return hasOwner && info.Mode().Perm()&0o002 != 0
}

func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case mode.IsDir():
		return "a folder"
	}
	return "of another kind"
}

// openFile opens a file that exists, unless it is refused. It follows no link and
// does not wait for the other end of a named pipe.
func openFile(path string, flag int) (*os.File, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, flag|safeFlags, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil {
		err = checkFile(path, info) // another may stand there by now
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}
