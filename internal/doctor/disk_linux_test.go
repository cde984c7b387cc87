package doctor

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// On a disk that fills up the run is not lost either.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=16k,mode=700"); err != nil {
		t.Skip("can't mount a small disk: ", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	file := filepath.Join(disk, "report.json")
	require.NoError(t, os.WriteFile(file, []byte("the one before"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(disk, "full"), make([]byte, 12<<10), 0o600))
	s := start(t)
	run := runBinary(t, account(s.URL), fast, "-o", file)
	assert.Equal(t, exitFailed, run.code)
	assert.Contains(t, run.stderr, "pmpsmart-doctor: can't save the report: ")
	assert.Contains(t, run.stderr, "no space left on device; the standard output has it\n")
	assert.Contains(t, run.stdout, `"pmpsmart_doctor":`)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "the one before", string(text))
	left, err := os.ReadDir(disk)
	require.NoError(t, err)
	assert.Len(t, left, 2)
}
