//go:build !race

package main

// A million orders are some 200 MB of JSON.
const manyOrders, mostKiB = 1_000_000, 64 << 10
