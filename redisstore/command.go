package redisstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// run runs a script and retries it while Redis is away, for as long as patience
// allows.
func (s *store) run(ctx context.Context, script *script, keys []string, args ...any) ([]string, error) {
	limited, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	var last []error // the last that is more than the end of limited, if any
	for n := 0; ; n++ {
		values, err := s.runOnce(limited, script, keys, args...)
		switch {
		case err == nil:
			return values, nil
		case limited.Err() == nil && !isTransient(err):
			return nil, s.newError("", args, err)
		case limited.Err() == nil, len(last) == 0 && !isContextError(err):
			last = []error{err}
		}
		if pause(limited, n) == nil {
			continue
		}
		if ctx.Err() != nil {
			return nil, s.newError("no answer from Redis", args, append(last, ctx.Err())...)
		}
		return nil, s.newError(fmt.Sprintf("no answer from Redis for %s", s.patience), args, last...)
	}
}

// errNoClient is the error of a store or a locker without a Redis client.
var errNoClient = errors.New("the Redis client is nil")

// errEnded is the error of a command whose goroutine was ended by
// [runtime.Goexit].
var errEnded = errors.New("a hook of the Redis client ended its goroutine")

// A result is the outcome of a command.
type result struct {
	answer any
	err    error
	panic  any // what the command panicked with, if it did
}

// runOnce runs a script once. It returns when ctx ends, though go-redis may go on
// for as long as its own timeouts allow. It panics with what the command panics
// with.
func (s *store) runOnce(ctx context.Context, script *script, keys []string, args ...any) ([]string, error) {
	if s.rdb == nil {
		return nil, errNoClient
	}
	results := make(chan result, 1)
	go func() {
		r := result{err: errEnded}
		defer func() {
			if p := recover(); p != nil {
				r = recovered(script, p)
			}
			results <- r
		}()
		r.answer, r.err = script.Run(ctx, s.rdb, keys, args...).Result()
	}()
	select {
	case r := <-results:
		switch {
		case r.panic != nil:
			panic(r.panic)
		case r.err == nil || r.err == redis.Nil: //nolint:errorlint // as Redis gave it
			return script.parse(r.answer)
		}
		return nil, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// recovered returns the result of a command that panicked with p. That go-redis
// can't allocate as much as an answer says it is long is an error of the answer.
func recovered(script *script, p any) result {
	if err, ok := p.(runtime.Error); ok && strings.Contains(err.Error(), "makeslice") {
		return result{err: &answerError{script.name, "it claims a length that no memory can hold"}}
	}
	return result{panic: p}
}

// pause waits before the n-th retry: longer each time, up to a quarter of a
// second, with jitter, so that callers do not retry at the same moment.
func pause(ctx context.Context, n int) error {
	most := 250 * time.Millisecond
	if n < 4 {
		most = 20 * time.Millisecond << n
	}
	return sleep(ctx, most/2+rand.N(most/2))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
