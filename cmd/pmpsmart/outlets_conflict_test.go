package main_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// Two outlets never get one code: neither by two lines of the file, nor where one
// has it and keeps it, nor where the one that should give it away is refused.
func TestOutletsRefusesCodesThatClash(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	want := codes(srv)
	want[9] = "NEW-9"
	dir, path := write(t, "codes.csv", strings.Join([]string{
		"id,code",
		"1,SAME",
		"2,SAME",
		"5,OUT-004", // outlet 4 keeps it, since
		"4,OUT-003", // outlet 3 keeps its own, since
		"3,OUT-050", // outlet 50 keeps its own
		"6,OUT-007", // outlet 7 keeps it, since
		"7,OUT-007", // that is right already, and the code stands twice
		"8, ",       // no code
		"9,NEW-9",
		"10,OUT-008",
	}, "\n"))
	problems := []string{
		"line 2, id 1: line 3 gives the same code to outlet 2",
		"line 3, id 2: line 2 gives the same code to outlet 1",
		"line 4, id 5: outlet 4 has this code, and line 5 does not change it",
		"line 5, id 4: outlet 3 has this code, and line 6 does not change it",
		"line 6, id 3: outlet 50 has this code",
		"line 7, id 6: line 8 gives the same code to outlet 7",
		"line 8, id 7: line 7 gives the same code to outlet 6",
		"line 9, id 8: the code is empty",
		"line 11, id 10: outlet 8 has this code, and line 9 does not change it",
	}
	out := run(t, dir, environment(srv), "outlets", path)
	assert.Equal(t, 1, out.status)
	for _, problem := range problems {
		_, why, _ := strings.Cut(problem, ": ")
		assert.Contains(t, out.stdout, "refused: "+why+"\n")
	}
	assert.Contains(t, out.stdout, "\n1 to update, 0 right already, 9 refused; run with -apply to do it\n")

	out = run(t, dir, environment(srv), "outlets", "-apply", "-quiet", path)
	assert.Equal(t, 1, out.status)
	for i, line := range lines(out.stderr)[:len(problems)] {
		assert.Equal(t, "pmpsmart outlets: "+problems[i], line)
	}
	assert.Equal(t, want, codes(srv))
}

// A code that is given away in the same file is free, whatever the order of the
// lines: in a chain it is freed first, and in a swap both get what the other had.
func TestOutletsSwapsCodes(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	want := codes(srv)
	want[1], want[2], want[3] = "OUT-002", "OUT-003", "FREE"
	want[4], want[5] = "OUT-005", "OUT-004"
	dir, path := write(t, "codes.csv", "id;kode\n1;OUT-002\n2;OUT-003\n3;FREE\n4;OUT-005\n5;OUT-004\n")
	out := run(t, dir, environment(srv), "outlets", "-apply", "-rate", "1000", path)
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, "5 updated, 0 right already, 0 refused\n", out.stdout)
	assert.Equal(t, want, codes(srv))
	var order []string
	for _, r := range srv.Requests() {
		if r.Op == "UpdateOutletCode" {
			order = append(order, r.Body)
		}
	}
	require.Len(t, order, 5)
	for i, code := range []string{"FREE", "OUT-003", "OUT-002"} {
		assert.Contains(t, order[i], `"`+code+`"`, "what frees a code comes before what takes it")
	}
}

// Where the server refuses to take a code away, its next outlet does not get it.
func TestOutletsStopsAChainThatTheServerBreaks(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "UpdateOutletCode", Nth: 1, Kind: pmpsmarttest.FaultAnswer, Status: 422}))
	before := codes(srv)
	dir, path := write(t, "codes.csv", "1,OUT-002\n2,FREE\n")
	out := run(t, dir, environment(srv), "outlets", "-apply", "-quiet", path)
	assert.Equal(t, 1, out.status)
	said := lines(out.stderr)
	require.Len(t, said, 3)
	assert.Contains(t, said[0], "pmpsmart outlets: line 2, id 2: changing the outlet's code: 422")
	assert.Equal(t, "pmpsmart outlets: line 1, id 1: outlet 2 has this code, and line 2 does not change it", said[1])
	assert.Equal(t, before, codes(srv))
}
