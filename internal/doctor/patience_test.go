package doctor

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// before serves a sandbox behind a handler that may refuse a request, as Laravel's
// middleware does, and returns the environment of its account.
func before(t *testing.T, sandbox *pmpsmarttest.Server, refuse func(w http.ResponseWriter, r *http.Request) bool) []string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !refuse(w, r) {
			sandbox.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return account(s.URL + "/api/v1")
}

func refuseWith(w http.ResponseWriter, status int, retryAfter string) bool {
	if retryAfter != "" {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"message":"Too Many Attempts."}`))
	return true
}

// A server that allows few requests in a time is asked in many, and no endpoint is lost.
func TestThrottle(t *testing.T) {
	t.Parallel()
	sandbox := start(t, pmpsmarttest.WithSeed(60), pmpsmarttest.WithStyle("list=paginated"), pmpsmarttest.WithPerPage(10))
	var mu sync.Mutex
	var full time.Time // the window, however long the requests took that filled it
	n, refused := 0, 0
	env := before(t, sandbox, func(w http.ResponseWriter, _ *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if n > 30 && time.Since(full) > 1900*time.Millisecond {
			n = 0
		}
		if n++; n <= 30 {
			return false
		}
		if n == 31 {
			full = time.Now()
		}
		refused++
		return refuseWith(w, 429, "2")
	})
	run := runBinary(t, env, fast, "-json")
	assert.Equal(t, exitDone, run.code, run.stderr)
	r := parseReport(t, run.stdout)
	for _, e := range r.Endpoints {
		assert.Equal(t, report.OK, e.Outcome, e.Path)
	}
	assert.Equal(t, 60, r.Of("order").Records)
	mu.Lock()
	defer mu.Unlock()
	assert.Positive(t, refused)
	assert.Regexp(t, `(?m)^waiting until \d\d:\d\d:\d\d: the server asks to wait, since it had too many requests \(429\)$`, run.stderr)
}

// A maintenance is waited out in the midst of a list, though it does not say how long it
// will take.
func TestMaintenanceIsWaitedOut(t *testing.T) {
	t.Parallel()
	sandbox := start(t, pmpsmarttest.WithSeed(60), pmpsmarttest.WithStyle("list=paginated"))
	var n, refused atomic.Int64
	env := before(t, sandbox, func(w http.ResponseWriter, _ *http.Request) bool {
		if at := n.Add(1); at < 4 || at > 5 {
			return false
		}
		refused.Add(1)
		return refuseWith(w, 503, "")
	})
	run := runBinary(t, env, fast, "-json", "-patience", "9")
	assert.Equal(t, exitDone, run.code, run.stderr)
	assert.Equal(t, 60, parseReport(t, run.stdout).Of("order").Records)
	assert.EqualValues(t, 2, refused.Load())
}

// A server that asks for more than -patience is given up at once, in words of the flags;
// the other endpoints are asked.
func TestPatienceEnds(t *testing.T) {
	t.Parallel()
	env := before(t, start(t), func(w http.ResponseWriter, r *http.Request) bool {
		return strings.HasSuffix(r.URL.Path, "/visit") && refuseWith(w, 429, "60")
	})
	run := runBinary(t, env, fast, "-patience=30s")
	assert.Equal(t, exitFailed, run.code)
	assert.Contains(t, run.stdout, "\nvisit: 429 Too Many Requests: Too Many Attempts. (the server asks to wait 1m0s); longer than -patience allows\n")
	assert.Contains(t, run.stderr, "6/7 user/sales: ok")
	assert.NotContains(t, run.stderr, "waiting")
}

// The flag of the rate spaces the requests.
func TestRate(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var times []time.Time
	env := before(t, start(t), func(http.ResponseWriter, *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		times = append(times, time.Now())
		return false
	})
	began := time.Now() // the first request may be late
	run := runBinary(t, env, "-rate", "20", "-quiet")
	assert.Equal(t, exitDone, run.code, run.stderr)
	mu.Lock()
	defer mu.Unlock()
	least := time.Duration(len(times)-1) * 50 * time.Millisecond
	assert.GreaterOrEqual(t, times[len(times)-1].Sub(began), least)
}
