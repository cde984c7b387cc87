package main_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// codes are the outlets' codes as the server has them.
func codes(srv *pmpsmarttest.Server) map[int64]string {
	codes := map[int64]string{}
	for _, outlet := range srv.Outlets() {
		codes[outlet.ID] = outlet.Code
	}
	return codes
}

// messy is a file with everything that can be wrong.
const messy = `id,name,code
1,right already,OUT-001
2,,NEW-002
3,twice,NEW-003
3,twice,NEW-3
88,, NEW-088
abc,no id,NEW-1
0,no id,NEW-0
9999,unknown,NEW-9999
4,no code,
5
`

var messyProblems = []string{
	"line 4, id 3: the id stands on line 5 too",
	"line 5, id 3: the id stands on line 4 too",
	`line 7, id abc: "abc" is not an id`,
	`line 8, id 0: "0" is not an id`,
	"line 9, id 9999: the server knows no outlet of this id",
	"line 10, id 4: the code is empty",
	"line 11: the row has 1 cell, needs 3",
}

func TestOutletsPlansAndChangesNothing(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	before := codes(srv)
	dir, path := write(t, "codes.csv", messy)
	for _, args := range [][]string{{path}, {"-dry-run", path}} {
		out := run(t, dir, environment(srv), "outlets", args...)
		assert.Equal(t, 1, out.status)
		assert.Contains(t, out.stdout, "line    id  now      new       what happens\n   3     2  OUT-002  NEW-002   update\n")
		for _, problem := range messyProblems {
			_, why, _ := strings.Cut(problem, ": ")
			assert.Contains(t, out.stdout, "refused: "+why)
		}
		assert.Contains(t, out.stdout, "\n2 to update, 1 right already, 7 refused; run with -apply to do it\n")
		assert.Contains(t, out.stderr, "pmpsmart outlets: 7 rows of 10 refused\n")
	}
	assert.Equal(t, before, codes(srv))
	assert.Zero(t, answered(srv, "UpdateOutletCode"))
}

func TestOutletsApplies(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	want := codes(srv)
	want[2], want[88] = "NEW-002", "NEW-088"
	dir, path := write(t, "codes.csv", messy)
	out := run(t, dir, environment(srv), "outlets", "-apply", "-quiet", path)
	assert.Equal(t, 1, out.status)
	var problems []string
	for _, problem := range messyProblems {
		problems = append(problems, "pmpsmart outlets: "+problem)
	}
	assert.Equal(t, append(problems, "pmpsmart outlets: 7 rows of 10 refused"), lines(out.stderr))
	assert.Equal(t, "2 updated, 1 right already, 7 refused\n", out.stdout)
	assert.Equal(t, want, codes(srv))

	out = run(t, dir, environment(srv), "outlets", "-apply", "-quiet", path)
	assert.Equal(t, "0 updated, 3 right already, 7 refused\n", out.stdout)
	assert.Equal(t, 2, answered(srv, "UpdateOutletCode"), "what is right is left alone")
}

// A file as Excel in Indonesian saves it, read from the standard input.
func TestOutletsReadsWhatSpreadsheetsSave(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	file := strings.NewReader("\ufeffkode_outlet;id_outlet\r\nA;1\r\n\"B;C\";2\r\n")
	out := start(t, t.TempDir(), environment(srv), file, "outlets", "-apply", "-json", "-").wait()
	require.Zero(t, out.status, out.stderr)
	var result struct {
		Updated int
		Rows    []struct{ Now, Code, State string }
	}
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &result))
	assert.Equal(t, 2, result.Updated)
	assert.Equal(t, struct{ Now, Code, State string }{"OUT-002", "B;C", "updated"}, result.Rows[1])
	assert.Equal(t, "A", codes(srv)[1])
	assert.Equal(t, "B;C", codes(srv)[2])
}

func TestOutletsTellsOfWhatTheServerRefuses(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "UpdateOutletCode", Nth: 2, Kind: pmpsmarttest.FaultAnswer, Status: 422},
		pmpsmarttest.Fault{Op: "UpdateOutletCode", Nth: 3, Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"success","data":true}`},
		pmpsmarttest.Fault{Op: "UpdateOutletCode", Nth: 4, Kind: pmpsmarttest.FaultLostAnswer},
	))
	dir, path := write(t, "codes.csv", "id,code\n1,A\n2,B\n3,C\n4,D\n")
	out := run(t, dir, environment(srv), "outlets", "-apply", "-quiet", path)
	assert.Equal(t, 1, out.status)
	said := lines(out.stderr)
	require.Len(t, said, 3)
	assert.Contains(t, said[0], "pmpsmart outlets: line 3, id 2: changing the outlet's code: 422")
	assert.Equal(t, `pmpsmart outlets: line 4, id 3: the server said yes, and has the code "OUT-003"`, said[1])
	assert.Equal(t, "pmpsmart outlets: 2 rows of 4 refused", said[2])
	assert.Equal(t, "2 updated, 0 right already, 2 refused\n", out.stdout)

	out = run(t, dir, environment(srv), "outlets", "-apply", path)
	assert.Zero(t, out.status, out.stderr)
	assert.Equal(t, "2 updated, 2 right already, 0 refused\n", out.stdout)
}

func TestOutletsMayNotBeAllowedTo(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	srv.AddViewer("viewer@b.id", "p")
	dir, path := write(t, "codes.csv", "1,A\n2,B\n")
	env := append(environment(srv), "PMPSMART_EMAIL=viewer@b.id", "PMPSMART_PASSWORD=p")
	out := run(t, dir, env, "outlets", "-apply", path)
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, "line 1, id 1: changing the outlet's code: 403 Forbidden")
	assert.Contains(t, out.stderr, "line 2, id 2: changing the outlet's code: 403 Forbidden")
}

func TestOutletsKeepsToItsRate(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "codes.csv", "1,A\n2,B\n3,C\n4,D\n5,E\n")
	began := time.Now()
	out := run(t, dir, environment(srv), "outlets", "-apply", "-rate", "20", path)
	require.Zero(t, out.status, out.stderr)
	requests := len(srv.Requests()) // one of them at once
	assert.GreaterOrEqual(t, time.Since(began), time.Duration(requests-1)*time.Second/20)
}

func TestOutletsStopsOnCtrlC(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	env, third := newGate(t, srv, "master/outlet/update", 3)
	dir, path := write(t, "codes.csv", "1,A\n2,B\n3,C\n4,D\n5,E\n")
	args := []string{"-apply", "-quiet", "-rate", "1000", path}
	p := start(t, dir, env, nil, "outlets", args...)
	p.until("the third is under way", isClosed(third))
	out := p.signal(os.Interrupt)
	assert.Equal(t, 130, out.status)
	assert.Equal(t, "2 updated, 0 right already, 0 refused, 3 left\n", out.stdout)
	assert.Equal(t, "pmpsmart outlets: stopped at line 3; run it again for the rest\n", out.stderr)

	out = run(t, dir, env, "outlets", args...)
	assert.Zero(t, out.status, out.stderr)
	assert.Equal(t, "3 updated, 2 right already, 0 refused\n", out.stdout)
}
