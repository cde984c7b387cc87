package pmpsmarttest_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func TestWhichRequestAFaultMeets(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := srv.Client(once)
	statuses := func(n int) (got []int) {
		for range n {
			var resp pmpsmart.Response
			c.GetOrder(t.Context(), 198, pmpsmart.WithResponse(&resp))
			got = append(got, resp.HTTPStatus)
		}
		return got
	}
	answer := func(op string, nth, status int) pmpsmarttest.Fault {
		return pmpsmarttest.Fault{Op: op, Nth: nth, Kind: pmpsmarttest.FaultAnswer, Status: status}
	}
	assert.Equal(t, []int{200}, statuses(1))
	srv.Fail(answer("GetOrder", 2, 502), answer("GetOrder", 0, 503), answer("GetOrder", 0, 504), answer("ListVisits", 1, 500))
	assert.Equal(t, []int{503, 502, 504, 200}, statuses(4))
	srv.Fail(answer("", 2, 418))
	_, err := c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
	assert.ErrorIs(t, err, pmpsmart.ErrServer)
	assert.Equal(t, []int{418, 200}, statuses(2))
}

func TestFaultsThatNoRequestMet(t *testing.T) {
	t.Parallel()
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "GetOrder", Nth: 2, Kind: pmpsmarttest.FaultReset},
		pmpsmarttest.Fault{Op: "ListVisits", Kind: pmpsmarttest.FaultLostAnswer},
		pmpsmarttest.Fault{Op: "ListOrders", Page: 2, Kind: pmpsmarttest.FaultReset},
		pmpsmarttest.Fault{Kind: pmpsmarttest.FaultDelay, Wait: time.Nanosecond},
	))
	_, err := srv.Client().GetOrder(t.Context(), 198)
	require.NoError(t, err)
	want := "pmpsmarttest: no request met the fault: reset (GetOrder, request 2)\n" +
		"pmpsmarttest: no request met the fault: lost answer (ListVisits, next request)\n" +
		"pmpsmarttest: no request met the fault: reset (ListOrders, page 2, next request)"
	assert.EqualError(t, srv.Close(), want)
	assert.EqualError(t, srv.Close(), want, "closed again")
}

// Pages are asked for ahead of one another, so that only their number tells them
// apart for certain.
func TestAFaultNamesAPage(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithStyle(pmpsmarttest.Paginated), pmpsmarttest.WithPerPage(30)) // 240 orders, 8 pages
	c := srv.Client(quick, pmpsmart.WithPagesAhead(3))
	reset := func(page, nth int) pmpsmarttest.Fault {
		return pmpsmarttest.Fault{Op: "ListOrders", Page: page, Nth: nth, Kind: pmpsmarttest.FaultReset}
	}
	srv.Fail(reset(1, 0), reset(5, 2), reset(5, 0), pmpsmarttest.Fault{Page: 7, Kind: pmpsmarttest.FaultCut})
	orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	assert.Len(t, orders, 240)
	require.NoError(t, srv.Unused())
	met := map[string][]pmpsmarttest.FaultKind{}
	for _, r := range srv.Requests() {
		if r.Op == "ListOrders" {
			met[r.Query] = append(met[r.Query], r.Fault)
		}
	}
	assert.Equal(t, map[string][]pmpsmarttest.FaultKind{
		"": {"reset", ""}, "page=2": {""}, "page=3": {""}, "page=4": {""}, "page=5": {"reset", "reset", ""}, "page=6": {""},
		"page=7": {"cut", ""}, "page=8": {""},
	}, met)

	// No page is asked for by requests for other than lists, nor by a cursor.
	srv.Fail(pmpsmarttest.Fault{Page: 1, Kind: pmpsmarttest.FaultReset})
	_, err = c.GetOrder(t.Context(), 198)
	require.NoError(t, err)
	post(t, srv.URL+"/visit?cursor=x", "", "")
	assert.Error(t, srv.Unused())
	_, err = post(t, srv.URL+"/visit", "", "")
	assert.ErrorIs(t, err, syscall.ECONNRESET)
	assert.NoError(t, srv.Unused())
}

func TestRandomFaults(t *testing.T) {
	t.Parallel()
	chances := map[pmpsmarttest.FaultKind]float64{
		pmpsmarttest.FaultReset: 0.1, pmpsmarttest.FaultLostAnswer: 0.1, pmpsmarttest.FaultCut: 0.1, pmpsmarttest.FaultAnswer: 0.1,
		pmpsmarttest.FaultDelay: 0.02, pmpsmarttest.FaultDrip: 0.02, pmpsmarttest.FaultWrongType: 0.1,
	}
	run := func(seed uint64, concurrent bool) (faults []pmpsmarttest.FaultKind) {
		srv := newServer(t, pmpsmarttest.WithRandomFaults(seed, chances), pmpsmarttest.WithEmpty())
		ask := func(path string) {
			for range 200 {
				post(t, srv.URL+path, "", "")
			}
		}
		var wg sync.WaitGroup
		if concurrent {
			wg.Go(func() { ask("/visit") })
		}
		ask("/master/outlet")
		wg.Wait()
		for _, r := range srv.Requests() {
			if r.Op == "ListOutlets" {
				faults = append(faults, r.Fault)
			}
		}
		return faults
	}
	first := run(1, false)
	assert.Equal(t, first, run(1, true), "what other endpoints are asked changes nothing")
	assert.NotEqual(t, first, run(2, false))
	for kind := range chances {
		assert.Contains(t, first, kind)
	}
	fine := slices.DeleteFunc(first, func(kind pmpsmarttest.FaultKind) bool { return kind != "" })
	assert.InDelta(t, 200*0.46, len(fine), 30)
}

// A client gets its work done through a server that fails half of the time, and
// each order is there once.
func TestEnsureThroughRandomFaults(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithEmpty(), pmpsmarttest.WithRandomFaults(7, map[pmpsmarttest.FaultKind]float64{
		pmpsmarttest.FaultReset: 0.1, pmpsmarttest.FaultLostAnswer: 0.1, pmpsmarttest.FaultCut: 0.1, pmpsmarttest.FaultAnswer: 0.1,
	}))
	c := srv.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 50, MinWait: time.Microsecond, MaxWait: time.Microsecond}))
	want := map[string]int{}
	for i := range 50 {
		in := input
		in.Code = fmt.Sprintf("PMP-%07d", i)
		for {
			_, _, err := c.EnsureJSONOrder(t.Context(), in)
			var unknown *pmpsmart.OutcomeUnknownError
			if err == nil {
				break
			}
			require.True(t, errors.As(err, &unknown) || errors.Is(err, pmpsmart.ErrServer) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.ErrUnexpectedEOF), "%v", err)
		}
		want[in.Code] = 1
	}
	got := map[string]int{}
	for _, order := range srv.JSONOrders() {
		got[order.Code]++
	}
	assert.Equal(t, want, got)
}
