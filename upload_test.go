package pmpsmart_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// What the kernel has taken of an upload counts as written, so that it is let to
// take little: on a slow line the rest of the way would look like silence.
func TestLittleOfAnUploadIsOnItsWay(t *testing.T) {
	t.Parallel()
	got := make(chan int64, 8)
	ended := make(chan struct{})
	base := listen(t, func(_ int, conn net.Conn) {
		<-ended // nothing is read until the client has given up
		all, _ := io.Copy(io.Discard, conn)
		got <- all
	})
	c := newClient(t, base, pmpsmart.WithToken(aToken), pmpsmart.WithTimeout(500*time.Millisecond))
	_, err := c.InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "A", Data: strings.Repeat("x", 16<<20), Status: "completed"})
	requireSilence(t, err)
	close(ended)
	// The server's own kernel takes some, too.
	require.Less(t, <-got, int64(2<<20))
}

// What comes of a compressed answer is no silence, however little it is and
// however long it takes until there is something to read.
func TestASlowCompressedAnswerIsNoSilence(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		const timeout = time.Second
		body := zip(`{"status":"success","data":{"id":198,"catatan":"` + strings.Repeat("x", 300) + `"}}`)
		base := listen(t, func(_ int, conn net.Conn) {
			if _, ok := receive(bufio.NewReader(conn)); !ok {
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
