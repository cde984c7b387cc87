package pmpsmart_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// fmt calls no methods below a verb that does not fit: a session formats itself.
func TestASessionInsideOthersShowsNoToken(t *testing.T) {
	t.Parallel()
	s := &pmpsmart.Session{Token: aToken, User: pmpsmart.User{ID: 7, Name: "Budi"}}
	for _, verb := range printVerbs {
		for _, holder := range []any{s, *s, []*pmpsmart.Session{s}, []pmpsmart.Session{*s}, []any{s}, map[string]*pmpsmart.Session{"s": s}, struct{ S *pmpsmart.Session }{s}} {
			requireClean(t, fmt.Sprintf(verb, holder), aToken)
		}
	}
	require.Equal(t, "{Token:[redacted] User:{ID:7 Name:Budi Email: CreatedAt:0001-01-01 00:00:00 +0000 UTC UpdatedAt:0001-01-01 00:00:00 +0000 UTC Extra:{}} Extra:{}}", fmt.Sprintf("%+v", s))
}

// A login's members that show the token or the password under other names, in
// whatever spelling, are left out of what is kept of it.
func TestALoginsExtraShowsNoSecret(t *testing.T) {
	t.Parallel()
	const token = "5|AbC/dEf+GhI0123456789"
	escaped := strings.ReplaceAll(token, "/", `\/`)
	s := serve(t, ok(`{"api_token":"`+escaped+`","jwt":"`+escaped+`","kata":"`+aPassword+`","kota":"Bandung",
		"user":{"id":7,"bearer":"`+strings.ReplaceAll(token, "/", `\u002f`)+`","headers":{"x":["`+escaped+`"]},"pwd":"`+aPassword+`","kota":"Medan"}}`))
	session, err := newClient(t, s.URL).Login(t.Context(), email, aPassword)
	require.NoError(t, err)
	require.Equal(t, token, string(session.Token))
	require.Equal(t, `{"kota":"Bandung"}`, session.Extra.String())
	require.Equal(t, `{"kota":"Medan"}`, session.User.Extra.String())
	require.NotContains(t, printed(t, session), "AbC")
}

// The names of a token are tried in their order, each at one depth.
func TestTheNearestTokenByItsName(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":{"device":{"token":"theDevices"},"user":{"api_token":"theUsers"}}}`: "theUsers",
		`{"data":{"token":"near","user":{"api_token":"far"}}}`:                       "near",
		`{"success":{"token":"inSuccess","name":"Budi"}}`:                            "inSuccess",
		`{"headers":{},"original":{"access_token":"inAResponse"},"exception":null}`:  "inAResponse",
		`"{\"status\":\"success\",\"data\":{\"api_token\":\"encodedTwice\"}}"`:       "encodedTwice",
		`{"data":"{\"token\":\"inText\"}"}`:                                          "inText",
		`{"data":[{"api_token":"inAnArray"}]}`:                                       "inAnArray",
	} {
		session, err := newClient(t, serve(t, answer(200, body)).URL).Login(t.Context(), email, aPassword)
		require.NoError(t, err, body)
		require.Equal(t, want, string(session.Token), body)
	}
	_, err := newClient(t, serve(t, ok(`[{"api_token":"first"},{"api_token":"second"}]`)).URL).Login(t.Context(), email, aPassword)
	require.ErrorContains(t, err, "want a token named api_token, access_token or token, and there is none")
}

// What a token prints as is none.
func TestAPrintedTokenIsNone(t *testing.T) {
	t.Parallel()
	_, err := pmpsmart.New(pmpsmart.WithToken(fmt.Sprint(pmpsmart.Token(aToken))))
	require.EqualError(t, err, "pmpsmart: New: WithToken is empty or holds characters that no token has")
}

// A foreignStore is a store of somebody else's making.
type foreignStore struct {
	pmpsmart.TokenStore
	token   pmpsmart.Token
	loadErr error
}

