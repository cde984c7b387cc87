//go:build race

package backoffice_test

// underRace has the programs built as the tests are.
const underRace = true
