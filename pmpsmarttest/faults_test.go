package pmpsmarttest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

var (
	once  = pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})
	quick = pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: time.Millisecond, MaxWait: time.Millisecond})
	input = pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: json.RawMessage(`{"key":"value"}`), Status: pmpsmart.JSONOrderCompleted}
)

func fault(op string, kind pmpsmarttest.FaultKind) pmpsmarttest.Fault {
	return pmpsmarttest.Fault{Op: op, Kind: kind}
}

func TestFaultsBeforeAndAfterTheCommit(t *testing.T) {
	t.Parallel()
	for kind, stored := range map[pmpsmarttest.FaultKind]int{pmpsmarttest.FaultReset: 0, pmpsmarttest.FaultLostAnswer: 1} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, pmpsmarttest.WithFaults(fault("InsertJSONOrder", kind)))
			c := srv.Client()
			_, err := c.InsertJSONOrder(t.Context(), input)
			var unknown *pmpsmart.OutcomeUnknownError
			require.ErrorAs(t, err, &unknown)
			assert.ErrorIs(t, err, syscall.ECONNRESET, "a real reset")
			assert.Len(t, srv.JSONOrders(), stored)
			requests := srv.Requests()
			last := requests[len(requests)-1]
			assert.Equal(t, []any{"InsertJSONOrder", kind, 0, ""}, []any{last.Op, last.Fault, last.Status, last.Answer})

			order, created, err := c.EnsureJSONOrder(t.Context(), input)
			require.NoError(t, err)
			assert.Equal(t, stored == 0, created)
			assert.Equal(t, srv.JSONOrders(), []pmpsmart.JSONOrder{*order})
		})
	}
}

func TestFaultDelay(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultDelay, Wait: time.Hour},
		pmpsmarttest.Fault{Op: "ListOutlets", Kind: pmpsmarttest.FaultDelay, Wait: 30 * time.Millisecond},
	))
	c := srv.Client(once, pmpsmart.WithTimeout(200*time.Millisecond))
	_, err := c.InsertJSONOrder(t.Context(), input)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Empty(t, srv.JSONOrders(), "the client has given up before the work began")

	began := time.Now()
	_, err = c.ListOutlets(t.Context())
	require.NoError(t, err)
	assert.GreaterOrEqual(t, time.Since(began), 30*time.Millisecond)
}

func TestFaultCut(t *testing.T) {
	t.Parallel()
	const bytes = 1000
	srv := newServer(t, pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "ListOutlets", Kind: pmpsmarttest.FaultCut, Bytes: bytes},
		pmpsmarttest.Fault{Op: "ListOutlets", Kind: pmpsmarttest.FaultCut, Bytes: bytes},
		pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultCut},
		pmpsmarttest.Fault{Op: "Logout", Kind: pmpsmarttest.FaultCut, Bytes: 1 << 20},
	))
	var token string
	c := srv.Client(quick, pmpsmart.WithTokenStore(spy{pmpsmart.NewMemoryTokenStore(), &token}))
	_, err := c.GetOrder(t.Context(), 198)
	require.NoError(t, err, "the head and nothing else came first")

	body, err := post(t, srv.URL+"/master/outlet", token, "")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Len(t, body, bytes, "all before the cut has arrived")
	assert.True(t, strings.HasPrefix(body, `{"status":"success","message":"Logout berhasil","data":[{"id":1,`))

	outlets, err := c.ListOutlets(t.Context())
	require.NoError(t, err)
	assert.Equal(t, srv.Outlets(), outlets)

	body, err = post(t, srv.URL+"/auth/logout", token, "")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF, "an answer that is shorter lacks its end")
	assert.Equal(t, `{"status":"success","message":"Logout berhasil","data":null}`, body)
}

// A spy notes the token of a store.
type spy struct {
	pmpsmart.TokenStore
	token *string
}

func (s spy) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	token, err := s.TokenStore.Replace(ctx, a, stale, login)
	*s.token = string(token)
	return token, err
}

