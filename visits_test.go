package pmpsmart_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

var visitRequests = []documented{
	{name: "ListVisits", path: "visit", body: `{"name":"Ferryanto"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListVisits(ctx, pmpsmart.VisitFilter{Name: "Ferryanto"})
			return err
		},
		seq: func(ctx context.Context, c *pmpsmart.Client) error {
			return lastError(c.ListVisitsSeq(ctx, pmpsmart.VisitFilter{Name: "Ferryanto"}))
		}},
}

var visitFilters = []sentBody{
	{"no name of a visit", `{}`, func(ctx context.Context, c *pmpsmart.Client) error {
		_, err := c.ListVisits(ctx, pmpsmart.VisitFilter{})
		return err
	}},
}

var visitInput = []refused{
	{"visit's name in Latin-1", pmpsmart.InputError{Op: "ListVisits", Field: "Name", Problem: `is not UTF-8: "\xff"`},
		func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListVisits(ctx, pmpsmart.VisitFilter{Name: "\xff"})
			return err
		}},
}

func TestVisitInJSON(t *testing.T) {
	t.Parallel()
	want := pmpsmart.Visit{ID: 1, Name: "Budi", UserID: 2, OutletID: math.MaxInt64, Extra: extra(t, moreFields)}
	text, got := again(t, want)
	require.Equal(t, `{"id":1,"name":"Budi","user_id":2,"outlet_id":9223372036854775807,"created_at":null,"updated_at":null,"total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
	require.Equal(t, want, got)
}
