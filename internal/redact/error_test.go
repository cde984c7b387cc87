package redact

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestError(t *testing.T) {
	t.Parallel()
	secrets := Secrets{"rah4sia-Sekali", ""}
	clean := errors.New("connection refused")
	require.Same(t, clean, secrets.Error(clean))
	shown := errors.New("proxy: rah4sia-Sekali")
	err := secrets.Error(shown)
	require.EqualError(t, err, "proxy: [redacted]")
	require.ErrorIs(t, err, shown)
}
