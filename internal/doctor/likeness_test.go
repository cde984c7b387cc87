package doctor

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// TestLikeness has the doctor examine servers in each style, and then the sandboxes
// that are like them: it says the same of both.
func TestLikeness(t *testing.T) {
	t.Parallel()
	for _, s := range eachStyle(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			checkLikeness(t, examineServer(t, s.url))
		})
	}
}

// checkLikeness compares the report in a file with that of a sandbox that is like it.
func checkLikeness(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	want, err := report.Read(text)
	require.NoError(t, err)
	likeness := pmpsmarttest.NewServer(pmpsmarttest.WithReport(text))
	defer likeness.Close()
	got, err := readReport(examineServer(t, likeness.URL))
	require.NoError(t, err)
	for _, e := range want.Endpoints {
		assert.Equal(t, told(e), told(got.Of(e.Path)), "%s: %s", e.Path, text)
	}
}

// told is what a report tells of an endpoint that does not depend on how many records
// there are.
func told(e *report.Endpoint) (lines []string) {
	lines = append(lines, e.Outcome)
	for _, a := range e.Answers {
		lines = append(lines, fmt.Sprintf("%d %s", a.HTTP, a.Text()))
	}
	for _, f := range e.Fields {
		lines = append(lines, fmt.Sprintf("%s %t %s", f.Name, f.Named, f.KindNames()))
	}
	return lines
}
