// Package thirteenth proves what CONTRIBUTING.md says: that an endpoint is added
// by a row, a model and a method. It adds one to a copy of the tree and runs it.
package thirteenth

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
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
	row := "\tlistProductsEndpoint      = endpoint{\"ListProducts\", \"master/product\", read}\n)\n"
	file := filepath.Join(tree, "endpoint.go")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	end := strings.LastIndex(string(text), ")\n")
	require.NoError(t, os.WriteFile(file, []byte(string(text[:end])+row), 0o644))

	// 2. and 3. The model and the method; and a test of them.
	copyFile(t, "testdata/products.go.txt", filepath.Join(tree, "products.go"))
	copyFile(t, "testdata/products_test.go.txt", filepath.Join(tree, "products_test.go"))

	test := exec.Command("go", "test", "-run", "TestListProducts", "-v", ".")
	test.Dir = tree
	test.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	output, err := test.CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "--- PASS: TestListProducts")
}

// copyTree copies what the root package is built from, without its tests.
func copyTree(t *testing.T, to string) {
	for _, name := range []string{"go.mod", "go.sum"} {
		copyFile(t, filepath.Join(root, name), filepath.Join(to, name))
	}
	sources, err := filepath.Glob(filepath.Join(root, "*.go"))
	require.NoError(t, err)
	for _, dir := range []string{"loose", "envelope", "redact"} {
		err := filepath.WalkDir(filepath.Join(root, "internal", dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".go" {
				sources = append(sources, path)
			}
			return err
		})
		require.NoError(t, err)
	}
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
