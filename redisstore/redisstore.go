// Package redisstore keeps the tokens of PMP Smart accounts in Redis, so that
// programs on many machines share one login, and has a locker, [NewLocker], with which
// they ensure an order one after the other:
//
//	rdb := redis.NewClient(&redis.Options{Addr: "redis.internal:6379"})
//	client, err := pmpsmart.New(
//		pmpsmart.WithCredentials(email, password),
//		pmpsmart.WithTokenStore(redisstore.New(rdb)),
//	)
//
// One program at a time logs in to an account. It holds a lock that expires and
// that it renews during the login: if it dies, another program takes over within
// the lock's time. A token is written by compare and swap, so that a program
// whose lock has expired does not overwrite a newer token.
//
// While Redis is away, clients go on with the token in their memory. A client
// that needs another token waits for Redis to come back, and then returns an
// error.
//
// A key whose value the store can't have written counts as empty, and the next
// login overwrites it: a value of another Redis type, a token that is blank, has
// a space or a control byte in it or is longer than 8 KiB, a lock that never
// expires.
//
// The token is stored as it is, the password never. Whoever reads the database
// can call the API in the account's name. The server at the other end is trusted
// as far as go-redis trusts it, which allocates what an answer says is its length.
//
// A user of Redis needs the commands EVALSHA, EVAL, GET, SET and DEL, and PTTL to
// find a lock that never expires; for [NewLocker] also PEXPIRE and TIME.
//
// # Errors
//
// The text of an error starts with "redis token store: " and shows no token. The
// error wraps that of Redis or of the connection, unless its text had to be cut
// because it quotes a command or an answer, or is very long. A call of a client
// that fails with an error of the store was not sent. The errors are
//
//   - "no answer from Redis for 5s: …": Redis was away, starting, failing over, at
//     a slow script or out of connections for as long as [WithPatience] allows;
//   - "no answer from Redis: …: context deadline exceeded", "waiting for another
//     program's login: context canceled" and the like, which wrap the error of the
//     context: it ended first;
//   - at once, what waiting does not mend: a wrong password, a missing permission,
//     a full memory ("OOM …": a token can be read then, but neither stored nor
//     renewed), an rdb that is closed;
//   - "unexpected answer to the … script: …": what answered was not Redis, or a
//     proxy changed the answer;
//   - "the token was not kept: …": the lock expired during the login and another
//     program is logging in, or the token is one that the store would not read. A
//     client uses that token all the same.
//
// The error of a login is returned as it is.
package redisstore

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
)

// An Option configures a store or a locker.
type Option func(*store)

// WithPrefix sets the prefix of the names of the keys. Default "pmpsmart".
func WithPrefix(prefix string) Option {
	return func(s *store) { s.prefix = prefix }
}

// WithTTL sets how long a token is kept after its login, at least 1 ms. Default 0,
// also for d < 0: until it is replaced. A locker has no use for it.
func WithTTL(d time.Duration) Option {
	return func(s *store) {
		if s.ttl = max(d, 0); d > 0 {
			s.ttl = max(d, time.Millisecond) // Redis counts in them
		}
	}
}

// WithLockTTL sets how long other programs wait for one that died during a login, or
// while it held a lock of a locker, at least 1 ms. Both may take longer, since the lock
// is renewed. Default 10 s, also for d ≤ 0.
func WithLockTTL(d time.Duration) Option {
	return func(s *store) {
		if d > 0 {
			s.lockTTL = max(d, time.Millisecond)
		}
	}
}

// WithPatience sets how long to wait for a Redis that is away, starting, failing
// over, at a slow script or out of connections. Default 5 s, also for d ≤ 0.
func WithPatience(d time.Duration) Option {
	return func(s *store) {
		if d > 0 {
			s.patience = d
		}
	}
}

// New returns a token store on rdb, which may be a single server, one behind
// Sentinel, or a cluster. New does not connect. The caller closes rdb.
func New(rdb redis.UniversalClient, opts ...Option) pmpsmart.TokenStore {
	return newStore("redis token store", rdb, opts)
}

func newStore(name string, rdb redis.UniversalClient, opts []Option) *store {
	s := &store{name: name, rdb: rdb, prefix: "pmpsmart", lockTTL: 10 * time.Second, patience: 5 * time.Second}
	for _, option := range opts {
		if option != nil {
			option(s)
		}
	}
	return s
}

type store struct {
	name     string // for errors
	rdb      redis.UniversalClient
	prefix   string
	ttl      time.Duration
	lockTTL  time.Duration
	patience time.Duration
}

// Format prints the name of the store and the prefix of its keys, whatever the
// verb.
func (s *store) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "redisstore.Store(%s)", s.prefix) }

// keys returns the names of the keys of an account's token and of its lock. The
// part in braces puts both on the same node of a cluster.
func (s *store) keys(a pmpsmart.Account) []string {
	hash := sha256.Sum256([]byte(a.BaseURL + "\x00" + a.Email))
	base := s.prefix + ":{" + hex.EncodeToString(hash[:]) + "}:"
	return []string{base + "token", base + "lock"}
}

// Load returns the account's token, or "" if there is none.
func (s *store) Load(ctx context.Context, a pmpsmart.Account) (pmpsmart.Token, error) {
	values, err := s.run(ctx, load, s.keys(a))
	if err != nil {
		return "", err
	}
	return pmpsmart.Token(values[0]), nil
}

// Delete deletes the account's token if it is t.
func (s *store) Delete(ctx context.Context, a pmpsmart.Account, t pmpsmart.Token) error {
	_, err := s.run(ctx, remove, s.keys(a), string(t))
	return err
}

// Replace stores the token returned by login in place of stale. If another token
// is stored, it returns that one and does not call login.
func (s *store) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	l := &lock{store: s, keys: s.keys(a), id: rand.Text()}
	other, err := l.take(ctx, stale)
	if err != nil || other != "" {
		return other, err
	}
	defer l.keep(ctx)()
	t, err := login(ctx)
	if err != nil {
		return "", err
	}
	return l.put(ctx, t)
}
