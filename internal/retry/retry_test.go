package retry

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Every class after every failure: whether it is retried, and whether it is open
// what became of it.
func TestClassesAndFailures(t *testing.T) {
	t.Parallel()
	const no, yes = false, true
	status := func(n int) Failure { return Failure{Kind: Status, Status: n} }
	asked := func(n int) Failure { return Failure{Kind: Status, Status: n, Delay: Delay{Asked: true}} }
	rows := []struct {
		name                          string
		failure                       Failure
		read, overwrite, create, auth bool
		unknown                       bool
	}{
		{"nothing known", Failure{}, no, no, no, no, no},
		{"not sent", Failure{Kind: Connection}, yes, yes, yes, yes, no},
		{"no response", Failure{Kind: Connection, Sent: true}, yes, yes, no, yes, yes},
		{"cut short", Failure{Kind: Unreadable, Truncated: true}, yes, yes, no, yes, yes},
		{"cut short, done", Failure{Kind: Unreadable, Truncated: true, Done: true}, yes, yes, no, yes, no},
		{"unreadable", Failure{Kind: Unreadable}, no, no, no, no, yes},
		{"unreadable, done", Failure{Kind: Unreadable, Done: true}, no, no, no, no, no},
		{"200, failed by its envelope", status(200), no, no, no, no, no},
		{"no status", status(0), no, no, no, no, yes},
		{"101", status(101), no, no, no, no, yes},
		{"301", status(301), no, no, no, no, no},
		{"302", status(302), no, no, no, no, yes},
		{"303", status(303), no, no, no, no, yes},
		{"307", status(307), no, no, no, no, no},
		{"308", status(308), no, no, no, no, no},
		{"400", status(400), no, no, no, no, no},
		{"401", status(401), no, no, no, no, no},
		{"403", status(403), no, no, no, no, no},
		{"404", status(404), no, no, no, no, no},
		{"408", status(http.StatusRequestTimeout), yes, yes, no, no, no},
		{"409", status(409), no, no, no, no, no},
		{"422", status(422), no, no, no, no, no},
		{"425", status(http.StatusTooEarly), yes, yes, no, no, no},
		{"429", status(http.StatusTooManyRequests), yes, yes, yes, yes, no},
		{"500", status(500), yes, yes, no, yes, yes},
		{"500 with Retry-After", asked(500), yes, yes, no, yes, yes},
		{"503", status(503), yes, yes, no, yes, yes},
		{"503 with Retry-After", asked(503), yes, yes, yes, yes, no},
		{"504", status(504), yes, yes, no, yes, yes},
		{"520", status(520), yes, yes, no, yes, yes},
	}
	for _, row := range rows {
		got := fmt.Sprint(Read.MayRetry(row.failure), Overwrite.MayRetry(row.failure), Create.MayRetry(row.failure), Auth.MayRetry(row.failure), row.failure.OutcomeUnknown())
		assert.Equal(t, fmt.Sprint(row.read, row.overwrite, row.create, row.auth, row.unknown), got, row.name)
		later := fmt.Sprint(Read.MayPass(row.failure), Overwrite.MayPass(row.failure), Create.MayPass(row.failure), Auth.MayPass(row.failure))
		assert.Equal(t, fmt.Sprint(row.read, row.overwrite, row.create, row.read), later, row.name)
	}
}

// A create is never retried where its outcome is unknown.
func TestNoCreateIsRetriedBlindly(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Final, Connection, Status, Unreadable} {
		for bits := range 16 {
			for _, status := range []int{0, 200, 400, 408, 425, 429, 500, 503, 599} {
				f := Failure{Kind: kind, Status: status, Sent: bits&1 != 0, Truncated: bits&2 != 0, Done: bits&4 != 0, Delay: Delay{Asked: bits&8 != 0}}
				assert.False(t, Create.MayRetry(f) && f.OutcomeUnknown(), "%+v", f)
			}
		}
	}
}
