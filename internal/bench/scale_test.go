package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"
)

// BenchmarkGrowth reads lists of 10 to 1,000,000 orders over loopback, beside
// encoding/json by hand and ogen's client.
func BenchmarkGrowth(b *testing.B) {
	for b.Loop() {
		growth(b, os.Stdout, extent{rounds: 1, least: 1}, 1_000_000)
	}
}

// growth prints the time and the bytes for each order of lists of 10 to most orders.
func growth(tb testing.TB, w io.Writer, e extent, most int) {
	names := present(slice, seq, ogened, byHand)
	base := startServer(tb)
	rows := [][]string{{"orders"}}
	for _, column := range []string{"", "processor, ", "bytes, "} {
		for _, name := range names {
			rows[0] = append(rows[0], column+name)
		}
	}
	for n := 10; n <= most; n *= 10 {
		all, err := contenders(fmt.Sprintf("%s/%d", base, n), nil)
		if err != nil {
			tb.Fatal(err)
		}
		entrants := slices.DeleteFunc(lists(all), func(e entrant) bool { return !slices.Contains(names, e.name) })
		r := e.hold(tb, entrants, max(1, 10_000/n))
		row := []string{grouped(n)}
		for _, name := range names {
			row = append(row, r.perRecord(name, timeOf, n, duration))
		}
		for _, name := range names {
			row = append(row, r.perRecord(name, cpuOf, n, duration))
		}
		for _, name := range names {
			row = append(row, r.perRecord(name, bytesOf, n, size))
		}
		rows = append(rows, row)
	}
	fmt.Fprintf(w, "\nTime, processor time and bytes allocated for each order of a list over loopback: medians of up to %d\n\n", e.rounds)
	printTable(w, rows)
}

// present returns the names of those contenders that are there: without the build tag
// peers the generated ones are not.
func present(names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return len(generated) == 0 && (name == ogened || name == oapied) })
}

// grouped is a number as people write it: 20,000.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// BenchmarkMemory is the most memory of a process that reads a list of 10,000 or
// 1,000,000 orders, a Seq's beside that of those who hold the list.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		memory(b, os.Stdout, 1, 1_000_000)
	}
}

// memory prints the most memory of processes that read lists of 10,000 orders and of
// many. It returns how much more a Seq of many takes, in bytes.
func memory(tb testing.TB, w io.Writer, rounds, many int) (more float64) {
	sizes := []int{10_000, many}
	base := startServer(tb)
	names := present(seq, slice, ogened, byHand)
	peaks := map[string][]float64{}
	for range rounds {
		for _, name := range names {
			for _, n := range sizes {
				key := fmt.Sprint(name, n)
				peaks[key] = append(peaks[key], peak(tb, base, name, n))
			}
		}
	}
	median := func(name string, n int) float64 { return quantile(peaks[fmt.Sprint(name, n)], 0.5) }
	rows := [][]string{append([]string{"orders"}, names...)}
	for _, n := range sizes {
		row := []string{grouped(n)}
		for _, name := range names {
			row = append(row, mebibytes(median(name, n)))
		}
		rows = append(rows, row)
	}
	fmt.Fprintf(w, "\nThe most memory of a process that reads one list: medians of %d\n\n", rounds)
	printTable(w, rows)
	return median(seq, many) - median(seq, 10_000)
}

func mebibytes(bytes float64) string { return fmt.Sprintf("%.1f MiB", bytes/(1<<20)) }

// BenchmarkConnections makes 10,000 calls from 64 goroutines and counts the
// connections, beside net/http's defaults.
func BenchmarkConnections(b *testing.B) {
	for b.Loop() {
		countConnections(b, os.Stdout, 1)
	}
}

// countConnections prints how many connections many calls at once open.
func countConnections(tb testing.TB, w io.Writer, rounds int) {
	opened := map[string][]float64{}
	for range rounds {
		for _, name := range []string{slice, byHand} {
			opened[name] = append(opened[name], connections(tb, name))
		}
	}
	fmt.Fprintf(w, "\nConnections that 10,000 calls from 64 goroutines open: medians of %d\n\n", rounds)
	printTable(w, [][]string{
		{"", "connections", "most"},
		{slice, fmt.Sprint(quantile(opened[slice], 0.5)), fmt.Sprint(quantile(opened[slice], 1))},
		{"net/http's defaults", fmt.Sprint(quantile(opened[byHand], 0.5)), fmt.Sprint(quantile(opened[byHand], 1))},
	})
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
