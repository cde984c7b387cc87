package pmpsmart_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// offline responds with an order without a network.
var offline = roundTripper(func(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	const body = `{"status":"success","message":"berhasil","data":{"id":198,"kode_order":"A","status":"open","user_id":7,"outlet_id":8}}`
	return &http.Response{StatusCode: 200, ProtoMajor: 1, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
})

func offlineClient(t testing.TB, opts ...pmpsmart.Option) *pmpsmart.Client {
	t.Helper()
	c, err := pmpsmart.New(append([]pmpsmart.Option{pmpsmart.WithToken(aToken), pmpsmart.WithHTTPClient(&http.Client{Transport: offline})}, opts...)...)
	require.NoError(t, err)
	return c
}

// BenchmarkGetOrder is a small call without a network, without hooks and with hooks that
// do nothing.
func BenchmarkGetOrder(b *testing.B) {
	idle := pmpsmart.Hooks{
		Call: func(ctx context.Context, _ pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
			return ctx, func(pmpsmart.CallResult) {}
		},
		Attempt: func(ctx context.Context, _ pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
			return ctx, func(pmpsmart.AttemptResult) {}
		},
	}
	for name, opts := range map[string][]pmpsmart.Option{"without": nil, "with": {pmpsmart.WithHooks(idle)}} {
		b.Run(name, func(b *testing.B) {
			c := offlineClient(b, opts...)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.GetOrder(b.Context(), 198); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
