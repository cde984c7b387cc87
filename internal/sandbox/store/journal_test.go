package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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
	lastByte := func(text string, to string) string { return text[:len(text)-1] + to }

	const foreign = "line 1: this is no data file of a sandbox"
	const torn = "line 1: it is cut short, and nothing was kept behind it; remove the file to begin a new one"
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
		"a part of a word":                {`{"pmpsmart`, foreign},
		"a torn head":                     {head[:20] + "x", torn},
		"a head without its line break":   {head, torn},
		"a head and more on its line":     {head + "{}", torn},
		"a blank before the head":         {" " + head[:20], foreign},
		"a later number":                  {unsummed(text, 3), "line 1: it was made by another version of the sandbox; begin a new one"},
		"another version":                 {strings.Replace(unsummed(text, 1), `"seed_version":1`, `"seed_version":99`, 1), "line 1: it was made by another version of the sandbox; begin a new one"},
		"another seed":                    {strings.Replace(unsummed(text, 1), `"Orders":240`, `"Orders":7`, 1), "line 1: it was begun with 7 seeded orders, not 240"},
		"no checksums":                    {unsummed(text, 2), "line 1: it is damaged: it has no checksum"},
		"a damaged line":                  {text + "x\n", "line 3: it is damaged: it has no checksum"},
		"a damaged line and a torn one":   {text + "x\n{", "line 3: it is damaged: it has no checksum"},
		"a damaged line break":            {lastByte(text, "\v"), "line 2: it is damaged: it does not match its checksum"},
		"a damaged line of an old file":   {unsummed(text, 1) + "x\n", "line 3: invalid character 'x' looking for beginning of value"},
		"a line of an unknown table":      {unsummed(text, 1) + `{"table":"x","row":{}}` + "\n", `line 3: unknown table "x"`},
		"a row that is none of its table": {unsummed(text, 1) + `{"table":"outlets","row":[]}` + "\n", "line 3: json: cannot unmarshal array into Go value of type seed.Outlet"},
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
	assert.EqualError(t, err, "data file "+folder+": it is a folder and no regular file")
	for _, target := range []string{good, filepath.Join(folder, "nothing yet"), "/dev/null"} {
		link := filepath.Join(t.TempDir(), "link")
		require.NoError(t, os.Symlink(target, link))
		_, err = openFile(link, seed.New(240))
		assert.EqualError(t, err, "data file "+link+": it is a link and no regular file")
	}
	assert.Equal(t, text, read(t, good))
	_, err = openFile(os.DevNull, seed.New(240))
	assert.EqualError(t, err, "data file "+os.DevNull+": it is a device and no regular file")
}

var sum = regexp.MustCompile(`,"crc32c":"[0-9a-f]{8}"}\n`)

// unsummed makes a file without checksums, of that number, of a text.
func unsummed(text string, number int) string {
	text = sum.ReplaceAllString(text, "}\n")
	return strings.Replace(text, `"pmpsmart_sandbox":2`, fmt.Sprintf(`"pmpsmart_sandbox":%d`, number), 1)
}

// A file of a version before the checksums goes on, with checksums from then on.
func TestFileWithoutChecksums(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	outlet := func(s *store.Store, name string) {
		change(s, func(tx store.Tx) { require.NoError(t, tx.PutOutlet(&seed.Outlet{Name: name})) })
	}
	s := mustOpen(t, path, seed.Data{})
	outlet(s, "Satu")
	require.NoError(t, s.Close())
	require.NoError(t, os.WriteFile(path, []byte(unsummed(read(t, path), 1)), 0o600))
	for _, name := range []string{"Dua", "Tiga"} {
		s = mustOpen(t, path, seed.Data{})
		outlet(s, name)
		require.NoError(t, s.Close())
	}
	text := read(t, path)
	assert.Len(t, sum.FindAllString(text, -1), 2)
	s = mustOpen(t, path, seed.Data{})
	assert.Len(t, all(s, store.Outlets), 3)
	require.NoError(t, s.Close())

	require.NoError(t, os.WriteFile(path, []byte(text+`{"table":"outlets","row":{"id":9}}`+"\n"), 0o600))
	_, err := openFile(path, seed.Data{})
	assert.EqualError(t, err, "data file "+path+": line 5: it is damaged: it has no checksum")
}

// Whichever byte another one stands for, the line is named and the file is left as it is.
func TestAFlippedByteIsTold(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	s := mustOpen(t, path, seed.Data{})
	for _, name := range []string{"Satu", "Dua"} {
		change(s, func(tx store.Tx) { require.NoError(t, tx.PutOutlet(&seed.Outlet{Name: name})) })
	}
	require.NoError(t, s.Close())
	text := read(t, path)
	for at := range len(text) {
		flipped := []byte(text)
		flipped[at] ^= 1
		require.NoError(t, os.WriteFile(path, flipped, 0o600))
		_, err := openFile(path, seed.Data{})
		line := 1 + strings.Count(text[:at], "\n")
		require.ErrorContains(t, err, fmt.Sprintf("data file %s: line %d: ", path, line), "byte %d", at)
		require.Equal(t, string(flipped), read(t, path))
	}
}

// The last day of the sample data, and a return to the start, are kept.
func TestDayAndResetAreKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	s := mustOpen(t, path, seed.New(40))
	require.NoError(t, s.EndOn(noon))
	change(s, func(tx store.Tx) { require.NoError(t, tx.PutOutlet(&seed.Outlet{ID: 88, Code: "K"})) })
	want := all(s, store.Orders)
	assert.Equal(t, "2026-03-01", want[38].Date)
	require.NoError(t, s.Close())
	s = mustOpen(t, path, seed.New(40))
	assert.Equal(t, want, all(s, store.Orders))

	former := s
	s, err := former.Reset(store.Options{Data: seed.New(3), SingleToken: true, Now: func() time.Time { return noon }})
	require.NoError(t, err)
	change(former, func(tx store.Tx) { require.NoError(t, tx.PutOutlet(&seed.Outlet{Name: "too late"})) })
	require.NoError(t, former.Close(), "the file is no longer its own")
	change(s, func(tx store.Tx) { require.NoError(t, tx.PutVisit(&seed.Visit{Name: "Budi"})) })
	contents := func(s *store.Store) []any {
		return []any{all(s, store.Orders), all(s, store.Outlets), all(s, store.Visits)}
	}
	wantAll := contents(s)
	require.NoError(t, s.Close())
	s = mustOpen(t, path, seed.New(40))
	assert.Equal(t, wantAll, contents(s))
	assert.Len(t, all(s, store.Orders), 3)
	require.NoError(t, s.Close())
}

// What a crash leaves of a line behind the head was never acknowledged.
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
	for _, cut := range append([]int{0}, ints(strings.Index(text, "\n")+1, len(text))...) {
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

// ints returns the numbers from first to last.
func ints(first, last int) (all []int) {
	for n := first; n <= last; n++ {
		all = append(all, n)
	}
	return all
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
