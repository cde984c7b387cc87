package pmpsmart

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/filestore"
)

// A Locker excludes programs from each other: at any moment one of those that share a
// Locker holds the lock of a key. See [WithLocker]. It is safe for concurrent use.
type Locker interface {
	// Lock waits until key is free and takes it. held is ctx, ended also when the lock is
	// lost; [context.Cause] of it may say why. unlock gives key to the next, but not
	// before settle has passed. It is called once. If ctx ends first, Lock returns its
	// error.
	//
	// If held has a method Check(context.Context) error, that is called immediately before
	// each insert is sent. An error of it means that the lock may be lost: nothing is sent.
	Lock(ctx context.Context, key string) (held context.Context, unlock func(settle time.Duration), err error)
}

// NewFileLocker returns a [Locker] in a folder that the processes of one machine share.
// A lock is an flock of a file, which the kernel releases when its holder dies; the next
// one waits 5 s then, since what the dead one sent may still be under way. Files are
// removed when a lock is given up; a settle stays in a file until it has passed.
//
// The folder may be that of a [NewFileTokenStore]. It is made and checked in the same
// way: what another user may have put there is refused. On a full disk there is no
// lock. The folder belongs on a local disk: a lock on a network's is only as good as
// that network's file system. Whoever removes its files takes the locks away; a lock
// that is lost so is noticed before each insert.
func NewFileLocker(dir string) (Locker, error) {
	if dir == "" {
		return nil, &fileLockerError{errors.New("no folder is named")}
	}
	d, err := filestore.Open(dir)
	if err != nil {
		return nil, &fileLockerError{err}
	}
	d.Sweep(lockPrefix, sweepSize)
	return &fileLocker{dir: d}, nil
}

const (
	lockPrefix = "order-" // of the names of the files
	sweepEvery = 256      // locks
	sweepSize  = 1024     // files looked at, two a lock
)

type fileLocker struct {
	dir   *filestore.Dir
	locks atomic.Uint64
}

// Format names the locker and its folder.
func (l *fileLocker) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "pmpsmart.FileLocker(%s)", l.dir.Path())
}

func (l *fileLocker) Lock(ctx context.Context, key string) (context.Context, func(time.Duration), error) {
	if l.locks.Add(1)%sweepEvery == 0 {
		l.dir.Sweep(lockPrefix, sweepSize)
	}
	hash := sha256.Sum256([]byte(key))
	lock, err := l.dir.LockKey(ctx, lockPrefix+hex.EncodeToString(hash[:]))
	if err != nil {
		if err != ctx.Err() { //nolint:errorlint // as the wait returned it
			err = &fileLockerError{err}
		}
		return nil, nil, err
	}
	held, end := context.WithCancelCause(ctx)
	var once sync.Once
	unlock := func(settle time.Duration) {
		once.Do(func() { lock.Unlock(settle); end(nil) })
	}
	return &fileHeld{held, lock, end}, unlock, nil
}

// A fileHeld is the context of a lock that is held.
type fileHeld struct {
	context.Context
	lock *filestore.KeyLock
	end  context.CancelCauseFunc
}

// Check ends the context if the lock is lost, and returns why it has ended.
func (h *fileHeld) Check(context.Context) error {
	if h.Err() == nil {
		if err := h.lock.Check(); err != nil {
			h.end(&fileLockerError{err})
		}
	}
	return context.Cause(h)
}

// A fileLockerError is one of the file system's, which names the file.
type fileLockerError struct{ err error }

func (e *fileLockerError) Error() string { return "pmpsmart: file locker: " + e.err.Error() }
func (e *fileLockerError) text() string  { return "file locker: " + e.err.Error() }
func (e *fileLockerError) Unwrap() error { return e.err }
