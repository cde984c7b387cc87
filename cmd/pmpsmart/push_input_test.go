package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// What a spreadsheet or an editor puts before the first order costs no order.
func TestPushReadsAByteOrderMark(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "orders.jsonl", "\ufeff"+orderLines(2))
	out := run(t, dir, environment(srv), "push", path)
	assert.Zero(t, out.status, out.stderr)
	assert.Equal(t, "2 orders created\n", out.stdout)
	pushed(t, srv, orderLines(2))

	stdin := strings.NewReader("\ufeff" + orderLines(2))
	out = start(t, dir, environment(srv), stdin, "push", "-journal", path+".journal", "-").wait()
	assert.Equal(t, "0 orders created, 2 done by earlier runs\n", out.stdout)
}

// A file without orders is hardly the one that was meant.
func TestPushTellsOfAnInputWithoutOrders(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "orders.jsonl", "\n \r\n")
	refused(t, run(t, dir, environment(srv), "push", "-quiet", path), "orders.jsonl: holds no orders")
	assert.NoFileExists(t, path+".journal")
	for stdin, why := range map[string]string{
		"\n\n":                     "pmpsmart push: the input holds no orders\n",
		"\xff\xfe{\x00\"\x00c\x00": "pmpsmart push: the input is not UTF-8 but most likely UTF-16, as a spreadsheet's \"Unicode text\" is; save it as UTF-8\n",
	} {
		out := start(t, dir, environment(srv), strings.NewReader(stdin), "push", "-quiet", "-journal", "journal", "-").wait()
		assert.Equal(t, 1, out.status)
		assert.Equal(t, why, out.stderr)
	}
}

// Somebody who presses Ctrl-C learns at once what the program waits for.
func TestPushSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "InsertJSONOrder", Nth: 1, Kind: pmpsmarttest.FaultDelay, Wait: time.Minute}))
	dir, path := write(t, "orders.jsonl", orderLines(3))
	p := start(t, dir, environment(srv), nil, "push", "-n", "1", path)
	p.until("the first is under way", func() bool { return holds(filepath.Join(dir, "orders.jsonl.journal"), `"P-0000"`) })
	assert.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	p.until("it says so", func() bool {
		return strings.Contains(p.stderr.String(), "pmpsmart push: finishing 1 order under way, which takes 15s at most; a second Ctrl-C does not wait\n")
	})
	p.signal(os.Interrupt)
}
