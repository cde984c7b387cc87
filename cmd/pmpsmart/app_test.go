package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// Flags have one dash or two, and stand before or after a command and its arguments.
func TestFlagsStandAnywhere(t *testing.T) {
	t.Parallel()
	_, path := write(t, "codes.csv", "id,code\n1,NEW-001\n")
	for _, line := range [][]string{
		{"outlets", "-sandbox", "-json", path},
		{"outlets", path, "-sandbox", "-json"},
		{"outlets", "--sandbox", path, "--json=true"},
		{"-sandbox", "outlets", path, "-json"},
		{"--json", "--sandbox", "outlets", "--", path},
		{"-lang", "id", "outlets", path, "-sandbox=true", "-json"},
	} {
		out := run(t, t.TempDir(), nil, line[0], line[1:]...)
		require.Zero(t, out.status, "%q: %s", line, out.stderr)
		assert.True(t, json.Valid([]byte(out.stdout)), "%q: %s", line, out.stdout)
	}
}

func TestMistakesInACommandLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line []string
		why  string
	}{
		{[]string{"exprt"}, `pmpsmart: there is no command "exprt"; did you mean export?`},
		{[]string{"zzz"}, `pmpsmart: there is no command "zzz"; pmpsmart -h lists them`},
		{[]string{"export", "-zzz"}, "pmpsmart export: there is no flag -zzz; pmpsmart export -h lists them"},
		{[]string{"export", "-o"}, "pmpsmart export: -o needs a value; pmpsmart export -h tells more"},
		{[]string{"export", "-rate", "cepat"}, `-rate is "cepat"; want a number such as 5 or 0.5`},
		{[]string{"export", "-rate", "-1"}, "-rate is -1; want a number of requests a second"},
		{[]string{"export", "-timeout", "lama"}, `-timeout is "lama"; want a duration such as 90s`},
		{[]string{"export", "-lang", "fr"}, `-lang is "fr"; want en or id`},
		{[]string{"-lang", "id", "zzz"}, `pmpsmart: perintah "zzz" tidak ada; pmpsmart -h menampilkan daftarnya`},
		{[]string{"completion", "tcsh"}, `pmpsmart completion: there is no command "tcsh"`},
		{[]string{"version", "x"}, `pmpsmart version: unexpected argument "x"`},
	} {
		out := run(t, t.TempDir(), nil, c.line[0], c.line[1:]...)
		assert.Equal(t, 2, out.status, "%q", c.line)
		assert.Empty(t, out.stdout)
		assert.Contains(t, out.stderr, c.why)
		assert.Len(t, lines(out.stderr), 1, out.stderr)
	}
}

// The language is that of -lang, of PMPSMART_LANG or of the locale.
func TestLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env, args []string
		want      string
	}{
		{nil, nil, "Usage:"},
		{[]string{"LANG=id_ID.UTF-8"}, nil, "Pemakaian:"},
		{[]string{"LC_ALL=id_ID", "PMPSMART_LANG=en"}, nil, "Usage:"},
		{nil, []string{"-lang", "id"}, "Pemakaian:"},
		{[]string{"LANG=id_ID.UTF-8"}, []string{"--lang=en"}, "Usage:"},
	} {
		for _, command := range []string{"-h", "export", "login"} {
			out := run(t, t.TempDir(), c.env, command, append(c.args, "-h")...)
			assert.Zero(t, out.status)
			assert.Contains(t, out.stdout, c.want)
		}
	}
}

// A profile says the language, too, where neither a flag nor the environment does.
func TestLanguageOfAProfile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "profiles.toml"), []byte("default = \"toko\"\n[profiles.toko]\nlang = \"id\"\n[profiles.shop]\nlang = \"en\"\n[profiles.aneh]\nlang = \"fr\"\n"), 0o600))
	for _, c := range []struct {
		env, args []string
		want      string
	}{
		{nil, nil, "Pemakaian:"},
		{nil, []string{"-profile", "shop"}, "Usage:"},
		{[]string{"PMPSMART_PROFILE=shop"}, nil, "Usage:"},
		{[]string{"PMPSMART_LANG=en"}, nil, "Usage:"},
		{nil, []string{"-lang", "en"}, "Usage:"},
	} {
		out := run(t, dir, append(c.env, "PMPSMART_CONFIG_DIR="+dir), "export", append(c.args, "-h")...)
		assert.Zero(t, out.status)
		assert.Contains(t, out.stdout, c.want, "%q %q", c.env, c.args)
	}
	out := run(t, dir, []string{"PMPSMART_CONFIG_DIR=" + dir}, "export", "-profile", "aneh", "-h")
	assert.Equal(t, 2, out.status)
	assert.Contains(t, out.stderr, `"fr"`)
}

