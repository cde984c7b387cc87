package otelpmpsmart_test

import (
	"net/http"
	"testing"

	"go.opentelemetry.io/otel/propagation"

	"github.com/pmpsmart/pmpsmart-go"
)

// A propagator sends the ids of the trace and of the request's span along.
type propagator struct{ next http.RoundTripper }

func (p propagator) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	propagation.TraceContext{}.Inject(r.Context(), propagation.HeaderCarrier(r.Header))
	return p.next.RoundTrip(r)
}

func withPropagation() pmpsmart.Option {
	return pmpsmart.WithTransportWrapper(func(next http.RoundTripper) http.RoundTripper { return propagator{next} })
}

// The server gets the ids if the program wants that, and no ids if not.
func TestPropagation(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]pmpsmart.Option{{}, {withPropagation()}} {
		r, server, client := newServer(t, opts...)
		if _, err := client.GetOrder(t.Context(), 7); err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{"": len(opts) == 0}
		for _, s := range r.traces.Ended() {
			if s.SpanKind().String() == "client" && len(opts) > 0 {
				ids["00-"+s.SpanContext().TraceID().String()+"-"+s.SpanContext().SpanID().String()+"-01"] = true
			}
		}
		for _, request := range server.Requests() {
			if header := request.Header.Get("Traceparent"); !ids[header] {
				t.Errorf("%s came with %q; want one of %v", request.Op, header, ids)
			}
		}
	}
}
