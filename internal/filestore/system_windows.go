package filestore

import (
	"errors"
	"io/fs"
	"syscall"
)

// safeFlags is empty: named pipes are not files here, and what a link leads to must
// be a regular file.
const safeFlags = 0

// ownerOf returns no user: a file's rights are in a list of their own, which the
// folder passes on.
func ownerOf(fs.FileInfo) (uid int, ok bool) { return 0, false }

// The errors of a full disk.
const (
	errHandleDiskFull syscall.Errno = 39
	errDiskFull       syscall.Errno = 112
)

// isFull reports whether err says that there is no room for a file.
func isFull(err error) bool {
	return errors.Is(err, errDiskFull) || errors.Is(err, errHandleDiskFull)
}
