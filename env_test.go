package pmpsmart_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

func TestFromEnv(t *testing.T) {
	names := []string{"PMPSMART_BASE_URL", "PMPSMART_EMAIL", "PMPSMART_PASSWORD", "PMPSMART_TOKEN"}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "login") {
			success(`{"api_token":"dari-login"}`)(w, r)
			return
		}
		success(`[]`)(w, r)
	})
	rows := []struct {
		name   string
		values [4]string // of names; "" is not set
		want   string    // the Authorization, or the error
	}{
		{"a token", [4]string{s.URL, "", "", "abc1"}, "Bearer abc1"},
		{"a token with its scheme", [4]string{s.URL, "", "", "Bearer abc2"}, "Bearer abc2"},
		{"credentials", [4]string{s.URL, "a@b.id", "rahasia", ""}, "Bearer dari-login"},
		{"both", [4]string{s.URL, "a@b.id", "rahasia", "abc3"}, "Bearer abc3"},
		{"no token and no credentials", [4]string{s.URL, "", "", ""}, "pmpsmart: ListOutlets: not sent, unauthorized: no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv"},
		{"half of the credentials", [4]string{s.URL, "a@b.id", "", ""}, "pmpsmart: New: FromEnv found PMPSMART_EMAIL without PMPSMART_PASSWORD; set both or neither"},
		{"the other half", [4]string{s.URL, "", "rahasia", ""}, "pmpsmart: New: FromEnv found PMPSMART_PASSWORD without PMPSMART_EMAIL; set both or neither"},
		{"credentials from files", [4]string{s.URL, "\ufeffa@b.id\r\n", "rahasia", ""}, "Bearer dari-login"},
		{"a blank email", [4]string{s.URL, " \n", "rahasia", ""}, "pmpsmart: New: FromEnv found PMPSMART_PASSWORD without PMPSMART_EMAIL; set both or neither"},
		{"half beside a token", [4]string{s.URL, "a@b.id", "", "abc4"}, "pmpsmart: New: FromEnv found PMPSMART_EMAIL without PMPSMART_PASSWORD; set both or neither"},
		{"a base URL that is none", [4]string{"ftp://x", "", "", ""}, `pmpsmart: New: PMPSMART_BASE_URL is "ftp://x"; want an address like https://api.pmpsmart.com/api/v1`},
		{"a token that is none", [4]string{s.URL, "", "", "a b"}, "pmpsmart: New: PMPSMART_TOKEN is empty or holds characters that no token has"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			for i, name := range names {
				t.Setenv(name, row.values[i])
				if row.values[i] == "" {
					require.NoError(t, os.Unsetenv(name))
				}
			}
			before := len(s.Requests())
			c, err := pmpsmart.New(pmpsmart.FromEnv())
			if err == nil {
				defer c.Close()
				_, err = c.ListOutlets(t.Context())
			}
			if err != nil {
				require.EqualError(t, err, row.want)
				require.Len(t, s.Requests(), before)
				return
			}
			asked := s.Requests()
			require.Equal(t, row.want, asked[len(asked)-1].Header.Get("Authorization"))
		})
	}
}

// setEnv sets what FromEnv reads to these variables and no others.
func setEnv(t *testing.T, variables ...string) {
	t.Helper()
	for _, name := range []string{"BASE_URL", "EMAIL", "PASSWORD", "PASSWORD_FILE", "TOKEN", "INSECURE_HTTP"} {
		t.Setenv("PMPSMART_"+name, "")
	}
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv("PMPSMART_"+name, value)
	}
}

// The password of a file is the one that the file holds at each login.
func TestPasswordFile(t *testing.T) {
	a := startAccount(t, new(testserver.Account))
	file := filepath.Join(t.TempDir(), "password")
	write := func(content string) { t.Helper(); require.NoError(t, os.WriteFile(file, []byte(content), 0o600)) }
	setEnv(t, "BASE_URL="+a.BaseURL(), "EMAIL= "+email+"\n", "PASSWORD_FILE="+file)
	write("lama")
	c, err := pmpsmart.New(pmpsmart.WithCredentials("siapa@pmpsmart.com", "x"), pmpsmart.FromEnv())
	require.NoError(t, err)
	list := func() error { _, err := c.ListOutlets(t.Context()); return err }
	require.EqualError(t, list(), refusedText)
	require.EqualError(t, list(), refusedText+pausedText)
	for _, content := range []string{password + "\n", password + "\r\n", "\ufeff" + password + "\r\n", password} {
		write(content)
		a.ExpireTokens()
		require.NoError(t, list(), "%q", content)
	}
	write(password + "\n\n") // of which one is dropped
	a.ExpireTokens()
	require.EqualError(t, list(), refusedText)

	require.NoError(t, os.Remove(file))
	err = list()
	require.EqualError(t, err, `pmpsmart: ListOutlets: credentials: PMPSMART_PASSWORD_FILE is "`+file+`", and that can't be read: no such file or directory`)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NotErrorIs(t, err, pmpsmart.ErrUnauthorized)
	asked, _ := a.Logins()
	require.Equal(t, 6, asked)
}

func TestPasswordFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	named := func(path, problem string) string { return `PMPSMART_PASSWORD_FILE is "` + path + `", and ` + problem }
	missing, big := filepath.Join(dir, "missing"), file("big", strings.Repeat("x", 64<<10+1))
	empty, newline, latin := file("empty", ""), file("newline", "\ufeff\r\n"), file("latin", "caf\xe9")
	for name, tt := range map[string]struct {
		variables []string
		want      string
	}{
		"missing":         {[]string{"EMAIL=" + email, "PASSWORD_FILE=" + missing}, named(missing, "that can't be read: no such file or directory")},
		"empty":           {[]string{"EMAIL=" + email, "PASSWORD_FILE=" + empty}, named(empty, "it is empty")},
		"nothing else":    {[]string{"EMAIL=" + email, "PASSWORD_FILE=" + newline}, named(newline, "it is empty")},
		"huge":            {[]string{"EMAIL=" + email, "PASSWORD_FILE=" + big}, named(big, "it is larger than 65536 bytes, as no password is")},
		"no UTF-8":        {[]string{"EMAIL=" + email, "PASSWORD_FILE=" + latin}, named(latin, "it is not in UTF-8")},
		"a folder":        {[]string{"EMAIL=" + email, "PASSWORD_FILE=" + dir}, named(dir, "that is a folder; want a file that holds the password")},
		"a device":        {[]string{"EMAIL=" + email, "PASSWORD_FILE=/dev/null"}, named("/dev/null", "that is no regular file, which could be read before each login")},
		"both":            {[]string{"EMAIL=" + email, "PASSWORD=x", "PASSWORD_FILE=" + big}, "FromEnv found PMPSMART_PASSWORD and PMPSMART_PASSWORD_FILE; set one of them"},
		"without email":   {[]string{"PASSWORD_FILE=" + big}, "FromEnv found PMPSMART_PASSWORD_FILE without PMPSMART_EMAIL; set both or neither"},
		"email in Latin1": {[]string{"EMAIL=caf\xe9@b.id", "PASSWORD_FILE=" + big}, "FromEnv found PMPSMART_EMAIL not in UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			setEnv(t, tt.variables...)
			_, err := pmpsmart.New(pmpsmart.FromEnv())
			require.EqualError(t, err, "pmpsmart: New: "+tt.want)
			require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
		})
	}
}

func TestInsecureHTTPFromEnv(t *testing.T) {
	const refused = `pmpsmart: New: PMPSMART_BASE_URL is "http://10.0.0.7/api/v1", and http would show the password and the token to whoever listens; use https, or set PMPSMART_INSECURE_HTTP=1 if the network is trusted`
	for value, want := range map[string]string{
		"1": "", "true": "", "TRUE": "", "1\r": "", "0": refused, "false": refused, "": refused,
		"yes": `pmpsmart: New: PMPSMART_INSECURE_HTTP is "yes"; want 1 or true, or 0 or false`,
	} {
		setEnv(t, "BASE_URL=http://10.0.0.7/api/v1", "INSECURE_HTTP="+value)
		_, err := pmpsmart.New(pmpsmart.FromEnv())
		if want == "" {
			require.NoError(t, err, value)
			continue
		}
		require.EqualError(t, err, want)
	}
	setEnv(t, "BASE_URL=http://10.0.0.7/api/v1")
	_, err := pmpsmart.New(pmpsmart.AllowInsecureHTTP(), pmpsmart.FromEnv())
	require.NoError(t, err, "what is not set changes nothing")
	setEnv(t, "BASE_URL=https://a:b@10.0.0.7/api/v1")
	_, err = pmpsmart.New(pmpsmart.FromEnv())
	require.EqualError(t, err, "pmpsmart: New: PMPSMART_BASE_URL holds a user or password; set them as PMPSMART_EMAIL and PMPSMART_PASSWORD")
}
