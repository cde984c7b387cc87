package bench

import (
	"fmt"
	"runtime/debug"
	"slices"
	"testing"
)

// BenchmarkOrderList reads a list of 20,000 orders, 4 MB, over loopback: as a
// slice and as a Seq, beside encoding/json by hand, resty's SetResult and the
// generated clients.
func BenchmarkOrderList(b *testing.B) {
	run(b, "A list of 20,000 orders over loopback", lists(contendersAt(b, 20_000)), 3, ogened, byHand)
}

// BenchmarkOrderDetail reads one order without a network, all by the same
// transport, beside the same contenders.
func BenchmarkOrderDetail(b *testing.B) {
	run(b, "One order's detail without a network", details(contendersOffline(b)), 1_000, result, byHand)
}

// BenchmarkOrderDetailLoopback reads one order over loopback, beside the same
// contenders.
func BenchmarkOrderDetailLoopback(b *testing.B) {
	run(b, "One order's detail over loopback", details(contendersAt(b, 1)), 1_000, byHand, result)
}

// TestMemory holds a Seq to its promise: one record in memory.
func TestMemory(t *testing.T) {
	if hasRaceDetector() {
		t.Skip("the race detector's own memory grows")
	}
	base := startServer(t)
	small, large := peak(t, base, seq, 10_000), peak(t, base, seq, 300_000)
	if large > 1.10*small && large > small+8<<20 {
		t.Errorf("the peak of 10,000 orders is %s, of 300,000 orders %s", size(small), size(large))
	}
}

func hasRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// TestConnections tries more than once: net/http dials while it waits for a
// connection to come free, and on a busy machine more dials come too late.
func TestConnections(t *testing.T) {
	var opened []float64
	for range 3 {
		n := connections(t, slice)
		if n <= 128 {
			return
		}
		opened = append(opened, n)
	}
	t.Errorf("10,000 calls from 64 goroutines opened %v connections, want at most 128", opened)
}

// TestContenders runs the benchmarks' bodies on little: all contenders must have
// read the same.
func TestContenders(t *testing.T) {
	for name, entrants := range map[string][]entrant{
		"list":            lists(contendersAt(t, 100)),
		"detail":          details(contendersOffline(t)),
		"detail loopback": details(contendersAt(t, 1)),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRace(entrants)
			r.round(t, 0, 2, entrants)
			r.round(t, 1, 2, entrants)
		})
	}
}

// TestAllocations holds a list to one allocation for what it keeps of an order: its code
// and the field that no struct names are one string.
func TestAllocations(t *testing.T) {
	const orders, kept = 5_000, 1
	for _, e := range lists(contendersAt(t, orders)) {
		if e.name != slice && e.name != seq {
			continue
		}
		c, _ := e.turn(t, 3)
		if c.allocations > kept*orders+500 {
			t.Errorf("%s: %.0f allocations for %d orders, want about %d", e.name, c.allocations, orders, kept*orders)
		}
	}
}

func contendersAt(tb testing.TB, orders int) []contender {
	all, err := contenders(fmt.Sprintf("%s/%d", startServer(tb), orders), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

func contendersOffline(tb testing.TB) []contender {
	all, err := contenders("http://127.0.0.1", canned(orderDetail()))
	if err != nil {
		tb.Fatal(err)
	}
	return all
}
