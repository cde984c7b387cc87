package wire_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/wire"
)

func TestWriter(t *testing.T) {
	t.Parallel()
	recorder := httptest.NewRecorder()
	w := wire.NewWriter(recorder, 8)
	w.WriteHeader(http.StatusTeapot)
	for range 3 {
		n, err := io.WriteString(w, "12345")
		assert.Equal(t, 5, n)
		assert.NoError(t, err)
	}
	assert.Equal(t, []any{418, int64(15), "12345123"}, []any{w.Status, w.Sent, string(w.Head)})
	assert.Equal(t, []any{418, "123451234512345"}, []any{recorder.Code, recorder.Body.String()})
}

func TestCutAfter(t *testing.T) {
	t.Parallel()
	recorder := httptest.NewRecorder()
	w := wire.NewWriter(recorder, 100)
	w.CutAfter(7)
	_, err := io.WriteString(w, "12345")
	assert.NoError(t, err)
	n, err := io.WriteString(w, "12345")
	assert.ErrorIs(t, err, wire.ErrCut)
	assert.Equal(t, []any{2, int64(7), "1234512"}, []any{n, w.Sent, recorder.Body.String()})

	w = wire.NewWriter(httptest.NewRecorder(), 100)
	w.CutAfter(5)
	_, err = io.WriteString(w, "12345")
	assert.NoError(t, err, "a body that ends there is whole")
}

func TestDrip(t *testing.T) {
	t.Parallel()
	recorder := httptest.NewRecorder()
	w := wire.NewWriter(recorder, 0)
	var sent []string
	w.Drip(4, func() bool {
		sent = append(sent, recorder.Body.String())
		return len(sent) < 3
	})
	_, err := io.WriteString(w, "123456789 and more")
	assert.Error(t, err, "the third pause says that nobody waits any more")
	assert.Equal(t, []string{"1234", "12345678", "123456789 an"}, sent)
	assert.True(t, recorder.Flushed)
}

func TestHangUp(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := wire.NewWriter(w, 0)
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(out, "half")
		out.Flush()
		wire.HangUp(w, strings.HasSuffix(r.URL.Path, "/hard"))
	}))
	defer server.Close()
	transport := &http.Transport{DisableKeepAlives: true}
	for path, want := range map[string]error{"/soft": io.ErrUnexpectedEOF, "/hard": syscall.ECONNRESET} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		require.NoError(t, err)
		resp, err := transport.RoundTrip(req)
		if err == nil {
			var text []byte
			text, err = io.ReadAll(resp.Body)
			resp.Body.Close()
			if path == "/soft" {
				assert.Equal(t, "half", string(text))
			}
		}
		assert.ErrorIs(t, err, want, path)
	}
	assert.Panics(t, func() { wire.HangUp(httptest.NewRecorder(), true) }, "a writer that can't be hijacked")
}
