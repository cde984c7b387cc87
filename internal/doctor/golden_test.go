package doctor

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGeneratedTypes generates a package for each style from the doctor's report,
// compiles a program of them all, and has it read each server: the records of its
// types are what the server holds, and nothing is left for Extra.
func TestGeneratedTypes(t *testing.T) {
	t.Parallel()
	servers := eachStyle(t)
	m := newModule(t)
	for _, s := range servers {
		run := runBinary(t, nil, "-in", examineServer(t, s.url), "-go", s.name)
		require.Equal(t, exitDone, run.code, run.stderr)
		formatted, err := format.Source([]byte(run.stdout))
		require.NoError(t, err)
		assert.Equal(t, string(formatted), run.stdout)
		m.write(s.name+"/"+s.name+".go", run.stdout)
	}
	m.write("main.go", goldenMain(t, servers))
	m.run("vet", "./...")
	program := filepath.Join(t.TempDir(), "golden")
	m.run("build", "-o", program, ".")
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			got := runGolden(t, program, s)
			ids := got["order/detail"]
			require.NotEmpty(t, ids)
			want := make(map[string][]map[string]any)
			for _, path := range []string{"order", "json/order/get/filter", "master/outlet", "user/sales", "visit"} {
				want[path] = s.records(t, path, nil)
			}
			for _, o := range got["order/detail"] {
				want["order/detail"] = append(want["order/detail"], s.records(t, "order/detail", map[string]any{"order_id": o["id"]})...)
			}
			for path, records := range want {
				require.Len(t, got[path], len(records), path)
				byID := func(a, b map[string]any) int { return cmp.Compare(a["id"].(float64), b["id"].(float64)) }
				slices.SortFunc(records, byID) // a style may group them
				slices.SortFunc(got[path], byID)
				for i := range records {
					assert.Empty(t, got[path][i]["EXTRA"], "%s: not in a type", path)
					compareValues(t, fmt.Sprintf("%s %d", path, i), records[i], got[path][i])
				}
			}
		})
	}
}

// The example's types are what the doctor makes of its report.
func TestExampleIsGenerated(t *testing.T) {
	t.Parallel()
	run := runBinary(t, nil, "-in", "../../examples/fields/testdata/report.json", "-go", "toko")
	require.Equal(t, exitDone, run.code, run.stderr)
	want, err := os.ReadFile("../../examples/fields/toko/toko.go")
	require.NoError(t, err)
	assert.Equal(t, string(want), run.stdout, "run pmpsmart-doctor anew")
}

// runGolden runs the program of the generated types on a server.
func runGolden(t *testing.T, program string, s styledServer) (got map[string][]map[string]any) {
	t.Helper()
	c := exec.Command(program, s.name)
	c.Env = append(os.Environ(), account(s.url)...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	text, err := c.Output()
	require.NoError(t, err, stderr.String())
	require.NoError(t, json.Unmarshal(text, &got))
	return got
}

// compareValues compares what a server holds, as JSON of the style plain, with what a
// program has of it.
func compareValues(t *testing.T, path string, want, got any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); assert.True(t, ok, "%s: %v", path, got) {
			for name, value := range w {
				member, found := g[name]
				if !found {
					member = g[strings.ReplaceAll(name, "_", "-")]
				}
				compareValues(t, path+"."+name, value, member)
			}
		}
	case []any:
		if g, ok := got.([]any); assert.True(t, ok, "%s: %v", path, got) && assert.Len(t, g, len(w), path) {
			for i := range w {
				compareValues(t, fmt.Sprint(path, ".", i), w[i], g[i])
			}
		}
	case string:
		compareTexts(t, path, w, got)
	case nil:
		assert.Contains(t, []any{nil, "", 0.0, false, "0001-01-01T00:00:00Z"}, got, path)
	default:
		assert.Equal(t, want, got, path)
	}
}

// compareTexts compares a text with what may be a time or JSON in a program.
func compareTexts(t *testing.T, path, want string, got any) {
	t.Helper()
	if text, ok := got.(string); ok {
		at, err := time.Parse(time.RFC3339, want)
		is, alsoErr := time.Parse(time.RFC3339, text)
		if err == nil && alsoErr == nil {
			assert.True(t, at.Equal(is), "%s: want %s, got %s", path, want, text)
			return
		}
		assert.Equal(t, want, text, path)
		return
	}
	text, err := json.Marshal(got)
	require.NoError(t, err)
	assert.JSONEq(t, want, string(text), path)
}

// A module is one of a user's: it has the library by its name.
type module struct {
	t   *testing.T
	dir string
}

func newModule(t *testing.T) *module {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	m := &module{t, t.TempDir()}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	text := regexp.MustCompile(`(?m)^module .*`).ReplaceAllString(string(mod), "module golden")
	m.write("go.mod", text+"\nrequire github.com/pmpsmart/pmpsmart-go v0.0.0\n\nreplace github.com/pmpsmart/pmpsmart-go => "+root+"\n")
	m.write("go.sum", string(sum))
	return m
}

func (m *module) write(name, text string) {
	m.t.Helper()
	file := filepath.Join(m.dir, name)
	require.NoError(m.t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(m.t, os.WriteFile(file, []byte(text), 0o644))
}

// run runs the go command in the module.
func (m *module) run(args ...string) {
	m.t.Helper()
	c := exec.Command("go", args...)
	c.Dir = m.dir
	c.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -mod=mod"), "GOPROXY=off")
	output, err := c.CombinedOutput()
	require.NoError(m.t, err, "go %s\n%s", strings.Join(args, " "), output)
}

// goldenMain returns a program that prints what the generated functions read.
func goldenMain(t *testing.T, servers []styledServer) string {
	t.Helper()
	head, err := os.ReadFile("testdata/golden.go.txt")
	require.NoError(t, err)
	var imports, cases strings.Builder
	for _, s := range servers {
		fmt.Fprintf(&imports, "\t\"golden/%s\"\n", s.name)
		fmt.Fprintf(&cases, `	case %q:
		list(out, "order", %[2]s.ListOrders(ctx, c, pmpsmart.OrderFilter{}))
		for _, id := range []int64{1, 7, 40} {
			record, err := %[2]s.GetOrder(ctx, c, id)
			check(err)
			one(out, "order/detail", record)
		}
		list(out, "json/order/get/filter", %[2]s.FilterJSONOrders(ctx, c, pmpsmart.JSONOrderFilter{}))
		list(out, "master/outlet", %[2]s.ListOutlets(ctx, c))
		list(out, "user/sales", %[2]s.ListSalesUsers(ctx, c, pmpsmart.SalesUserFilter{}))
		list(out, "visit", %[2]s.ListVisits(ctx, c, pmpsmart.VisitFilter{}))
`, s.name, s.name)
	}
	text := strings.Replace(string(head), "\t// imports\n", imports.String(), 1)
	return strings.Replace(text, "\t// cases\n", cases.String(), 1)
}
