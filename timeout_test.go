package pmpsmart_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// requireIdleTimeout checks the error of a server that was idle too long.
func requireIdleTimeout(t *testing.T, err error) {
	t.Helper()
	require.ErrorIs(t, err, context.DeadlineExceeded)
	var timeout net.Error
	require.ErrorAs(t, err, &timeout)
	require.True(t, timeout.Timeout())
	require.ErrorContains(t, err, "the server was silent for ")
}

func TestAnIdleServerTimesOut(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, want string
		answer     http.HandlerFunc
	}{
		{"before its answer", "pmpsmart: ListOrders: no answer from HOST: the server was silent for 300ms", testserver.Silent},
		{"after the head", "pmpsmart: ListOrders: the answer from HOST broke off: the server was silent for 300ms", stalled("")},
		{"in the list", "pmpsmart: ListOrders: the answer from HOST broke off: the server was silent for 300ms", stalled(`{"data":[{"id":1},{"id":2},{"i`)},
		{"after the list", "pmpsmart: ListOrders: the answer from HOST broke off: the server was silent for 300ms", stalled(`{"data":[{"id":1}]`)},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			testserver.Bubble(t, func(t *testing.T) {
				s := serve(t, row.answer)
				c := s.client(pmpsmart.WithTimeout(300*time.Millisecond), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
				began := time.Now()
				err := listing.do(t.Context(), c)
				require.Equal(t, 300*time.Millisecond, time.Since(began))
				requireIdleTimeout(t, err)
				require.Equal(t, row.want, textOf(s.URL, err))
				waitFor(t, "the connection is closed", func() bool { return s.Busy() == 0 })
			})
		})
	}
}

// A server that is idle after the whole answer has answered.
func TestAnIdleServerAfterTheAnswer(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := serve(t, stalled(`{"data":[{"id":1}]}`))
		var told []pmpsmart.Drift
		began := time.Now()
		require.NoError(t, listing.do(t.Context(), s.client(pmpsmart.WithTimeout(300*time.Millisecond), drifts(&told))))
		require.Equal(t, 300*time.Millisecond, time.Since(began))
		require.Len(t, told, 1)
		require.Contains(t, string(told[0].Got), "the server was silent for 300ms")
		waitFor(t, "the connection is closed", func() bool { return s.Busy() == 0 })
	})
}

// An error's status is worth more than the rest of its body.
func TestAnIdleTimeoutInTheBodyOfAnErrorKeepsItsStatus(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(503)
			stalled("sedang ")(w, r)
		})
		err := listing.do(t.Context(), s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})))
		require.EqualError(t, err, "pmpsmart: ListOrders: 503 Service Unavailable: sedang")
	})
}

// A slow server is not idle: a response may take many times the timeout, after a slow
// dial as well.
func TestASlowResponseIsNotIdle(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		const timeout = 2 * time.Second
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(timeout - time.Millisecond)
			_, _ = io.WriteString(w, `{"data":[{"id":0}`)
			for n := 1; n < 24; n++ {
				_ = http.NewResponseController(w).Flush()
				time.Sleep(timeout - time.Millisecond)
				_, _ = fmt.Fprintf(w, `,{"id":%d}`, n)
			}
			_, _ = io.WriteString(w, `]}`)
		})
		c := s.client(pmpsmart.WithTimeout(timeout), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
		c.DialBy(func(ctx context.Context, network, address string) (net.Conn, error) {
			time.Sleep(timeout - time.Millisecond)
			return testserver.Dial(t)(ctx, network, address)
		})
		began := time.Now()
		orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err)
		require.Len(t, orders, 24)
		require.Equal(t, 25*(timeout-time.Millisecond), time.Since(began))
	})
}

// narrow is an HTTP client whose connections hold little on their way, so that a
// server which reads slowly is written to slowly.
func narrow(t *testing.T) pmpsmart.Option {
	return pmpsmart.WithHTTPClient(dialer(t, func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err == nil {
			_ = conn.(*net.TCPConn).SetWriteBuffer(32 << 10)
		}
		return conn, err
	}))
}

const upload = 2 << 20

var bigOrder = pmpsmart.JSONOrderInput{Code: "A", Data: strings.Repeat("x", upload), Status: "completed"}

func TestASlowUploadIsNotIdle(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		const timeout = 2 * time.Second
		base := testserver.Listen(t, func(_ int, conn net.Conn) {
			body := bufio.NewReaderSize(&slowly{conn, timeout / 5, upload / 12}, 64<<10)
			if _, ok := testserver.ReadRequest(body); ok {
				_, _ = io.WriteString(conn, testserver.RawResponse(`{"data":{"id":1}}`))
			}
		})
		c := newClient(t, base, pmpsmart.WithToken(aToken), pmpsmart.WithTimeout(timeout))
		began := time.Now()
		_, err := c.InsertJSONOrder(t.Context(), bigOrder)
		require.NoError(t, err)
		require.Greater(t, time.Since(began), 2*timeout)
	})
}

// slowly waits after each that many bytes.
type slowly struct {
	net.Conn
	wait time.Duration
	each int
}

func (s *slowly) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	time.Sleep(s.wait * time.Duration(n) / time.Duration(s.each))
	return n, err
}

