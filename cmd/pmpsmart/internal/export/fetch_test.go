package export

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A list may give some more pages after it was stopped. What comes of it is the first
// pages, each with its own records.
func TestAStoppedListKeepsItsPagesApart(t *testing.T) {
	t.Parallel()
	for range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		to := make(chan chunk, 10)
		r := reader{ctx: ctx, to: to}
		cancel()
		for page := 1; page <= 5; page++ {
			for range 3 {
				r.add(record{})
			}
			r.endPage(page)
		}
		close(to)
		next := 1
		for part := range to {
			assert.Equal(t, next, part.page)
			assert.Len(t, part.records, 3)
			next++
		}
	}
}

// What a list lacks is said in the language of the other messages.
func TestWhatIsMissing(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "the 3000 records of its total", missing("the 3000 records of its total").In(lang.English))
	assert.Equal(t, "seluruhnya 3000 data", missing("the 3000 records of its total").In(lang.Indonesian))
	assert.Equal(t, "records", missing("records").In(lang.Indonesian))
}
