package pmpsmarttest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		opts   []pmpsmarttest.Option
		former error // of the client that logged in before
	}{
		{"one an account", nil, pmpsmart.ErrUnauthorized},
		{"many", []pmpsmarttest.Option{pmpsmarttest.WithManyTokens()}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, tt.opts...)
			srv.AddAccount("kedua@pmpsmart.test", "rahasia-kedua")
			var clients []*pmpsmart.Client
			for _, email := range []string{pmpsmarttest.Email, pmpsmarttest.Email, "kedua@pmpsmart.test"} {
				c, err := pmpsmart.New(pmpsmart.WithBaseURL(srv.URL))
				require.NoError(t, err)
				password := map[bool]string{true: pmpsmarttest.Password, false: "rahasia-kedua"}[email == pmpsmarttest.Email]
				_, err = c.Login(t.Context(), email, password)
				require.NoError(t, err)
				clients = append(clients, c)
			}
			ask := func(c *pmpsmart.Client) error {
				_, err := c.GetOrder(t.Context(), 198)
				return err
			}
			assert.ErrorIs(t, ask(clients[0]), tt.former)
			assert.NoError(t, ask(clients[1]))
			assert.NoError(t, ask(clients[2]))
			assert.Equal(t, 3, srv.Logins())
			srv.ExpireTokens()
			for _, c := range clients {
				assert.ErrorIs(t, ask(c), pmpsmart.ErrUnauthorized)
				assert.NoError(t, c.Close())
			}
			_, err := clients[0].Login(t.Context(), pmpsmarttest.Email, "salah")
			assert.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
			assert.Equal(t, 3, srv.Logins(), "only those that succeeded")
		})
	}
}

func TestExpireTokensIsMetByANewLogin(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := srv.Client()
	for want := 1; want <= 3; want++ {
		_, err := c.GetOrder(t.Context(), 198)
		require.NoError(t, err)
		assert.Equal(t, want, srv.Logins())
		srv.ExpireTokens()
	}
}

func TestViewer(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	srv.AddViewer("tamu@pmpsmart.test", "rahasia-tamu")
	c := srv.Client(pmpsmart.WithCredentials("tamu@pmpsmart.test", "rahasia-tamu"))
	_, err := c.GetOrder(t.Context(), 198)
	require.NoError(t, err)
	_, err = c.UpdateOrderStatus(t.Context(), 198, pmpsmart.OrderCancel)
	assert.EqualError(t, err, "pmpsmart: UpdateOrderStatus: 403 Forbidden: This action is unauthorized.")
	assert.ErrorIs(t, err, pmpsmart.ErrForbidden)
	srv.AddAccount("tamu@pmpsmart.test", "rahasia-tamu")
	_, err = c.UpdateOrderStatus(t.Context(), 198, pmpsmart.OrderCancel)
	assert.NoError(t, err, "an account that is added again is another")
}