// The help of every command is for people: in their language, without Go's types.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, command := range [][]string{
		{}, {"login"}, {"logout"}, {"export"}, {"orders"}, {"orders", "list"}, {"orders", "show"}, {"orders", "set-status"},
		{"outlets"}, {"push"}, {"report"}, {"mirror"}, {"version"}, {"completion"}, {"completion", "bash"},
		{"completion", "zsh"}, {"completion", "fish"}, {"completion", "powershell"}, {"doctor"}, {"sandbox"},
	} {
		english := run(t, t.TempDir(), nil, "-lang", append([]string{"en"}, append(command, "-h")...)...)
		require.Zero(t, english.status, "%q: %s", command, english.stderr)
		assert.NotRegexp(t, `(?m)^  -[a-z-]+ (u?int|float|string|strings|bool|duration)\d*$`, english.stdout, "%q", command)

		indonesian := run(t, t.TempDir(), nil, "-lang", append([]string{"id"}, append(command, "-h")...)...)
		require.Zero(t, indonesian.status, "%q: %s", command, indonesian.stderr)
		assert.NotRegexp(t, `\b(the|of|and|default|flags|COMMAND|DURATION|NUMBER|with|for)\b`, flagNames.ReplaceAllString(indonesian.stdout, ""), "%q", command)
	}
}

// flagNames matches what is English in any language: names of flags.
var flagNames = regexp.MustCompile(`-[a-z][a-z-]*`)

func TestVersion(t *testing.T) {
	t.Parallel()
	out := run(t, t.TempDir(), nil, "version", "-json")
	require.Zero(t, out.status)
	var version map[string]string
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &version))
	assert.Equal(t, runtime.Version(), version["go"])
	assert.Equal(t, runtime.GOOS+"/"+runtime.GOARCH, version["system"])
	assert.NotEmpty(t, version["version"])
}

// The doctor and the sandbox are the programs of their own names.
func TestDoctorAndSandbox(t *testing.T) {
	t.Parallel()
	srv, env := newServer(t), home(t)
	out := run(t, t.TempDir(), append(env, environment(srv)...), "doctor", "-json", "-quiet")
	require.Zero(t, out.status, out.stderr)
	assert.True(t, json.Valid([]byte(out.stdout)))
	assert.Equal(t, 1, srv.Logins())

	require.Zero(t, logIn(t, env, pmpsmarttest.Password, "-base-url", srv.URL, "-email", pmpsmarttest.Email, "-profile", "toko").status)
	out = run(t, t.TempDir(), env, "doctor", "--profile", "toko", "-json", "-quiet", "-lang=id")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, 2, srv.Logins(), "the kept token is used")
	assert.Equal(t, 2, run(t, t.TempDir(), env, "doctor", "-profile", "pasar").status)

	out = run(t, t.TempDir(), env, "sandbox", "-aneh")
	assert.Equal(t, 2, out.status)
	assert.Contains(t, out.stderr, "pmpsmart sandbox: ")
	ready := filepath.Join(t.TempDir(), "ready")
	p := start(t, t.TempDir(), env, nil, "sandbox", "-addr", "127.0.0.1:0", "-quiet", "-ready-file", ready)
	p.until("it is ready", func() bool { return holds(ready, "http") })
	assert.Contains(t, []int{0, 130}, p.signal(os.Interrupt).status)
}

