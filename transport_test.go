package pmpsmart_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// zipped responds with bytes that the header declares compressed.
func zipped(body string) http.HandlerFunc { return respond(200, body, "Content-Encoding", "gzip") }

// plainTransport does not decompress, and hands on what comes.
func plainTransport(t *testing.T) pmpsmart.Option {
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return pmpsmart.WithHTTPClient(&http.Client{Transport: transport})
}

func TestCompressedResponsesAreRead(t *testing.T) {
	t.Parallel()
	s := serve(t, zipped(testserver.Gzip(`{"data":[{"id":1},{"id":2}]}`)))
	for name, c := range map[string]*pmpsmart.Client{"by our transport": s.client(), "by a transport that does not unpack": s.client(plainTransport(t))} {
		got, err := c.ListOutlets(t.Context())
		require.NoError(t, err, name)
		require.Equal(t, []pmpsmart.Outlet{{ID: 1}, {ID: 2}}, got)
	}
	shouting := serve(t, respond(200, testserver.Gzip(`{"data":[]}`), "Content-Encoding", "X-GZIP"))
	_, err := shouting.client(plainTransport(t)).ListOutlets(t.Context())
	require.NoError(t, err)
}

// How a body is compressed is seen from how it begins, and what a server or a proxy
// puts behind it is left out.
func TestOddCompressionIsRead(t *testing.T) {
	t.Parallel()
	const body = `{"data":[{"id":1},{"id":2}]}`
	packed := testserver.Gzip(body)
	for name, answer := range map[string]http.HandlerFunc{
		"zeros behind it":           zipped(packed + strings.Repeat("\x00", 100)),
		"a line break behind it":    zipped(packed + "\r\n"),
		"a script's tail behind it": zipped(packed + "<!-- 12 queries -->"),
		"in two parts":              zipped(testserver.Gzip(body[:9]) + testserver.Gzip(body[9:])),
		"plain":                     zipped(body),
		"plain, after a warning":    zipped("\ufeff\n" + body),
		"plain, said to be br":      respond(200, body, "Content-Encoding", "br"),
		"not said to be":            respond(200, packed),
		"said twice":                respond(200, packed, "Content-Encoding", "gzip, gzip"),
		"twice":                     respond(200, testserver.Gzip(packed), "Content-Encoding", "gzip, gzip"),
		"in two headers": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Encoding"] = []string{"gzip", "gzip"}
			_, _ = io.WriteString(w, packed)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answer)
			for n, option := range []pmpsmart.Option{nil, plainTransport(t)} {
				got, err := s.client(option).ListOutlets(t.Context())
				require.NoError(t, err)
				require.Equal(t, []pmpsmart.Outlet{{ID: 1}, {ID: 2}}, got)
				require.Len(t, s.Requests(), n+1)
			}
		})
	}
}

func TestBrokenCompressionIsAnError(t *testing.T) {
	t.Parallel()
	whole := testserver.Gzip(`{"data":[` + strings.Repeat(`{"id":1},`, 5000) + `{"id":2}]}`)
	rows := []struct {
		name   string
		answer http.HandlerFunc
		want   string // what is wrong
		asks   int
	}{
		{"cut", zipped(whole[:len(whole)/2]), "the body is cut short after", 4},
		{"cut in its head", zipped(whole[:5]), "the body is cut short after 0 bytes", 4},
		{"neither gzip nor text", zipped("\x78\x9c\x4b\x4c\x4a\x06\x00"), "it is said to be gzip, and begins with the bytes 789c4b4c", 1},
		{"corrupt", zipped(whole[:20] + "\xff\xff\xff\xff" + whole[24:]), "", 1},
		{"a wrong sum", zipped(whole[:len(whole)-8] + "\x00\x00\x00\x00" + whole[len(whole)-4:]), "gzip: invalid checksum", 1},
		{"another encoding", respond(200, "\x1b\x03", "Content-Encoding", "br"), `it is encoded as "br", which was not asked for`, 1},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, row.answer)
			for _, option := range []pmpsmart.Option{nil, plainTransport(t)} {
				before := len(s.Requests())
				_, err := s.client(option).ListOutlets(t.Context())
				var broken *pmpsmart.DecodeError
				require.ErrorAs(t, err, &broken)
				require.ErrorContains(t, err, "pmpsmart: ListOutlets: can't read the answer (HTTP 200, application/json): "+row.want)
				require.Len(t, s.Requests(), before+row.asks)
			}
		})
	}
}

// An error whose body can't be unpacked is that error all the same.
func TestAnUnknownEncodingOfAnErrorKeepsItsStatus(t *testing.T) {
	t.Parallel()
	s := serve(t, respond(403, "\x1b\x03", "Content-Encoding", "br"))
	require.EqualError(t, listing.do(t.Context(), s.client()), "pmpsmart: ListOrders: 403 Forbidden")
}

// A limit that equals that of a login's response is still the option's.
func TestALimitOfAMebibyteIsTheOptions(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`"`+strings.Repeat("x", 1<<20)+`"`))
	c := s.client(pmpsmart.WithMaxResponseBytes(1 << 20))
	_, err := c.ListOutlets(t.Context())
	require.EqualError(t, err, "pmpsmart: ListOutlets: the answer is larger than the 1048576 bytes of WithMaxResponseBytes")
	_, err = newClient(t, s.URL, pmpsmart.WithMaxResponseBytes(1000)).Login(t.Context(), email, password)
	require.EqualError(t, err, "pmpsmart: Login: the answer is larger than the 1000 bytes of WithMaxResponseBytes")
}

