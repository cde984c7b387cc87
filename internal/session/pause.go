package session

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"strconv"
	"time"
)

// How long a refused pair of email and password is not sent again: servers lock an
// account that fails too often, and nothing is to be learned by asking again.
const (
	firstPause   = 30 * time.Second
	longestPause = 5 * time.Minute // after doubling
)

// A pause is the time in which a pair that the server has refused is not sent again.
type pause struct {
	refusal error // what the server said; nil for no pause
	digest  [sha256.Size]byte
	length  time.Duration
	until   time.Time
}

// A PausedError is a login that was not made, since the server has refused the same
// email and password.
type PausedError struct {
	Err  error         // the refusal
	Left time.Duration // until they may be sent again
}

// Error returns the refusal and how long the pause lasts.
func (e *PausedError) Error() string {
	return "login: " + e.Err.Error() + "; not sent again for " + e.Left.String()
}

// Unwrap returns the refusal.
func (e *PausedError) Unwrap() error { return e.Err }

// A digester tells pairs from each other without keeping them. Its key is its own, so
// that a digest is of no use elsewhere.
type digester [sha256.Size]byte

func newDigester() (d digester) {
	_, _ = rand.Read(d[:]) // never fails
	return d
}

func (d *digester) of(p pair) (digest [sha256.Size]byte) {
	email, password := p()
	h := hmac.New(sha256.New, d[:])
	h.Write(strconv.AppendInt(nil, int64(len(email)), 10))
	h.Write([]byte(" " + email + password))
	h.Sum(digest[:0])
	return digest
}

// refused notes that the server refused a pair for good, in a renewal of the given
// generation. One that a login has overtaken says nothing any more.
func (s *Session[D]) refused(generation uint64, p pair, refusal error) {
	digest := s.digester.of(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.generation != generation {
		return
	}
	length := firstPause
	if s.pause.refusal != nil && s.pause.digest == digest {
		length = min(2*s.pause.length, longestPause)
	}
	s.pause = pause{refusal, digest, length, s.config.Now().Add(length)}
}

// paused returns a PausedError if a pair is not to be sent now, else nil.
func (s *Session[D]) paused(p pair) error {
	digest := s.digester.of(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pause.refusal == nil || s.pause.digest != digest {
		return nil
	}
	if left := s.pause.until.Sub(s.config.Now()); left > 0 {
		return &PausedError{s.pause.refusal, left}
	}
	return nil
}

// accepted ends the pause: a login has succeeded.
func (s *Session[D]) accepted() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pause = pause{}
}
