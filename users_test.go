package pmpsmart_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

var userRequests = []documented{
	{name: "ListSalesUsers", path: "user/sales", body: `{"name":"Ferryanto"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{Name: "Ferryanto"})
			return err
		},
		seq: func(ctx context.Context, c *pmpsmart.Client) error {
			return lastError(c.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{Name: "Ferryanto"}))
		}},
}

var userFilters = []sentBody{
	{"no name of a user", `{}`, func(ctx context.Context, c *pmpsmart.Client) error {
		_, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{})
		return err
	}},
}

var userInput = []refused{
	{"user's name in Latin-1", pmpsmart.InputError{Op: "ListSalesUsers", Field: "Name", Problem: `is not UTF-8: "\xff"`},
		func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{Name: "\xff"})
			return err
		}},
}

func TestUserInJSON(t *testing.T) {
	t.Parallel()
	want := pmpsmart.User{ID: 1, Name: "Budi", Email: "budi@pmpsmart.com", Extra: extra(t, moreFields)}
	text, got := again(t, want)
	require.Equal(t, `{"id":1,"name":"Budi","email":"budi@pmpsmart.com","created_at":null,"updated_at":null,"total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
	require.Equal(t, want, got)
}
