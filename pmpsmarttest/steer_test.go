package pmpsmarttest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A fakeTB is a test whose end and failures are seen.
type fakeTB struct {
	cleanups []func()
	errors   []string
	fatal    string
}

func (f *fakeTB) Helper()           {}
func (f *fakeTB) Cleanup(do func()) { f.cleanups = append(f.cleanups, do) }
func (f *fakeTB) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}
func (f *fakeTB) Fatalf(format string, args ...any) { f.fatal = fmt.Sprintf(format, args...) }

func TestNewT(t *testing.T) {
	t.Parallel()
	_, err := pmpsmarttest.NewT(t).Client().ListOutlets(t.Context())
	require.NoError(t, err)

	var tb fakeTB
	srv := pmpsmarttest.NewT(&tb, pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "ListVisits", Kind: pmpsmarttest.FaultReset}, pmpsmarttest.Fault{Op: "GetOrder", Nth: 2, Kind: pmpsmarttest.FaultCut}))
	_, err = srv.Client().ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err, "after a retry")
	require.Len(t, tb.cleanups, 1)
	tb.cleanups[0]()
	assert.Equal(t, []string{"pmpsmarttest: no request met the fault: cut (GetOrder, request 2)"}, tb.errors)
	_, err = http.Get(srv.URL)
	assert.Error(t, err, "it is closed")

	tb = fakeTB{}
	assert.Nil(t, pmpsmarttest.NewT(&tb, pmpsmarttest.WithSeed(-1)))
	assert.Equal(t, "pmpsmarttest: WithSeed is -1; want 0 to 2147483647 orders", tb.fatal)
	assert.Empty(t, tb.cleanups)
}

// The package can be used outside of tests: nothing of it is testing.
func TestImportsNoTesting(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	assert.NotContains(t, strings.Fields(string(out)), "testing")
}

func TestReset(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithSeed(3), pmpsmarttest.WithStyle(pmpsmarttest.Loose), pmpsmarttest.WithClock(atNoon))
	want := stateOf(srv)
	c := srv.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
	for range 2 {
		_, err := c.InsertJSONOrder(t.Context(), input)
		require.NoError(t, err)
		srv.AddVisits(pmpsmart.Visit{Name: "Budi"})
		srv.AddAccount("b@toko.test", "rahasia")
		srv.Fail(pmpsmarttest.Fault{Kind: pmpsmarttest.FaultReset, Op: "ListOrders"})
		srv.SetStyle("numbers=text")
		srv.SetClock(time.Date(2031, 1, 2, 0, 0, 0, 0, time.UTC))
		srv.Down(0)
		assert.NotEmpty(t, srv.Requests())
		srv.Reset()
		assert.Equal(t, want, stateOf(srv))
		assert.Empty(t, srv.Requests())
		assert.Empty(t, srv.Unmet())
		assert.Zero(t, srv.Logins())
		_, err = c.GetOrder(t.Context(), 99)
		assert.EqualError(t, err, "pmpsmart: GetOrder: refused with HTTP 200: Data tidak ditemukan", "a new login, in the style of the start")
		_, err = c.Login(t.Context(), "b@toko.test", "rahasia")
		assert.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
		_, err = c.Login(t.Context(), pmpsmarttest.Email, pmpsmarttest.Password)
		require.NoError(t, err)
	}
}

func TestSetStyle(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithStyleFor("ListVisits", "list=paginated"))
	c := srv.Client()
	last := func() string {
		_, err := c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
		require.NoError(t, err)
		requests := srv.Requests()
		srv.ClearRequests()
		return requests[len(requests)-1].Answer
	}
	assert.Contains(t, last(), `"current_page"`)
	srv.SetStyleFor("ListVisits", "numbers=text")
	assert.Contains(t, last(), `"id":"1"`)
	srv.SetStyle("list=bare", "numbers=float")
	assert.True(t, strings.HasPrefix(last(), `[{"id":1.0,`))
	srv.SetStyle()
	assert.True(t, strings.HasPrefix(last(), `{"status":"success"`))
	assert.Empty(t, srv.Requests())
	assert.Panics(t, func() { srv.SetStyle("aneh") })
	assert.Panics(t, func() { srv.SetStyleFor("Visits", "plain") })
	assert.Panics(t, func() { srv.SetStyleFor("", "plain") })
}

