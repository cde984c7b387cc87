package transport

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const timeout = 2 * time.Second

// requireIdle requires the error of a server that was idle for too long.
func requireIdle(t *testing.T, err error) {
	t.Helper()
	require.ErrorIs(t, err, context.DeadlineExceeded)
	netErr, ok := errors.AsType[net.Error](err)
	require.True(t, ok)
	require.True(t, netErr.Timeout())
	require.ErrorContains(t, err, "the server was silent for 2s")
}

const head = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"

// stalls is a server that sends that much of a response, and then nothing.
func stalls(response string) func(net.Conn) {
	return func(conn net.Conn) {
		in := bufio.NewReader(conn)
		if receive(in) == nil {
			_, _ = io.WriteString(conn, response)
			_, _ = in.ReadByte() // until the client has given up
		}
	}
}

func TestIdleServer(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, response, want string
		begun                bool
	}{
		{"before the header", "", "no answer from http://server: the server was silent for 2s", false},
		{"in the header", head[:20], "no answer from http://server: the server was silent for 2s", false},
		{"before the body", head, "the answer from http://server broke off: the server was silent for 2s", true},
		{"in the body", head + "1234", "the answer from http://server broke off: the server was silent for 2s", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, timeout, stalls(row.response), func(t *testing.T, tr *Transport) {
				began := time.Now()
				_, _, err := read(t.Context(), tr, post)
				require.Equal(t, timeout, time.Since(began))
				requireIdle(t, err)
				requireError(t, err, true, row.begun)
				require.EqualError(t, err, row.want)
			})
		})
	}
}

// A server that sends something now and then is not idle, however long all of it
// takes.
func TestSlowServer(t *testing.T) {
	t.Parallel()
	server := func(conn net.Conn) {
		if receive(bufio.NewReader(conn)) != nil {
			return
		}
		time.Sleep(timeout - 1)
		_, _ = io.WriteString(conn, head)
		for i := range 8 {
			time.Sleep(timeout - 1)
			_, _ = io.WriteString(conn, "12345678"[i:i+1])
		}
	}
	inBubble(t, timeout, server, func(t *testing.T, tr *Transport) {
		began := time.Now()
		response, body, err := read(t.Context(), tr, post)
		require.NoError(t, err)
		require.Equal(t, "12345678", body)
		require.EqualValues(t, 8, response.BytesRead())
		require.Equal(t, 9*(timeout-1), response.Elapsed())
		require.Equal(t, 9*(timeout-1), time.Since(began))
	})
}

// The caller may take its time before it reads and between reads.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	const size = 64 << 10 // far more than any buffer on the way
	body := strings.Repeat("x", size)
	inBubble(t, timeout, stalls(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", size, body)), func(t *testing.T, tr *Transport) {
		response, err := tr.Do(t.Context(), post)
		require.NoError(t, err)
		defer response.Body.Close()
		part := make([]byte, size/8)
		for range 8 {
			time.Sleep(3 * timeout)
			_, err := io.ReadFull(response.Body, part)
			require.NoError(t, err)
		}
	})
}

// A slowConn waits after each read.
type slowConn struct {
	net.Conn
	wait time.Duration
}

func (c slowConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	time.Sleep(c.wait)
	return n, err
}

func TestUpload(t *testing.T) {
	t.Parallel()
	upload := Request{Path: "json/order", Body: make([]byte, 2<<20)}
	t.Run("slow", func(t *testing.T) {
		t.Parallel()
		server := func(conn net.Conn) {
			if receive(bufio.NewReaderSize(slowConn{conn, timeout / 2}, 64<<10)) == nil {
				_, _ = io.WriteString(conn, head+"12345678")
			}
		}
		inBubble(t, timeout, server, func(t *testing.T, tr *Transport) {
			began := time.Now()
			_, _, err := read(t.Context(), tr, upload)
			require.NoError(t, err)
			require.Greater(t, time.Since(began), 5*timeout)
		})
	})
	t.Run("stuck", func(t *testing.T) {
		t.Parallel()
		server := func(conn net.Conn) {
			_, _ = io.CopyN(io.Discard, conn, int64(len(upload.Body)/2))
			time.Sleep(time.Hour)
		}
		inBubble(t, timeout, server, func(t *testing.T, tr *Transport) {
			began := time.Now()
			_, err := tr.Do(t.Context(), upload)
			require.Equal(t, timeout, time.Since(began))
			requireIdle(t, err)
			requireError(t, err, true, false)
		})
	})
	t.Run("then idle", func(t *testing.T) {
		t.Parallel()
		inBubble(t, timeout, stalls(""), func(t *testing.T, tr *Transport) {
			began := time.Now()
			_, err := tr.Do(t.Context(), upload)
			require.Equal(t, timeout, time.Since(began))
			requireIdle(t, err)
		})
	})
}

