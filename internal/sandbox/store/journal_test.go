package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// openFile opens a store on a data file.
func openFile(path string, data seed.Data) (*store.Store, error) {
	return store.Open(store.Options{Data: data, DataFile: path, SingleToken: true, Now: func() time.Time { return noon }})
}

func mustOpen(t *testing.T, path string, data seed.Data) *store.Store {
	t.Helper()
	s, err := openFile(path, data)
	require.NoError(t, err)
	return s
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// Rows of each table, and tokens, are there again.
func TestDataFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	s := mustOpen(t, path, seed.New(3))
	s.PutAccount("A", "a@b.test", "secret", "")
	_, token, _, err := s.Login("a@b.test", "secret")
	require.NoError(t, err)
	change(s, func(tx store.Tx) {
		require.NoError(t, tx.PutUser(&seed.User{Name: "Budi <é>", Extra: []byte(`{"x":[1,2]}`)}))
		require.NoError(t, tx.PutOutlet(&seed.Outlet{ID: 88, Code: "K"}))
		require.NoError(t, tx.PutVisit(&seed.Visit{Name: "Budi"}))
		require.NoError(t, tx.PutOrder(&seed.Order{ID: 2, Items: []seed.Item{{Product: "Kopi"}}}))
		require.NoError(t, tx.PutOrder(&seed.Order{ID: 3, Items: []seed.Item{}}))
		require.NoError(t, tx.PutJSONOrder(&seed.JSONOrder{Code: "K"}))
	})
	contents := func(s *store.Store) []any {
		return []any{all(s, store.Users), all(s, store.Outlets), all(s, store.Visits), all(s, store.Orders), all(s, store.JSONOrders)}
	}
	want := contents(s)
	require.NoError(t, s.Sync())
	require.NoError(t, s.Close())
	for range 2 {
		s = mustOpen(t, path, seed.New(3))
		assert.Equal(t, want, contents(s))
		s.PutAccount("A", "a@b.test", "secret", "")
		_, ok := s.Authenticate(token)
		assert.True(t, ok)
		v := s.View()
		assert.Equal(t, []int64{1}, v.JSONOrderIDs("K"))
		v.End()
		require.NoError(t, s.Close())
	}
	assert.NotContains(t, read(t, path), token)
}

// A file that is none of ours is refused, and left as it is to the byte.
func TestForeignFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	good := filepath.Join(folder, "good")
	s := mustOpen(t, good, seed.New(240))
	change(s, func(tx store.Tx) { require.NoError(t, tx.PutOutlet(&seed.Outlet{Name: "Toko"})) })
	_, err := openFile(good, seed.New(240))
	assert.EqualError(t, err, "data file "+good+": another sandbox uses it")
	require.NoError(t, s.Close())
	text := read(t, good)
	head, _, _ := strings.Cut(text, "\n")

	const foreign = "line 1: this is no data file of a sandbox"
	for name, tt := range map[string]struct{ text, want string }{
		"one line without a line break":   {`{"precious":1}`, foreign},
		"one line":                        {"catatan belanja\n", foreign},
		"one byte":                        {"x", foreign},
		"a line break":                    {"\n", foreign},
		"an object":                       {"{}\n", foreign},
		"a JSON array":                    {"[1,2,3]", foreign},
		"a JSON array of many lines":      {"[\n  1,\n  2\n]\n", foreign},
		"CSV":                             {"kode,nama\nOUT-1,Toko\n", foreign},
		"binary":                          {"\x7fELF\x02\x01\x01\x00\xff\xfe", foreign},
		"zero bytes":                      {strings.Repeat("\x00", 4096), foreign},
		"a long line without a break":     {strings.Repeat("x", 1<<20), foreign},
		"a long line":                     {strings.Repeat("x", 1<<20) + "\n", foreign},
		"a head and more on its line":     {head + "{}", foreign},
		"a part of a head, then no more":  {head[:20] + "x", foreign},
		"a torn head of another seed":     {strings.Replace(head, `"Orders":240`, `"Orders":7`, 1), foreign},
		"a blank before the head":         {" " + head[:20], foreign},
		"another version":                 {strings.Replace(text, `"seed_version":1`, `"seed_version":99`, 1), "line 1: it was made by another version of the sandbox; begin a new one"},
		"another seed":                    {strings.Replace(text, `"Orders":240`, `"Orders":7`, 1), "line 1: it was begun with 7 seeded orders, not 240"},
		"a damaged line":                  {text + "x\n", "line 3: invalid character 'x' looking for beginning of value"},
		"a damaged line and a torn one":   {text + "x\n{", "line 3: invalid character 'x' looking for beginning of value"},
		"a line of an unknown table":      {text + `{"table":"x","row":{}}` + "\n", `line 3: unknown table "x"`},
		"a row that is none of its table": {text + `{"table":"outlets","row":[]}` + "\n", "line 3: json: cannot unmarshal array into Go value of type seed.Outlet"},
	} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(tt.text), 0o600))
		_, err := openFile(path, seed.New(240))
		assert.EqualError(t, err, "data file "+path+": "+tt.want, name)
		assert.Equal(t, tt.text, read(t, path), "%s is left as it was", name)
	}
	_, err = openFile(filepath.Join(folder, "none", "data"), seed.New(240))
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = openFile(folder, seed.New(240))
	assert.Error(t, err, "a folder")
}

