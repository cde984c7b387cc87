package sheet

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// A million orders go out and come back in little memory, whatever the format.
func TestAMillionRowsInLittleMemory(t *testing.T) {
	rows := 20_000
	if testserver.Long(t) {
		rows = 1_000_000
	}
	for name, o := range formats {
		path := filepath.Join(t.TempDir(), "orders")
		o.TempDir = t.TempDir()
		var peak uint64
		began := time.Now()
		file, err := os.Create(path)
		require.NoError(t, err)
		orders(t, &watched{Writer: file, peak: &peak}, rows, o)
		require.NoError(t, file.Close())
		wrote := time.Since(began)
		info, err := os.Stat(path)
		require.NoError(t, err)

		began = time.Now()
		r, err := Open(path, ReadOptions{})
		require.NoError(t, err)
		n := 0
		for _, err := range r.Rows() {
			require.NoError(t, err)
			if n++; n%10_000 == 0 {
				watch(&peak)
			}
		}
		require.NoError(t, r.Close())
		assert.Equal(t, rows, n, name)
		most := uint64(32 << 20)
		if o.Format == XLSX {
			most = 64 << 20 // excelize keeps 16 MB before it goes to the disk
		}
		assert.Less(t, peak, most, name)
		t.Logf("%s: %d MB, written in %v, read in %v, at most %d MiB of heap", name, info.Size()/1e6, wrote, time.Since(began), peak>>20)
	}
}

// watched looks at the memory as it is written through.
type watched struct {
	io.Writer
	peak *uint64
}

func (w *watched) Write(p []byte) (int, error) {
	watch(w.peak)
	return w.Writer.Write(p)
}

func watch(peak *uint64) {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	*peak = max(*peak, stats.HeapInuse)
}
