package pmpsmarttest_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// newClient gives a client of the live server and account that the environment
// names where PMPSMART_LIVE asks for it, else of a sandbox.
func newClient(t *testing.T) *pmpsmart.Client {
	t.Helper()
	if os.Getenv("PMPSMART_LIVE") != "" {
		client, err := pmpsmart.New(pmpsmart.FromEnv(), pmpsmart.WithStrictDecoding())
		require.NoError(t, err)
		return client
	}
	server := pmpsmarttest.NewServer()
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server.Client(pmpsmart.WithStrictDecoding())
}

// The test that docs/testing.md shows: it only reads, and strict decoding tells
// when the server has changed.
func TestReadsWithoutDrift(t *testing.T) {
	t.Parallel()
	client := newClient(t)
	outlets, err := client.ListOutlets(context.Background())
	require.NoError(t, err)
	require.NotEmpty(t, outlets)
	for order, err := range client.ListOrdersSeq(context.Background(), pmpsmart.OrderFilter{}) {
		require.NoError(t, err)
		detail, err := client.GetOrder(context.Background(), order.ID)
		require.NoError(t, err)
		require.Equal(t, order.Code, detail.Code)
		break
	}
}
