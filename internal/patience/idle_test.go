package patience

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func newTLSServer(t *testing.T) (url string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.URL + "/api/v1"
}

// serve runs a server on the network of a bubble, and returns a client of it. All of net/http
// is between them.
func serve(t *testing.T, c Config, handler http.HandlerFunc) *pmpsmart.Client {
	t.Helper()
	listener := testserver.NewListener(t)
	srv := &http.Server{Handler: handler, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = srv.Serve(listener) }()
	transport := &http.Transport{DialContext: testserver.Dial(t)}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		srv.Close()
	})
	client, err := pmpsmart.New(append(New(c).Options(), pmpsmart.WithBaseURL("http://"+listener.Addr().String()+"/api/v1"), pmpsmart.WithToken("t"),
		pmpsmart.WithHTTPClient(&http.Client{Transport: transport}))...)
	require.NoError(t, err)
	return client
}

// A server that never answers is given up after the timeout, again and again until the
// patience is over, and the error says what was.
func TestASilentServer(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		requests := 0
		client := serve(t, Config{Patience: 5 * time.Minute, Timeout: 20 * time.Second}, func(_ http.ResponseWriter, r *http.Request) {
			requests++
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		})
		began := time.Now()
		err := list(t.Context(), client)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorContains(t, err, "the server was silent for 20s")
		assert.Less(t, time.Since(began), 7*time.Minute)
		assert.Greater(t, requests, 3)
	})
}

// One that is silent once has done no harm.
func TestASilenceThatPasses(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		requests := 0
		client := serve(t, Config{Patience: 5 * time.Minute, Timeout: 20 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if requests++; requests < 3 {
				<-r.Context().Done()
				return
			}
			fmt.Fprint(w, oneOrder)
		})
		require.NoError(t, list(t.Context(), client))
	})
}

// The idle timeout is that of a read: neither a slow list nor a slow reader is cut, and a body
// that stops is an error.
func TestTheSilenceOfABody(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		stop := false
		client := serve(t, Config{Patience: 5 * time.Minute, Timeout: 20 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, `{"status":"success","data":[`)
			for i := range 10 {
				fmt.Fprintf(w, `{"id":%d},`, i+1)
				w.(http.Flusher).Flush()
				time.Sleep(15 * time.Second)
			}
			if stop {
				<-r.Context().Done()
				return
			}
			fmt.Fprint(w, `{"id":11}]}`)
		})
		n := 0
		for _, err := range client.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			require.NoError(t, err)
			n++
			time.Sleep(time.Minute)
		}
		assert.Equal(t, 11, n)

		stop = true
		var last error
		for _, err := range client.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			last = err
		}
		require.ErrorContains(t, last, "the server was silent for 20s")
		assert.ErrorIs(t, last, context.DeadlineExceeded)
	})
}

// A body that comes a byte now and then does not hold the client for ever.
func TestADrippingBody(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		client := serve(t, Config{Patience: 5 * time.Minute, Timeout: 20 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, `{"status":"success","data":[{"id":1}`)
			for r.Context().Err() == nil {
				fmt.Fprint(w, " ")
				w.(http.Flusher).Flush()
				sleep(r.Context(), 15*time.Second, nil)
			}
		})
		began, last := time.Now(), error(nil)
		for _, err := range client.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			last = err
		}
		require.Error(t, last)
		assert.Less(t, time.Since(began), 11*time.Minute)
	})
}

// Half an hour within one request passes none of the client's own timeouts, over all of
// net/http and with a login.
func TestHalfAnHourOfMaintenance(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		began := time.Now()
		client := serve(t, Config{Patience: 31 * time.Minute, Timeout: 5 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			switch {
			case time.Since(began) < halfHour:
				w.WriteHeader(http.StatusServiceUnavailable)
			case r.URL.Path == "/api/v1/auth/login":
				fmt.Fprint(w, `{"status":"success","data":{"api_token":"t"}}`)
			default:
				fmt.Fprint(w, oneOrder)
			}
		})
		_, err := client.Login(t.Context(), pmpsmarttest.Email, pmpsmarttest.Password)
		require.NoError(t, err)
		require.NoError(t, list(t.Context(), client))
	})
}

// While the server has asked for a wait, an insert is not sent; one whose context ends
// meanwhile is known as not sent.
func TestAnInsertWaitsBeforeItIsSent(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		var inserts atomic.Int32
		began := time.Now()
		client := serve(t, Config{Patience: halfHour}, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			switch {
			case r.URL.Path == "/api/v1/json/order":
				inserts.Add(1)
				fmt.Fprint(w, `{"status":"success","data":{"id":1,"kode_order":"P-1"}}`)
			case time.Since(began) < time.Minute:
				w.Header().Set("Retry-After", "60")
				w.WriteHeader(http.StatusTooManyRequests)
			default:
				fmt.Fprint(w, oneOrder)
			}
		})
		go func() { _ = list(t.Context(), client) }()
		synctest.Wait()

		short, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		_, err := client.InsertJSONOrder(short, order)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var unknown *pmpsmart.OutcomeUnknownError
		assert.False(t, errors.As(err, &unknown), "%v", err)
		assert.Zero(t, inserts.Load())
		assert.Equal(t, 30*time.Second, time.Since(began), "at once")

		_, err = client.InsertJSONOrder(t.Context(), order)
		require.NoError(t, err)
		assert.Equal(t, time.Minute, time.Since(began))
	})
}

// ends is a Listener that ends the maintenance once it is told of a wait.
type ends struct {
	notes
	srv *pmpsmarttest.Server
}

func (e *ends) Waiting(until time.Time, why Why) {
	e.notes.Waiting(until, why)
	e.srv.Up()
}

// The same over the network, with times that a test can wait for.
func TestOverTheNetwork(t *testing.T) {
	t.Parallel()
	srv := pmpsmarttest.NewServer()
	t.Cleanup(func() { srv.Close() })
	heard := &ends{notes: notes{began: time.Now()}, srv: srv}
	client := srv.Client(New(Config{Patience: time.Minute, Listener: heard}).Options()...)
	require.NoError(t, list(t.Context(), client))
	srv.Down(2 * time.Second)
	began := time.Now()
	require.NoError(t, list(t.Context(), client))
	assert.Greater(t, time.Since(began), 1900*time.Millisecond)
	require.Len(t, heard.lines, 2)
	assert.Contains(t, heard.lines[0], ", 503, asked true")
	assert.Equal(t, "going on", heard.lines[1])

	srv.Fail(pmpsmarttest.Fault{Op: "ListOrders", Kind: pmpsmarttest.FaultReset}, pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer},
		pmpsmarttest.Fault{Op: "FilterJSONOrders", Kind: pmpsmarttest.FaultAnswer, Status: 502})
	require.NoError(t, list(t.Context(), client))
	_, _, err := client.EnsureJSONOrder(t.Context(), order)
	require.NoError(t, err)
	assert.Len(t, srv.JSONOrders(), 1)
	assert.Empty(t, srv.Unmet())
}
