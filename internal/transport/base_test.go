package transport

import (
	"bufio"
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// mock is what programs put in place of http.DefaultTransport.
type mock struct{ asked int }

func (m *mock) RoundTrip(*http.Request) (*http.Response, error) {
	m.asked++
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
}

// A mock or an agent in place of http.DefaultTransport sees every request, whenever
// it was put there and as long as it is there.
func TestReplacedDefaultTransport(t *testing.T) { //nolint:paralleltest // it changes a global
	asked := 0
	s, before := serve(t, func(http.ResponseWriter, *http.Request) { asked++ })
	bare := newTransport(t, s.URL, func(c *Config) { c.Client = new(http.Client) })
	original := http.DefaultTransport
	t.Cleanup(original.(*http.Transport).CloseIdleConnections)
	replacement := new(mock)
	http.DefaultTransport = replacement
	defer func() { http.DefaultTransport = original }()
	during := newTransport(t, s.URL)
	given := newTransport(t, s.URL, func(c *Config) { c.Client = http.DefaultClient })
	all := []*Transport{before, bare, during, given}
	for i, tr := range all {
		_, _, err := read(t.Context(), tr, post)
		require.NoError(t, err)
		require.Equal(t, i+1, replacement.asked)
		require.True(t, tr.LimitsConnections(), "it may")
	}
	require.Zero(t, asked)

	http.DefaultTransport = original
	for i, tr := range all {
		_, _, err := read(t.Context(), tr, post)
		require.NoError(t, err)
		require.Equal(t, i+1, asked)
		require.False(t, tr.LimitsConnections())
	}
	require.Len(t, all, replacement.asked)
}

// What net/http finds on an idle connection it prints to the process's log: of a
// login's response that is longer than it says, a token may be in there.
func TestLastOnConnection(t *testing.T) { //nolint:paralleltest // it changes a global
	var printed bytes.Buffer
	log.SetOutput(&printed)
	defer log.SetOutput(log.Default().Writer())
	ended := make(chan error, 1)
	server := func(conn net.Conn) {
		in := bufio.NewReader(conn)
		if receive(in) == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"+`{"token":"`+token+`"}`)
			_, err := in.ReadByte()
			ended <- err
		}
	}
	inBubble(t, timeout, server, func(t *testing.T, tr *Transport) {
		for _, size := range []int{2, largeBody + 1} {
			_, body, err := read(t.Context(), tr, Request{Path: "auth/login", Body: make([]byte, size), LastOnConnection: true})
			require.NoError(t, err)
			require.Equal(t, "{}", body)
			require.Equal(t, io.EOF, <-ended)
		}
	})
	require.Empty(t, printed.String())
}
