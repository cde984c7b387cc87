package pmpsmart_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// contents returns the modes of a folder's files, and all that they contain.
func contents(t *testing.T, dir string) (modes map[string]os.FileMode, all string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	modes = make(map[string]os.FileMode)
	for _, entry := range entries {
		info, err := entry.Info()
		require.NoError(t, err)
		body, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		require.NoError(t, err)
		modes[filepath.Ext(entry.Name())] |= info.Mode().Perm()
		all += entry.Name() + "\n" + string(body) + "\n"
	}
	return modes, all
}

func TestFileStoreFiles(t *testing.T) {
	t.Parallel()
	a := startAccount(t, new(testserver.Account))
	dir := filepath.Join(t.TempDir(), "a", "tokens")
	c := a.client(pmpsmart.WithTokenStore(fileStore(t, dir)))
	for range 2 {
		_, err := c.ListOutlets(t.Context())
		require.NoError(t, err)
		a.ExpireTokens()
	}
	modes, all := contents(t, dir)
	require.Contains(t, all, "3|TokenRahasiaYangHidup")
	require.NotContains(t, all, password)
	require.NotContains(t, all, email)
	if runtime.GOOS == "windows" {
		return // its files have no such modes
	}
	require.Equal(t, map[string]os.FileMode{".json": 0o600, ".lock": 0o600}, modes)
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

// A folder that is there belongs to somebody; one that is swept away is made
// again.
func TestFileStoreFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.Mkdir(dir, 0o755))
	require.NoError(t, os.Chmod(dir, 0o755)) // whatever the umask
	s := fileStore(t, dir)
	replaced(t, s, "", gives("t1"), "t1")
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o755), info.Mode().Perm())

	require.NoError(t, os.RemoveAll(dir))
	loaded(t, s, anAccount, "")
	replaced(t, s, "t1", gives("t2"), "t2")
	info, err = os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	require.Equal(t, "pmpsmart.FileTokenStore("+dir+")", fmt.Sprintf("%#v", s))
}

// A store in a folder named from where the program stands stays there.
func TestFileStoreRelativeFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	s := fileStore(t, "tokens")
	replaced(t, s, "", gives("t1"), "t1")
	t.Chdir(t.TempDir())
	loaded(t, s, anAccount, "t1")
}

// tokenPath returns the one file of that kind.
func tokenPath(t *testing.T, dir, kind string) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*"+kind))
	require.NoError(t, err)
	require.Len(t, all, 1)
	return all[0]
}

// Whatever the file holds, it is a token or none.
func TestFileStoreDamaged(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty":              "",
		"half written":       `{"token":"t`,
		"cut before its end": `{"token":"t1"`,
		"nulls":              "\x00\x00\x00\x00\x00\x00\x00\x00",
		"binary":             "\x7fELF\x02\x01\xff\xfe",
		"another type":       `{"token":17}`,
		"an array":           `[]`,
		"null":               `null`,
		"no token":           `{}`,
		"no header's token":  `{"token":"t1\r\nX-Evil: 1"}`,
		"written twice":      `{"token":"t1"}{"token":"t1"}`,
		"huge":               `{"token":"` + strings.Repeat("x", 1<<20) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := startAccount(t, new(testserver.Account))
			account := pmpsmart.Account{BaseURL: a.BaseURL(), Email: email}
			dir := t.TempDir()
			s := fileStore(t, dir)
			keep(t, s, account, "t1")
			path := tokenPath(t, dir, ".json")
			require.NoError(t, os.WriteFile(path, []byte(body), 0o600))
			loaded(t, s, account, "")
			require.NoError(t, s.Delete(t.Context(), account, "t1"))
			_, err := a.client(pmpsmart.WithTokenStore(s)).ListOutlets(t.Context())
			require.NoError(t, err)
			_, logins := a.Logins()
			require.Equal(t, 1, logins)
			loaded(t, s, account, "2|TokenRahasiaYangHidup0123456789")
		})
	}
}

// Files that a killed program left behind are in nobody's way, and private.
func TestFileStoreLeftovers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := fileStore(t, dir)
	replaced(t, s, "", gives("t1"), "t1")
	path := tokenPath(t, dir, ".json")
	left := strings.TrimSuffix(path, ".json") + ".tmp"
	require.NoError(t, os.WriteFile(left, []byte(`{"token":"ha`), 0o644))
	require.NoError(t, os.Chmod(path, 0o644))
	replaced(t, s, "t1", gives("t2"), "t2")
	loaded(t, s, anAccount, "t2")
	modes, _ := contents(t, dir)
	if runtime.GOOS != "windows" {
		require.Equal(t, map[string]os.FileMode{".json": 0o600, ".lock": 0o600}, modes)
	}
}

