package pmpsmart_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// Errors that tell of a wrong address.

func TestRedirectsAreErrorsThatNameTheirTarget(t *testing.T) {
	t.Parallel()
	target := serve(t, success(`{"id":1}`))
	const rest = ", and redirects are not followed: check the base URL, or whether the server is in maintenance"
	for status, name := range map[int]string{301: "Moved Permanently", 302: "Found", 303: "See Other", 307: "Temporary Redirect", 308: "Permanent Redirect"} {
		for _, location := range []string{target.URL + "/order", "/maintenance"} {
			s := serve(t, respond(status, "", "Location", location))
			for _, o := range []operation{reading, overwriting, creating, loggingIn, listing} {
				err := o.do(t.Context(), s.client())
				before, after := "", ""
				if o.name == creating.name && (status == 302 || status == 303) { // it may go on from what was stored
					before, after = "outcome unknown, the server may have done it: ", "; look before sending it again"
				}
				require.EqualError(t, err, "pmpsmart: "+o.name+": "+before+statusOf(status, name)+"; it points to "+location+rest+after)
				require.Empty(t, kindsOf(err))
			}
			require.Len(t, s.Requests(), 5, "none is repeated")
		}
	}
	require.Empty(t, target.Requests())
	_, err := serve(t, respond(304, "")).client().GetOrder(t.Context(), 1)
	require.EqualError(t, err, "pmpsmart: GetOrder: 304 Not Modified")
}

func TestUnreachableServersAreNamed(t *testing.T) {
	t.Parallel()
	base := testserver.Unreachable(t)
	err := reading.do(t.Context(), newClient(t, base, pmpsmart.WithToken(aToken)))
	require.Equal(t, "pmpsmart: GetOrder: can't reach HOST: dial tcp HOST: connect: connection refused; after 4 attempts", textOf(base, err))
	err = reading.do(t.Context(), newClient(t, "https://tidak-ada.invalid/api/v1", pmpsmart.WithToken(aToken)))
	require.Regexp(t, `^pmpsmart: GetOrder: can't reach https://tidak-ada\.invalid: dial tcp: lookup tidak-ada\.invalid`, err.Error())
}

// A 404 without a message may mean that the base URL is wrong.
func TestABare404OfAListHintsAtTheBaseURL(t *testing.T) {
	t.Parallel()
	const hint = "; check the base URL, which goes as far as the version, as https://api.pmpsmart.com/api/v1 does"
	s := serve(t, respond(404, ""))
	require.EqualError(t, listing.do(t.Context(), s.client()), "pmpsmart: ListOrders: 404 Not Found"+hint)
	require.EqualError(t, reading.do(t.Context(), s.client()), "pmpsmart: GetOrder: 404 Not Found")
	s = serve(t, respond(404, `{"message":"data kosong"}`))
	require.EqualError(t, listing.do(t.Context(), s.client()), "pmpsmart: ListOrders: 404 Not Found: data kosong")
}

// A Call to a path that is not there says which one, and what may be wrong with it.
func TestA404OfACallHintsAtItsPath(t *testing.T) {
	t.Parallel()
	s := serve(t, respond(404, ""))
	told := serve(t, respond(404, `{"message":"The route api/v1/api/v1/order could not be found."}`))
	missing := serve(t, respond(404, `{"message":"Data tidak ada"}`))
	call := func(s *server, path string) string {
		return strings.ReplaceAll(once(s).Call(t.Context(), path, nil, nil).Error(), s.BaseURL(), "BASE")
	}
	const twice = "; the base URL ends in api/v1 already: leave it out of the path"
	require.Equal(t, "pmpsmart: Call: stock/move: 404 Not Found; check the path, which is under BASE", call(s, "stock/move"))
	require.Equal(t, "pmpsmart: Call: api/v1/order: 404 Not Found"+twice, call(s, "api/v1/order"))
	require.Equal(t, "pmpsmart: Call: api/v1/order: 404 Not Found"+twice, call(s, "/api/v1/order"))
	require.Equal(t, "pmpsmart: Call: v1/order: 404 Not Found; the base URL ends in v1 already: leave it out of the path", call(s, "v1/order"))
	require.Equal(t, "pmpsmart: Call: api/v1/order: 404 Not Found: The route api/v1/api/v1/order could not be found."+twice, call(told, "api/v1/order"))
	require.Equal(t, "pmpsmart: Call: stock/7: 404 Not Found: Data tidak ada", call(missing, "stock/7"))
	_, err := pmpsmart.GetAs[int](context.Background(), once(s), "api/v1/order", nil)
	require.EqualError(t, err, "pmpsmart: GetAs: api/v1/order: 404 Not Found"+twice)
}
