package redisstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// run runs a script, again while Redis is away, for as long as patience lasts.
func (s *store) run(ctx context.Context, script *redis.Script, keys []string, args ...any) ([]string, error) {
	within, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	var met error // the last that was no end of the context
	for n := 0; ; n++ {
		reply, err := s.once(within, script, keys, args...)
		switch {
		case err == nil:
			return reply, nil
		case within.Err() == nil && !passes(err):
			return nil, failed(err, "")
		case within.Err() == nil || met == nil:
			met = err
		}
		if pause(within, n) == nil {
			continue
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, failed(met, fmt.Sprintf("no answer from Redis for %s: ", s.patience))
	}
}

// once runs a script once. go-redis heeds its own timeouts rather than the end
// of a context, so what it does is left to itself when the context ends.
func (s *store) once(ctx context.Context, script *redis.Script, keys []string, args ...any) ([]string, error) {
	type answer struct {
		reply []string
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		reply, err := script.Run(ctx, s.rdb, keys, args...).StringSlice()
		answers <- answer{reply, err}
	}()
	select {
	case a := <-answers:
		return a.reply, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// passes reports whether err may be gone in a moment: a connection that fails,
// or a server that is starting, failing over or has no connection left. Any other
// answer is final, also that of a full memory (OOM): it takes a person to mend it,
// who had better be told now.
func passes(err error) bool {
	var answer redis.Error
	if !errors.As(err, &answer) {
		return !errors.Is(err, redis.ErrClosed)
	}
	return redis.IsLoadingError(err) || redis.IsReadOnlyError(err) || redis.IsMasterDownError(err) ||
		redis.IsClusterDownError(err) || redis.IsTryAgainError(err) || redis.IsMaxClientsError(err)
}

// failed is the error of a command. What Redis quotes of a command that it does
// not know, or go-redis of an answer that it can't read, may be a token.
func failed(err error, what string) error {
	text := err.Error()
	before, _, quotes := strings.Cut(text, ", with args")
	if strings.HasPrefix(text, "redis: ") {
		before, _, quotes = strings.Cut(text, `"`)
	}
	if quotes {
		return errors.New("redisstore: " + what + before + "…")
	}
	return fmt.Errorf("redisstore: %s%w", what, err)
}

// pause waits a little before the n-th repeat, longer each time up to a quarter
// of a second, and never all callers at once.
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
