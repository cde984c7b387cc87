package sandboxcmd

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A disk that is full is told by the log and by the health, and the sandbox goes on once
// there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=16k,mode=700"); err != nil {
		t.Skip("can't mount a small disk: ", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	data, fill := filepath.Join(disk, "data"), filepath.Join(disk, "fill")
	args := append([]string{"-quiet", "-data", data}, account...)
	s, first, stderr := startJSON(t, args...)
	insert := func(code, data string) error {
		_, err := s.client().InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: code, Data: data, Status: "completed"})
		return err
	}
	isHealthy := func(want string) {
		t.Helper()
		out, err := program(t, "-health", "-addr", strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/api/v1")).CombinedOutput()
		assert.Equal(t, want == "", err == nil)
		assert.Contains(t, string(out), want)
	}
	require.NoError(t, insert("SATU", ""))
	require.NoError(t, os.WriteFile(fill, make([]byte, 12<<10), 0o600))
	assert.ErrorIs(t, insert("BESAR", strings.Repeat("x", 4<<10)), pmpsmart.ErrServer)
	status, text := get(t, first["control_url"]+"/health")
	assert.Equal(t, 503, status)
	assert.JSONEq(t, `{"status":"failing","error":"data file: write `+data+`: no space left on device"}`, text)
	isHealthy("is not well: data file: write " + data + ": no space left on device\n")

	require.NoError(t, os.Remove(fill))
	status, text = get(t, first["control_url"]+"/health")
	assert.Equal(t, 200, status, text)
	isHealthy("")
	require.NoError(t, insert("DUA", ""))
	_, err := s.end(os.Interrupt)
	require.NoError(t, err)
	assert.Regexp(t, `InsertJSONOrder  data file: write .*: no space left on device\n`, stderr.String())

	s, _, _ = startJSON(t, args...)
	orders, err := s.client().FilterJSONOrders(t.Context(), pmpsmart.JSONOrderFilter{})
	require.NoError(t, err)
	var codes []string
	for _, order := range orders {
		codes = append(codes, order.Code)
	}
	assert.ElementsMatch(t, []string{"SATU", "DUA"}, codes)
	_, err = s.end(syscall.SIGTERM)
	require.NoError(t, err)
}
