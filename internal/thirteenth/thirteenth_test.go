// Package thirteenth proves what the pages say of changes: that an endpoint is
// added by a row, a model and a method (CONTRIBUTING.md), and a field by two lines
// (docs/doctor.md). It lays the changes over the tree and runs a test of them.
package thirteenth

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddEndpoint(t *testing.T) {
	t.Parallel()
	c := newChange(t)

	// 1. The row.
	c.insert("endpoint.go", ")\n", "\tlistProductsEndpoint      = endpoint{\"ListProducts\", \"master/product\", read}\n")

	// 2. and 3. The model and the method; and a test of them.
	c.add("products.go", "testdata/products.go.txt")
	c.add("products_test.go", "testdata/products_test.go.txt")
	c.pass("TestListProducts")
}

// A model that lacks one of its methods does not compile.
func TestAddHalfAModel(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("testdata/products.go.txt")
	require.NoError(t, err)
	for _, method := range []string{"MarshalJSON", "UnmarshalJSON", "LogValue", "known"} {
		lines := slices.DeleteFunc(strings.Split(string(source), "\n"), func(line string) bool {
			return strings.HasPrefix(line, "func (p ") && strings.Contains(line, "Product) "+method+"(")
		})
		half := strings.Join(lines, "\n")
		require.NotEqual(t, string(source), half)
		if method == "known" {
			half = strings.Replace(half, "\t\"github.com/pmpsmart/pmpsmart-go/internal/coerce\"\n", "", 1)
		}
		c := newChange(t)
		c.insert("endpoint.go", ")\n", "\tlistProductsEndpoint = endpoint{\"ListProducts\", \"master/product\", read}\n")
		partial := filepath.Join(c.dir, "half.go")
		require.NoError(t, os.WriteFile(partial, []byte(half), 0o644))
		c.add("products.go", partial)
		output, err := c.run("build")
		require.Error(t, err, method)
		require.Contains(t, output, "missing method "+method)
	}
}

func TestAddField(t *testing.T) {
	t.Parallel()
	c := newChange(t)
	page, err := os.ReadFile(filepath.Join(c.root, "docs/doctor.md"))
	require.NoError(t, err)
	lines := regexp.MustCompile("```go\n *(.*)\n *```").FindAllStringSubmatch(string(page), -1)
	require.Len(t, lines, 2)
	c.insert("visits.go", "\tExtra     Extra", "\t"+lines[0][1]+"\n")
	c.insert("visits.go", "\n)\n\n// MarshalJSON", "\n\t"+lines[1][1])
	c.add("check_in_test.go", "testdata/check_in_test.go.txt")
	c.pass("TestCheckIn")
}

// A change is what the go command is to read in place of the root package's files.
// The tree itself stays as it is, and so all else is compiled only once.
type change struct {
	t       *testing.T
	root    string            // of the module
	dir     string            // has the changed files
	replace map[string]string // file of the tree to the one in its place; "" for none
}

// newChange returns a change that leaves out the root's own tests.
func newChange(t *testing.T) *change {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	tests, err := filepath.Glob(filepath.Join(root, "*_test.go"))
	require.NoError(t, err)
	c := &change{t, root, t.TempDir(), make(map[string]string)}
	for _, test := range tests {
		c.replace[test] = ""
	}
	return c
}

// add adds a file.
func (c *change) add(name, from string) {
	c.t.Helper()
	from, err := filepath.Abs(from)
	require.NoError(c.t, err)
	require.NoFileExists(c.t, filepath.Join(c.root, name))
	c.replace[filepath.Join(c.root, name)] = from
}

// insert puts text into a file, before the last place at which before stands.
func (c *change) insert(name, before, text string) {
	c.t.Helper()
	file := filepath.Join(c.root, name)
	changed := filepath.Join(c.dir, name)
	from := file
	if c.replace[file] != "" {
		from = changed
	}
	source, err := os.ReadFile(from)
	require.NoError(c.t, err)
	at := strings.LastIndex(string(source), before)
	require.GreaterOrEqual(c.t, at, 0, "%s: no %q", name, before)
	require.NoError(c.t, os.WriteFile(changed, []byte(string(source[:at])+text+string(source[at:])), 0o644))
	c.replace[file] = changed
}

// pass runs one test of the changed package.
func (c *change) pass(name string) {
	c.t.Helper()
	output, err := c.run("test", "-run", name, "-v")
	require.NoError(c.t, err, output)
	require.Contains(c.t, output, "--- PASS: "+name)
}

// run runs the go command on the changed package.
func (c *change) run(command string, flags ...string) (output string, err error) {
	c.t.Helper()
	overlay := filepath.Join(c.dir, "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": c.replace})
	require.NoError(c.t, err)
	require.NoError(c.t, os.WriteFile(overlay, text, 0o644))
	cmd := exec.Command("go", slices.Concat([]string{command, "-overlay", overlay}, flags, []string{"."})...)
	cmd.Dir = c.root
	all, err := cmd.CombinedOutput()
	return string(all), err
}
