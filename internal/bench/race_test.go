package bench

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var only = flag.String("contender", "", "measure only the contenders whose name matches this, for a profile")

// An entrant is a contender with the one thing that a race has it do.
type entrant struct {
	name string
	call func(context.Context) (summary, error)
}

func lists(all []contender) (entrants []entrant) {
	for _, c := range all {
		entrants = append(entrants, entrant{c.name, c.list})
	}
	return entrants
}

func details(all []contender) (entrants []entrant) {
	for _, c := range all {
		if c.detail != nil {
			entrants = append(entrants, entrant{c.name, c.detail})
		}
	}
	return entrants
}

// A cost is what one call took. Processor time, the garbage collector's and idle
// threads' included, says more than time where the machine has other work.
type cost struct{ nanos, processor, bytes, allocations float64 }

func timeOf(c cost) float64   { return c.nanos }
func cpuOf(c cost) float64    { return c.processor }
func bytesOf(c cost) float64  { return c.bytes }
func allocsOf(c cost) float64 { return c.allocations }

// turn has an entrant make its calls after one that is not measured, which warms
// its pools and its connection. What others left behind is collected before. Each
// call must read the same.
func (e entrant) turn(tb testing.TB, calls int) (cost, summary) {
	runtime.GC()
	ctx := context.Background()
	read, err := e.call(ctx)
	if err != nil {
		tb.Fatalf("%s: %v", e.name, err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began, used := time.Now(), processorTime()
	for range calls {
		if again, err := e.call(ctx); err != nil || again != read {
			tb.Fatalf("%s read %+v after %+v: %v", e.name, again, read, err)
		}
	}
	took, spent := time.Since(began), processorTime()-used
	runtime.ReadMemStats(&after)
	n := float64(calls)
	return cost{
		nanos:       float64(took) / n,
		processor:   float64(spent) / n,
		bytes:       float64(after.TotalAlloc-before.TotalAlloc) / n,
		allocations: float64(after.Mallocs-before.Mallocs) / n,
	}, read
}

func processorTime() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used) // fails only for another who
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// A race is the costs of each entrant, round by round.
type race struct {
	names []string
	costs map[string][]cost
}

// round gives each entrant one turn; who begins changes from round to round.
// They must all have read the same.
func (r *race) round(tb testing.TB, number, calls int, entrants []entrant) {
	var first summary
	for i := range entrants {
		e := entrants[(i+number)%len(entrants)]
		c, read := e.turn(tb, calls)
		r.costs[e.name] = append(r.costs[e.name], c)
		if i == 0 {
			first = read
		}
		if read != first || read.records == 0 {
			tb.Fatalf("%s read %+v, another %+v", e.name, read, first)
		}
	}
}

func newRace(entrants []entrant) *race {
	r := &race{costs: map[string][]cost{}}
	for _, e := range entrants {
		r.names = append(r.names, e.name)
	}
	return r
}

// run races the entrants for as many rounds as the benchmark is given, and
// prints what came of it beside the rivals.
func run(b *testing.B, title string, entrants []entrant, calls int, rivals ...string) {
	wanted := regexp.MustCompile(*only)
	entrants = slices.DeleteFunc(slices.Clone(entrants), func(e entrant) bool { return !wanted.MatchString(e.name) })
	r, n := newRace(entrants), 0
	for ; b.Loop(); n++ {
		r.round(b, n, calls, entrants)
	}
	r.report(b, rivals)
	fmt.Fprintf(os.Stdout, "\n%s: medians of %d rounds of %d calls\n\n", title, n, calls)
	r.print(os.Stdout, rivals)
}

// An extent is how far a race goes: so many rounds, or those that fit into the time, but
// a few at least.
type extent struct {
	rounds, least int
	within        time.Duration
}

// hold races the entrants.
func (e extent) hold(tb testing.TB, entrants []entrant, calls int) *race {
	r, began := newRace(entrants), time.Now()
	for n := 0; n < e.rounds && (n < e.least || time.Since(began) < e.within); n++ {
		r.round(tb, n, calls, entrants)
	}
	return r
}

// ratio is the median of name's figures as a part of that of rival's, 0 without one of
// them.
func (r *race) ratio(name, rival string, of func(cost) float64) float64 {
	if r.costs[name] == nil || r.costs[rival] == nil {
		return 0
	}
	return r.median(name, of) / r.median(rival, of)
}

// report gives the ratios to go test, for benchstat.
func (r *race) report(b *testing.B, rivals []string) {
	b.ReportMetric(0, "ns/op") // of a whole round: nobody's figure
	for _, name := range []string{slice, seq} {
		for _, rival := range rivals {
			if r.costs[name] != nil && r.costs[rival] != nil {
				of := strings.ReplaceAll(name+"/"+rival, " ", "-")
				b.ReportMetric(r.median(name, timeOf)/r.median(rival, timeOf), "time:"+of)
				b.ReportMetric(r.median(name, cpuOf)/r.median(rival, cpuOf), "cpu:"+of)
				b.ReportMetric(r.median(name, bytesOf)/r.median(rival, bytesOf), "bytes:"+of)
			}
		}
	}
}

// print writes the table: medians, their ratios to each rival's and, for time,
// the middle half of the rounds' own ratios.
func (r *race) print(w io.Writer, rivals []string) {
	rivals = slices.DeleteFunc(slices.Clone(rivals), func(name string) bool { return r.costs[name] == nil })
	columns := []struct {
		head  string
		of    func(cost) float64
		show  func(float64) string
		ratio string
	}{{"time", timeOf, duration, "%.2f"}, {"processor", cpuOf, duration, "%.2f"}, {"bytes", bytesOf, size, "%.3f"}}
	rows := [][]string{{""}}
	for _, column := range columns {
		rows[0] = append(rows[0], column.head)
		for _, rival := range rivals {
			rows[0] = append(rows[0], "of "+rival+"'s")
		}
	}
	rows[0] = append(rows[0], "allocations")
	for _, name := range r.names {
		row := []string{name}
		for _, column := range columns {
			row = append(row, column.show(r.median(name, column.of)))
			for _, rival := range rivals {
				ratio := fmt.Sprintf(column.ratio, r.median(name, column.of)/r.median(rival, column.of))
				if column.head == "time" && name != rival {
					low, high := r.middle(name, rival, column.of)
					ratio += fmt.Sprintf(" (%.2f–%.2f)", low, high)
				}
				row = append(row, ratio)
			}
		}
		rows = append(rows, append(row, grouped(int(r.median(name, allocsOf)))))
	}
	printTable(w, rows)
}

func (r *race) median(name string, of func(cost) float64) float64 {
	return quantile(r.values(name, of), 0.5)
}

func (r *race) values(name string, of func(cost) float64) []float64 {
	values := make([]float64, 0, len(r.costs[name]))
	for _, c := range r.costs[name] {
		values = append(values, of(c))
	}
	return values
}

// perRecord is a median shared out among n records.
func (r *race) perRecord(name string, of func(cost) float64, n int, show func(float64) string) string {
	if r.costs[name] == nil {
		return "–"
	}
	return show(r.median(name, of) / float64(n))
}

// middle is the quartiles of the ratios that the rounds gave.
func (r *race) middle(name, rival string, of func(cost) float64) (low, high float64) {
	ratios := r.values(name, of)
	for i, v := range r.values(rival, of) {
		ratios[i] /= v
	}
	return quantile(ratios, 0.25), quantile(ratios, 0.75)
}

func quantile(values []float64, q float64) float64 {
	values = slices.Sorted(slices.Values(values))
	at := q * float64(len(values)-1)
	i := int(at)
	if i+1 >= len(values) {
		return values[i]
	}
	return values[i] + (at-float64(i))*(values[i+1]-values[i])
}

func duration(nanos float64) string {
	switch {
	case nanos >= 1e8:
		return fmt.Sprintf("%.2f s", nanos/1e9)
	case nanos >= 1e6:
		return fmt.Sprintf("%.1f ms", nanos/1e6)
	}
	if nanos < 1e3 {
		return fmt.Sprintf("%.0f ns", nanos)
	}
	return fmt.Sprintf("%.2f µs", nanos/1e3)
}

func size(bytes float64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.2f GB", bytes/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.2f MB", bytes/1e6)
	case bytes >= 1e3:
		return fmt.Sprintf("%.1f kB", bytes/1e3)
	}
	return fmt.Sprintf("%.0f B", bytes)
}

// printTable writes rows as Markdown, the first as its head.
func printTable(w io.Writer, rows [][]string) {
	for i, row := range rows {
		fmt.Fprintln(w, "| "+strings.Join(row, " | ")+" |")
		if i == 0 {
			fmt.Fprintln(w, "|---"+strings.Repeat("|---:", len(row)-1)+"|")
		}
	}
}
