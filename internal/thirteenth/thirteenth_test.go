// Package thirteenth proves what the pages say of changes: that an endpoint is
// added by a row, a model and a method (CONTRIBUTING.md), and a field by two lines
// (docs/doctor.md). It makes them in a copy of the tree and runs it.
package thirteenth

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../.."

func TestAddEndpoint(t *testing.T) {
	t.Parallel()
	tree := t.TempDir()
	copyTree(t, tree)

	// 1. The row.
	insert(t, filepath.Join(tree, "endpoint.go"), ")\n", "\tlistProductsEndpoint      = endpoint{\"ListProducts\", \"master/product\", read}\n")

	// 2. and 3. The model and the method; and a test of them.
	copyFile(t, "testdata/products.go.txt", filepath.Join(tree, "products.go"))
	copyFile(t, "testdata/products_test.go.txt", filepath.Join(tree, "products_test.go"))
	pass(t, tree, "TestListProducts")
}

// A model that lacks one of its methods does not compile.
func TestAddHalfAModel(t *testing.T) {
	t.Parallel()
	tree := t.TempDir()
	copyTree(t, tree)
	insert(t, filepath.Join(tree, "endpoint.go"), ")\n", "\tlistProductsEndpoint = endpoint{\"ListProducts\", \"master/product\", read}\n")
	source, err := os.ReadFile("testdata/products.go.txt")
	require.NoError(t, err)
	for _, method := range []string{"MarshalJSON", "UnmarshalJSON", "known"} {
		lines := slices.DeleteFunc(strings.Split(string(source), "\n"), func(line string) bool {
			return strings.HasPrefix(line, "func (p ") && strings.Contains(line, "Product) "+method+"(")
		})
		half := strings.Join(lines, "\n")
		require.NotEqual(t, string(source), half)
		if method == "known" {
			half = strings.Replace(half, "\t\"github.com/pmpsmart/pmpsmart-go/internal/coerce\"\n", "", 1)
		}
		require.NoError(t, os.WriteFile(filepath.Join(tree, "products.go"), []byte(half), 0o644))
		output, err := run(tree, "build", ".")
		require.Error(t, err, method)
		require.Contains(t, output, "missing method "+method)
	}
}

func TestAddField(t *testing.T) {
	t.Parallel()
	tree := t.TempDir()
	copyTree(t, tree)

	page, err := os.ReadFile(filepath.Join(root, "docs/doctor.md"))
	require.NoError(t, err)
	lines := regexp.MustCompile("```go\n *(.*)\n *```").FindAllStringSubmatch(string(page), -1)
	require.Len(t, lines, 2)
	visits := filepath.Join(tree, "visits.go")
	insert(t, visits, "\tExtra     Extra", "\t"+lines[0][1]+"\n")
	insert(t, visits, "\n)\n\n// MarshalJSON", "\n\t"+lines[1][1])
	copyFile(t, "testdata/check_in_test.go.txt", filepath.Join(tree, "check_in_test.go"))
	pass(t, tree, "TestCheckIn")
}

// insert puts text into a file, before the last place at which before stands.
func insert(t *testing.T, file, before, text string) {
	t.Helper()
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	at := strings.LastIndex(string(source), before)
	require.GreaterOrEqual(t, at, 0, "%s: no %q", file, before)
	require.NoError(t, os.WriteFile(file, []byte(string(source[:at])+text+string(source[at:])), 0o644))
}

// pass runs one test of the copy.
func pass(t *testing.T, tree, name string) {
	t.Helper()
	output, err := run(tree, "test", "-run", name, "-v", ".")
	require.NoError(t, err, output)
	require.Contains(t, output, "--- PASS: "+name)
}

// run runs the go command in the copy.
func run(tree string, args ...string) (output string, err error) {
	command := exec.Command("go", args...)
	command.Dir = tree
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	all, err := command.CombinedOutput()
	return string(all), err
}

// copyTree copies what the root package is built from, without its tests.
func copyTree(t *testing.T, to string) {
	for _, name := range []string{"go.mod", "go.sum"} {
		copyFile(t, filepath.Join(root, name), filepath.Join(to, name))
	}
	sources, err := filepath.Glob(filepath.Join(root, "*.go"))
	require.NoError(t, err)
	err = filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".go" {
			sources = append(sources, path)
		}
		return err
	})
	require.NoError(t, err)
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		inside, err := filepath.Rel(root, source)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(to, filepath.Dir(inside)), 0o755))
		copyFile(t, source, filepath.Join(to, inside))
	}
}

func copyFile(t *testing.T, from, to string) {
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, text, 0o644))
}
