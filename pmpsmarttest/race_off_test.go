//go:build !race

package pmpsmarttest_test

// manyOrders is what a list is tested with that no memory should have to hold.
const manyOrders = 1_000_000
