// Package redisstore keeps the tokens of PMP Smart accounts in Redis, so that
// programs on many machines share one login:
//
//	rdb := redis.NewClient(&redis.Options{Addr: "redis.internal:6379"})
//	client, err := pmpsmart.New(
//		pmpsmart.WithCredentials(email, password),
//		pmpsmart.WithTokenStore(redisstore.New(rdb)),
//	)
//
// One program at a time logs in to an account. It holds a lock that expires, and
// that it renews while the login runs: when it dies, another takes over within
// the lock's time. A token is written by compare and swap, so that a program
// whose lock ran out does not overwrite a newer token.
//
// While Redis is away, clients go on with the token that they hold. One that
// needs another waits a while for Redis to come back and then gets an error.
//
// The token is kept as it is, the password never. Whoever reads the database can
// call the API in the account's name.
//
// # Errors
//
// An error of the store starts with "redisstore: " and wraps what Redis or the
// connection said, unless that quotes a command's arguments, which may hold the
// token: such a text is cut off there. A call of a client that ends in one was
// not sent, and says "token store: " before it. The store's errors are
//
//   - "no answer from Redis for 5s: …", for a Redis that was away, starting,
//     failing over or had no connection left (maxclients) for as long as
//     [WithPatience] allows;
//   - at once, what waiting does not mend: a wrong password, a user who may not do
//     this, a memory that is full ("OOM …": a token can be read then, but neither
//     kept nor renewed), an rdb that is closed;
//   - "the token was not kept: …", where the lock ran out while the token was on
//     its way and another program is logging in. A client uses that token all the
//     same.
//
// The end of the caller's context and the error of a login come as they are.
package redisstore

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
)

// Option is a choice made when a store is made.
type Option func(*store)

// WithPrefix starts the names of the keys. Default "pmpsmart".
func WithPrefix(prefix string) Option {
	return func(s *store) { s.prefix = prefix }
}

// WithTTL says how long a token is kept after the login that gave it, 1 ms at
// least. Default 0, also for d < 0: until it is replaced.
func WithTTL(d time.Duration) Option {
	return func(s *store) {
		if s.ttl = max(d, 0); d > 0 {
			s.ttl = max(d, time.Millisecond) // Redis counts in them
		}
	}
}

// WithLockTTL says how long others wait for a program that died while it logged
// in, 1 ms at least. A login may take longer, since the lock is renewed. Default
// 10 s, also for d ≤ 0.
func WithLockTTL(d time.Duration) Option {
	return func(s *store) {
		if d > 0 {
			s.lockTTL = max(d, time.Millisecond)
		}
	}
}

// WithPatience says how long to wait for a Redis that is away, starting, failing
// over or without a free connection. Default 5 s, also for d ≤ 0.
func WithPatience(d time.Duration) Option {
	return func(s *store) {
		if d > 0 {
			s.patience = d
		}
	}
}

// New makes a store on rdb: a single server, one behind Sentinel, or a cluster.
// It makes no connection itself, and the caller closes rdb.
func New(rdb redis.UniversalClient, opts ...Option) pmpsmart.TokenStore {
	s := &store{rdb: rdb, prefix: "pmpsmart", lockTTL: 10 * time.Second, patience: 5 * time.Second}
	for _, option := range opts {
		if option != nil {
			option(s)
		}
	}
	return s
}

type store struct {
	rdb      redis.UniversalClient
	prefix   string
	ttl      time.Duration
	lockTTL  time.Duration
	patience time.Duration
}

// Format names the store and the prefix of its keys.
func (s *store) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "redisstore.Store(%s)", s.prefix) }

// keys are those of an account's token and lock. What stands in braces puts both
// on the same node of a cluster.
func (s *store) keys(a pmpsmart.Account) []string {
	hash := sha256.Sum256([]byte(a.BaseURL + "\x00" + a.Email))
	base := s.prefix + ":{" + hex.EncodeToString(hash[:]) + "}:"
	return []string{base + "token", base + "lock"}
}

func (s *store) Load(ctx context.Context, a pmpsmart.Account) (pmpsmart.Token, error) {
	reply, err := s.run(ctx, load, s.keys(a))
	if err != nil {
		return "", err
	}
	return pmpsmart.Token(reply[0]), nil
}

func (s *store) Delete(ctx context.Context, a pmpsmart.Account, t pmpsmart.Token) error {
	_, err := s.run(ctx, forget, s.keys(a), string(t))
	return err
}

func (s *store) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	l := &lock{store: s, keys: s.keys(a), id: rand.Text()}
	other, err := l.take(ctx, stale)
	if err != nil || other != "" {
		return other, err
	}
	defer l.hold(ctx)()
	t, err := login(ctx)
	if err != nil {
		return "", err
	}
	return l.put(ctx, t)
}

// A lock is the right of one caller to log in to an account.
type lock struct {
	*store
	keys []string
	id   string // of the holder
	seen string // the token that was there when the lock was taken
}

// take waits for the lock, or for a token other than stale, which it gives.
func (l *lock) take(ctx context.Context, stale pmpsmart.Token) (pmpsmart.Token, error) {
	for n := 0; ; n++ {
		reply, err := l.run(ctx, take, l.keys, string(stale), l.id, l.lockTTL.Milliseconds())
		if err == nil && reply[0] == busy {
			err = pause(ctx, n)
		}
		switch {
		case err != nil:
			if ctx.Err() != nil {
				l.release(ctx) // the last command may have taken it
			}
			return "", err
		case reply[0] == newer:
			return pmpsmart.Token(reply[1]), nil
		case reply[0] == done:
			l.seen = reply[1]
			return "", nil
		}
	}
}

// hold renews the lock until the function that it gives is called, which then
// releases it.
func (l *lock) hold(ctx context.Context) (release func()) {
	renewing, stop := context.WithCancel(context.WithoutCancel(ctx))
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for sleep(renewing, l.lockTTL/3) == nil {
			// A Redis that is away is asked again the next time.
			_, _ = l.once(renewing, renew, l.keys, l.id, l.lockTTL.Milliseconds())
		}
	}()
	return func() {
		stop()
		<-stopped
		l.release(ctx)
	}
}

// release gives the lock back, even for a caller that gave up. Where it can't,
// the lock expires.
func (l *lock) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(l.patience, time.Second))
	defer cancel()
	_, _ = l.once(ctx, release, l.keys, l.id)
}

// put keeps the token of a login, even for a caller that gave up: the account's
// earlier token may be dead already. It gives a newer one where there is one.
func (l *lock) put(ctx context.Context, t pmpsmart.Token) (pmpsmart.Token, error) {
	ctx = context.WithoutCancel(ctx)
	began := time.Now()
	for n := 0; ; n++ {
		reply, err := l.run(ctx, put, l.keys, l.seen, l.id, string(t), l.ttl.Milliseconds())
		switch {
		case err != nil:
			return "", err
		case reply[0] != busy:
			return pmpsmart.Token(reply[1]), nil
		case time.Since(began) > l.patience:
			return "", errors.New("redisstore: the token was not kept: the lock ran out, and another program is logging in")
		}
		_ = pause(ctx, n)
	}
}
