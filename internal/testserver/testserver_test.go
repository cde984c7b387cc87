package testserver_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// post sends a body and returns the status and the body of the response.
func post(t *testing.T, client *http.Client, url, token, body string) (status int, got string, err error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	return response.StatusCode, string(all), err
}

func TestServerRecordsRequestsAndConnections(t *testing.T) {
	t.Parallel()
	s := testserver.New(t, testserver.Sequence(testserver.Respond(404, "x"), testserver.Success("[]")))
	require.Zero(t, s.Opened())
	for _, want := range []int{404, 200, 200} {
		status, _, err := post(t, s.Client(), s.BaseURL()+"/order?page=2", "7", "{}")
		require.NoError(t, err)
		require.Equal(t, want, status)
	}
	require.Len(t, s.Requests(), 3)
	got := s.Requests()[0]
	require.Equal(t, testserver.Request{Method: "POST", Path: "/api/v1/order", Query: "page=2", Header: got.Header, Body: "{}"}, got)
	require.Equal(t, "Bearer 7", got.Header.Get("Authorization"))
	require.Equal(t, 1, s.Opened())
	s.Client().CloseIdleConnections()
	testserver.WaitFor(t, "the connection is closed", func() bool { return s.Open() == 0 })
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := testserver.New(t, testserver.Sequence(testserver.Reset, testserver.Truncated(`{"da`)))
	_, _, err := post(t, s.Client(), s.URL, "", "")
	require.ErrorIs(t, err, syscall.ECONNRESET)
	status, got, err := post(t, s.Client(), s.URL, "", "")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, 200, status)
	require.Equal(t, `{"da`, got)
	_, _, err = post(t, s.Client(), testserver.Unreachable(t), "", "")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
}

// In a bubble a timeout of an hour takes exactly an hour, and no time.
func TestBubble(t *testing.T) {
	t.Parallel()
	require.Nil(t, testserver.Dial(t))
	testserver.Bubble(t, func(t *testing.T) {
		for _, h := range []http.HandlerFunc{testserver.Silent, testserver.Stalled(`{"da`)} {
			s := testserver.New(t, h)
			transport := &http.Transport{DialContext: testserver.Dial(t)}
			defer transport.CloseIdleConnections()
			began := time.Now()
			_, _, err := post(t, &http.Client{Transport: transport, Timeout: time.Hour}, s.URL, "", "")
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, time.Hour, time.Since(began))
			testserver.WaitFor(t, "no request is on the server", func() bool { return s.Busy() == 0 })
		}
	})
}

func TestListen(t *testing.T) {
	t.Parallel()
	base := testserver.Listen(t, func(n int, conn net.Conn) {
		assert.Equal(t, 1, n)
		if body, ok := testserver.ReadRequest(bufio.NewReader(conn)); ok {
			_, _ = io.WriteString(conn, testserver.RawResponse(body+body))
		}
	})
	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	_, got, err := post(t, &http.Client{Transport: transport}, base, "", "ab")
	require.NoError(t, err)
	require.Equal(t, "abab", got)
}

func TestAccount(t *testing.T) {
	t.Parallel()
	a := &testserver.Account{Single: true}
	a.Start(t)
	call := func(path, token, body string) int {
		status, _, err := post(t, a.Client(), a.BaseURL()+path, token, body)
		require.NoError(t, err)
		return status
	}
	require.Equal(t, 401, call("/auth/login", "", `{"password":"x"}`))
	require.Equal(t, 200, call("/auth/login", "", `{"password":"`+testserver.Password+`"}`))
	first := "2|TokenRahasiaYangHidup0123456789"
	require.Equal(t, 200, call("/order", first, ""))
	second := a.Issue()
	require.Equal(t, 401, call("/order", first, ""), "a login ends the earlier token")
	require.Equal(t, 200, call("/order", second, ""))
	require.Equal(t, 200, call("/auth/logout", second, ""))
	require.Equal(t, 401, call("/order", second, ""))
	a.Accept(first)
	require.Equal(t, 200, call("/order", first, ""))
	a.ExpireTokens()
	require.Equal(t, 401, call("/order", first, ""))
	attempts, succeeded := a.Logins()
	require.Equal(t, [2]int{2, 2}, [2]int{attempts, succeeded})
	require.Equal(t, []string{"login", "login", "2", "2", "3", "3", "3", "2", "2"}, a.Tokens())
}

func TestOrderBook(t *testing.T) {
	t.Parallel()
	b := testserver.NewOrderBook(t)
	for range 2 {
		_, _, err := post(t, b.Client(), b.BaseURL()+"/json/order", "", `{"kode_order":"A","json_data":"1"}`)
		require.NoError(t, err)
	}
	_, got, err := post(t, b.Client(), b.BaseURL()+"/json/order/get/filter", "", `{"kode_order":"A"}`)
	require.NoError(t, err)
	require.JSONEq(t, `{"status":"success","message":"berhasil","data":[{"id":1,"kode_order":"A","json_data":"1","status":""},{"id":2,"kode_order":"A","json_data":"1","status":""}]}`, got)
	require.Equal(t, []testserver.OrderRow{{ID: 1, Code: "A", Data: "1"}, {ID: 2, Code: "A", Data: "1"}}, b.Rows("A"))
	codes, rows := b.Stored()
	inserts, lookups := b.Counts()
	require.Equal(t, [4]int{1, 2, 2, 1}, [4]int{codes, rows, inserts, lookups})
}

func TestBarrier(t *testing.T) {
	t.Parallel()
	wait := testserver.Barrier(2)
	done := make(chan struct{})
	go func() { wait(); close(done) }()
	select {
	case <-done:
		t.Error("the first does not wait for the second")
	default:
	}
	wait()
	<-done
	wait() // a third waits for nobody
}
