package wire_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/wire"
)

// A client that sends all of a large body before it reads finds the answer, however the
// body comes, and the connection goes on.
func TestLinger(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(wire.Linger(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
	}), 30*time.Second))
	defer srv.Close()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	const size = 32 << 20
	in := bufio.NewReader(conn)
	for _, head := range []string{fmt.Sprintf("Content-Length: %d", size), "Transfer-Encoding: chunked"} {
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", head)
		if head[0] == 'T' {
			fmt.Fprintf(conn, "%x\r\n", size)
		}
		_, err := conn.Write(make([]byte, size))
		require.NoError(t, err)
		if head[0] == 'T' {
			fmt.Fprint(conn, "\r\n0\r\n\r\n")
		}
		resp, err := http.ReadResponse(in, nil)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		assert.Equal(t, []any{413, false}, []any{resp.StatusCode, resp.Close})
	}
}

// An answer to a body that was read is as it was.
func TestLingerChangesNothing(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(wire.Linger(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, io.LimitReader(r.Body, 3))
		_, _ = io.Copy(io.Discard, r.Body)
	}), 30*time.Second))
	defer srv.Close()
	resp, err := srv.Client().Post(srv.URL, "text/plain", io.LimitReader(neverEnding('a'), 1<<20)) // chunked
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, int64(3), resp.ContentLength)
}

// neverEnding is one byte without end.
type neverEnding byte

func (b neverEnding) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

// A client that neither sends nor goes holds nothing for longer than the timeout.
func TestLingerEnds(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(wire.Linger(http.NotFoundHandler(), 50*time.Millisecond))
	defer srv.Close()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx")
	text, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.Contains(t, string(text), "404")
}