// The bound is of what is unpacked: a bomb is given up before it fills the memory.
func TestAGzipBombIsTooLarge(t *testing.T) {
	t.Parallel()
	bomb := testserver.Gzip(`{"data":[{"id":1,"x":"` + strings.Repeat("0", 4<<20) + `"}]}`)
	require.Less(t, len(bomb), 10<<10)
	s := serve(t, zipped(bomb))
	for _, option := range []pmpsmart.Option{nil, plainTransport(t)} {
		_, err := s.client(option, pmpsmart.WithMaxResponseBytes(256<<10)).ListOutlets(t.Context())
		require.EqualError(t, err, "pmpsmart: ListOutlets: the answer is larger than the 262144 bytes of WithMaxResponseBytes")
		require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
	}
	require.Len(t, s.Requests(), 2, "it is not asked for again")
	empty := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		testserver.WriteEndlessly(w, "", strings.Repeat(testserver.Gzip(""), 100))
	})
	_, err := empty.client().ListOutlets(t.Context())
	require.EqualError(t, err, "pmpsmart: ListOutlets: gzip: it is far longer than what it holds")
	require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
	require.Len(t, empty.Requests(), 1, "nor is this")
	refused := serve(t, respond(500, bomb, "Content-Encoding", "gzip"))
	_, err = once(refused).ListOutlets(t.Context())
	var refusal *pmpsmart.APIError
	require.ErrorAs(t, err, &refusal)
	require.LessOrEqual(t, len(refusal.Body), 64<<10)
}

func TestResponsesAreBounded(t *testing.T) {
	t.Parallel()
	body := `{"data":[{"id":1,"x":"` + strings.Repeat("0", 2000) + `"}]}`
	for name, h := range map[string]http.HandlerFunc{
		"a record":     respond(200, body),
		"white space":  respond(200, strings.Repeat(" ", 3000)+body),
		"white inside": respond(200, `{"data":[`+strings.Repeat("\n", 3000)+`]}`),
		"noise":        respond(200, strings.Repeat("Warning: x in y.php\n", 200)+body),
		"beside data":  respond(200, `{"x":"`+strings.Repeat("0", 3000)+`","data":[]}`),
		"without end": func(w http.ResponseWriter, _ *http.Request) {
			testserver.WriteEndlessly(w, `{"data":[{"id":1}`, `,{"id":2}`)
		},
		"a deep answer": respond(200, strings.Repeat(`{"data":`, 4000)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, h)
			c := s.client(pmpsmart.WithMaxResponseBytes(1000), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
			err := listing.do(t.Context(), c)
			require.EqualError(t, err, "pmpsmart: ListOrders: the answer is larger than the 1000 bytes of WithMaxResponseBytes")
			require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
		})
	}
	exact := `{"data":[{"id":1}]}`
	s := serve(t, respond(200, exact))
	require.NoError(t, listing.do(t.Context(), s.client(pmpsmart.WithMaxResponseBytes(int64(len(exact))))))
	require.ErrorIs(t, listing.do(t.Context(), s.client(pmpsmart.WithMaxResponseBytes(int64(len(exact)-1)))), pmpsmart.ErrResponseTooLarge)
}

// A connection is used again after every kind of response that was read to its end.
func TestConnectionsAreUsedAgain(t *testing.T) {
	t.Parallel()
	handlers := []http.HandlerFunc{success(`[]`), success(`{"id":1}`), respond(500, aPage), respond(422, `{"errors":{}}`), respond(204, ""), respond(302, "", "Location", "/x"), respond(429, ""), success(`null`), respond(200, `{"status":"gagal"}`)}
	testserver.Bubble(t, func(t *testing.T) { // where none is idle for the 4 s after which it is closed
		s := serve(t, sequence(append(handlers, success(`[]`))...))
		c := once(s)
		for range len(handlers) + 5 {
			_ = reading.do(t.Context(), c)
			_ = listing.do(t.Context(), c)
		}
		require.Equal(t, 1, s.Opened())
	})
}

// Over HTTP/2 everything is the same: what was sent, the idle timeout, one connection.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := &server{testserver.NewUnstarted(t, sequence(success(`{"id":198}`), func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, testserver.Silent, stalled(`{"da`), success(`{"id":198}`))), t}
		s.EnableHTTP2 = true
		s.StartTLS()
		t.Cleanup(s.Close)
		s.Client().Transport.(*http.Transport).DialContext = testserver.Dial(t)
		c := s.client(pmpsmart.WithHTTPClient(s.Client()))
		require.NoError(t, reading.do(t.Context(), c))
		var open *pmpsmart.OutcomeUnknownError
		require.ErrorAs(t, creating.do(t.Context(), c), &open)
		require.Len(t, s.Requests(), 2, "an insert is not repeated")
		for range 2 {
			err := creating.do(t.Context(), c)
			require.ErrorAs(t, err, &open)
			requireIdleTimeout(t, err)
		}
		require.NoError(t, creating.do(t.Context(), c))
		require.Len(t, s.Requests(), 5)
		require.Equal(t, 1, s.Opened())
	})
}
