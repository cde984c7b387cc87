package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// home is the environment of a user whose folders are new.
func home(t *testing.T, more ...string) []string {
	t.Helper()
	dir := t.TempDir()
	return append([]string{"HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "AppData=" + dir}, more...)
}

// logIn runs login with the password on its standard input.
func logIn(t *testing.T, env []string, password string, args ...string) outcome {
	t.Helper()
	return start(t, t.TempDir(), env, strings.NewReader(password+"\n"), "login", args...).wait()
}

func TestLoginKeepsATokenAndNoPassword(t *testing.T) {
	t.Parallel()
	srv, env := newServer(t), home(t)
	out := logIn(t, env, pmpsmarttest.Password, "-base-url", srv.URL, "-email", pmpsmarttest.Email)
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, "logged in on "+srv.URL+" as "+pmpsmarttest.Email+"; the profile is default\n", out.stdout)

	for range 2 {
		out = run(t, t.TempDir(), env, "export")
		require.Zero(t, out.status, out.stderr)
	}
	assert.Equal(t, 1, srv.Logins(), "the kept token is used")
	settings := filepath.Join(strings.TrimPrefix(env[0], "HOME="), "pmpsmart")
	for _, path := range everyFile(t, settings) {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Zero(t, info.Mode()&0o077, "%s is the user's alone", path)
		assert.NotContains(t, read(t, path), pmpsmarttest.Password)
	}

	srv.ExpireTokens()
	out = run(t, t.TempDir(), env, "export", "-quiet")
	assert.Equal(t, 3, out.status)
	assert.Contains(t, out.stderr, "the token of "+pmpsmarttest.Email+" is no longer good: run pmpsmart login")
	assert.Equal(t, 1, srv.Logins(), "nothing is sent in place of a password")

	require.Zero(t, logIn(t, env, pmpsmarttest.Password).status, "the profile knows the server and the email")
	require.Zero(t, run(t, t.TempDir(), env, "export").status)

	require.Zero(t, run(t, t.TempDir(), env, "logout").status)
	out = run(t, t.TempDir(), env, "export", "-quiet")
	assert.Equal(t, 3, out.status)
	assert.Contains(t, out.stderr, "no account: pmpsmart login keeps one")
}

func TestLoginRefusesAWrongPassword(t *testing.T) {
	t.Parallel()
	srv, env := newServer(t), home(t)
	out := logIn(t, env, "salah sekali", "-base-url", srv.URL, "-email", pmpsmarttest.Email)
	assert.Equal(t, 3, out.status)
	assert.Contains(t, out.stderr, "401")
	assert.NotContains(t, out.stderr+out.stdout, "salah sekali")
	out = run(t, t.TempDir(), env, "login", "-list", "-json")
	assert.JSONEq(t, "[]", out.stdout, "a login that failed leaves no profile")
	out = logIn(t, env, "", "-base-url", srv.URL, "-email", pmpsmarttest.Email)
	assert.Equal(t, 2, out.status)
	assert.Contains(t, out.stderr, "the password is empty")
}

// Several accounts have a profile each; the environment and -profile say which one.
func TestProfiles(t *testing.T) {
	t.Parallel()
	toko, gudang, env := newServer(t), newServer(t), home(t)
	require.Zero(t, logIn(t, env, pmpsmarttest.Password, "-profile", "toko", "-base-url", toko.URL, "-email", pmpsmarttest.Email).status)
	passwordFile := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(passwordFile, []byte(pmpsmarttest.Password+"\n"), 0o600))
	require.Zero(t, run(t, t.TempDir(), env, "login", "--profile=gudang", "-base-url", gudang.URL, "-email", pmpsmarttest.Email, "-password-file", passwordFile).status)

	var profiles []map[string]any
	require.NoError(t, json.Unmarshal([]byte(run(t, t.TempDir(), env, "login", "-list", "-json").stdout), &profiles))
	require.Len(t, profiles, 2)
	assert.Equal(t, map[string]any{"profile": "gudang", "base_url": gudang.URL, "email": pmpsmarttest.Email, "default": false}, profiles[0])
	assert.Equal(t, true, profiles[1]["default"])

	on := func(srv *pmpsmarttest.Server, env []string, args ...string) {
		t.Helper()
		out := run(t, t.TempDir(), env, "export", args...)
		assert.Zero(t, out.status, out.stderr)
		assert.Contains(t, out.stderr, "on "+srv.URL+" as "+pmpsmarttest.Email)
	}
	on(toko, env)
	on(gudang, env, "-profile", "gudang")
	on(gudang, append(env, "PMPSMART_PROFILE=gudang"))
	on(gudang, append(env, environment(gudang)...))
	on(toko, append(env, environment(gudang)...), "-profile", "toko")

	gudang.ExpireTokens()
	on(gudang, env, "-profile", "gudang") // logs in by the password's file

	out := run(t, t.TempDir(), env, "export", "-profile", "pasar")
	assert.Equal(t, 2, out.status)
	assert.Contains(t, out.stderr, `-profile is "pasar"; there are gudang, toko, and pmpsmart login -profile pasar makes it`)
}

// Of two profiles the one that is left is the default.
func TestLogoutLeavesADefault(t *testing.T) {
	t.Parallel()
	srv, env := newServer(t, pmpsmarttest.WithManyTokens()), home(t)
	for _, name := range []string{"toko", "gudang"} {
		require.Zero(t, logIn(t, env, pmpsmarttest.Password, "-profile", name, "-base-url", srv.URL, "-email", pmpsmarttest.Email).status)
	}
	require.Zero(t, run(t, t.TempDir(), env, "logout").status)
	out := run(t, t.TempDir(), env, "login", "-list", "-json")
	assert.Contains(t, out.stdout, `"profile": "gudang"`)
	assert.Contains(t, out.stdout, `"default": true`)
}

func everyFile(t *testing.T, dir string) (files []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	}))
	require.NotEmpty(t, files)
	return files
}

// The email and the password come through a pipe as two lines, and what follows a line
// is none of it.
func TestLoginReadsLinesOfAPipe(t *testing.T) {
	t.Parallel()
	srv, env := newServer(t), home(t)
	out := logIn(t, env, pmpsmarttest.Email+"\r\n"+pmpsmarttest.Password+"\r", "-base-url", srv.URL)
	require.Zero(t, out.status, out.stderr)
	out = logIn(t, env, pmpsmarttest.Password+"\nsomething else")
	require.Zero(t, out.status, out.stderr)
	out = logIn(t, env, "")
	assert.Equal(t, 2, out.status)
	assert.Contains(t, out.stderr, "the password is empty")
}
