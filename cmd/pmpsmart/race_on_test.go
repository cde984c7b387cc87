//go:build race

package main_test

// underRace has the programs built as the tests are.
const underRace = true
