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
	g := &ensureGroup{settled: map[string]time.Time{"lama": time.Now().Add(-time.Second), "baru": time.Now().Add(time.Hour)}}
	c := &Client{config: config{retry: retry.Policy{MinWait: time.Hour, MaxWait: time.Hour}}}
	g.ended(&ensureJob{client: c, want: JSONOrder{Code: "ini"}, err: &OutcomeUnknownError{Err: errors.New("x")}})
	require.Len(t, g.settled, 2)
	require.NotContains(t, g.settled, "lama")
	require.Greater(t, g.unsettled("ini"), time.Minute)
	g.ended(&ensureJob{client: c, want: JSONOrder{Code: "itu"}, err: errors.New("x")})
	require.NotContains(t, g.settled, "itu")
	g.ended(&ensureJob{client: c, want: JSONOrder{Code: "ada"}, order: new(JSONOrder)})
	require.NotContains(t, g.settled, "ada")
	g.ended(&ensureJob{client: c, want: JSONOrder{Code: "panik"}}) // neither an order nor an error
	require.Contains(t, g.settled, "panik")
	require.Negative(t, g.unsettled("lain"))
}
