package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// WithCredentials lets the client log in when it first needs a token and again
// when the token dies. White space around the email, such as the line break of a file,
// is dropped; the password is used as it is. Of this and [WithCredentialSource] the last
// counts. Default none: then [WithToken] or [Client.Login] is needed.
func WithCredentials(email, password string) Option {
	email = trimEmail(email)
	return func(c *config) *InputError {
		if problem := problemOf(email, password); problem != "" {
			return bad("WithCredentials", "%s", problem)
		}
		c.account = session.NewCredentials(email, password)
		return nil
	}
}

// WithCredentialSource has f asked for the email and the password before each login,
// for credentials that change: a vault's, or a file's that is rotated. Calls that have a
// token do not ask it, and calls that need one at the same moment ask once. The account
// whose token a [TokenStore] keeps is known once f was asked, at the first need of a
// token; where f names another email later, the client goes on as that account, and the
// token before is no longer used.
//
// An error of f fails the call, which wraps it, and nothing is sent; so does an empty
// email or password. The next call asks again. ctx ends when nobody waits any more; f
// should heed it. Of this and [WithCredentials] the last counts. Default none.
func WithCredentialSource(f func(ctx context.Context) (email, password string, err error)) Option {
	return func(c *config) *InputError {
		if f == nil {
			return bad("WithCredentialSource", "is nil; want a function")
		}
		c.account = session.NewSource("", func(ctx context.Context) (email, password string, err error) {
			email, password, err = f(ctx)
			if err != nil {
				return "", password, fmt.Errorf("WithCredentialSource: %w", err)
			}
			email = trimEmail(email)
			if problem := problemOf(email, password); problem != "" {
				return "", password, errors.New("WithCredentialSource " + problem)
			}
			return email, password, nil
		})
		return nil
	}
}

// problemOf returns what is wrong with credentials, or "".
func problemOf(email, password string) string {
	switch {
	case email == "" || password == "":
		return "needs an email and a password, and one of them is empty"
	case !utf8.ValidString(email) || !utf8.ValidString(password):
		return "needs an email and a password in UTF-8"
	}
	return ""
}

// A pausedLogin is the refusal of a login that was made before this call: this one was
// not sent, since it would have been the same.
type pausedLogin struct {
	loginRefusal
	left time.Duration
}

func (e pausedLogin) Error() string { return prefix(e.Op) + e.text() }

func (e pausedLogin) text() string {
	left := (e.left + time.Second - 1).Truncate(time.Second)
	return fmt.Sprintf("%s; this email and password are not sent again for %s: other ones or Login end that wait", e.loginRefusal.text(), left)
}