// An upload that makes no progress is idle: the server does not even read.
func TestAStuckUploadIsIdle(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		ended := make(chan struct{})
		base := testserver.Listen(t, func(_ int, conn net.Conn) {
			_, _ = io.CopyN(io.Discard, conn, upload/2)
			<-ended
		})
		c := newClient(t, base, pmpsmart.WithToken(aToken), pmpsmart.WithTimeout(100*time.Millisecond))
		began := time.Now()
		_, err := c.InsertJSONOrder(t.Context(), bigOrder)
		close(ended)
		require.Equal(t, 100*time.Millisecond, time.Since(began))
		requireIdleTimeout(t, err)
		var open *pmpsmart.OutcomeUnknownError
		require.ErrorAs(t, err, &open)
	})
}

// A server may refuse an upload while it is still coming in.
func TestAnEarlyErrorResponseToAnUploadIsRead(t *testing.T) {
	t.Parallel()
	base := testserver.Listen(t, func(_ int, conn net.Conn) {
		in := bufio.NewReader(conn)
		if _, err := http.ReadRequest(in); err == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			_, _ = io.Copy(io.Discard, in)
		}
	})
	_, err := newClient(t, base, pmpsmart.WithToken(aToken), narrow(t)).InsertJSONOrder(t.Context(), bigOrder)
	require.EqualError(t, err, "pmpsmart: InsertJSONOrder: 413 Request Entity Too Large")
}

// A consumer of a Seq may take longer than the timeout for each record.
func TestASlowConsumerIsNotIdle(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		const n, timeout = 4000, 500 * time.Millisecond
		s := serve(t, success(manyOrders(n))) // far more than any buffer on the way
		seen := 0
		for _, err := range s.client(pmpsmart.WithTimeout(timeout)).ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			require.NoError(t, err)
			if seen++; seen%1500 == 1 {
				time.Sleep(3 * timeout)
			}
		}
		require.Equal(t, n, seen)
		require.Len(t, s.Requests(), 1)
	})
}

// manyOrders is a list of n orders of some 200 bytes, as JSON.
func manyOrders(n int) string {
	var b strings.Builder
	for id := 1; id <= n; id++ {
		fmt.Fprintf(&b, `,{"id":%d,"kode_order":"PMP-%07d","catatan":%q}`, id, id, strings.Repeat("tolong diantar pagi ", 7))
	}
	return "[" + b.String()[1:] + "]"
}

// The timeout is there for a dial as well, which is not an unknown outcome.
func TestASlowDialIsIdle(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		ended := make(chan struct{})
		hang := dialer(t, func(context.Context, string, string) (net.Conn, error) { <-ended; return nil, net.ErrClosed })
		const base = "http://127.0.0.1:1/api/v1"
		c := newClient(t, base, pmpsmart.WithToken(aToken), pmpsmart.WithHTTPClient(hang), pmpsmart.WithTimeout(50*time.Millisecond))
		var response pmpsmart.Response
		err := creating.do(t.Context(), c, pmpsmart.WithResponse(&response))
		close(ended)
		requireIdleTimeout(t, err)
		require.Equal(t, "pmpsmart: InsertJSONOrder: can't reach HOST: the server was silent for 50ms; after 4 attempts", textOf(base, err))
		require.Equal(t, 4, response.Attempts)
	})
}

// The Timeout of the caller's own http.Client bounds a whole response; what ends by
// it is retried like any other lost response.
func TestTheHTTPClientsTimeoutApplies(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := serve(t, sequence(testserver.Silent, stalled(`{"data":[`), success(`[]`)))
		hc := dialer(t, testserver.Dial(t))
		hc.Timeout = 2 * time.Second
		began := time.Now()
		require.NoError(t, listing.do(t.Context(), s.client(pmpsmart.WithHTTPClient(hc))))
		require.Len(t, s.Requests(), 3)
		require.Equal(t, 4*time.Second, time.Since(began).Truncate(time.Second)) // and the waits between
	})
}

// What the kernel has buffered of an upload counts as written, so its buffer is kept
// small: on a slow line the rest of the upload would look idle.
func TestLittleOfAnUploadIsBuffered(t *testing.T) {
	t.Parallel()
	got := make(chan int64, 8)
	ended := make(chan struct{})
	base := testserver.Listen(t, func(_ int, conn net.Conn) {
		<-ended // nothing is read until the client has given up
		all, _ := io.Copy(io.Discard, conn)
		got <- all
	})
	c := newClient(t, base, pmpsmart.WithToken(aToken), pmpsmart.WithTimeout(500*time.Millisecond))
	_, err := c.InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "A", Data: strings.Repeat("x", 16<<20), Status: "completed"})
	requireIdleTimeout(t, err)
	close(ended)
	// The server's own kernel takes some, too.
	require.Less(t, <-got, int64(2<<20))
}

// Every byte of a compressed response resets the idle timeout, however long it takes
// until there is something to decompress.
func TestASlowCompressedResponseIsNotIdle(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		const timeout = time.Second
		body := testserver.Gzip(`{"status":"success","data":{"id":198,"catatan":"` + strings.Repeat("x", 300) + `"}}`)
		base := testserver.Listen(t, func(_ int, conn net.Conn) {
			if _, ok := testserver.ReadRequest(bufio.NewReader(conn)); !ok {
				return
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
			for i := range body {
				time.Sleep(timeout / 4)
				_, _ = conn.Write([]byte(body[i : i+1]))
			}
		})
		began := time.Now()
		order, err := newClient(t, base, pmpsmart.WithToken(aToken), pmpsmart.WithTimeout(timeout)).GetOrder(t.Context(), 198)
		require.NoError(t, err)
		require.Equal(t, int64(198), order.ID)
		require.Greater(t, time.Since(began), 2*timeout)
	})
}
