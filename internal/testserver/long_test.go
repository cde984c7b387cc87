package testserver_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

func TestLong(t *testing.T) {
	for value, want := range map[string]bool{"": false, "0": false, "1": true, "ya": false} {
		t.Setenv(testserver.LongVariable, value)
		require.Equal(t, want, testserver.Long(t), value)
	}
}
