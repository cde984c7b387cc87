//go:build race

package pmpsmarttest_test

// manyOrders is fewer under the race detector, which makes each one slow.
const manyOrders = 100_000
