package main

import (
	"fmt"
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
