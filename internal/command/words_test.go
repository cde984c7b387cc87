package command_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// goWords matches what only who writes programs understands.
var goWords = regexp.MustCompile(`\b(?:With[A-Z]\w+|FromEnv|AllowInsecureHTTP|RetryPolicy|TokenStore|Locker|ListAs|GetAs|InputError|time\.Second|context)\b|pmpsmart: |budget`)

// Of all errors that the page of errors shows, none speaks of Go to who runs a command.
func TestErrorsOfThePage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/errors.md")
	require.NoError(t, err)
	_, shown, found := strings.Cut(string(page), "# As they print")
	require.True(t, found)
	blocks := regexp.MustCompile("(?s)```\n(pmpsmart: .*?)\n```").FindAllStringSubmatch(shown, -1)
	require.Greater(t, len(blocks), 30)
	for _, block := range blocks {
		if strings.Contains(block[1], "the Client is nil") { // which no command prints
			continue
		}
		text := command.Explain(errors.New(block[1]))
		assert.NotRegexp(t, goWords, text, block[1])
		assert.NotRegexp(t, `^(?:\w+: )?[A-Z]\w+[a-z][A-Z]\w+: `, text, "a method's name: %s", block[1])
	}
}

// Each method that the library's errors begin with has a subject.
func TestMethodsHaveSubjects(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("../../endpoint.go")
	require.NoError(t, err)
	rows := regexp.MustCompile(`endpoint\{"(\w+)"`).FindAllStringSubmatch(string(table), -1)
	require.GreaterOrEqual(t, len(rows), 12)
	for _, row := range rows {
		text := command.Explain(fmt.Errorf("pmpsmart: %s: 502 Bad Gateway", row[1]))
		assert.Regexp(t, `^[a-zA-Z' ]{5,}: 502 Bad Gateway$`, text, row[1])
	}
}

// What a person reads, of errors as the library makes them.
func TestExplain(t *testing.T) {
	t.Parallel()
	s := pmpsmarttest.NewServer(pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "ListVisits", Kind: pmpsmarttest.FaultAnswer, Status: 429, Header: http.Header{"Retry-After": {"60"}}}))
	defer s.Close()
	newError := func(opts ...pmpsmart.Option) error {
		_, err := pmpsmart.New(opts...)
		return err
	}
	list := func(ctx context.Context, opts ...pmpsmart.Option) error {
		c, err := pmpsmart.New(append([]pmpsmart.Option{pmpsmart.WithBaseURL(s.URL)}, opts...)...)
		require.NoError(t, err)
		_, err = c.ListVisits(ctx, pmpsmart.VisitFilter{})
		return err
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	account := pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password)
	for want, err := range map[string]error{
		"": nil,
		`PMPSMART_BASE_URL is "http://example.com", and http would show the password and the token to whoever listens; use https, or give -insecure if the network is trusted`: newError(pmpsmart.WithBaseURL("http://example.com")),
		`PMPSMART_BASE_URL holds a user or password; set them as PMPSMART_EMAIL and PMPSMART_PASSWORD`:                                                                         newError(pmpsmart.WithBaseURL("https://a:b@example.com")),
		`PMPSMART_EMAIL and PMPSMART_PASSWORD need an email and a password`:                                                                                                    newError(pmpsmart.WithCredentials("a@b.id", "")),
		`PMPSMART_TOKEN is empty or holds characters that no token has`:                                                                                                        newError(pmpsmart.WithToken("a b")),
		`-timeout is 30ns, in which no server answers; want a time such as 30s`:                                                                                                newError(pmpsmart.WithTimeout(30)),
		`-rate is 0 a second; want more than 0`:                                                                                                                                newError(pmpsmart.WithRateLimit(0, 1)),
		`visits: not sent, unauthorized: there is no account; set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN`:                                                     list(t.Context()),
		`visits: 429 Too Many Requests: Too Many Attempts. (the server asks to wait 1m0s); longer than -patience allows`:                                                       list(t.Context(), account),
		`visits: it was stopped`: list(stopped, account),
		`visits: the answer is larger than the 16 bytes that are read of one`: errors.New("pmpsmart: ListVisits: the answer is larger than the 16 bytes of WithMaxResponseBytes"),
		`disk full`: errors.New("disk full"),
	} {
		assert.Equal(t, want, command.Explain(err))
	}
	w := command.Words{BaseURL: "-url", Account: "pmpsmart login keeps one"}
	assert.Equal(t, `-url is "x"; want an address like https://api.pmpsmart.com/api/v1`, w.Explain(newError(pmpsmart.WithBaseURL("x"))))
	assert.Equal(t, `visits: not sent, unauthorized: there is no account; pmpsmart login keeps one`, w.Explain(list(t.Context())))
}

// The account is what the variables say, without what editors and files add to them.
func TestAccount(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte(" rahasia \r\n"), 0o600))
	env := map[string]string{"BASE_URL": " https://Api.test/v1/\r", "EMAIL": "a@b.id\r", "PASSWORD_FILE": file + "\r", "TOKEN": "\tabc\r\n", "INSECURE_HTTP": "TRUE"}
	getenv := func(name string) string { return env[strings.TrimPrefix(name, "PMPSMART_")] }
	a, err := command.ReadAccount(getenv)
	require.NoError(t, err)
	assert.Equal(t, command.Account{BaseURL: "https://Api.test/v1", Email: "a@b.id", PasswordFile: file, Token: "abc", InsecureHTTP: true}, a)
	password, err := a.ReadPassword()
	require.NoError(t, err)
	assert.Equal(t, " rahasia ", password)
	assert.False(t, a.IsZero())

	clear(env)
	a, err = command.ReadAccount(getenv)
	require.NoError(t, err)
	assert.Equal(t, command.Account{BaseURL: command.VendorURL}, a)
	assert.True(t, a.IsZero())

	for want, values := range map[string][]string{
		"PMPSMART_PASSWORD and PMPSMART_PASSWORD_FILE are both set; set one of them":                      {"EMAIL=a@b.id", "PASSWORD=x", "PASSWORD_FILE=y"},
		"PMPSMART_PASSWORD_FILE is set without PMPSMART_EMAIL; set both or neither":                       {"PASSWORD_FILE=" + file},
		"PMPSMART_PASSWORD is set without PMPSMART_EMAIL; set both or neither":                            {"PASSWORD=x"},
		"PMPSMART_EMAIL is set without PMPSMART_PASSWORD or PMPSMART_PASSWORD_FILE; set both or neither":  {"EMAIL=a@b.id"},
		`PMPSMART_INSECURE_HTTP is "maybe"; want 1 or 0`:                                                  {"INSECURE_HTTP=maybe"},
		`PMPSMART_PASSWORD_FILE is "none", and that can't be read: no such file or directory`:             {"EMAIL=a@b.id", "PASSWORD_FILE=none"},
		`PMPSMART_PASSWORD_FILE is ".", and that is no regular file, which can be read before each login`: {"EMAIL=a@b.id", "PASSWORD_FILE=."},
		`PMPSMART_PASSWORD_FILE is "/proc/self/environ/x", and that can't be read: not a directory`:       {"EMAIL=a@b.id", "PASSWORD_FILE=/proc/self/environ/x"},
	} {
		clear(env)
		for _, value := range values {
			name, value, _ := strings.Cut(value, "=")
			env[name] = value
		}
		_, err := command.ReadAccount(getenv)
		assert.EqualError(t, err, want)
	}
}