// post makes a request as no client of ours does and reads what there is of the
// answer's body.
func post(t *testing.T, url, token, body string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	req.Header = http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

func TestFaultAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault pmpsmarttest.Fault
		want  string
		is    error
	}{
		{pmpsmarttest.Fault{}, "500 Internal Server Error: Server Error", pmpsmart.ErrServer},
		{pmpsmarttest.Fault{Status: 401}, "401 Unauthorized: Unauthenticated.", pmpsmart.ErrUnauthorized},
		{pmpsmarttest.Fault{Status: 403}, "403 Forbidden: This action is unauthorized.", pmpsmart.ErrForbidden},
		{pmpsmarttest.Fault{Status: 404}, "404 Not Found", pmpsmart.ErrNotFound},
		{pmpsmarttest.Fault{Status: 422}, "422 Unprocessable Entity: The given data was invalid. [kode_order: The kode order field is required.]", pmpsmart.ErrValidation},
		{pmpsmarttest.Fault{Status: 429, Header: http.Header{"Retry-After": {"7"}}}, "429 Too Many Requests: Too Many Attempts. (the server asks to wait 7s)", pmpsmart.ErrRateLimited},
		{pmpsmarttest.Fault{Status: 502}, "502 Bad Gateway", pmpsmart.ErrServer},
		{pmpsmarttest.Fault{Status: 503}, "503 Service Unavailable", pmpsmart.ErrMaintenance},
		{pmpsmarttest.Fault{Status: 504}, "504 Gateway Timeout: 504 Gateway Time-out", pmpsmart.ErrServer},
		{pmpsmarttest.Fault{Status: 418, Body: "teko"}, "418 I'm a teapot: teko", nil},
		{pmpsmarttest.Fault{Status: 200, Body: `{"status":false,"message":"Stok habis"}`}, "refused with HTTP 200: Stok habis", nil},
		{pmpsmarttest.Fault{Status: 302, Header: http.Header{"Location": {"https://pmpsmart.test/"}}}, "302 Found", nil},
	} {
		t.Run(fmt.Sprint(tt.fault.Status), func(t *testing.T) {
			t.Parallel()
			tt.fault.Op, tt.fault.Kind = "UpdateOrderStatus", pmpsmarttest.FaultAnswer
			srv := newServer(t, pmpsmarttest.WithFaults(tt.fault))
			c := srv.Client(once)
			_, err := c.UpdateOrderStatus(t.Context(), 198, pmpsmart.OrderCancel)
			assert.ErrorContains(t, err, "pmpsmart: UpdateOrderStatus: "+tt.want)
			if tt.is != nil {
				assert.ErrorIs(t, err, tt.is)
			}
			order, err := c.GetOrder(t.Context(), 198)
			require.NoError(t, err)
			assert.Equal(t, pmpsmart.OrderPending, order.Status, "nothing was done")
		})
	}
}

func TestFaultDrip(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "ListVisits", Kind: pmpsmarttest.FaultDrip, Bytes: 200, Wait: time.Millisecond},
	))
	visits, err := srv.Client(once, pmpsmart.WithTimeout(10*time.Second)).ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	assert.Equal(t, srv.Visits(), visits)
	last := srv.Requests()[1]
	assert.GreaterOrEqual(t, last.Duration, time.Duration(last.Sent/200)*time.Millisecond)
}

func TestFaultWrongType(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithStyleFor("ListVisits", "body=html"), pmpsmarttest.WithFaults(
		fault("GetOrder", pmpsmarttest.FaultWrongType), fault("ListVisits", pmpsmarttest.FaultWrongType),
	))
	c := srv.Client(once)
	var resp pmpsmart.Response
	_, err := c.GetOrder(t.Context(), 198, pmpsmart.WithResponse(&resp))
	require.NoError(t, err)
	assert.Equal(t, "text/html; charset=UTF-8", resp.Header.Get("Content-Type"))
	_, err = c.ListVisits(t.Context(), pmpsmart.VisitFilter{}, pmpsmart.WithResponse(&resp))
	var decode *pmpsmart.DecodeError
	assert.ErrorAs(t, err, &decode)
	assert.Equal(t, "application/json", resp.Header.Get("Content-Type"))
}

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
		pmpsmarttest.Fault{Kind: pmpsmarttest.FaultDelay},
	))
	_, err := srv.Client().GetOrder(t.Context(), 198)
	require.NoError(t, err)
	want := "pmpsmarttest: no request met the fault: reset (GetOrder, request 2)\n" +
		"pmpsmarttest: no request met the fault: lost answer (ListVisits, next request)"
	assert.EqualError(t, srv.Close(), want)
	assert.EqualError(t, srv.Close(), want, "closed again")
}

func TestRandomFaults(t *testing.T) {
	t.Parallel()
	chances := map[pmpsmarttest.FaultKind]float64{
		pmpsmarttest.FaultReset: 0.1, pmpsmarttest.FaultLostAnswer: 0.1, pmpsmarttest.FaultCut: 0.1, pmpsmarttest.FaultAnswer: 0.1,
		pmpsmarttest.FaultDelay: 0.02, pmpsmarttest.FaultDrip: 0.02, pmpsmarttest.FaultWrongType: 0.1,
	}
	run := func(seed uint64, concurrent bool) (faults []pmpsmarttest.FaultKind) {
		srv := newServer(t, pmpsmarttest.WithRandomFaults(seed, chances), pmpsmarttest.WithEmpty())
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		if concurrent {
			wg.Go(func() {
				for ctx.Err() == nil {
					srv.Client(once).ListVisits(ctx, pmpsmart.VisitFilter{})
				}
			})
		}
		for range 200 {
			post(t, srv.URL+"/master/outlet", "", "")
		}
		cancel()
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