// The timeout is there for a dial as well.
func TestSlowDial(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr := newTransport(t, "http://server", func(c *Config) { c.IdleTimeout = timeout })
		tr.Own().DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		_, err := tr.Do(t.Context(), post)
		requireIdle(t, err)
		requireError(t, err, false, false)
		require.EqualError(t, err, "can't reach http://server: the server was silent for 2s")
	})
}

// The end of the caller's context is told as that, with the cause that the caller
// gave to it, which may be an error of anybody's.
func TestTheCallersContext(t *testing.T) {
	t.Parallel()
	cause := errors.New("shutting down")
	for _, row := range []struct {
		name string
		end  func(context.Context) (context.Context, context.CancelFunc)
		is   error
		want string
	}{
		{"deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		},
			context.DeadlineExceeded, "context deadline exceeded"},
		{"cause", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeoutCause(ctx, time.Second, cause)
		}, context.DeadlineExceeded, "context deadline exceeded (shutting down)"},
		{"cancel", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			time.AfterFunc(time.Second, func() { cancel(cause) })
			return ctx, func() { cancel(nil) }
		}, context.Canceled, "context canceled (shutting down)"},
	} {
		for _, response := range []string{"", head + "1"} {
			t.Run(row.name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, timeout, stalls(response), func(t *testing.T, tr *Transport) {
					ctx, cancel := row.end(t.Context())
					defer cancel()
					began := time.Now()
					_, _, err := read(ctx, tr, post)
					require.Equal(t, time.Second, time.Since(began))
					require.ErrorIs(t, err, row.is)
					require.NotErrorIs(t, err, cause)
					require.True(t, strings.HasSuffix(err.Error(), ": "+row.want), "%v", err)
					requireError(t, err, true, response != "")
				})
			})
		}
	}
}

// An informational response is a sign of life, however long the server takes for
// the response itself.
func TestInformationalResponses(t *testing.T) {
	t.Parallel()
	server := func(conn net.Conn) {
		if receive(bufio.NewReader(conn)) != nil {
			return
		}
		for range 50 {
			time.Sleep(timeout - 1)
			_, _ = io.WriteString(conn, "HTTP/1.1 102 Processing\r\n\r\n")
		}
		_, _ = io.WriteString(conn, head+"12345678")
	}
	inBubble(t, timeout, server, func(t *testing.T, tr *Transport) {
		_, body, err := read(t.Context(), tr, post)
		require.NoError(t, err)
		require.Equal(t, "12345678", body)
	})
}

// But there is an end to them, by their number and by their size.
func TestEndlessInformationalResponses(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"", "X: " + strings.Repeat("x", 100_000) + "\r\n"} {
		server := func(conn net.Conn) {
			if receive(bufio.NewReader(conn)) != nil {
				return
			}
			for text := strings.Repeat("HTTP/1.1 103 Early Hints\r\n"+header+"\r\n", 10); ; {
				if _, err := io.WriteString(conn, text); err != nil {
					return
				}
			}
		}
		inBubble(t, timeout, server, func(t *testing.T, tr *Transport) {
			_, err := tr.Do(t.Context(), post)
			requireError(t, err, true, false)
			require.ErrorContains(t, err, "there was no end to its informational (1xx) responses")
		})
	}
}
