package tool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

func TestNumbersForPeople(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 100000: "100,000"} {
		assert.Equal(t, want, lang.Number(n).String())
	}
	assert.Equal(t, "1 order", lang.Count(1, "order").String())
	assert.Equal(t, "0 orders", lang.Count(0, "order").String())
	assert.Equal(t, "99,999 bytes", lang.Size(99_999).String())
	assert.Equal(t, "84.2 MB", lang.Size(84_200_000).String())
	assert.Regexp(t, `^1m3\d(\.\d)?s$`, Took(time.Now().Add(-95*time.Second)).String())
}

func TestCleanDisarmsTerminals(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "👨\u200d👩\u200d👧 می\u200cخواهم", Clean("👨\u200d👩\u200d👧 می\u200cخواهم"))
	assert.Equal(t, "Toko é 漢 \ufffd[31m two \ufffdlines", Clean("Toko é 漢 \x1b[31m\ntwo\u00a0\u202elines"))
}

func TestTableAlignsColumns(t *testing.T) {
	t.Parallel()
	table := NewTable("name", ">visits", "note")
	table.Row("Ferryanto", "5", "")
	table.Row("漢字", "1,250", "wide")
	assert.Equal(t, "name       visits  note\nFerryanto       5\n漢字        1,250  wide\n", table.String())
}

func TestProgressLines(t *testing.T) {
	t.Parallel()
	p := &Progress{noun: "order", total: 5000}
	p.Add(1200)
	assert.Equal(t, "1,200 of 5,000 orders, 24%, 300 a second", p.line(lang.English, 4*time.Second))
	p.total = 0
	assert.Equal(t, "1,200 orders, 300 a second", p.line(lang.English, 4*time.Second))
	assert.Equal(t, "1,200 orders", p.line(lang.English, 2*time.Hour))
	var none *Progress
	none.Add(1)
	none.Done()
}

// In a log progress is lines; a note between them stands on its own.
func TestProgressInALog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	tool := newTestTool(&log)
	p := tool.Progress("order", 10)
	p.Add(5)
	tool.Note("a note")
	p.Done()
	p.show()
	assert.Regexp(t, `^pmpsmart push: a note\npmpsmart push: 5 of 10 orders, 50%.*\n$`, log.String())
}

// The bar is cleared for a note, and taken away in the end.
func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	var terminal bytes.Buffer
	tool := newTestTool(&terminal)
	p := tool.Progress("order", 10)
	width := 80
	p.width = func() int { return width }
	p.Add(5)
	p.show()
	assert.Regexp(t, `^\rpmpsmart push: 5 of 10 orders, 50%`, terminal.String())
	terminal.Reset()
	tool.Note("a note")
	assert.Regexp(t, `^\r +\rpmpsmart push: a note\n$`, terminal.String())
	p.show()
	terminal.Reset()
	p.Done()
	assert.Regexp(t, `^\r +\r$`, terminal.String())
	terminal.Reset()

	p = tool.Progress("order", 10)
	p.width = func() int { return width }
	for _, c := range []struct {
		width int
		want  string
	}{{40, "\rpmpsmart push: 0 of 10 orders, 0%"}, {20, "\r0 of 10 orders, 0%" + strings.Repeat(" ", 15)}, {9, "\r0 of 10 " + strings.Repeat(" ", 10)}} {
		terminal.Reset()
		width = c.width
		p.show()
		assert.Equal(t, c.want, terminal.String(), "it stays on its line in a window of %d columns", c.width)
	}
	p.Done()
}

func TestExitStatus(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx    context.Context
		err    error
		status int
		stderr string
	}{
		{t.Context(), nil, 0, ""},
		{ended, nil, 0, ""},
		{t.Context(), Usagef("want %s", "x"), 2, "pmpsmart push: want x\n"},
		{t.Context(), fmt.Errorf("y: %w", pmpsmart.ErrForbidden), 3, "pmpsmart push: y: forbidden\n"},
		{t.Context(), pmpsmart.ErrMaintenance, 4, "pmpsmart push: in maintenance\n"},
		{t.Context(), errors.Join(errors.New("one"), errors.New("two\x1b")), 1, "pmpsmart push: one; two\ufffd\n"},
		{ended, errors.New("stopped"), 130, "pmpsmart push: stopped\n"},
	} {
		var stderr bytes.Buffer
		tool := newTestTool(&stderr)
		assert.Equal(t, c.status, tool.Exit(c.ctx, c.err))
		assert.Equal(t, c.stderr, stderr.String())
	}
}

func TestWriteFileIsWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, "first")
		return err
	}))
	broken := errors.New("broken")
	err := WriteFile(path, func(w io.Writer) error {
		io.WriteString(w, "sec")
		return broken
	})
	require.ErrorIs(t, err, broken)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "first", string(text))
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, files, 1, "nothing else is left")
}

func TestLockSaysWhichFolder(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "gone")
	_, err := Lock(filepath.Join(folder, "orders.csv.partial"))
	assert.EqualError(t, err, "can't make a file in the folder "+folder+": no such file or directory")
}

// Whoever holds the lock is alone, however many come and go.
func TestLockLetsOneIn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	var inside sync.Mutex
	got := 0
	var runs sync.WaitGroup
	for range 8 {
		runs.Go(func() {
			for range 200 {
				release, err := Lock(path)
				if err != nil {
					continue
				}
				if !inside.TryLock() {
					t.Error("two are inside")
					return
				}
				got++
				inside.Unlock()
				release()
			}
		})
	}
	runs.Wait()
	assert.Positive(t, got)
	assert.NoFileExists(t, path+".lock")
}

// newTestTool returns the command push, which prints into a buffer.
func newTestTool(stderr io.Writer) *Tool {
	tool := New(Environment{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: stderr, Getenv: func(string) string { return "" }}, lang.English)
	tool.SetName("pmpsmart push")
	return tool
}

func TestWordsOfACommand(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"codes.undo.csv": "codes.undo.csv", "/srv/data/x-1.csv": "/srv/data/x-1.csv", "kode baru.csv": `"kode baru.csv"`, "a&b.csv": `"a&b.csv"`, "é.csv": "é.csv",
	} {
		assert.Equal(t, want, Word(name))
	}
	if runtime.GOOS != "windows" {
		assert.Equal(t, `'it'\''s $5.csv'`, Word("it's $5.csv"))
	}
}
