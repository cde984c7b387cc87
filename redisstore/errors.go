package redisstore

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/redis/go-redis/v9"
)

// A storeError is an error of the store, or of the locker. Its text is a single line,
// is not long and shows no token.
type storeError struct {
	of     string
	text   string
	causes []error
}

func (e *storeError) Error() string   { return e.of + ": " + e.text }
func (e *storeError) Unwrap() []error { return e.causes }

// newError returns an error that says what failed and why. It wraps those of
// causes that show nothing of args, the arguments of a script, which may be
// tokens.
func (s *store) newError(what string, args []any, causes ...error) *storeError {
	e := &storeError{of: s.name, text: what}
	for _, cause := range causes {
		text, clean := describe(cause, args)
		if e.text != "" {
			e.text += ": "
		}
		e.text += text
		if clean {
			e.causes = append(e.causes, cause)
		}
	}
	return e
}

const (
	minSecret = 8   // what is shorter may be a word of the text
	maxText   = 500 // of a cause
)

// describe returns the text of err, and whether that was all of it: Redis quotes
// the arguments of a command that it does not know, and go-redis an answer that
// it can't read.
func describe(err error, args []any) (text string, whole bool) {
	text, _, quoted := strings.Cut(err.Error(), ", with args")
	if strings.HasPrefix(text, "redis: ") && !quoted {
		text, _, quoted = strings.Cut(text, `"`)
	}
	for _, arg := range args {
		if secret, ok := arg.(string); ok && len(secret) >= minSecret && strings.Contains(text, secret) {
			text, _, _ = strings.Cut(text, secret)
			quoted = true
		}
	}
	if len(text) > maxText {
		text, quoted = text[:maxText], true
	}
	text = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	if quoted {
		text += "…"
	}
	return text, !quoted
}

// isTransient reports whether err may pass without anybody's doing: a connection
// that fails, or a server that is starting, failing over, at the work of a slow
// script or out of connections. Any other answer is final, also that of a full
// memory (OOM): only a person can free it, who had better be told at once.
func isTransient(err error) bool {
	var unexpected *answerError
	if errors.As(err, &unexpected) || errors.Is(err, errEnded) || errors.Is(err, errNoClient) {
		return false
	}
	var answer redis.Error
	if !errors.As(err, &answer) {
		return !errors.Is(err, redis.ErrClosed)
	}
	return redis.IsLoadingError(err) || redis.IsReadOnlyError(err) || redis.IsMasterDownError(err) ||
		redis.IsClusterDownError(err) || redis.IsTryAgainError(err) || redis.IsMaxClientsError(err) ||
		redis.IsNoReplicasError(err) || redis.HasErrorPrefix(err, "BUSY ")
}

// isContextError reports whether err is the end of a context and no more.
func isContextError(err error) bool {
	return err == context.Canceled || err == context.DeadlineExceeded //nolint:errorlint // what wraps one says more
}
