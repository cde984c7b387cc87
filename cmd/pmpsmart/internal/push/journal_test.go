package push

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Lines that come together are all there, each whole, and the last of a code
// counts.
func TestJournalKeepsWhatManyAdd(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	j, known, err := openJournal(path, "here")
	require.NoError(t, err)
	assert.Empty(t, known)
	want := map[string]event{}
	var workers sync.WaitGroup
	for i := range 16 {
		code := fmt.Sprintf("<%d>", i)
		want[code] = event{Code: code, Sum: "sum", State: done}
		workers.Go(func() {
			for _, s := range []state{begun, failed, begun, done} {
				assert.NoError(t, j.add(event{Code: code, Sum: "sum", State: s}))
			}
		})
	}
	workers.Wait()
	j.close()

	j, known, err = openJournal(path, "here")
	require.NoError(t, err)
	defer j.close()
	assert.Equal(t, want, known)
	_, _, err = openJournal(path, "here")
	assert.ErrorContains(t, err, "another run is at work")
}

// After a write that failed nothing more is taken: what the file holds is not
// certain.
func TestJournalBreaksOff(t *testing.T) {
	t.Parallel()
	j, _, err := openJournal(filepath.Join(t.TempDir(), "journal"), "here")
	require.NoError(t, err)
	j.file.Close()
	first := j.add(event{Code: "A", State: begun})
	require.Error(t, first)
	assert.Equal(t, first, j.add(event{Code: "B", State: begun}))
	j.close()
}

// What a crash leaves is gone on with; what is no journal is refused and stays as
// it is, be it one line without an end.
func TestJournalKnowsItsOwn(t *testing.T) {
	t.Parallel()
	const head, lost = `{"server":"here"}` + "\n", "is not a journal line"
	for _, test := range []struct{ name, text, problem string }{
		{"nothing", ``, ""},
		{"a torn head", `{"server":"he`, ""},
		{"a head without its end", `{"server":"here"}`, ""},
		{"a head alone", head, ""},
		{"a torn order", head + `{"code":"A","su`, ""},
		{"an order under way", head + `{"code":"A","sum":"s","state":"begun"}` + "\n", ""},
		{"another server's", `{"server":"there"}` + "\n", "is the journal of there, not of here"},
		{"another server's head without its end", `{"server":"there"}`, "line 1 " + lost},
		{"an order to push", `{"code":"A","status":"completed","data":1}`, "line 1 " + lost},
		{"a text", "a letter", "line 1 " + lost},
		{"orders to push", `{"code":"A","status":"completed","data":1}` + "\n", "line 1 " + lost},
		{"an order without a state", head + `{"code":"A","sum":"s"}` + "\n", "line 2 " + lost},
		{"a state that is none", head + `{"code":"A","sum":"s","state":"sent"}` + "\n", "line 2 " + lost},
		{"no order", head + "{}\n", "line 2 " + lost},
		{"two heads", head + head, "line 2 " + lost},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "journal")
			require.NoError(t, os.WriteFile(path, []byte(test.text), 0o600))
			j, _, err := openJournal(path, "here")
			left, readErr := os.ReadFile(path)
			require.NoError(t, readErr)
			if test.problem != "" {
				require.ErrorContains(t, err, test.problem)
				assert.Equal(t, test.text, string(left))
				return
			}
			require.NoError(t, err)
			j.close()
			assert.Regexp(t, "^"+head, string(left))
		})
	}
}
