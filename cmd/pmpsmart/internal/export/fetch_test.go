package export

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go"
)

// A run goes on after a page of which it has all, and all of those before. Where a page
// ended with an error, as the list was stopped, the next one's end is not taken for its.
func TestPagesEndOneAfterTheOther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first int
		asked []int // as the client counts: its first page is 1
		fails map[int]bool
		want  []int
	}{
		{1, []int{1, 2, 3}, nil, []int{1, 2, 3}},
		{27, []int{1, 28, 29}, nil, []int{27, 28, 29}},
		{1, []int{1, 2, 3, 4}, map[int]bool{1: true}, []int{1}},
		{27, []int{1, 28, 28, 29}, map[int]bool{1: true}, []int{27, 28, 29}},
	} {
		var ended []int
		p := &pages{first: c.first, last: c.first - 1, ended: func(page int) { ended = append(ended, page) }}
		ctx := context.WithValue(t.Context(), pagesKey{}, p)
		for i, page := range c.asked {
			_, end := pageHooks.Attempt(ctx, pmpsmart.AttemptInfo{Page: page})
			var err error
			if c.fails[i] {
				err = context.Canceled
			}
			end(pmpsmart.AttemptResult{Err: err})
		}
		assert.Equal(t, c.want, ended, "%+v", c)
	}
}
