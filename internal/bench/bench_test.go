package bench

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"
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

// BenchmarkGrowth reads lists of 10 to 1,000,000 orders over loopback, beside
// encoding/json by hand and ogen's client.
func BenchmarkGrowth(b *testing.B) {
	names := []string{slice, seq, ogened, byHand}
	base := startServer(b)
	rows := [][]string{{"orders"}}
	rows[0] = append(rows[0], names...)
	for _, name := range names {
		rows[0] = append(rows[0], "bytes, "+name)
	}
	for n := 10; n <= 1_000_000; n *= 10 {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			all, err := contenders(fmt.Sprintf("%s/%d", base, n), nil)
			if err != nil {
				b.Fatal(err)
			}
			entrants := slices.DeleteFunc(lists(all), func(e entrant) bool { return !slices.Contains(names, e.name) })
			r := newRace(entrants)
			for round := 0; b.Loop(); round++ {
				r.round(b, round, max(1, 10_000/n), entrants)
			}
			r.report(b, []string{ogened, byHand})
			row := []string{fmt.Sprint(n)}
			for _, name := range names {
				row = append(row, r.perRecord(name, timeOf, n, duration))
			}
			for _, name := range names {
				row = append(row, r.perRecord(name, bytesOf, n, size))
			}
			rows = append(rows, row)
		})
	}
	fmt.Fprintf(os.Stdout, "\nTime and bytes allocated for each order of a list\n\n")
	printTable(rows)
}

// BenchmarkMemory is the most memory of a process that reads a list of 10,000 or
// 1,000,000 orders, a Seq's beside that of those who hold the list.
func BenchmarkMemory(b *testing.B) {
	sizes := []int{10_000, 1_000_000}
	base := startServer(b)
	names := []string{seq, slice, ogened, byHand}
	if len(generated) == 0 {
		names = slices.DeleteFunc(names, func(name string) bool { return name == ogened })
	}
	peaks := map[string][]float64{}
	for b.Loop() {
		for _, name := range names {
			for _, n := range sizes {
				key := fmt.Sprint(name, n)
				peaks[key] = append(peaks[key], peak(b, base, name, n))
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	rows := [][]string{{"orders"}, {"10,000"}, {"1,000,000"}}
	for _, name := range names {
		rows[0] = append(rows[0], name)
		for i, n := range sizes {
			rows[i+1] = append(rows[i+1], fmt.Sprintf("%.1f MiB", quantile(peaks[fmt.Sprint(name, n)], 0.5)/(1<<20)))
		}
	}
	fmt.Fprintf(os.Stdout, "\nThe most memory of a process that reads one list: medians of %d\n\n", b.N)
	printTable(rows)
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

// BenchmarkConnections makes 10,000 calls from 64 goroutines and counts the
// connections, beside net/http's defaults.
func BenchmarkConnections(b *testing.B) {
	opened := map[string][]float64{}
	for b.Loop() {
		for _, name := range []string{slice, byHand} {
			opened[name] = append(opened[name], connections(b, name))
		}
	}
	b.ReportMetric(0, "ns/op")
	fmt.Fprintf(os.Stdout, "\nConnections that 10,000 calls from 64 goroutines open: medians of %d\n\n", b.N)
	printTable([][]string{
		{"", "connections", "most"},
		{slice, fmt.Sprint(quantile(opened[slice], 0.5)), fmt.Sprint(quantile(opened[slice], 1))},
		{"net/http's defaults", fmt.Sprint(quantile(opened[byHand], 0.5)), fmt.Sprint(quantile(opened[byHand], 1))},
	})
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

// connections has a contender make 10,000 calls from 64 goroutines.
func connections(tb testing.TB, name string) float64 {
	var opened atomic.Int64
	s := httptest.NewUnstartedServer(newServer())
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	all, err := contenders(s.URL+"/1", nil)
	if err != nil {
		tb.Fatal(err)
	}
	i := slices.IndexFunc(all, func(c contender) bool { return c.name == name })
	group, ctx := errgroup.WithContext(context.Background())
	var calls atomic.Int64
	for range 64 {
		group.Go(func() (err error) {
			for err == nil && calls.Add(1) <= 10_000 {
				_, err = all[i].detail(ctx)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		tb.Fatal(err)
	}
	return float64(opened.Load())
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
