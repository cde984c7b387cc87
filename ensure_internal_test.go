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
	c := &Client{config: config{retry: retry.Policy{MinWait: time.Hour, MaxWait: time.Hour}}, ensures: g}
	ended := func(code string, job *ensureJob) {
		job.client, job.want = c, JSONOrder{Code: code}
		job.leave()
	}
	ended("ini", &ensureJob{err: &OutcomeUnknownError{Err: errors.New("x")}})
	require.Len(t, g.settled, 2)
	require.NotContains(t, g.settled, "lama")
	require.Greater(t, g.unsettled("ini"), time.Minute)
	ended("itu", &ensureJob{err: errors.New("x")})
	require.NotContains(t, g.settled, "itu")
	ended("ada", &ensureJob{order: new(JSONOrder)})
	require.NotContains(t, g.settled, "ada")
	ended("panik", &ensureJob{}) // neither an order nor an error
	require.Contains(t, g.settled, "panik")
	require.Negative(t, g.unsettled("lain"))
}
