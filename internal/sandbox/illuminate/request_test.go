package illuminate_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
)

func TestBearerToken(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "", "Bearer": "", "Bearer x": "x", "bearer x": "", "Basic eDp5": "", "Bearer a, Bearer b": "b", "Bearer b,c": "b",
	} {
		assert.Equal(t, want, illuminate.BearerToken(&http.Request{Header: http.Header{"Authorization": {header}}}), header)
	}
}

func TestWantsJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		accept, with string
		want         bool
	}{
		{"application/json", "", true}, {"application/vnd.api+json", "", true}, {"text/html;q=0.5, application/json", "", true},
		{"text/html, application/json;q=0.9", "", false}, {"", "", false}, {"*/*", "", false},
		{"", "XMLHttpRequest", true}, {"*/*", "XMLHttpRequest", true}, {"text/html", "XMLHttpRequest", false},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header = http.Header{"Accept": {tt.accept}, "X-Requested-With": {tt.with}}
		assert.Equal(t, tt.want, illuminate.WantsJSON(r), "%+v", tt)
	}
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_772_341_200, 0)
	limit := illuminate.NewThrottle(2)
	for _, left := range []string{"1", "0"} {
		header, failure := limit.Hit("a", now)
		assert.Nil(t, failure)
		assert.Equal(t, http.Header{"X-Ratelimit-Limit": {"2"}, "X-Ratelimit-Remaining": {left}}, header)
	}
	header, failure := limit.Hit("a", now.Add(20*time.Second))
	assert.Equal(t, 429, failure.Status)
	assert.Equal(t, http.Header{"X-Ratelimit-Limit": {"2"}, "X-Ratelimit-Remaining": {"0"}, "Retry-After": {"40"}, "X-Ratelimit-Reset": {"1772341260"}}, header)
	_, failure = limit.Hit("b", now)
	assert.Nil(t, failure, "each client has a limit of its own")
	_, failure = limit.Hit("a", now.Add(time.Minute))
	assert.Nil(t, failure, "a new minute has begun")

	header, failure = illuminate.NewThrottle(0).Hit("a", now)
	assert.Nil(t, header)
	assert.Nil(t, failure)
}

func TestFailures(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `No query results for model [App\Models\Order] 7`, illuminate.UnknownModel("Order", "7").Message)
	assert.Equal(t, `No query results for model [App\Models\JsonOrder].`, illuminate.UnknownModel("JsonOrder", "").Message)
	for status, message := range map[int]string{
		401: "Unauthenticated.", 403: "This action is unauthorized.", 404: "", 413: "", 422: "The given data was invalid.",
		429: "Too Many Attempts.", 500: "Server Error", 503: "Service Unavailable",
	} {
		failure := illuminate.Aborted(status)
		assert.Equal(t, []any{status, message}, []any{failure.Status, failure.Message})
		assert.Equal(t, []bool{status == 401, status == 403}, []bool{failure.IsUnauthenticated(), failure.IsForbidden()})
	}
}