// What a crash leaves of a line, the first included, was never acknowledged.
func TestDataFileCutAnywhere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	outlet := func(s *store.Store, name string) {
		change(s, func(tx store.Tx) { require.NoError(t, tx.PutOutlet(&seed.Outlet{Name: name})) })
	}
	s := mustOpen(t, path, seed.Data{})
	outlet(s, "Satu")
	outlet(s, "Dua")
	require.NoError(t, s.Close())
	text := read(t, path)
	for cut := range len(text) + 1 {
		require.NoError(t, os.WriteFile(path, []byte(text[:cut]), 0o600))
		s := mustOpen(t, path, seed.Data{})
		whole := max(0, strings.Count(text[:cut], "\n")-1)
		assert.Len(t, all(s, store.Outlets), whole)
		outlet(s, "Tiga")
		require.NoError(t, s.Close())
		s = mustOpen(t, path, seed.Data{})
		assert.Len(t, all(s, store.Outlets), whole+1)
		require.NoError(t, s.Close())
	}
}

func TestDataFileConcurrently(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	s := mustOpen(t, path, seed.Data{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 20 {
				change(s, func(tx store.Tx) { assert.NoError(t, tx.PutJSONOrder(&seed.JSONOrder{Code: fmt.Sprint(i)})) })
				assert.NoError(t, s.Sync())
			}
		})
	}
	wg.Wait()
	want := all(s, store.JSONOrders)
	require.NoError(t, s.Close())
	assert.Len(t, want, 160)
	s = mustOpen(t, path, seed.Data{})
	assert.Equal(t, want, all(s, store.JSONOrders))
	require.NoError(t, s.Close())
}

// What can't be kept is neither made nor acknowledged, then and later.
func TestDataFileThatCanNotBeWritten(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, filepath.Join(t.TempDir(), "data"), seed.New(3))
	s.PutAccount("A", "a@b.test", "secret", "")
	require.NoError(t, s.Close(), "further writing fails")
	for range 2 {
		change(s, func(tx store.Tx) {
			assert.ErrorIs(t, tx.PutOutlet(&seed.Outlet{ID: 88, Code: "K"}), os.ErrClosed)
			outlet, _ := tx.Outlet(88)
			assert.Equal(t, "OUT-088", outlet.Code)
		})
		_, _, _, err := s.Login("a@b.test", "secret")
		assert.ErrorIs(t, err, os.ErrClosed)
	}
	assert.Zero(t, s.Logins())
	assert.ErrorIs(t, s.Close(), os.ErrClosed)
}
