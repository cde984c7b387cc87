package pmpsmart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/internal/host"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// WithCredentials lets the client log in when it first needs a token and again
// when the token expires. White space around the email, such as the line break of a file,
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

// WithCredentialSource calls f for the email and the password before each login, for
// credentials that change: a vault's, or a file's that is rotated. Calls that have a
// token do not call it, and calls that need one at the same moment call it once. The account
// whose token a [TokenStore] keeps is known once f was called, at the first need of a
// token; where f names another email later, the client goes on as that account, and the
// token before is no longer used.
//
// An error of f fails the call, which wraps it, and nothing is sent; so does an empty
// email or password. The next call calls f again. ctx ends when nobody waits any more; f
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

// The variables that FromEnv reads.
const (
	envBaseURL      = "PMPSMART_BASE_URL"
	envEmail        = "PMPSMART_EMAIL"
	envPassword     = "PMPSMART_PASSWORD" //nolint:gosec // a name
	envPasswordFile = "PMPSMART_PASSWORD_FILE"
	envToken        = "PMPSMART_TOKEN"
	envInsecureHTTP = "PMPSMART_INSECURE_HTTP"
)

// FromEnv takes what is set of these variables, in place of what options before it say:
//
//	PMPSMART_BASE_URL        as WithBaseURL
//	PMPSMART_EMAIL           the account, as WithCredentials, with one of the next two
//	PMPSMART_PASSWORD        its password
//	PMPSMART_PASSWORD_FILE   a file that holds its password, and may end in a line break
//	PMPSMART_TOKEN           as WithToken
//	PMPSMART_INSECURE_HTTP   1 or true as AllowInsecureHTTP; 0 or false
//
// The file is read by New and again before each login, so that a password that is
// rotated in it is the next one sent. An email without a password, or the reverse, is
// refused, and so are a password and a file of one together. White space around the email
// is dropped, as by [WithCredentials].
func FromEnv() Option {
	return func(c *config) *InputError {
		if problem := credentialsFromEnv(c); problem != nil {
			return problem
		}
		if v := os.Getenv(envBaseURL); v != "" {
			c.baseURL, c.source = v, envBaseURL
		}
		if v := os.Getenv(envToken); v != "" {
			if problem := WithToken(v)(c); problem != nil {
				problem.Field = envToken
				return problem
			}
		}
		switch v := os.Getenv(envInsecureHTTP); strings.ToLower(strings.TrimSpace(v)) { // a file of Windows leaves a CR
		case "":
		case "1", "true":
			c.insecure = true
		case "0", "false":
			c.insecure = false
		default:
			return bad(envInsecureHTTP, "is %q; want 1 or true, or 0 or false", v)
		}
		return nil
	}
}

// credentialsFromEnv takes the account, if one is set.
func credentialsFromEnv(c *config) *InputError {
	email, password, file := trimEmail(os.Getenv(envEmail)), os.Getenv(envPassword), os.Getenv(envPasswordFile)
	switch {
	case password != "" && file != "":
		return bad("FromEnv", "found %s and %s; set one of them", envPassword, envPasswordFile)
	case email == "" && password == "" && file == "":
		return nil
	case email == "" && file != "":
		return bad("FromEnv", "found %s without %s; set both or neither", envPasswordFile, envEmail)
	case email == "":
		return bad("FromEnv", "found %s without %s; set both or neither", envPassword, envEmail)
	case file != "":
		return credentialsFromFile(c, email, file)
	case password == "":
		return bad("FromEnv", "found %s without %s; set both or neither", envEmail, envPassword)
	}
	if problem := WithCredentials(email, password)(c); problem != nil {
		return bad("FromEnv", "found %s or %s not in UTF-8", envEmail, envPassword)
	}
	return nil
}

