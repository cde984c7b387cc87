package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestBadInputIsOneLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		env, args []string
		exit      int
		want      string
	}{
		{nil, []string{"-nonsense"}, 2, "-nonsense; -h lists the flags"},
		{nil, []string{"-timeout=5"}, 2, `invalid value "5" for flag -timeout: want a value like the default, a duration with its unit (30s); -h`},
		{nil, []string{"orders"}, 2, `unexpected argument "orders"`},
		{nil, []string{"-workers=0"}, 2, "-workers is from 1 to 100"},
		{nil, []string{"-max-attempts=0"}, 2, "-max-attempts from 1 to 1000"},
		{nil, []string{"-timeout=0s"}, 2, "want a positive duration"},
		{nil, []string{"-retry-min=1h", "-retry-max=1m"}, 2, "-retry-max at least -retry-min"},
		{nil, []string{"-database=mysql://root:geheim@localhost/x"}, 2, "the database is a mysql:// URL; want postgres://"},
		{nil, []string{"-database=postgres://root:geheim@local host/x"}, 2, "the database's URL can't be read"},
		{nil, []string{"-database=postgres://root:geheim@127.0.0.1:1/x?connect_timeout=1"}, 1, "database: "},
		{nil, []string{"-database=a?b.db"}, 2, "the path of the SQLite file holds"},
		{nil, []string{"-database=/nowhere/outbox.db"}, 1, "database: "},
		{[]string{"DATABASE_URL=mysql://geheim@localhost/x"}, nil, 2, "the database is a mysql:// URL"},
		{nil, []string{"-addr=127.0.0.1:99999"}, 1, "invalid port"},
		{[]string{"PMPSMART_EMAIL=a@b.id"}, nil, 1, "PMPSMART_EMAIL without PMPSMART_PASSWORD"},
		{[]string{"PMPSMART_PASSWORD_FILE=/run/secrets/pmpsmart"}, nil, 1, "PMPSMART_PASSWORD_FILE without PMPSMART_EMAIL"},
		{[]string{"PMPSMART_BASE_URL=https://api.example/v1"}, nil, 1, "PMPSMART_BASE_URL is set and no account"},
	} {
		var stderr bytes.Buffer
		c := command(test.env, append([]string{"-json"}, test.args...)...)
		late := time.AfterFunc(20*time.Second, func() { _ = c.Process.Kill() })
		defer late.Stop()
		c.Dir = t.TempDir()
		c.Stderr = &stderr
		var exit *exec.ExitError
		if err := c.Run(); !errors.As(err, &exit) || exit.ExitCode() != test.exit {
			t.Errorf("%v: %v", test.args, err)
		}
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		if last := lines[len(lines)-1]; !strings.Contains(last, test.want) || strings.Contains(stderr.String(), "geheim") {
			t.Errorf("%v %v said %q", test.env, test.args, stderr.String())
		}
	}
	if help, err := command(nil, "-h").Output(); err != nil || !strings.Contains(string(help), "-max-attempts") {
		t.Errorf("-h: %v\n%s", err, help)
	}
}

// A file that is no database is named.
func TestFileThatIsNoDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "orders.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	err := run(t.Context(), []string{"-sandbox", "-database", path, "-addr", "127.0.0.1:0"}, io.Discard, io.Discard)
	if err == nil || !strings.HasPrefix(err.Error(), "database: "+path+": ") {
		t.Errorf("got %v", err)
	}
}
