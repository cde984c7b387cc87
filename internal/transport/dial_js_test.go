package transport

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// In a browser net/http sends requests by fetch, as long as nothing dials. Fetch calls
// no hooks, so that they can't say that nothing was sent.
func TestFetch(t *testing.T) {
	own := newHTTPTransport()
	require.Nil(t, own.DialContext)
	require.Nil(t, own.Dial) //nolint:staticcheck // it would do as well
	require.Nil(t, own.DialTLSContext)

	tr := newTransport(t, "http://server")
	tr.Own().RegisterProtocol("http", roundTripper(func(r *http.Request) (*http.Response, error) {
		_, _ = r.Body.Read(make([]byte, 8))
		return nil, errors.New("Failed to fetch")
	}))
	_, err := tr.Do(t.Context(), post)
	requireError(t, err, true, false)
}