// credentialsFromFile takes an account whose password is in a file.
func credentialsFromFile(c *config, email, file string) *InputError {
	if !utf8.ValidString(email) {
		return bad("FromEnv", "found %s not in UTF-8", envEmail)
	}
	if _, err := readPassword(file); err != nil {
		return bad(envPasswordFile, "is %q, and %v", file, err)
	}
	c.account = session.NewSource(email, func(context.Context) (string, string, error) {
		password, err := readPassword(file)
		if err != nil {
			return "", "", fmt.Errorf("%s is %q, and %w", envPasswordFile, file, err)
		}
		return email, password, nil
	})
	return nil
}

// maxPassword limits the file of a password.
const maxPassword = 64 << 10

// readPassword reads a password from a file, without the line break at its end and the
// byte-order mark that editors of Windows put at its beginning.
func readPassword(file string) (string, error) {
	info, err := os.Stat(file) // opening a named pipe would wait
	switch {
	case err != nil:
		return "", pathCause(err)
	case info.IsDir():
		return "", errors.New("that is a folder; want a file that holds the password")
	case !info.Mode().IsRegular():
		return "", errors.New("that is no regular file, which could be read before each login")
	}
	f, err := os.Open(file) //nolint:gosec // the one that the environment names
	if err != nil {
		return "", pathCause(err)
	}
	defer f.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(f, maxPassword+1))
	if err != nil {
		return "", pathCause(err)
	}
	if len(body) > maxPassword {
		return "", fmt.Errorf("it is larger than %d bytes, as no password is", maxPassword)
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if line, ok := bytes.CutSuffix(body, []byte("\n")); ok {
		body = bytes.TrimSuffix(line, []byte("\r"))
	}
	switch {
	case len(body) == 0:
		return "", errors.New("it is empty")
	case !utf8.Valid(body):
		return "", errors.New("it is not in UTF-8")
	}
	return string(body), nil
}

// pathCause returns the cause of an error of os, which says the path once more.
func pathCause(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return fmt.Errorf("that can't be read: %w", path.Err)
	}
	return err
}

// checkBaseURL returns the base URL in the one spelling that it has as a part of an
// Account: without slashes at its end, its host in lower case, and without a port that
// is the scheme's default. source says where it is from.
func checkBaseURL(raw, source string, insecure bool) (string, *InputError) {
	u, err := url.Parse(strings.TrimSpace(raw))
	address, _, _ := strings.Cut(raw, "?") // what is behind may be secret
	address, _, _ = strings.Cut(address, "#")
	switch {
	case strings.Contains(raw, "@"), strings.Contains(raw, "%40"): // which is not shown
		return "", bad(source, "holds a user or password; %s", orEnv(source, "give them by WithCredentials", "set them as PMPSMART_EMAIL and PMPSMART_PASSWORD"))
	case strings.ContainsAny(raw, "\"'`"):
		return "", bad(source, "is %q; leave the quotes out", address)
	case err != nil:
		return "", bad(source, "is %q, which is no URL; want an address like %s", address, defaultBaseURL)
	case strings.ContainsFunc(strings.TrimSpace(address), isUnseen):
		return "", bad(source, "is %+q, which holds a space or a character that can't be seen", address)
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return "", bad(source, "has a query or a fragment; want an address like %s", defaultBaseURL)
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return "", bad(source, "is %q; want an address like %s", address, defaultBaseURL)
	case !host.IsValid(u.Hostname()) || !host.IsPort(u.Port()):
		return "", bad(source, "is %q, whose host or port none can have; want an address like %s", address, defaultBaseURL)
	case u.Scheme == "http" && !insecure && !host.IsLoopback(u.Hostname()):
		return "", bad(source, "is %q, and http would show the password and the token to whoever listens; use https, or %s", address,
			orEnv(source, "AllowInsecureHTTP where the way is safe", "set PMPSMART_INSECURE_HTTP=1 if the network is trusted"))
	}
	u.Host = host.Normalize(u)
	return strings.TrimRight(u.String(), "/"), nil
}

// orEnv returns what to do about a base URL, which is the environment's or an option's.
func orEnv(source, option, environment string) string {
	if source == envBaseURL {
		return environment
	}
	return option
}

// isUnseen reports whether a character is a space, or one that text copied from elsewhere
// may hold and nobody sees.
func isUnseen(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }
