package bench

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

var reportTo = flag.String("report", "", "the file that BenchmarkReport writes its tables to, as Markdown; standard output unless told")

// BenchmarkReport measures all that BENCHMARKS.md tells, once, and writes its tables.
// With -short it takes fewer rounds.
func BenchmarkReport(b *testing.B) {
	w := io.Writer(os.Stdout)
	if *reportTo != "" {
		f, err := os.Create(*reportTo)
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		w = f
	}
	for b.Loop() {
		writeReport(b, w)
	}
}

// extents are how far each part of the report goes.
type extents struct {
	lists, gzip, offline, loopback, growth extent
	memory, pages, connections             int // rounds
	most                                   int // orders
}

func extentsOf(short bool) extents {
	if short {
		return extents{
			lists: extent{7, 3, 12 * time.Second}, gzip: extent{5, 3, 8 * time.Second}, offline: extent{40, 10, 8 * time.Second}, loopback: extent{15, 5, 12 * time.Second},
			growth: extent{1, 1, 0}, memory: 1, pages: 1, connections: 1, most: 100_000,
		}
	}
	return extents{
		lists: extent{30, 5, time.Minute}, gzip: extent{20, 5, 45 * time.Second}, offline: extent{200, 20, 40 * time.Second}, loopback: extent{80, 10, time.Minute},
		growth: extent{3, 1, 15 * time.Second}, memory: 2, pages: 2, connections: 3, most: 1_000_000,
	}
}

// writeReport measures all, and writes first what came of it beside what was to be
// reached and then the tables.
func writeReport(tb testing.TB, w io.Writer) {
	n := extentsOf(testing.Short())
	var tables bytes.Buffer
	began, loads := time.Now(), []string{load()}
	part := func(name string) {
		loads = append(loads, load())
		fmt.Fprintf(os.Stderr, "%4.0f s  %s; load %s\n", time.Since(began).Seconds(), name, loads[len(loads)-1])
	}
	table := func(title string, r *race, calls int, rivals ...string) *race {
		fmt.Fprintf(&tables, "\n%s: medians of %d rounds of %d calls\n\n", title, len(r.costs[r.names[0]]), calls)
		r.print(&tables, rivals)
		return r
	}
	const orders, perRound = 20_000, 3
	var t targets

	fmt.Fprint(&tables, "\n## A list of 20,000 orders, 4 MB\n")
	apart := startServer(tb)
	inside := httptest.NewServer(newHandler())
	defer inside.Close()
	part("lists, the server a process of its own")
	t.lists[0] = table("The server is a process of its own", n.lists.hold(tb, listsAt(tb, apart, orders), perRound), perRound, ogened, byHand)
	part("lists, the server in the process")
	t.lists[1] = table("The server is in the same process, its work in everybody's figures", n.lists.hold(tb, listsAt(tb, inside.URL, orders), perRound), perRound, ogened, byHand)
	part("compressed lists")
	t.gzip[0] = table("Compressed with gzip; the server is a process of its own", n.gzip.hold(tb, compressedAt(tb, apart, orders), perRound), perRound, ogened, byHand)
	part("compressed lists, the server in the process")
	t.gzip[1] = table("Compressed with gzip; the server is in the same process", n.gzip.hold(tb, compressedAt(tb, inside.URL, orders), perRound), perRound, ogened, byHand)

	fmt.Fprint(&tables, "\n## A small call: one order's detail\n")
	part("small calls without a network")
	t.offline = table("Without a network", n.offline.hold(tb, append(details(contendersOffline(tb)), alone("http://127.0.0.1", canned(orderDetail()))), 1_000), 1_000, result, byHand)
	part("small calls over loopback")
	t.loopback[0] = table("Over loopback; the server is a process of its own", n.loopback.hold(tb, detailsAt(tb, apart), 1_000), 1_000, byHand, result)
	part("small calls over loopback, the server in the process")
	t.loopback[1] = table("Over loopback; the server is in the same process", n.loopback.hold(tb, detailsAt(tb, inside.URL), 1_000), 1_000, byHand, result)

	fmt.Fprint(&tables, "\n## How the cost grows\n")
	part("growth")
	growth(tb, &tables, n.growth, n.most)
	part("memory")
	t.memory = memory(tb, &tables, n.memory, n.most)
	part("pages")
	t.one, t.many = pagesOf(tb, &tables, n.pages)
	part("connections")
	countConnections(tb, &tables, n.connections)
	part("done")

	fmt.Fprint(w, "# Benchmarks\n\n")
	machine(w, loads, time.Since(began))
	fmt.Fprint(w, "\n## Against the targets\n\n")
	printTable(w, t.rows(n.most))
	_, _ = tables.WriteTo(w)
}

// listsAt are all who read the list of a server.
func listsAt(tb testing.TB, server string, orders int) []entrant {
	base := fmt.Sprintf("%s/%d", server, orders)
	all, err := contenders(base, nil)
	if err != nil {
		tb.Fatal(err)
	}
	as, err := newListAs(base)
	if err != nil {
		tb.Fatal(err)
	}
	return append(lists(all), as, bodyAlone(base))
}

func compressedAt(tb testing.TB, server string, orders int) []entrant {
	base := fmt.Sprintf("%s/gzip-%d", server, orders)
	all, err := contenders(base, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return append(lists(all), bodyAlone(base))
}

func detailsAt(tb testing.TB, server string) []entrant {
	all, err := contenders(server+"/1", nil)
	if err != nil {
		tb.Fatal(err)
	}
	return append(details(all), alone(server+"/1", nil))
}

// pagesOf prints how long 1,000 pages take, and returns the medians.
func pagesOf(tb testing.TB, w io.Writer, rounds int) (one, many float64) {
	const count = 1_000
	var ones, manys []float64
	for range rounds {
		one, many = pages(tb, count)
		ones, manys = append(ones, one), append(manys, many)
	}
	one, many = quantile(ones, 0.5), quantile(manys, 0.5)
	fmt.Fprintf(w, "\nA list of %s pages of %d orders, of a server that takes %s for each: medians of %d\n\n", grouped(count), perPage, duration(float64(pageTime)), rounds)
	printTable(w, [][]string{{"", "time", "of one after another"}, {"one after another", duration(one), "1"}, {fmt.Sprintf("%d pages ahead", ahead), duration(many), fmt.Sprintf("%.3f", many/one)}})
	return one, many
}

// targets are the figures that have one. Of two, the first is with the server in a
// process of its own and the second with it in the same.
type targets struct {
	lists, gzip, loopback [2]*race
	offline               *race
	memory, one, many     float64
}

// rows are the table of what was to be reached and what was.
func (t *targets) rows(most int) [][]string {
	rows := [][]string{{"", "target", "time", "processor", "in process: time", "processor"}}
	both := func(r *race, name, rival string) []string {
		return []string{ratioText(r.ratio(name, rival, timeOf)), ratioText(r.ratio(name, rival, cpuOf))}
	}
	add := func(what, target string, figures ...string) {
		row := append([]string{what, target}, figures...)
		for len(row) < len(rows[0]) {
			row = append(row, "")
		}
		rows = append(rows, row)
	}
	two := func(what, target string, r [2]*race, name, rival string) {
		add(what, target, append(both(r[0], name, rival), both(r[1], name, rival)...)...)
	}
	two("list of 20,000: of ogen's", "0.50", t.lists, slice, ogened)
	two("… of encoding/json's", "0.15", t.lists, slice, byHand)
	add("… bytes of ogen's", "0.15", ratioText(t.lists[0].ratio(slice, ogened, bytesOf)))
	two("the same as a Seq: of ogen's", "0.40", t.lists, seq, ogened)
	two("`ListAs` of a struct that embeds Order: of ListOrders's", "1.3", t.lists, listAs, slice)
	add(grouped(most)+" orders as a Seq: memory above that of 10,000", "8 MiB", mebibytes(t.memory))
	two("gzip'ed list: of ogen's", "0.60", t.gzip, slice, ogened)
	add("small call without a network: of resty SetResult's", "0.70", both(t.offline, slice, result)...)
	add(fmt.Sprintf("… allocations (SetResult %.0f)", t.offline.median(result, allocsOf)), "36", fmt.Sprintf("%.0f", t.offline.median(slice, allocsOf)))
	two("small call over loopback: of encoding/json's", "1.00", t.loopback, slice, byHand)
	add(fmt.Sprintf("1,000 pages of %d at %s each, %d ahead: of one after another", perPage, duration(float64(pageTime)), ahead), "0.13", fmt.Sprintf("%.3f", t.many/t.one))
	return rows
}

func ratioText(ratio float64) string {
	if ratio == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", ratio)
}

// machine prints where and with what the figures were made.
func machine(w io.Writer, loads []string, took time.Duration) {
	fmt.Fprintf(w, "%s; %d processors, %s; %s; %s/%s, %s. %s, in %s.\n\n",
		first("/proc/cpuinfo", `model name\s*:\s*(.+)`), runtime.NumCPU(), memorySize(), first("/proc/version", `(\S+ version \S+)`),
		runtime.GOOS, runtime.GOARCH, runtime.Version(), time.Now().UTC().Format("2 January 2006, 15:04 UTC"), took.Round(time.Second))
	fmt.Fprintf(w, "Commit: %s. Load of the machine (processes that want to run, a minute's mean) before each part: %s.\n\n", commit(), strings.Join(loads, ", "))
	fmt.Fprintf(w, "Versions: %s.\n", strings.Join(versions(), ", "))
}

// memorySize is the machine's.
func memorySize() string {
	kib, _ := strconv.ParseFloat(first("/proc/meminfo", `MemTotal:\s*(\d+) kB`), 64)
	return fmt.Sprintf("%.0f GiB", kib/(1<<20))
}

// load is the machine's.
func load() string { return first("/proc/loadavg", `(\S+)`) }

// first returns what the pattern finds in a file, "?" if it finds nothing.
func first(file, pattern string) string {
	content, _ := os.ReadFile(file)
	found := regexp.MustCompile(pattern).FindSubmatch(content)
	if found == nil {
		return "?"
	}
	return string(found[1])
}

func commit() string {
	out, err := exec.Command("git", "describe", "--always", "--dirty", "--abbrev=12").Output()
	if err != nil {
		return "?"
	}
	return strings.TrimSpace(string(out))
}

// versions are those of what is measured.
func versions() (all []string) {
	for _, path := range []string{"github.com/go-resty/resty/v2", "github.com/goccy/go-json", "github.com/bytedance/sonic", "github.com/ogen-go/ogen", "github.com/go-json-experiment/json"} {
		all = append(all, path+" "+first("go.mod", regexp.QuoteMeta(path)+` (\S+)`))
	}
	return append(all, "github.com/oapi-codegen/oapi-codegen/v2 "+first("doc.go", `oapi-codegen@(\S+)`))
}
