package otelpmpsmart

import (
	"os"
	"strings"
	"testing"
)

// docs/telemetry.md has a row for each error.type and each reason to give up.
func TestErrorTypesAreListed(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/telemetry.md")
	if err != nil {
		t.Fatal(err)
	}
	cells := ""
	for line := range strings.Lines(string(page)) {
		if cell, _, isRow := strings.Cut(strings.TrimPrefix(line, "| "), " | "); isRow {
			cells += cell + " "
		}
	}
	names := append([]string{outcomeUnknown, canceled, deadlineExceeded, decode, truncated, other}, giveUpReasons...)
	for _, k := range kinds {
		names = append(names, k.kind)
	}
	for _, name := range names {
		if !strings.Contains(cells, "`"+name+"`") {
			t.Errorf("docs/telemetry.md has no row for %s", name)
		}
	}
}
