package transport

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func compress(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func TestDecompression(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("tolong diantar pagi ", 1000)
	whole := compress(text)
	corrupt := whole[:20] + "\xff\xff\xff\xff" + whole[24:]
	for _, row := range []struct{ name, encoding, body, want, err string }{
		{"gzip", "gzip", whole, text, ""},
		{"x-gzip", "X-GZIP", whole, text, ""},
		{"identity", "identity", text, text, ""},
		{"a charset", "UTF-8", text, text, ""},
		{"another", "br", whole, "", `it is encoded as "br", which was not asked for`},
		{"not compressed", "gzip", text, "", "gzip: invalid header"},
		{"wrong sum", "gzip", whole[:len(whole)-8] + "\x00\x00\x00\x00" + whole[len(whole)-4:], text, "gzip: invalid checksum"},
		{"corrupt", "gzip", corrupt, "", "flate: corrupt input before offset"},
		{"cut short", "gzip", whole[:len(whole)/2], "", io.ErrUnexpectedEOF.Error()},
		{"cut in its header", "gzip", whole[:5], "", io.ErrUnexpectedEOF.Error()},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			callers := &http.Transport{DisableCompression: true}
			t.Cleanup(callers.CloseIdleConnections)
			s, own := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", row.encoding)
				_, _ = io.WriteString(w, row.body)
			})
			for _, tr := range []*Transport{own, newTransport(t, s.URL, by(callers))} {
				response, body, err := read(t.Context(), tr, post)
				if row.err == "" {
					require.NoError(t, err)
					require.EqualValues(t, len(row.body), response.BytesRead(), "as they came")
				} else {
					require.ErrorContains(t, err, row.err)
					require.NotErrorAs(t, err, new(*Error))
				}
				if row.want != "" {
					require.Equal(t, row.want, body)
				}
			}
		})
	}
}

// A caller's transport may have decompressed the body.
func TestDecompressedBody(t *testing.T) {
	t.Parallel()
	tr := newTransport(t, "http://server", by(roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Uncompressed: true, Header: http.Header{"Content-Encoding": {"gzip"}}, Body: io.NopCloser(strings.NewReader("plain"))}, nil
	})))
	_, body, err := read(t.Context(), tr, post)
	require.NoError(t, err)
	require.Equal(t, "plain", body)
}

// A server is not idle that sends a compressed body slowly, however long it takes
// until there is something to read.
func TestSlowCompressedBody(t *testing.T) {
	t.Parallel()
	packed := compress("x")
	server := func(conn net.Conn) {
		if receive(bufio.NewReader(conn)) != nil {
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
		for i := range len(packed) {
			time.Sleep(timeout - 1)
			_, _ = io.WriteString(conn, packed[i:i+1])
		}
	}
	inBubble(t, timeout, server, func(t *testing.T, tr *Transport) {
		_, body, err := read(t.Context(), tr, post)
		require.NoError(t, err)
		require.Equal(t, "x", body)
	})
}
