package pmpsmart

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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

	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// NewFileTokenStore makes a store in a folder that the processes of one machine
// share. The folder is made, for its owner alone, where it is missing, and never
// changed where it is there; the files are readable by their owner alone. An
// account's file is named after a hash of its server and email and holds its
// token, never a password. A file that can't be read as one is a new login.
//
// The folder belongs on a local disk: a lock on a network's is only as good as
// that network's file system.
func NewFileTokenStore(dir string) (TokenStore, error) {
	if dir == "" {
		return nil, &fileStoreError{errors.New("no folder is named")}
	}
	full, err := filepath.Abs(dir) // the program may change its working directory
	if err == nil {
		err = os.MkdirAll(full, 0o700)
	}
	if err != nil {
		return nil, &fileStoreError{err}
	}
	return &fileStore{dir: full}, nil
}

type fileStore struct {
	dir   string
	turns turns
}

// Format names the store and its folder.
func (s *fileStore) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "pmpsmart.FileTokenStore(%s)", s.dir) }

// A fileStoreError is one of the file system's, which names the file.
type fileStoreError struct{ err error }

func (e *fileStoreError) Error() string { return "pmpsmart: file token store: " + e.err.Error() }
func (e *fileStoreError) text() string  { return e.err.Error() }
func (e *fileStoreError) Unwrap() error { return e.err }

func (s *fileStore) Load(ctx context.Context, a Account) (Token, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	return s.read(a)
}

func (s *fileStore) Replace(ctx context.Context, a Account, stale Token, login func(context.Context) (Token, error)) (Token, error) {
	unlock, err := s.lock(ctx, a)
	if err != nil {
		return "", err
	}
	defer unlock()
	if t, err := s.read(a); err != nil || t != "" && t != stale {
		return t, err
	}
	t, err := login(ctx)
	if err != nil {
		return "", err
	}
	if err := s.write(a, t); err != nil {
		return "", &fileStoreError{err}
	}
	return t, nil
}

func (s *fileStore) Delete(ctx context.Context, a Account, t Token) error {
	unlock, err := s.lock(ctx, a)
	if err != nil {
		return err
	}
	defer unlock()
	if kept, err := s.read(a); err != nil || kept != t {
		return err
	}
	if err := os.Remove(s.path(a, ".json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &fileStoreError{err}
	}
	return nil
}

// path gives one of an account's files.
func (s *fileStore) path(a Account, suffix string) string {
	name := sha256.Sum256([]byte(a.BaseURL + "\x00" + a.Email))
	return filepath.Join(s.dir, hex.EncodeToString(name[:])+suffix)
}

// lock excludes the other callers of this process, by turns, and those of other
// processes, by a lock on a file: the kernel releases it when its holder dies.
// That file stays, since whoever removed it would let two in.
func (s *fileStore) lock(ctx context.Context, a Account) (unlock func(), err error) {
	done, err := s.turns.take(ctx, a)
	if err != nil {
		return nil, err
	}
	// One for each holder: a lock that is held already would be given again.
	file := flock.New(s.path(a, ".lock"))
	if err = os.MkdirAll(s.dir, 0o700); err == nil { // it may have been swept away
		_, err = file.TryLockContext(ctx, 10*time.Millisecond+rand.N(10*time.Millisecond))
	}
	switch {
	case err == nil:
		return func() { _ = file.Close(); done() }, nil
	case ctx.Err() != nil:
		err = ctx.Err()
	default:
		err = &fileStoreError{fmt.Errorf("lock: %w", err)}
	}
	done()
	return nil, err
}

// A tokenFile is what an account's file holds.
type tokenFile struct {
	Token string `json:"token"`
}

// read gives the token that is kept, "" for a file that holds none or was
// damaged. It needs no lock, since the file is only ever replaced as a whole.
func (s *fileStore) read(a Account) (Token, error) {
	file, err := os.Open(s.path(a, ".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", &fileStoreError{err}
	}
	defer file.Close()
	const most = 64 << 10 // no token is that long
	body, err := io.ReadAll(io.LimitReader(file, most))
	if err != nil {
		return "", &fileStoreError{err}
	}
	var kept tokenFile
	if json.Unmarshal(body, &kept) != nil {
		return "", nil
	}
	if t, ok := session.NormalizeToken(kept.Token); ok {
		return Token(t), nil
	}
	return "", nil
}

// write replaces the account's file as a whole; the lock is held.
func (s *fileStore) write(a Account, t Token) error {
	body, err := json.Marshal(tokenFile{string(t)})
	if err != nil {
		return err
	}
	// Left behind by a holder that died; what is there may not be ours to read.
	temporary := s.path(a, ".tmp")
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(body)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = rename(temporary, s.path(a, ".json"))
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