func (s *foreignStore) Load(context.Context, pmpsmart.Account) (pmpsmart.Token, error) {
	return s.token, s.loadErr
}

func (s *foreignStore) Replace(context.Context, pmpsmart.Account, pmpsmart.Token, func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	return s.token, nil
}

// A store's token that no header can carry is the store's fault, before anything
// is sent.
func TestAStoresTokenThatNoHeaderCarries(t *testing.T) {
	t.Parallel()
	a := new(accountServer).start(t)
	for _, o := range []operation{reading, creating} {
		err := o.do(t.Context(), a.client(pmpsmart.WithTokenStore(&foreignStore{token: "abc\ndef"})))
		require.EqualError(t, err, "pmpsmart: "+o.name+": token store: it gave a token that no header can carry")
	}
	require.Empty(t, a.server.asked())
}

// A transport of the caller's may send a request again by itself. What its first
// try did is not known to have been nothing.
func TestATransportThatRepeatsByItself(t *testing.T) {
	t.Parallel()
	s := serve(t, reset)
	var dials atomic.Int32
	inner := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials.Add(1) > 1 {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}}
	t.Cleanup(inner.CloseIdleConnections)
	twice := roundTripper(func(r *http.Request) (*http.Response, error) {
		answer, err := inner.RoundTrip(r)
		if err == nil {
			return answer, nil
		}
		again := r.Clone(r.Context())
		if again.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
		return inner.RoundTrip(again)
	})
	err := creating.do(t.Context(), s.client(pmpsmart.WithHTTPClient(&http.Client{Transport: twice})))
	var open *pmpsmart.OutcomeUnknownError
	require.ErrorAs(t, err, &open)
	require.Len(t, s.asked(), 1)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A 404 that says nothing may mean that the base URL is wrong.
func TestABare404OfAListHintsAtTheBaseURL(t *testing.T) {
	t.Parallel()
	const hint = "; check the base URL, which goes as far as the version, as https://api.pmpsmart.com/api/v1 does"
	s := serve(t, answer(404, ""))
	require.EqualError(t, listing.do(t.Context(), s.client()), "pmpsmart: ListOrders: 404 Not Found"+hint)
	require.EqualError(t, reading.do(t.Context(), s.client()), "pmpsmart: GetOrder: 404 Not Found")
	s = serve(t, answer(404, `{"message":"data kosong"}`))
	require.EqualError(t, listing.do(t.Context(), s.client()), "pmpsmart: ListOrders: 404 Not Found: data kosong")
}

// A status without a name is shown by its number.
func TestEveryErrorShowsItsStatus(t *testing.T) {
	t.Parallel()
	for status := 400; status < 600; status++ {
		err := &pmpsmart.APIError{Op: "GetOrder", HTTPStatus: status}
		require.Contains(t, err.Error(), fmt.Sprint(status))
	}
}

// A Retry-After of more seconds than there are is a long time, not none.
func TestARetryAfterBeyondAllBounds(t *testing.T) {
	t.Parallel()
	s := serve(t, answer(429, "", "Retry-After", "99999999999999999999"))
	err := reading.do(t.Context(), s.client())
	require.ErrorIs(t, err, pmpsmart.ErrRateLimited)
	require.Len(t, s.asked(), 1)
}

// UnmarshalJSON may be called by itself, with what is no JSON.
func TestBrokenJSONIsNoPanic(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", `{"a"`, `{"a":`, `{"a":1`, `"`, "[", `{"a":1}}`} {
		for _, v := range []interface{ UnmarshalJSON([]byte) error }{
			new(pmpsmart.Order), new(pmpsmart.JSONOrder), new(pmpsmart.Outlet), new(pmpsmart.User), new(pmpsmart.Visit), new(pmpsmart.Extra), new(pmpsmart.Date),
		} {
			err := v.UnmarshalJSON([]byte(text))
			if text != "" {
				require.Error(t, err, "%T of %s", v, text)
			}
		}
	}
}
