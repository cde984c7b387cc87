package pmpsmart

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// What calls leave behind is not kept for ever.
func TestEnsuresForgetWhatHasSettled(t *testing.T) {
	t.Parallel()
	s := &ensureGroup{running: map[string]*sharedEnsure{}, settled: map[string]time.Time{"lama": time.Now().Add(-time.Second), "baru": time.Now().Add(time.Hour)}}
	s.finish(&sharedEnsure{want: JSONOrder{Code: "ini"}, err: &OutcomeUnknownError{Err: errors.New("x")}}, retry.Policy{MinWait: time.Hour, MaxWait: time.Hour})
	require.Len(t, s.settled, 2)
	require.NotContains(t, s.settled, "lama")
	require.Contains(t, s.settled, "ini")
	s.finish(&sharedEnsure{want: JSONOrder{Code: "itu"}, err: errors.New("x")}, retry.Policy{})
	require.NotContains(t, s.settled, "itu")
}
