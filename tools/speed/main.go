// Speed compares the processor time of the benchmarks in two test binaries.
//
//	speed [-limit 1.15] [-rounds 12] [-within 30s] before.test now.test
//
// It runs them in turns and compares the medians. It fails if one of the second takes
// more than limit times what that of the first does. Before it does, it goes on as long
// as it has time: on a busy machine a few rounds say little.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("speed: ")
	limit := flag.Float64("limit", 1.15, "how much of the time before is allowed")
	rounds := flag.Int("rounds", 12, "rounds after which it may pass, and after as many again")
	within := flag.Duration("within", 30*time.Second, "how long it goes on before it fails, after the first rounds")
	each := flag.Duration("each", 25*time.Millisecond, "how long each benchmark runs in a round")
	flag.Parse()
	if flag.NArg() != 2 || *rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	binaries := [2]string{flag.Arg(0), flag.Arg(1)}
	run := func(binary string) (map[string]float64, error) { return benchmark(binary, *each) }
	began := time.Now()
	r, err := compare(binaries, *rounds, *limit, run, func() bool { return time.Since(began) > *within })
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(r)
	if slow := r.slow(*limit); len(slow) > 0 {
		log.Fatalf("more than %.2f of the processor time before: %s", *limit, strings.Join(slow, ", "))
	}
}

// A result has the times that the rounds gave, by the name of a benchmark: those before
// and those now, in nanoseconds.
type result map[string]*[2][]float64

// compare runs the binaries in turns, who begins changing from round to round, until the
// limit is kept after a multiple of the rounds, or the time is up.
func compare(binaries [2]string, rounds int, limit float64, run func(binary string) (map[string]float64, error), isUp func() bool) (result, error) {
	r := result{}
	for n := 1; ; n++ {
		for i := range binaries {
			which := (i + n) % 2
			times, err := run(binaries[which])
			if err != nil {
				return nil, err
			}
			for name, nanos := range times {
				if r[name] == nil {
					r[name] = new([2][]float64)
				}
				r[name][which] = append(r[name][which], nanos)
			}
		}
		if n >= rounds && isUp() || n%rounds == 0 && len(r.slow(limit)) == 0 {
			return r, r.check()
		}
	}
}

// check makes sure that both had the same benchmarks.
func (r result) check() error {
	if len(r) == 0 {
		return errors.New("there are no benchmarks")
	}
	for name, times := range r {
		if len(times[0]) != len(times[1]) {
			return fmt.Errorf("only one of them has the benchmark %s", name)
		}
	}
	return nil
}

// ratio returns the median now as a part of the median before.
func (r result) ratio(name string) float64 { return median(r[name][1]) / median(r[name][0]) }

// slow returns the benchmarks beyond the limit.
func (r result) slow(limit float64) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(r)) {
		if r.ratio(name) > limit {
			names = append(names, fmt.Sprintf("%s (%.2f)", name, r.ratio(name)))
		}
	}
	return names
}

// String returns a table of all benchmarks.
func (r result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s %12s %12s %6s %7s\n", "", "before", "now", "ratio", "rounds")
	for _, name := range slices.Sorted(maps.Keys(r)) {
		before, now := time.Duration(median(r[name][0])), time.Duration(median(r[name][1]))
		fmt.Fprintf(&b, "%-10s %12s %12s %6.2f %7d\n", name, before, now, r.ratio(name), len(r[name][0]))
	}
	return b.String()
}

// median returns the middle of the values, not a number of none.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	switch {
	case len(sorted) == 0:
		return 0
	case len(sorted)%2 == 1:
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// line is how a benchmark tells its processor time.
var line = regexp.MustCompile(`(?m)^Benchmark[^/\s]*/(\S+)\s.*\s([\d.]+) processor-ns/op`)

// benchmark runs the benchmarks of a binary and returns the processor time of each, in
// nanoseconds. On one processor: what the garbage collector takes of idle ones is no
// work that has to be done.
func benchmark(binary string, each time.Duration) (map[string]float64, error) {
	c := exec.Command(binary, "-test.run", "^$", "-test.bench", "^BenchmarkSpeed$", "-test.benchtime", each.String())
	c.Env = append(os.Environ(), "GOMAXPROCS=1")
	out, err := c.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", binary, err, out)
	}
	times := map[string]float64{}
	for _, found := range line.FindAllStringSubmatch(string(out), -1) {
		if times[found[1]], err = strconv.ParseFloat(found[2], 64); err != nil {
			return nil, err
		}
	}
	return times, nil
}
