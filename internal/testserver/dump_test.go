package testserver_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// hidden prints nothing of itself by its methods.
type hidden struct{ secret string }

func (hidden) String() string   { return "hidden" }
func (hidden) GoString() string { return "hidden" }
func (hidden) Error() string    { return "hidden" }

func TestDumpLooksBehindMethods(t *testing.T) {
	t.Parallel()
	for _, v := range []any{hidden{"abc"}, &hidden{"abc"}, []any{&hidden{"abc"}}, struct{ err error }{&hidden{"abc"}}} {
		require.Contains(t, testserver.Dump(v), "abc", "%T", v)
	}
}
