//go:build unix

package filestore

import (
	"errors"
	"io/fs"
	"syscall"
)

// safeFlags keep an open from following a link and from waiting for the other end of
// a named pipe.
const safeFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// ownerOf returns the user that a file belongs to.
func ownerOf(info fs.FileInfo) (uid int, ok bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}

// isFull reports whether err says that there is no room for a file: on the disk,
// within the user's quota or the process's limit of a file's size.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