// Each shell takes the completion that is made for it, if it is installed here.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		out := run(t, t.TempDir(), nil, "completion", shell)
		require.Zero(t, out.status, out.stderr)
		require.NotEmpty(t, out.stdout)
		path := filepath.Join(t.TempDir(), "completion")
		require.NoError(t, os.WriteFile(path, []byte(out.stdout), 0o600))
		if program, err := exec.LookPath(shell); err == nil && shell != "powershell" {
			said, err := exec.Command(program, "-n", path).CombinedOutput()
			assert.NoError(t, err, "%s: %s", shell, said)
		}
	}
	out := run(t, t.TempDir(), nil, "__complete", "exp")
	assert.Contains(t, out.stdout, "export\t")
	out = run(t, t.TempDir(), nil, "__complete", "export", "--pati")
	assert.Contains(t, out.stdout, "--patience\t")
	out = run(t, t.TempDir(), nil, "__complete", "export", "-sandbox", "-last", "7d", "--pati")
	assert.Contains(t, out.stdout, "--patience\t", "after flags with one dash")
	out = run(t, t.TempDir(), nil, "__complete", "-lang", "")
	assert.Contains(t, out.stdout, "id\n")
}

// What many programs know is known here, too.
func TestHelpAndVersionAsElsewhere(t *testing.T) {
	t.Parallel()
	for _, same := range [][2][]string{
		{{"help"}, {"-h"}}, {{"help", "export"}, {"export", "-h"}}, {{"help", "orders", "list"}, {"orders", "list", "-h"}},
		{{"--version"}, {"version"}}, {{"-version", "-json"}, {"version", "-json"}},
	} {
		got, want := run(t, t.TempDir(), nil, same[0][0], same[0][1:]...), run(t, t.TempDir(), nil, same[1][0], same[1][1:]...)
		assert.Zero(t, got.status, "%q: %s", same[0], got.stderr)
		assert.NotEmpty(t, want.stdout)
		assert.Equal(t, want.stdout, got.stdout, "%q", same[0])
	}
}

// A mistake in the language itself is told in that of the locale.
func TestMistakesInTheLanguageOfTheLocale(t *testing.T) {
	t.Parallel()
	env := home(t, "LANG=id_ID.UTF-8")
	for want, line := range map[string][]string{
		"pmpsmart: -lang berisi \"fr\"; yang bisa: en atau id\n":                                                  {"-lang", "fr", "version"},
		"pmpsmart orders show: ada yang kurang: pmpsmart orders show [flag] ID…; lihat pmpsmart orders show -h\n": {"orders", "show"},
	} {
		out := run(t, t.TempDir(), env, line[0], line[1:]...)
		assert.Equal(t, 2, out.status)
		assert.Equal(t, want, out.stderr)
	}
}

// Who reads the beginning of a result, as head does, is no trouble.
func TestAResultOfWhichTheBeginningIsRead(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	defer writer.Close()
	for _, line := range [][]string{{"orders", "list", "-n", "0"}, {"report", "-json"}, {"version"}} {
		cmd := exec.Command(built, line...)
		cmd.Env, cmd.Stdout = append(environment(srv), "TMPDIR="+t.TempDir()), writer
		assert.NoError(t, cmd.Run(), "%q", line)
	}
}

// The doctor needs no login for what asks no server.
func TestDoctorWithoutALogin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "profiles.toml"), []byte("default = \"toko\"\n[profiles.toko]\nbase_url = \"http://127.0.0.1:1/api/v1\"\nemail = \"kasir@toko.example\"\n"), 0o600))
	env := []string{"PMPSMART_CONFIG_DIR=" + dir}
	for _, c := range []struct {
		args   []string
		status int
		stdout string
	}{
		{[]string{"-h"}, 0, "Usage: pmpsmart doctor"},
		{[]string{"-version"}, 0, "pmpsmart doctor "},
		{[]string{"-sandbox", "-json", "-quiet", "-o", "report.json"}, 0, `"endpoints"`},
		{[]string{"-in", "report.json"}, 0, "master/outlet"},
		{[]string{"-aneh"}, 1, ""},
		{[]string{"-quiet"}, 3, ""},
	} {
		out := run(t, dir, env, "doctor", c.args...)
		assert.Equal(t, c.status, out.status, "%q: %s", c.args, out.stderr)
		assert.Contains(t, out.stdout, c.stdout, "%q", c.args)
	}
}
