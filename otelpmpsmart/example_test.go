package otelpmpsmart_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/otelpmpsmart"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A program that has set the global providers of package otel.
func Example() {
	baseURL := os.Getenv("PMPSMART_BASE_URL")
	client, err := pmpsmart.New(
		pmpsmart.FromEnv(),
		pmpsmart.WithLogger(slog.Default()),
		pmpsmart.WithHooks(otelpmpsmart.Hooks(otelpmpsmart.WithBaseURL(baseURL))),
		pmpsmart.WithDriftHandler(otelpmpsmart.DriftHandler()),
	)
	if err != nil {
		log.Fatal(err)
	}
	outlets, err := client.ListOutlets(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(outlets), "outlets")
}

// The spans of a call whose first request meets a 502.
func ExampleHooks() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	server.Fail(pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 502})
	spans := tracetest.NewSpanRecorder()
	provider := trace.NewTracerProvider(trace.WithSpanProcessor(spans))
	client := server.Client(pmpsmart.WithHooks(otelpmpsmart.Hooks(otelpmpsmart.WithTracerProvider(provider))))

	if _, err := client.GetOrder(context.Background(), 7); err != nil {
		log.Fatal(err)
	}
	for _, s := range spans.Ended() {
		fmt.Println(s.SpanKind(), s.Name(), s.Status().Code)
	}
	// Output:
	// client POST /auth/login Unset
	// internal PMPSmart/Login Unset
	// client POST /order/detail Error
	// client POST /order/detail Unset
	// internal PMPSmart/GetOrder Unset
}
