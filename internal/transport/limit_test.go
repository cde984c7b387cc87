package transport

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// limited makes a Transport's requests wait for so long at most.
func limited(tr *Transport, limit time.Duration) *Transport {
	tr.maxWait = limit
	return tr
}

// drips is a server that sends a part of a response, and then a byte each time before the
// timeout.
func drips(response string) func(net.Conn) {
	return func(conn net.Conn) {
		if receive(bufio.NewReader(conn)) != nil {
			return
		}
		_, err := io.WriteString(conn, response)
		for err == nil {
			time.Sleep(timeout - 1)
			_, err = io.WriteString(conn, "x")
		}
	}
}

const endless = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"

// A server that is never idle and never done is given up.
func TestDrippingServer(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, response string
		request        Request
		want           string
		begun          bool
		after          time.Duration
	}{
		{"the body", endless, post, "the answer from http://server broke off: it did not end within 13s of waiting; 6 bytes came", true, 13 * time.Second},
		{"informational responses", "", post, "no answer from http://server: there was none within 13s of waiting", false, 13 * time.Second},
		{"what began at once", endless + strings.Repeat("x", 13*MinRate-10), post,
			fmt.Sprintf("the answer from http://server broke off: it did not end within 13s of waiting; %d bytes came", 13*MinRate-10+6), true, 13 * time.Second},
		{"what was fast for a while", endless + strings.Repeat("x", 13*MinRate), post,
			fmt.Sprintf("the answer from http://server broke off: it did not end within 13s of waiting; %d bytes came", 13*MinRate+13), true, 26 * time.Second},
		{"a request's own limit", endless + strings.Repeat("x", 13*MinRate), Request{Path: "auth/login", MaxWait: 5 * time.Second},
			fmt.Sprintf("the answer from http://server broke off: it did not end within 5s of waiting; %d bytes came", 13*MinRate+2), true, 5 * time.Second},
		{"one below the timeout", endless, Request{Path: "auth/login", MaxWait: time.Second},
			"the answer from http://server broke off: it did not end within 1s of waiting; 0 bytes came", true, time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			server := drips(row.response)
			if !row.begun {
				server = func(conn net.Conn) {
					if receive(bufio.NewReader(conn)) != nil {
						return
					}
					for err := error(nil); err == nil; {
						time.Sleep(timeout - 1)
						_, err = io.WriteString(conn, "HTTP/1.1 102 Processing\r\n\r\n")
					}
				}
			}
			inBubble(t, timeout, server, func(t *testing.T, tr *Transport) {
				began := time.Now()
				_, _, err := read(t.Context(), limited(tr, 13*time.Second), row.request)
				require.Equal(t, row.after, time.Since(began))
				requireError(t, err, true, row.begun)
				require.EqualError(t, err, row.want)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				var netErr net.Error
				require.ErrorAs(t, err, &netErr)
				require.True(t, netErr.Timeout())
			})
		})
	}
}

// A server that reads a request slowly for ever is given up, and one that reads it at
// the least rate is not.
func TestDrippingUpload(t *testing.T) {
	t.Parallel()
	const size, timeout, limit = 400 * MinRate, 20 * time.Second, time.Minute
	for name, row := range map[string]struct {
		part int // that is read each second
		done bool
	}{"a little at a time": {MinRate / 2, false}, "at the least rate": {MinRate + 1<<10, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := func(conn net.Conn) {
				all := 0
				for part := make([]byte, row.part); all < size; {
					time.Sleep(time.Second)
					n, err := io.ReadFull(conn, part)
					if all += n; err != nil && all < size {
						return
					}
				}
				_, _ = io.WriteString(conn, head+"12345678")
				_, _ = io.Copy(io.Discard, conn)
			}
			inBubble(t, timeout, server, func(t *testing.T, tr *Transport) {
				began := time.Now()
				_, _, err := read(t.Context(), limited(tr, limit), Request{Path: "x", Body: make([]byte, size)})
				if row.done {
					require.NoError(t, err)
					require.Greater(t, time.Since(began), 4*limit)
					return
				}
				require.EqualError(t, err, "no answer from http://server: there was none within 1m0s of waiting")
				require.LessOrEqual(t, time.Since(began), 2*limit)
			})
		})
	}
}

// A list that comes slowly is not cut, and neither is one whose reader is slow: the time
// between reads is the caller's.
func TestSlowIsNotDripping(t *testing.T) {
	t.Parallel()
	const parts, part = 60, MinRate
	body := strings.Repeat("x", parts*part)
	response := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", len(body))
	slowly := func(conn net.Conn) {
		if receive(bufio.NewReader(conn)) != nil {
			return
		}
		_, _ = io.WriteString(conn, response)
		for at := 0; at < len(body); at += part {
			time.Sleep(time.Second - 1)
			_, _ = io.WriteString(conn, body[at:at+part])
		}
	}
	inBubble(t, timeout, slowly, func(t *testing.T, tr *Transport) {
		_, got, err := read(t.Context(), limited(tr, 5*time.Second), post)
		require.NoError(t, err)
		require.Len(t, got, len(body))
	})
	inBubble(t, timeout, stalls(response+body), func(t *testing.T, tr *Transport) {
		r, err := limited(tr, 5*time.Second).Do(t.Context(), post)
		require.NoError(t, err)
		defer r.Body.Close()
		for one := make([]byte, part); ; {
			time.Sleep(time.Minute)
			if _, err := io.ReadFull(r.Body, one); err != nil {
				require.Equal(t, io.EOF, err)
				return
			}
		}
	})
}

// Without a limit there is none.
func TestNoLimit(t *testing.T) {
	t.Parallel()
	l := new(Transport).limitOf(post)
	require.Equal(t, time.Duration(math.MaxInt64)-time.Hour, l.left(time.Hour, 0))
}
