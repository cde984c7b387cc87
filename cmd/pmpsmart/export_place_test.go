package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// What a run that broke off has left is thrown away only when somebody says so.
func TestExportKeepsWhatWasLeft(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t, pmpsmarttest.WithStyle(pmpsmarttest.Paginated)), t.TempDir()
	env, sixth := newGate(t, srv, "order", 6)
	p := start(t, dir, env, nil, "export", "-quiet")
	p.until("the sixth page is waited for", isClosed(sixth))
	require.Equal(t, 130, p.signal(os.Interrupt).status)
	left := read(t, dir, "orders.csv.partial")
	require.NotEmpty(t, left)

	other := newServer(t) // the one before may yet record what was under way
	for _, args := range [][]string{{"-quiet"}, {"-quiet", "-status", "open"}} {
		refused(t, run(t, dir, environment(other), "export", args...),
			"orders.csv.partial is what a run that broke off has left: -resume goes on with it, -restart throws it away and begins anew")
		assert.Equal(t, left, read(t, dir, "orders.csv.partial"))
	}
	assert.Empty(t, other.Requests(), "nothing was asked")

	out := run(t, dir, env, "export", "-restart", "-status", "open")
	require.Zero(t, out.status, out.stderr)
	assert.NoFileExists(t, filepath.Join(dir, "orders.csv.partial"))
}

func TestExportStreams(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	require.Zero(t, run(t, dir, environment(srv), "export", "-o", "ORDERS.CSV").status)
	for _, args := range [][]string{{"-o", "-"}, {"-o", "/dev/stdout", "-format", "CSV"}} {
		out := run(t, dir, environment(srv), "export", args...)
		require.Zero(t, out.status, out.stderr)
		assert.Equal(t, read(t, dir, "ORDERS.CSV"), out.stdout)
		assert.Contains(t, out.stderr, "pmpsmart export: 240 orders in the standard output (")
	}
	out := run(t, dir, environment(srv), "export", "-o", "-", "-format", "jsonl", "-quiet")
	require.Zero(t, out.status, out.stderr)
	assert.Len(t, lines(out.stdout), 240)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, files, 1, "nothing is left beside the file")

	srv.Fail(cuts(4)...)
	out = run(t, dir, environment(srv), "export", "-o", "-", "-quiet")
	assert.Equal(t, 4, out.status)
	assert.Regexp(t, `; \d+ orders were written, and not all\n$`, out.stderr)
	assert.NotContains(t, out.stderr, "-resume")
}

// A link in the file's place goes on leading to it.
func TestExportByALink(t *testing.T) {
	t.Parallel()
	srv, dir, elsewhere := newServer(t), t.TempDir(), t.TempDir()
	target, link := filepath.Join(elsewhere, "real.csv"), filepath.Join(dir, "link.csv")
	require.NoError(t, os.WriteFile(target, nil, 0o600))
	require.NoError(t, os.Symlink(target, link))
	out := run(t, dir, environment(srv), "export", "-o", link)
	require.Zero(t, out.status, out.stderr)
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink, "the link is gone")
	_, rows := table(t, target)
	assert.Len(t, rows, 240)
}

// A column that no order has is most likely a typo. It is told of, also where the
// orders that had it are from an earlier run.
func TestExportTellsOfColumnsThatNoOrderHas(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	out := run(t, dir, environment(srv), "export", "-quiet", "-extra", "nope,total,none")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, "pmpsmart export: nothing has a field nope, none: the column is empty\n", out.stderr)

	args := []string{"-quiet", "-extra", "total", "-from", "2026-01-01", "-to", "2026-01-10", "-resume"}
	env, last := newGate(t, srv, "order", 10)
	p := start(t, dir, env, nil, "export", args...)
	p.until("the last day is waited for", isClosed(last))
	require.Equal(t, 130, p.signal(os.Interrupt).status)
	srv.Fail(pmpsmarttest.Fault{Op: "ListOrders", Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"success","data":[]}`})
	out = run(t, dir, env, "export", args...)
	require.Zero(t, out.status, out.stderr)
	assert.Empty(t, out.stderr)
}
