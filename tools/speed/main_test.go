package main

import (
	"reflect"
	"strings"
	"testing"
)

// rounds runs compare on times that are given, in the order of the rounds; the last ones
// go on. It returns how many rounds there were.
func rounds(t *testing.T, before, now []float64, most int) (r result, count int) {
	t.Helper()
	given := map[string][]float64{"before": before, "now": now}
	run := func(binary string) (map[string]float64, error) {
		times := given[binary]
		if len(times) > 1 {
			given[binary] = times[1:]
		}
		return map[string]float64{"List": times[0]}, nil
	}
	r, err := compare([2]string{"before", "now"}, 3, 1.15, run, func() bool { count++; return count+2 >= most })
	if err != nil {
		t.Fatal(err)
	}
	return r, len(r["List"][0])
}

func TestCompare(t *testing.T) {
	for _, row := range []struct {
		name        string
		before, now []float64
		slow        []string
		rounds      int
	}{
		{"the same", []float64{100}, []float64{100}, nil, 3},
		{"a little slower", []float64{100}, []float64{114}, nil, 3},
		{"one round is disturbed", []float64{100}, []float64{900, 100}, nil, 3},
		{"the first rounds are disturbed", []float64{100}, []float64{150, 150, 100}, nil, 6},
		{"faster", []float64{100}, []float64{50}, nil, 3},
		{"slower", []float64{100}, []float64{125}, []string{"List (1.25)"}, 20},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, n := rounds(t, row.before, row.now, 20)
			if slow := r.slow(1.15); !reflect.DeepEqual(slow, row.slow) || n != row.rounds {
				t.Errorf("slow: %v after %d rounds, want %v after %d\n%s", slow, n, row.slow, row.rounds, r)
			}
		})
	}
}

func TestCompareOfDifferentBenchmarks(t *testing.T) {
	run := func(binary string) (map[string]float64, error) { return map[string]float64{binary: 1}, nil }
	_, err := compare([2]string{"List", "Seq"}, 1, 1.15, run, func() bool { return true })
	if err == nil || !strings.Contains(err.Error(), "only one of them has the benchmark") {
		t.Error(err)
	}
}

func TestLine(t *testing.T) {
	const out = "BenchmarkSpeed/List         \t      42\t   9045165 ns/op\t   1400405 processor-ns/op\nBenchmarkSpeed/Get-2 \t 5559\t 36104 ns/op\t 6725.5 processor-ns/op\n"
	got := line.FindAllStringSubmatch(out, -1)
	if len(got) != 2 || got[0][1] != "List" || got[0][2] != "1400405" || got[1][2] != "6725.5" {
		t.Error(got)
	}
}