// The sample data ends today, by whatever clock, unless a day is named.
func TestSampleDataEndsToday(t *testing.T) {
	t.Parallel()
	today := func(srv *pmpsmarttest.Server, day pmpsmart.Date) int {
		orders, err := srv.Client().ListOrders(t.Context(), pmpsmart.OrderFilter{Date: day})
		require.NoError(t, err)
		return len(orders)
	}
	srv := newServer(t)
	assert.Positive(t, today(srv, pmpsmart.Today(pmpsmart.WIB)))
	assert.Positive(t, today(newServer(t, pmpsmarttest.WithClock(atNoon)), pmpsmart.NewDate(2026, time.March, 1)))
	srv.SetClock(time.Date(2031, 1, 1, 17, 0, 0, 0, time.UTC))
	assert.Positive(t, today(srv, pmpsmart.NewDate(2031, time.January, 2)))
	srv.AdvanceClock(24 * time.Hour)
	assert.Positive(t, today(srv, pmpsmart.NewDate(2031, time.January, 3)))
	assert.Zero(t, today(srv, pmpsmart.NewDate(2031, time.January, 4)))
	srv.RealClock()
	assert.Positive(t, today(srv, pmpsmart.Today(pmpsmart.WIB)))

	var ahead atomic.Int64
	before := time.Date(2031, 1, 1, 16, 59, 59, 0, time.UTC)
	moving := newServer(t, pmpsmarttest.WithClock(func() time.Time { return before.Add(time.Duration(ahead.Load())) }))
	assert.Positive(t, today(moving, pmpsmart.NewDate(2031, time.January, 1)))
	ahead.Store(int64(time.Second))
	assert.Equal(t, "2031-01-02", moving.Orders()[239].Date.String())
	assert.Positive(t, today(moving, pmpsmart.NewDate(2031, time.January, 2)), "midnight in WIB")

	page := pmpsmart.OrderFilter{Status: "pending", Date: pmpsmart.NewDate(2026, time.February, 2), UserID: 1, OutletID: 1}
	orders, err := srv.Client().ListOrders(t.Context(), page)
	require.NoError(t, err)
	assert.Len(t, orders, 1, "the vendor's page finds its order on any day")

	fixed := newServer(t, pmpsmarttest.WithSeedEnd(pmpsmart.NewDate(2026, time.February, 9)))
	assert.Positive(t, today(fixed, pmpsmart.NewDate(2026, time.February, 9)))
	fixed.SetClock(time.Date(2031, 1, 2, 0, 0, 0, 0, time.UTC))
	assert.Zero(t, today(fixed, pmpsmart.NewDate(2031, time.January, 2)))
	assert.Equal(t, "2026-02-09", fixed.Orders()[239].Date.String())
}

// steer asks the control API, and returns what it answers with that status.
func steer(t *testing.T, status int, method, url, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, status, resp.StatusCode, "%s", text)
	return string(text)
}

// The control API steers a server in the process as it does one of its own.
func TestWithControl(t *testing.T) {
	t.Parallel()
	assert.Empty(t, newServer(t).ControlURL())
	srv := newServer(t, pmpsmarttest.WithControl("sandbox.test"))
	steer(t, 204, "POST", srv.ControlURL()+"/down", `{"retry_after_s":60}`)
	_, err := srv.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})).ListOutlets(t.Context())
	assert.ErrorIs(t, err, pmpsmart.ErrMaintenance)
	srv.Reset()
	world := steer(t, 201, "POST", srv.ControlURL()+"/worlds", `{"seed":1}`)
	assert.Contains(t, world, `"base_url":"`+strings.TrimSuffix(srv.URL, "/api/v1")+`/_worlds/`)
}

// What waits when a server ends is answered at once, that of a world too.
func TestShutdown(t *testing.T) {
	t.Parallel()
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithControl(), pmpsmarttest.WithFaults(pmpsmarttest.Fault{Kind: pmpsmarttest.FaultDelay, Wait: time.Hour}))
	var world struct {
		API     string `json:"base_url"`
		Control string `json:"control_url"`
	}
	require.NoError(t, json.Unmarshal([]byte(steer(t, 201, "POST", srv.ControlURL()+"/worlds", `{"faults":[{"kind":"delay","wait_ms":3600000}]}`)), &world))
	const account = `{"email":"` + pmpsmarttest.Email + `","password":"` + pmpsmarttest.Password + `"}`
	done := make(chan string, 2)
	for _, base := range []string{srv.URL, world.API} {
		go func() {
			resp, err := http.Post(base+"/auth/login", "application/json", strings.NewReader(account))
			if err != nil {
				done <- err.Error()
				return
			}
			_ = resp.Body.Close()
			done <- resp.Status
		}()
	}
	eventually(t, "it waits", func() bool { return srv.Unused() == nil })
	eventually(t, "that of the world does", func() bool { return !strings.Contains(steer(t, 200, "GET", world.Control+"/faults", ""), "delay") })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, srv.Shutdown(ctx))
	for range 2 {
		assert.Equal(t, "200 OK", <-done)
	}
	require.NoError(t, srv.Close())
}
