//go:build race

package sandboxcmd

// Under the race detector each order is slow, and a process large from the start.
const allOrders, fewerOrders, mostKiB = 100_000, 100_000, 256 << 10
