package pmpsmart

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each row of the table that is a create is one by its name too, which is all that
// Retryable has of an error; but for EnsureJSONOrder, which may be called again.
func TestCreatesAreKnownByTheirNames(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "endpoint.go", nil, 0)
	require.NoError(t, err)
	rows := 0
	ast.Inspect(file, func(n ast.Node) bool {
		row, ok := n.(*ast.CompositeLit)
		if !ok || len(row.Elts) != 3 {
			return true
		}
		name, ok := row.Elts[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		rows++
		op, err := strconv.Unquote(name.Value)
		require.NoError(t, err)
		class, ok := row.Elts[2].(*ast.Ident)
		require.True(t, ok, op)
		require.Equal(t, class.Name == "create", isCreate(op), op)
		return true
	})
	require.GreaterOrEqual(t, rows, 12)
	require.True(t, isCreate(callOp))
	require.False(t, isCreate(ensureOp))
}