func TestFileStoreErrors(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the texts are those of Unix")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	requireText := func(err error, want string) {
		t.Helper()
		require.Error(t, err)
		text := strings.ReplaceAll(err.Error(), dir, "DIR")
		if at := strings.Index(text, ".lock"); at > 64 {
			text = text[:at-64] + "HASH" + text[at:]
		}
		if at := strings.Index(text, ".json"); at > 64 {
			text = text[:at-64] + "HASH" + text[at:]
		}
		require.Equal(t, want, text)
	}
	_, err := pmpsmart.NewFileTokenStore("")
	requireText(err, "pmpsmart: file token store: no folder is named")
	_, err = pmpsmart.NewFileTokenStore(file)
	requireText(err, "pmpsmart: file token store: mkdir DIR/file: not a directory")
	_, err = pmpsmart.NewFileTokenStore(filepath.Join(file, "x"))
	requireText(err, "pmpsmart: file token store: mkdir DIR/file: not a directory")

	// The folder became a file.
	became := filepath.Join(dir, "became")
	s := fileStore(t, became)
	require.NoError(t, os.Remove(became))
	require.NoError(t, os.WriteFile(became, nil, 0o600))
	_, err = s.Replace(t.Context(), anAccount, "", noLogin(t))
	requireText(err, "pmpsmart: file token store: lock: mkdir DIR/became: not a directory")
	_, err = s.Load(t.Context(), anAccount)
	requireText(err, "pmpsmart: file token store: open DIR/became/HASH.json: not a directory")
	c := newClient(t, testserver.Unreachable(t), pmpsmart.WithCredentials(email, password), pmpsmart.WithTokenStore(s))
	_, err = c.ListOutlets(t.Context())
	requireText(err, "pmpsmart: ListOutlets: token store: open DIR/became/HASH.json: not a directory")
	var inner *os.PathError
	require.ErrorAs(t, err, &inner)

	// What should be a file is a folder.
	odd := filepath.Join(dir, "odd")
	s = fileStore(t, odd)
	replaced(t, s, "", gives("t1"), "t1")
	path := tokenPath(t, odd, ".json")
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Mkdir(path, 0o700))
	_, err = s.Replace(t.Context(), anAccount, "", noLogin(t))
	requireText(err, "pmpsmart: file token store: refused DIR/odd/HASH.json: it is a folder, not a regular file")
	require.Error(t, s.Delete(t.Context(), anAccount, "t1"))
}

// A token that can't be written serves the client that logged in.
func TestFileStoreCannotKeep(t *testing.T) {
	t.Parallel()
	a := startAccount(t, new(testserver.Account))
	account := pmpsmart.Account{BaseURL: a.BaseURL(), Email: email}
	dir := t.TempDir()
	s := fileStore(t, dir)
	keep(t, s, account, expiredToken)
	path := tokenPath(t, dir, ".json")
	inTheWay := strings.TrimSuffix(path, ".json") + ".tmp"
	require.NoError(t, os.MkdirAll(filepath.Join(inTheWay, "x"), 0o700))
	var log lines
	errs, _ := storm(t.Context(), 20, a.client(pmpsmart.WithTokenStore(s), pmpsmart.WithLogger(log.logger(slog.LevelWarn))))
	require.Equal(t, make([]error, 20), errs)
	require.Len(t, log.all(), 1)
	require.Regexp(t, `^level=WARN msg="pmpsmart: token store" op=ListOutlets error="pmpsmart: file token store: remove .*\.tmp: directory not empty"$`, log.all()[0])
	loaded(t, s, account, "2|TokenRahasiaYangHidup0123456789") // from memory
	loaded(t, fileStore(t, dir), account, expiredToken)
	_, logins := a.Logins()
	require.Equal(t, 1, logins)
}

// A reader never sees half a token, or none, while it is replaced.
func TestFileStoreReplacesAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writer, reader := fileStore(t, dir), fileStore(t, dir)
	const size = 16 << 10
	token := func(n int) pmpsmart.Token { return pmpsmart.Token(strings.Repeat(fmt.Sprint(n%10), size)) }
	replaced(t, writer, "", gives(token(0)), string(token(0)))
	var done atomic.Bool
	var all sync.WaitGroup
	var loads atomic.Int32
	for range 4 {
		all.Go(func() {
			for !done.Load() {
				got, err := reader.Load(t.Context(), anAccount)
				if err != nil || len(got) != size || strings.Count(string(got), string(got[:1])) != size {
					t.Errorf("got %d bytes of a token of %d, %v", len(got), size, err)
					return
				}
				loads.Add(1)
			}
		})
	}
	times := 25
	if testserver.Long(t) {
		times = 100
	}
	for n := range times {
		replaced(t, writer, token(n), gives(token(n+1)), string(token(n+1)))
	}
	done.Store(true)
	all.Wait()
	t.Logf("%d loads during %d replacements", loads.Load(), times)
}
