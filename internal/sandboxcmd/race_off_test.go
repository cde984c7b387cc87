//go:build !race

package sandboxcmd

// The fewer orders are some 80 MB of JSON.
const allOrders, fewerOrders, mostKiB = 1_000_000, 400_000, 64 << 10
