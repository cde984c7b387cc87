package transport

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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
		{"named in a list", "identity, gzip", whole, text, ""},
		{"named twice", "gzip, gzip", whole, text, ""},
		{"compressed twice", "gzip, gzip", compress(whole), text, ""},
		{"compressed twice, named once", "gzip", compress(whole), text, ""},
		{"not named", "", whole, text, ""},
		{"two streams", "gzip", compress(text[:7]) + compress(text[7:]), text, ""},
		{"zeros behind it", "gzip", whole + strings.Repeat("\x00", 512), text, ""},
		{"a line break behind it", "gzip", whole + "\r\n", text, ""},
		{"a byte behind it", "gzip", whole + "\x1f", text, ""},
		{"text behind it", "gzip", whole + "<!-- 0.2 s -->", text, ""},
		{"not compressed", "gzip", text, text, ""},
		{"not compressed, a short text", "gzip", "{}", "{}", ""},
		{"not compressed, in UTF-8", "gzip", "\ufeff[\"Caf\u00e9\"]", "\ufeff[\"Caf\u00e9\"]", ""},
		{"not compressed, another named", "br", text, text, ""},
		{"nothing", "gzip", "", "", ""},
		{"nothing, another named", "br", "", "", ""},
		{"another", "br", "\x1b\x03\x00", "", `it is encoded as "br", which was not asked for`},
		{"another beside it", "gzip, zstd", "\x28\xb5\x2f\xfd", "", `it is encoded as "zstd", which was not asked for`},
		{"neither gzip nor text", "gzip", "\x78\x9c\x4b\x4c\x4a\x06\x00", "", "it is said to be gzip, and begins with the bytes 789c4b4c"},
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
				if row.encoding != "" {
					w.Header().Set("Content-Encoding", row.encoding)
				}
				_, _ = io.WriteString(w, row.body)
			})
			for _, tr := range []*Transport{own, newTransport(t, s.URL, by(callers))} {
				response, body, err := read(t.Context(), tr, post)
				if row.err == "" {
					require.NoError(t, err)
					require.LessOrEqual(t, response.BytesRead(), int64(len(row.body)), "as they came")
					require.GreaterOrEqual(t, response.BytesRead(), int64(min(len(row.body), len(whole))))
				} else {
					require.ErrorContains(t, err, row.err)
					require.NotErrorAs(t, err, new(*Error))
				}
				if row.want != "" || row.err == "" {
					require.Equal(t, row.want, body)
				}
			}
		})
	}
}

// Two headers name an encoding each.
func TestTwoContentEncodings(t *testing.T) {
	t.Parallel()
	for _, encodings := range [][]string{{"gzip", "gzip"}, {"none", "gzip"}} {
		_, tr := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Encoding"] = encodings
			_, _ = io.WriteString(w, compress("text"))
		})
		_, body, err := read(t.Context(), tr, post)
		require.NoError(t, err)
		require.Equal(t, "text", body)
	}
}

// Gzip that is long and holds next to nothing is given up: it would keep a processor
// busy for as long as it comes.
func TestGzipOfNothing(t *testing.T) {
	t.Parallel()
	head, tail := compress("")[:10], compress("")
	for _, row := range []struct{ name, head, again string }{
		{"empty blocks", head, "\x00\x00\x00\xff\xff"},
		{"empty streams", "", tail},
		{"a byte now and then", head, strings.Repeat("\x00\x00\x00\xff\xff", 1000) + "\x00\x01\x00\xfe\xffx"},
		{"large header fields", "", "\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\x03\xff\xff" + strings.Repeat("x", 1<<16-1) + tail[10:]},
		{"empty blocks after much text", compress(strings.Repeat("x", 16<<20)) + head, "\x00\x00\x00\xff\xff"},
		{"empty blocks in another stream", "", compress(head + strings.Repeat("\x00\x00\x00\xff\xff", 1<<18))},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, tr := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				_, err := io.WriteString(w, row.head)
				for again := strings.Repeat(row.again, 1+(32<<10)/len(row.again)); err == nil; {
					_, err = io.WriteString(w, again)
				}
			})
			response, body, err := read(t.Context(), tr, post)
			require.ErrorIs(t, err, ErrTooLarge)
			require.Less(t, len(strings.TrimLeft(body, "x")), 64<<10)
			require.Less(t, response.BytesRead(), int64(4<<20))
		})
	}
}

// A name in the header of gzip that does not end is none.
func TestGzipWithAnEndlessName(t *testing.T) {
	t.Parallel()
	_, tr := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.WriteString(w, "\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03")
		for again := strings.Repeat("x", 32<<10); err == nil; {
			_, err = io.WriteString(w, again)
		}
	})
	response, _, err := read(t.Context(), tr, post)
	require.ErrorIs(t, err, gzip.ErrHeader)
	require.Less(t, response.BytesRead(), int64(64<<10))
}

// Small flushes of a server that sends a record at a time are no such thing.
func TestGzipOfSmallFlushes(t *testing.T) {
	t.Parallel()
	const n = 100_000
	text := strings.Repeat("x", n)
	packed := compress("")[:10] + strings.Repeat("\x00\x01\x00\xfe\xffx"+"\x00\x00\x00\xff\xff", n) + "\x01\x00\x00\xff\xff"
	packed += string(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text))), n))
	_, tr := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, packed)
	})
	response, body, err := read(t.Context(), tr, post)
	require.NoError(t, err)
	require.Equal(t, text, body)
	require.Greater(t, response.BytesRead(), int64(1<<20))
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

// A body of which all has come, and that decompresses to far more, ends with its
// context.
func TestDecompressionEndsWithItsContext(t *testing.T) {
	t.Parallel()
	body := compress(strings.Repeat("x", 64<<20))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, body)
	}))
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tr := New(Config{BaseURL: s.URL, IdleTimeout: time.Minute})
	defer tr.CloseIdle()
	r, err := tr.Do(ctx, Request{Path: "x"})
	require.NoError(t, err)
	defer r.Body.Close()
	_, err = io.CopyN(io.Discard, r.Body, 1<<20)
	require.NoError(t, err)
	cancel()
	n, err := io.Copy(io.Discard, r.Body)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, n, int64(1<<20))
}
