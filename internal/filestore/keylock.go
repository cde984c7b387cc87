package filestore

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

const (
	// DeadSettle is the settle of a holder that died: what it sent may still be under
	// way.
	DeadSettle = 5 * time.Second
	// maxSettle limits a settle, whatever a file says.
	maxSettle = time.Hour
)

// A KeyLock is the lock of a key, held. It is given up by one Unlock.
//
// Its key has two files while it is held, and none once it was given up without a
// settle. The one is locked, which the kernel undoes when the holder dies. The other,
// the state, says how the key was left: it is empty while the key is held, and as a
// dead holder leaves it; else it has the settle and its end.
type KeyLock struct {
	dir  *Dir
	name string
	file *flock.Flock
}

// errLost is the loss of a lock whose file another has removed, and whose key is free
// for who makes a new one.
var errLost = errors.New("the lock's file was removed")

// LockKey waits until the key of that name is free and its settle has passed, and
// takes it. Where there is no room for its files nobody can have it. If ctx ends
// first, its error is returned as it is.
func (d *Dir) LockKey(ctx context.Context, name string) (*KeyLock, error) {
	const shortest, longest = time.Millisecond, 50 * time.Millisecond
	for wait := shortest; ; wait = min(wait*2, longest) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l, err := d.tryLockKey(name)
		if l != nil {
			return l, l.settle(ctx)
		}
		if err != nil {
			return nil, err
		}
		if err := retry.Sleep(ctx, wait/2+rand.N(wait)); err != nil {
			return nil, err
		}
	}
}

// tryLockKey returns nil and no error if the key is held.
func (d *Dir) tryLockKey(name string) (*KeyLock, error) {
	file, locked, err := d.tryLock(name, os.O_RDWR|os.O_CREATE)
	if !locked {
		return nil, err
	}
	l := &KeyLock{d, name, file}
	if l.Check() != nil { // its last holder has removed it
		l.close()
		return nil, nil
	}
	return l, nil
}

// tryLock locks the file of a name's lock, or finds it locked.
func (d *Dir) tryLock(name string, flags int) (file *flock.Flock, locked bool, err error) {
	if err := os.MkdirAll(d.path, 0o700); err != nil { // it may have been swept away
		return nil, false, err
	}
	if err := checkFolder(d.path); err != nil {
		return nil, false, err
	}
	path := d.file(name, ".lock")
	if err := checkPath(path); err != nil {
		return nil, false, err
	}
	file = flock.New(path, flock.SetFlag(flags|safeFlags), flock.SetPermissions(0o600))
	locked, err = file.TryLock()
	if !locked {
		_ = file.Close()
	}
	return file, locked, err
}

// settle waits until the key's last holder has settled, and marks the key as held. On
// an error the lock is given up.
func (l *KeyLock) settle(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	for {
		file, err := os.OpenFile(l.state(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			return file.Close()
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		left, isDead, err := l.left()
		if err != nil {
			return err
		}
		if isDead {
			left = DeadSettle
			if err := l.leave(left); err != nil { // for who comes after us, if we leave too
				return err
			}
		}
		if err := retry.Sleep(ctx, left); err != nil {
			return err
		}
		if err := os.Remove(l.state()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
}

func (l *KeyLock) state() string { return l.dir.file(l.name, ".settle") }

// left returns how much of the last holder's settle is left, or that the holder died.
// It is never more than the settle was, wherever the clock has been set meanwhile. What
// can't be read is what a holder left that died as it wrote.
func (l *KeyLock) left() (left time.Duration, isDead bool, err error) {
	file, err := openFile(l.state(), os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 64))
	if err != nil {
		return 0, false, err
	}
	first, second, _ := strings.Cut(strings.TrimSuffix(string(text), "\n"), " ")
	settle, badSettle := strconv.ParseInt(first, 10, 64)
	end, badEnd := strconv.ParseInt(second, 10, 64)
	if !strings.HasSuffix(string(text), "\n") || badSettle != nil || badEnd != nil {
		return 0, true, nil
	}
	left = time.UnixMilli(end).Sub(time.Now().Round(0))
	return min(left, time.Duration(settle)*time.Millisecond, maxSettle), false, nil
}

// leave writes a settle that begins now. A file that can't be written to stays that of
// a holder that died.
func (l *KeyLock) leave(settle time.Duration) error {
	settle = min(settle, maxSettle)
	file, err := openFile(l.state(), os.O_WRONLY)
	if err != nil {
		return err
	}
	ms := settle.Milliseconds() + 1 // not less than it was
	text := strconv.FormatInt(ms, 10) + " " + strconv.FormatInt(time.Now().UnixMilli()+ms, 10) + "\n"
	err = file.Truncate(0)
	if err == nil {
		_, err = file.WriteAt([]byte(text), 0)
	}
	return errors.Join(err, file.Close())
}

// Check returns an error if the lock is lost, since its file was removed.
func (l *KeyLock) Check() error {
	held, err := l.file.Stat()
	if err != nil {
		return err
	}
	now, err := os.Lstat(l.file.Path())
	if err != nil || !os.SameFile(held, now) {
		return errLost
	}
	return nil
}

// Unlock gives the key to the next, but not before settle has passed. A lock that is
// lost leaves the files of whoever has it now alone.
func (l *KeyLock) Unlock(settle time.Duration) {
	defer l.close()
	if l.Check() != nil {
		return
	}
	if settle > 0 {
		_ = l.leave(settle)
		return
	}
	_ = os.Remove(l.state())
	l.remove()
}

// remove removes the file that is locked, so that no key leaves one for ever. Who has
// opened it and waits for it sees that it is gone. Windows removes no open file: it is
// closed first, and not removed if another has it open by then.
func (l *KeyLock) remove() {
	if runtime.GOOS == "windows" {
		l.close()
	}
	_ = os.Remove(l.file.Path())
}

func (l *KeyLock) close() { _ = l.file.Close() }

// Sweep removes the files of keys whose names start with prefix that nobody holds and
// that have settled, as holders that died leave them behind. It looks at so many files
// at most.
func (d *Dir) Sweep(prefix string, most int) {
	folder, err := os.Open(d.path)
	if err != nil {
		return
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(most)
	for _, file := range names {
		name, isLock := strings.CutSuffix(filepath.Base(file), ".lock")
		if isLock && strings.HasPrefix(name, prefix) {
			d.sweep(name)
		}
	}
}

func (d *Dir) sweep(name string) {
	file, locked, _ := d.tryLock(name, os.O_RDWR)
	if !locked {
		return
	}
	l := &KeyLock{d, name, file}
	left, isDead, err := l.left()
	switch {
	case err != nil || l.Check() != nil:
	case isDead:
		_ = l.leave(DeadSettle) // it may have died just now
	case left <= 0:
		l.Unlock(0)
		return
	}
	l.close()
}
