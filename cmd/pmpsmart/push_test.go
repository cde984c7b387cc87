package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// orderLines are n orders to push.
func orderLines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"code":"P-%04d","status":"completed","data":{"number":%d,"note":"<é & ' \" \\>"}}`+"\n", i, i)
	}
	return b.String()
}

// pushed checks that the server has each order of a file exactly once.
func pushed(t *testing.T, srv *pmpsmarttest.Server, file string) {
	t.Helper()
	want, got := map[string]string{}, map[string]string{}
	for _, line := range lines(file) {
		var order struct {
			Code string
			Data json.RawMessage
		}
		require.NoError(t, json.Unmarshal([]byte(line), &order))
		want[order.Code] = string(order.Data)
	}
	for _, order := range srv.JSONOrders() {
		assert.NotContains(t, got, order.Code, "is there twice")
		got[order.Code] = string(order.Data)
	}
	assert.Equal(t, want, got)
}

// The promise of the program: killed three times while the server resets after
// it has committed and answers 500, it loses no order and makes none twice.
func TestPushSurvivesKillsAndFaults(t *testing.T) {
	t.Parallel()
	const orders = 160
	srv := newServer(t, pmpsmarttest.WithRandomFaults(7, map[pmpsmarttest.FaultKind]float64{
		pmpsmarttest.FaultLostAnswer: 0.12, pmpsmarttest.FaultAnswer: 0.12, pmpsmarttest.FaultReset: 0.05, pmpsmarttest.FaultCut: 0.05, pmpsmarttest.FaultDelay: 0.3,
	}))
	file := orderLines(orders)
	dir, path := write(t, "orders.jsonl", file)
	args := []string{"-settle", "500ms", "-n", "8", path}

	for kill := 1; kill <= 3; kill++ {
		p := start(t, dir, environment(srv), nil, "push", args...)
		p.until(fmt.Sprintf("%d quarters are there", kill), func() bool { return len(srv.JSONOrders()) >= kill*orders/4 })
		assert.Equal(t, -1, p.signal(os.Kill).status, "it was killed, not done")
	}
	var out outcome
	for try := 1; ; try++ {
		if out = run(t, dir, environment(srv), "push", args...); out.status == 0 {
			break
		}
		require.Less(t, try, 10, "it does not come to an end: %s", out.stderr)
	}
	pushed(t, srv, file)

	inserts := answered(srv, "InsertJSONOrder")
	out = run(t, dir, environment(srv), "push", args...)
	assert.Equal(t, "0 orders created, 160 done by earlier runs\n", out.stdout)
	assert.Equal(t, inserts, answered(srv, "InsertJSONOrder"))
}

func TestPushFinishesWhatIsUnderWayOnCtrlC(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "InsertJSONOrder", Nth: 2, Kind: pmpsmarttest.FaultDelay, Wait: time.Second}))
	file := orderLines(5)
	dir, path := write(t, "orders.jsonl", file)
	p := start(t, dir, environment(srv), nil, "push", "-n", "1", path)
	p.until("the second is under way", func() bool { return holds(path+".journal", `"P-0001"`) })
	out := p.signal(os.Interrupt)
	assert.Equal(t, 130, out.status)
	assert.Equal(t, "2 orders created\n", out.stdout)
	assert.Contains(t, out.stderr, "pmpsmart push: stopped; run it again for the rest\n")

	out = run(t, dir, environment(srv), "push", "-json", path)
	require.Zero(t, out.status, out.stderr)
	assert.JSONEq(t, `{"created":3,"there":0,"earlier":2,"repeated":0,"refused":0,"failed":0}`, out.stdout)
	pushed(t, srv, file)
}

// A pipe that says nothing does not keep the program from stopping.
func TestPushStopsWhileItWaitsForInput(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer w.Close()
	dir := t.TempDir()
	p := start(t, dir, environment(srv), r, "push", "-journal", "journal", "-")
	fmt.Fprint(w, orderLines(1))
	p.until("the first is there", func() bool { return len(srv.JSONOrders()) == 1 })
	out := p.signal(os.Interrupt)
	assert.Equal(t, 130, out.status)
	assert.Equal(t, "1 order created\n", out.stdout)

	out = start(t, dir, environment(srv), strings.NewReader(orderLines(2)), "push", "-").wait()
	assert.Contains(t, out.stderr, "orders from the standard input need a -journal")
}

func TestPushRefusesBadLinesAndGoesOn(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	srv.AddJSONOrders(
		pmpsmart.JSONOrder{Code: "OLD", Status: "completed", Data: json.RawMessage(`{"b": 2, "a": 1}`)},
		pmpsmart.JSONOrder{Code: "OTHER", Status: "completed", Data: json.RawMessage(`1`)},
		pmpsmart.JSONOrder{Code: "DRAFT", Status: "draft", Data: json.RawMessage(`1`)},
		pmpsmart.JSONOrder{Code: "EMPTY", Status: "completed"})
	dir, path := write(t, "orders.jsonl", strings.Join([]string{
		`{"code":"A","status":"completed","data":{"a":1,"b":2}}`,
		`{"code":"A","status":"completed","data":{"b":2, "a":1}}`,
		`{"code":"A","status":"completed","data":3}`,
		`{"code":"B","status":"completed"}`,
		`{"code":"C","sattus":"completed","data":1}`,
		``,
		`{"code":"D","status":"completed","data":1}{}`,
		`{"code":" E","status":"completed","data":1}`,
		`not JSON`,
		"{\"code\":\"F\xff\",\"status\":\"completed\",\"data\":1}",
		`{"code":"OLD","status":"completed","data":{"a":1,"b":2}}`,
		`{"code":"OTHER","status":"completed","data":2}`,
		`{"code":"DRAFT","status":"completed","data":1}`,
		`{"code":"EMPTY","status":"completed","data":1}`,
		`{"code":"NULL","status":"draft","data":null}`,
	}, "\n"))
	out := run(t, dir, environment(srv), "push", "-quiet", "-n", "1", path)
	assert.Equal(t, 1, out.status)
	assert.Equal(t, "1 order created, 1 there before, 1 repeated in the file, 11 refused\n", out.stdout)
	for _, problem := range []string{
		"pmpsmart push: line 3, A: the code stands on an earlier line, with other data",
		`pmpsmart push: line 4, B: needs a "code", a "status" and "data"`,
		`pmpsmart push: line 5, C: has a "sattus", which would be lost; an order has a "code", a "status" and "data"`,
		"pmpsmart push: line 7: holds more than one object",
		"pmpsmart push: line 8,  E: sending the order: Code has white space",
		`pmpsmart push: line 9: is not JSON, near "not JSON"`,
		"pmpsmart push: line 10: is not UTF-8",
		"pmpsmart push: line 12, OTHER: the server has this code with other data, as id 2",
		`pmpsmart push: line 13, DRAFT: the server has this code with the status "draft", as id 3`,
		"pmpsmart push: line 14, EMPTY: the server has this code with no data, which the list may leave out, as id 4",
		`pmpsmart push: line 15, NULL: its "data" is null`,
		"pmpsmart push: 11 orders refused",
	} {
		assert.Contains(t, out.stderr, problem)
	}
	assert.Len(t, srv.JSONOrders(), 5)
}

func TestPushJournal(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "orders.jsonl", orderLines(3))
	journal := path + ".journal"
	require.Zero(t, run(t, dir, environment(srv), "push", path).status)
	whole := read(t, journal)

	// A torn tail is cut off; the order that it tells of is found again.
	require.NoError(t, os.WriteFile(journal, []byte(whole[:len(whole)-20]), 0o600))
	out := run(t, dir, environment(srv), "push", "-settle", "1ms", path)
	assert.Zero(t, out.status, out.stderr)
	assert.Equal(t, "0 orders created, 2 done by earlier runs, 1 there before\n", out.stdout)
	assert.Contains(t, out.stderr, "1 order under way when the last run ended")

	// So is a head that was torn.
	require.NoError(t, os.WriteFile(journal, []byte(whole[:10]), 0o600))
	out = run(t, dir, environment(srv), "push", path)
	assert.Equal(t, "0 orders created, 3 there before\n", out.stdout)

	// An order that was changed since is not what the journal tells of.
	changed := strings.Replace(read(t, path), `"number":2`, `"number":20`, 1)
	require.NoError(t, os.WriteFile(path, []byte(changed), 0o600))
	out = run(t, dir, environment(srv), "push", path)
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, "pmpsmart push: line 3, P-0002: an earlier run sent this code with other data")

	damaged := strings.Replace(whole, `"state"`, `state`, 1)
	require.NoError(t, os.WriteFile(journal, []byte(damaged), 0o600))
	refused(t, run(t, dir, environment(srv), "push", "-quiet", path), "line 2 is not a journal line")

	require.NoError(t, os.WriteFile(journal, []byte(whole), 0o600))
	other := newServer(t)
	refused(t, run(t, dir, environment(other), "push", "-quiet", path), "is the journal of "+srv.URL)
	assert.Empty(t, other.JSONOrders())
}

// Several inputs may share a journal: what it says is true of the server, and an
// order counts as done only with the same data.
func TestPushJournalOfAnotherInput(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, first := write(t, "first.jsonl", orderLines(3))
	require.Zero(t, run(t, dir, environment(srv), "push", "-journal", "journal", first).status)

	second := strings.Replace(orderLines(4), `"number":1`, `"number":10`, 1)
	path := filepath.Join(dir, "second.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(second), 0o600))
	out := run(t, dir, environment(srv), "push", "-journal", "journal", path)
	assert.Equal(t, 1, out.status)
	assert.Equal(t, "1 order created, 2 done by earlier runs, 1 refused\n", out.stdout)
	assert.Contains(t, out.stderr, "pmpsmart push: line 2, P-0001: an earlier run sent this code with other data")
	pushed(t, srv, orderLines(4))

	// An input in the journal's place is refused and stays as it is.
	one := strings.TrimSuffix(orderLines(1), "\n")
	require.NoError(t, os.WriteFile(path, []byte(one), 0o600))
	refused(t, run(t, dir, environment(srv), "push", "-quiet", "-journal", path, first), "second.jsonl: line 1 is not a journal line")
	assert.Equal(t, one, read(t, path))
}

func TestPushRunsOnceAtATime(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	env, insert := newGate(t, srv, "json/order", 1)
	dir, path := write(t, "orders.jsonl", orderLines(1))
	p := start(t, dir, env, nil, "push", path)
	p.until("it is at work", isClosed(insert))
	endedAs(t, 1, run(t, dir, env, "push", "-quiet", path), "another run is at work on "+path+".journal")
	p.signal(os.Kill)
}

// Trouble that is not one order's ends the run on one line, whatever -n.
func TestPushGivesUpOnABrokenServer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	dir, path := write(t, "orders.jsonl", orderLines(100))
	env := []string{"PMPSMART_BASE_URL=http://" + listener.Addr().String(), "PMPSMART_TOKEN=x"}
	out := run(t, dir, env, "push", "-patience", "0", "-quiet", path)
	assert.Equal(t, 4, out.status)
	assert.Len(t, lines(out.stderr), 1, out.stderr)
	assert.Contains(t, out.stderr, "pmpsmart push: stopped: sending the order: ")
	assert.Contains(t, out.stderr, "connection refused")

	srv := newServer(t)
	srv.Down(0)
	out = run(t, t.TempDir(), environment(srv), "push", "-patience", "0", "-quiet", "-n", "4", "-journal", filepath.Join(dir, "other"), path)
	assert.Equal(t, 4, out.status)
	assert.Contains(t, out.stderr, "pmpsmart push: stopped: 10 failures in a row: ")
	assert.Contains(t, out.stderr, "; run it again for the rest\n")

	srv.Up()
	out = run(t, t.TempDir(), environment(srv), "push", "-quiet", "-journal", filepath.Join(dir, "other"), path)
	assert.Zero(t, out.status, out.stderr)
	pushed(t, srv, orderLines(100))
}

// An insert that the server finishes only after the program was killed is found,
// not made again: the next run keeps its order for the end.
func TestPushWaitsForWhatAKillLeftUnderWay(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithManyTokens())
	reached, killed, committed := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var inserts atomic.Int64
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/json/order" || inserts.Add(1) > 1 {
			srv.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		close(reached)
		<-killed
		late := r.Clone(context.Background())
		late.Body = io.NopCloser(bytes.NewReader(body))
		srv.ServeHTTP(httptest.NewRecorder(), late)
		close(committed)
	}))
	t.Cleanup(slow.Close)
	env := append(environment(srv), "PMPSMART_BASE_URL="+slow.URL+"/api/v1")
	file := orderLines(2)
	dir, path := write(t, "orders.jsonl", file)

	p := start(t, dir, env, nil, "push", "-n", "1", path)
	p.until("the first order is under way", isClosed(reached))
	assert.Equal(t, -1, p.signal(os.Kill).status)
	p = start(t, dir, env, nil, "push", "-settle", "1s", path)
	p.until("the second is there", func() bool { return len(srv.JSONOrders()) == 1 })
	close(killed)
	<-committed
	out := p.wait()
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, "1 order created, 1 there before\n", out.stdout)
	pushed(t, srv, file)
}
