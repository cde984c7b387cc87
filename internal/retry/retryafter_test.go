package retry

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 2, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]Delay{
		"":                                {},
		"soon":                            {},
		"NaN":                             {},
		"+Inf":                            {},
		"0x1":                             {},
		"1_0":                             {},
		"1.5":                             {1500 * time.Millisecond, true},
		"+2":                              {2 * time.Second, true},
		"1e300":                           {maxRetryAfter, true},
		"7, 9":                            {7 * time.Second, true},
		"Mon, 02 Feb 2026 16:00:12 +0700": {12 * time.Second, true},
		"2026-02-02T16:00:12+07:00":       {12 * time.Second, true},
		"Fri, 31 Dec 9999 23:59:59 GMT":   {maxRetryAfter, true},
		"0":                               {0, true},
		"-3":                              {0, true},
		" 7 ":                             {7 * time.Second, true},
		"99999999999":                     {maxRetryAfter, true},
		"99999999999999999999999":         {maxRetryAfter, true},
		"-99999999999999999999999":        {0, true},
		"Mon, 02 Feb 2026 09:00:12 GMT":   {12 * time.Second, true},
		"Mon, 02 Feb 2026 08:00:00 GMT":   {0, true},
		"Monday, 02-Feb-26 09:00:05 GMT":  {5 * time.Second, true},
	} {
		require.Equal(t, want, ParseRetryAfter(http.Header{"Retry-After": {text}}, now), text)
	}
	require.Equal(t, Delay{}, ParseRetryAfter(nil, now))
	for date, want := range map[string]time.Duration{
		"Mon, 02 Feb 2026 10:00:05 GMT": 7 * time.Second, // an hour ahead
		"Mon, 02 Feb 2026 08:00:12 GMT": 2 * time.Hour,
		"Mon, 02 Feb 2026 11:00:12 GMT": 0,
		"today":                         time.Hour + 12*time.Second,
	} {
		h := http.Header{"Retry-After": {"Mon, 02 Feb 2026 10:00:12 GMT"}, "Date": {date}}
		require.Equal(t, Delay{want, true}, ParseRetryAfter(h, now), date)
		h.Set("Retry-After", "5")
		require.Equal(t, Delay{5 * time.Second, true}, ParseRetryAfter(h, now), date)
	}
}
