package lang

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for name, want := range map[string]Language{
		"en": English, "id": Indonesian, "ID": Indonesian, "id_ID": Indonesian, "id-ID": Indonesian, "in_ID": Indonesian, "en_US": English,
	} {
		got, err := Parse(name)
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
	_, err := Parse("fr")
	assert.EqualError(t, err, `-lang is "fr"; want en or id`)
}

func TestFromLocale(t *testing.T) {
	for _, c := range []struct {
		env    map[string]string
		system string
		want   Language
	}{
		{nil, "", English},
		{map[string]string{"LANG": "id_ID.UTF-8"}, "", Indonesian},
		{map[string]string{"LANG": "id_ID.UTF-8", "LC_ALL": "C"}, "", English},
		{map[string]string{"LC_MESSAGES": "id_ID", "LANG": "en_US.UTF-8"}, "", Indonesian},
		{nil, "id-ID", Indonesian},
		{map[string]string{"LANG": "fr_FR.UTF-8"}, "id-ID", English},
	} {
		got := FromLocale(func(name string) string { return c.env[name] }, func() string { return c.system })
		assert.Equal(t, c.want, got, "%v", c)
	}
}

func TestCountsAndNumbers(t *testing.T) {
	for _, c := range []struct {
		text   fmt.Stringer
		en, id string
	}{
		{Count(1, "order"), "1 order", "1 order"},
		{Count(1234567, "order"), "1,234,567 orders", "1.234.567 order"},
		{Count(2, "visit"), "2 visits", "2 kunjungan"},
		{Count(2, "salesperson"), "2 salespeople", "2 salesperson"},
		{Number(-1234), "-1,234", "-1.234"},
		{Size(84_200_000), "84.2 MB", "84,2 MB"},
		{Size(1), "1 byte", "1 byte"},
		{Duration(45 * time.Millisecond), "45ms", "45 md"},
		{Duration(21300 * time.Millisecond), "21.3s", "21,3 dtk"},
		{Duration(125 * time.Second), "2m5s", "2 mnt 5 dtk"},
		{Duration(130 * time.Second), "2m10s", "2 mnt 10 dtk"},
		{Duration(30 * time.Minute), "30m", "30 mnt"},
		{Duration(2 * time.Hour), "2h", "2 jam"},
		{Duration(90 * time.Minute), "1h30m", "1 jam 30 mnt"},
		{Clock(time.Date(2026, 8, 9, 14, 5, 30, 0, time.UTC)), "14:05:30", "14.05.30"},
		{Time(time.Date(2026, 8, 9, 14, 5, 30, 0, time.UTC)), "2026-08-09 14:05:30", "9 Agu 2026 14.05.30"},
	} {
		assert.Equal(t, c.en, c.text.String())
		assert.Equal(t, c.id, Indonesian.Sprintf("%s", c.text))
	}
}

func TestErrorsAreTranslatedAtEveryDepth(t *testing.T) {
	inner := Errorf("-lang is %q; want en or id", "fr")
	wrapped := Errorf("-lang is %q; want en or id", inner)
	foreign := fmt.Errorf("reading: %w", inner)
	const id = `-lang berisi "fr"; yang bisa: en atau id`
	assert.Equal(t, id, Indonesian.Error(inner))
	assert.Equal(t, "reading: "+id, Indonesian.Error(foreign))
	assert.Equal(t, id+"; EOF", Indonesian.Error(errors.Join(inner, io.EOF)))
	assert.Contains(t, Indonesian.Error(wrapped), "berisi")
	require.ErrorIs(t, Errorf("%s: %w", "x", io.EOF), io.EOF)
	assert.EqualError(t, Errorf("%s: %w", "x", io.EOF), "x: EOF")
	assert.NotErrorIs(t, Errorf("%s: %v", "x", io.EOF), io.EOF)
}

// What the library and the system say is Indonesian too, without the names of methods.
func TestForeignErrors(t *testing.T) {
	t.Parallel()
	reach := errors.New("pmpsmart: Login: can't reach http://x: dial tcp 127.0.0.1:1: connect: connection refused; after 4 attempts")
	assert.Equal(t, "login: tidak bisa menjangkau http://x: dial tcp 127.0.0.1:1: koneksi ditolak; setelah 4 percobaan", Indonesian.Error(reach))
	assert.Equal(t, "login: can't reach http://x: dial tcp 127.0.0.1:1: connect: connection refused; after 4 attempts", English.Error(reach))
	page := errors.New("pmpsmart: ListOrders: after 50 records: 404 Not Found: gone")
	assert.Equal(t, "order: setelah 50 data: 404 Not Found: gone", Indonesian.Error(page))
	_, err := os.Open(filepath.Join(t.TempDir(), "tidak-ada"))
	assert.NotRegexp(t, "open|no such|cannot", Indonesian.Error(err))
	assert.Equal(t, "order 9: order: 404", Indonesian.Error(fmt.Errorf("order 9: %w", errors.New("pmpsmart: GetOrder: 404"))))
}

// What the system could not do with a file is told in the language, and once.
func TestErrorsOfFiles(t *testing.T) {
	t.Parallel()
	failed := func(op, path string, err error) error { return &os.PathError{Op: op, Path: path, Err: err} }
	full := failed("write", "full/o.csv.partial", errors.New("no space left on device"))
	for want, err := range map[string]error{
		"menulis full/o.csv.partial: disk penuh":                                errors.Join(full, full),
		"menulis full/o.csv.partial: disk penuh; lain":                          errors.Join(full, errors.New("lain"), full),
		"a.csv: membaca a.csv: adalah folder":                                   Errorf("%s: %w", "a.csv", failed("read", "a.csv", errors.New("is a directory"))),
		"menulis /dev/stdout: penerimanya sudah berhenti membaca":               failed("write", "/dev/stdout", errors.New("broken pipe")),
		`membuat folder C:\data\x: tidak diizinkan`:                             failed("mkdir", `C:\data\x`, errors.New("permission denied")),
		"server menjawab: please read the manual: page 2 and write to a: b@c.d": errors.New("server menjawab: please read the manual: page 2 and write to a: b@c.d"),
	} {
		assert.Equal(t, want, Indonesian.Error(err))
	}
	assert.Equal(t, "write full/o.csv.partial: no space left on device", English.Error(errors.Join(full, full)))
}

func TestWhere(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "https://a.test sebagai b@c.test", Where("https://a.test as b@c.test").In(Indonesian))
	assert.Equal(t, "https://a.test as b@c.test", Where("https://a.test as b@c.test").String())
	assert.Equal(t, "the sandbox", Where("the sandbox").In(Indonesian))
}
