package pmpsmarttest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
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
	c := srv.Client(once)
	began := time.Now()
	_, err := c.ListOutlets(t.Context())
	require.NoError(t, err)
	assert.GreaterOrEqual(t, time.Since(began), 30*time.Millisecond)

	before := len(srv.Requests())
	assert.ErrorIs(t, insertAndGiveUp(t, srv, c), context.Canceled)
	eventually(t, "the wait ends with the client, long before its hour", func() bool { return len(srv.Requests()) > before })
	assert.Empty(t, srv.JSONOrders(), "the client has given up before the work began")
}

// insertAndGiveUp inserts an order, and gives up once a fault holds the request
// back.
func insertAndGiveUp(t *testing.T, srv *pmpsmarttest.Server, c *pmpsmart.Client) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := c.InsertJSONOrder(ctx, input)
		done <- err
	}()
	eventually(t, "the request has met its fault", func() bool { return srv.Unused() == nil })
	cancel()
	return <-done
}

// A real server learns that nobody waits any more when it answers: the row is
// there after its client has gone.
func TestFaultLostAnswerStoresAfterTheClientHasGone(t *testing.T) {
	t.Parallel()
	const wait = 2 * time.Second // in which the client surely gives up
	srv := newServer(t)
	c := srv.Client(once)
	_, err := c.ListOutlets(t.Context()) // logs in
	require.NoError(t, err)
	srv.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer, Wait: wait})
	began := time.Now()
	assert.ErrorIs(t, insertAndGiveUp(t, srv, c), context.Canceled)
	eventually(t, "the order is stored all the same", func() bool { return len(srv.JSONOrders()) == 1 })
	assert.GreaterOrEqual(t, time.Since(began), wait)
	eventually(t, "the request is over", func() bool {
		requests := srv.Requests()
		return requests[len(requests)-1].Fault == pmpsmarttest.FaultLostAnswer
	})
}

// Close ends the wait of a request whose client has gone, and then nothing more
// changes.
func TestCloseEndsALostAnswersWait(t *testing.T) {
	t.Parallel()
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer, Wait: time.Hour}))
	assert.ErrorIs(t, insertAndGiveUp(t, srv, srv.Client(once)), context.Canceled)
	require.NoError(t, srv.Close())
	assert.Empty(t, srv.JSONOrders())
	requests := srv.Requests()
	assert.Equal(t, "InsertJSONOrder", requests[len(requests)-1].Op, "Close has waited for the request")
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
			faults := []pmpsmarttest.Fault{tt.fault}
			if tt.fault.Status == http.StatusUnauthorized { // the client logs in again and sends the call once more
				faults = append(faults, tt.fault)
			}
			srv := newServer(t, pmpsmarttest.WithFaults(faults...))
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
