package contract

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A login gives a token that serves at once, and shows it to nobody.
func testLogin(t *testing.T, p *place) {
	c := p.bare(t)
	_, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized, "without an account")

	s, err := c.Login(t.Context(), p.email, p.password)
	require.NoError(t, err)
	require.NotEmpty(t, string(s.Token))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		assert.NotContains(t, fmt.Sprintf(verb, s), string(s.Token), verb)
	}
	_, err = c.ListSalesUsers(t.Context(), pmpsmart.SalesUserFilter{})
	require.NoError(t, err)
	_, err = p.bare(t, pmpsmart.WithToken("Bearer "+string(s.Token))).ListSalesUsers(t.Context(), pmpsmart.SalesUserFilter{})
	require.NoError(t, err)
}

// A token that the server does not know is a 401, and with credentials one login.
func testDeadToken(t *testing.T, p *place) {
	_, err := p.bare(t, pmpsmart.WithToken("dead")).GetOrder(t.Context(), 1)
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
	var refusal *pmpsmart.APIError
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, "GetOrder", refusal.Op)

	var response pmpsmart.Response
	_, err = p.client(t, pmpsmart.WithToken("dead")).ListSalesUsers(t.Context(), pmpsmart.SalesUserFilter{Name: "Ferryanto"},
		pmpsmart.WithResponse(&response))
	require.NoError(t, err)
	assert.Equal(t, 2, response.Attempts, "the 401 and its repeat")
}

// A session says who logged in, without what is secret.
func testSession(t *testing.T, p *place) {
	s, err := p.bare(t, pmpsmart.WithStrictDecoding()).Login(t.Context(), email, password)
	require.NoError(t, err)
	got := plain(t, s.User)
	if p.nameless() {
		assert.Equal(t, pmpsmart.User{}, got)
	} else {
		assert.True(t, recent(got.CreatedAt), got.CreatedAt)
		assert.True(t, recent(got.UpdatedAt), "a login changes the account: %s", got.UpdatedAt)
		assert.Equal(t, pmpsmart.User{ID: 1, Name: "Sandbox", Email: email, CreatedAt: got.CreatedAt, UpdatedAt: got.UpdatedAt}, got)
	}
	for name := range s.Extra.All() {
		assert.Contains(t, []string{"token_type", "expires_in"}, name, "beside the user")
	}
}

func testWrongPassword(t *testing.T, p *place) {
	before := p.logins(t)
	want := "401 Unauthorized: Email atau password salah"
	if p.soft() {
		want = "refused with HTTP 200: Email atau password salah"
	}
	_, err := p.bare(t).Login(t.Context(), email, "salah-sekali")
	require.EqualError(t, err, "pmpsmart: Login: "+want)
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)

	_, err = p.bare(t).Login(t.Context(), "nobody@pmpsmart.test", password)
	require.EqualError(t, err, "pmpsmart: Login: "+want)

	_, err = p.bare(t, pmpsmart.WithCredentials(email, "salah-sekali")).ListOutlets(t.Context())
	require.EqualError(t, err, "pmpsmart: ListOutlets: login: "+want)
	assert.Equal(t, before, p.logins(t))
}

// However many calls meet a dead token, they make one login.
func testOneLogin(t *testing.T, p *place) {
	c := p.client(t)
	_, err := c.GetOrder(t.Context(), 1)
	require.NoError(t, err)
	for range 2 {
		before := p.logins(t)
		p.expire(t)
		var all sync.WaitGroup
		for id := range int64(12) {
			all.Go(func() {
				order, err := c.GetOrder(t.Context(), id+1)
				if assert.NoError(t, err) {
					assert.Equal(t, id+1, order.ID)
				}
			})
		}
		all.Wait()
		assert.Equal(t, before+1, p.logins(t))
	}
}

// A server that keeps one token an account ends a program's token when another logs in; with one store they share it.
func testSharedStore(t *testing.T, p *place) {
	before := p.logins(t)
	store := pmpsmart.NewMemoryTokenStore()
	one, two := p.client(t, pmpsmart.WithTokenStore(store)), p.client(t, pmpsmart.WithTokenStore(store))
	for _, c := range []*pmpsmart.Client{one, two, one} {
		_, err := c.GetOrder(t.Context(), 1)
		require.NoError(t, err)
	}
	assert.Equal(t, before+1, p.logins(t))

	stranger := p.client(t)
	for _, c := range []*pmpsmart.Client{stranger, one, stranger, two} {
		_, err := c.GetOrder(t.Context(), 1)
		require.NoError(t, err)
	}
	assert.Equal(t, before+5, p.logins(t), "each ends the other's")
}

func testForbidden(t *testing.T, p *place) {
	c := p.bare(t, pmpsmart.WithCredentials(viewer, password))
	_, err := c.GetOrder(t.Context(), 1)
	require.NoError(t, err)
	_, err = c.UpdateOrderStatus(t.Context(), 1, pmpsmart.OrderOpen)
	require.ErrorIs(t, err, pmpsmart.ErrForbidden)
	want := "pmpsmart: UpdateOrderStatus: 403 Forbidden: This action is unauthorized."
	if p.soft() {
		want = "pmpsmart: UpdateOrderStatus: 403 Forbidden (in an HTTP 200): This action is unauthorized."
	}
	assert.EqualError(t, err, want)
	_, err = c.InsertJSONOrder(t.Context(), jsonOrder("KON-FORBIDDEN", 1))
	require.ErrorIs(t, err, pmpsmart.ErrForbidden)
}

// A logout ends the token on the server; the client logs in again when it needs to.
func testLogout(t *testing.T, p *place) {
	c := p.bare(t)
	s, err := c.Login(t.Context(), email, password)
	require.NoError(t, err)
	require.NoError(t, c.Logout(t.Context()))
	_, err = c.GetOrder(t.Context(), 1)
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
	_, err = p.bare(t, pmpsmart.WithToken(string(s.Token))).GetOrder(t.Context(), 1)
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
	assert.NoError(t, p.bare(t, pmpsmart.WithToken(string(s.Token))).Logout(t.Context()), "a 401 counts as done")

	c = p.client(t)
	for range 2 {
		before := p.logins(t)
		var response pmpsmart.Response
		_, err = c.GetOrder(t.Context(), 1, pmpsmart.WithResponse(&response))
		require.NoError(t, err)
		assert.Equal(t, before+1, p.logins(t))
		assert.Equal(t, 1, response.Attempts, "the token is forgotten, not refused")
		require.NoError(t, c.Logout(t.Context()))
	}
}
