package pmpsmart_test

import (
	"context"
	"fmt"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// address is how a wrong one should have been.
const address = "want an address like https://api.pmpsmart.com/api/v1"

var wrongOptions = []struct {
	name   string
	option pmpsmart.Option
	want   string
}{
	{"no base URL", pmpsmart.WithBaseURL(""), `WithBaseURL is ""; ` + address},
	{"a host alone", pmpsmart.WithBaseURL("api.pmpsmart.com/api/v1"), `WithBaseURL is "api.pmpsmart.com/api/v1"; ` + address},
	{"no host", pmpsmart.WithBaseURL("https:///api/v1"), `WithBaseURL is "https:///api/v1"; ` + address},
	{"another scheme", pmpsmart.WithBaseURL("ftp://api.pmpsmart.com"), `WithBaseURL is "ftp://api.pmpsmart.com"; ` + address},
	{"a port that is none", pmpsmart.WithBaseURL("https://api.pmpsmart.com:x"), `WithBaseURL is "https://api.pmpsmart.com:x", which is no URL; want an address like https://api.pmpsmart.com/api/v1`},
	{"a control character", pmpsmart.WithBaseURL("https://api.pmpsmart.com/\nx"), `WithBaseURL is "https://api.pmpsmart.com/\nx", which is no URL; want an address like https://api.pmpsmart.com/api/v1`},
	{"a port beyond all", pmpsmart.WithBaseURL("https://api.pmpsmart.com:99999"), `WithBaseURL is "https://api.pmpsmart.com:99999", whose host or port none can have; ` + address},
	{"two addresses", pmpsmart.WithBaseURL("https://api.pmpsmart.com,https://b.pmpsmart.com"), `WithBaseURL is "https://api.pmpsmart.com,https://b.pmpsmart.com", whose host or port none can have; ` + address},
	{"two dots", pmpsmart.WithBaseURL("https://api..pmpsmart.com"), `WithBaseURL is "https://api..pmpsmart.com", whose host or port none can have; ` + address},
	{"a space in the path", pmpsmart.WithBaseURL("https://api.pmpsmart.com/api v1"), `WithBaseURL is "https://api.pmpsmart.com/api v1", which holds a space or a character that can't be seen`},
	{"what nobody sees", pmpsmart.WithBaseURL("https://api.pmpsmart.com/api/v1\u200b"), `WithBaseURL is "https://api.pmpsmart.com/api/v1\u200b", which holds a space or a character that can't be seen`},
	{"a query behind what is no URL, not shown", pmpsmart.WithBaseURL("https://api.pmpsmart.com:x/?key=rahasia"), `WithBaseURL is "https://api.pmpsmart.com:x/", which is no URL; ` + address},
	{"a query in quotes, not shown", pmpsmart.WithBaseURL("'https://api.pmpsmart.com/?key=rahasia'"), `WithBaseURL is "'https://api.pmpsmart.com/"; leave the quotes out`},
	{"an escaped user, not shown", pmpsmart.WithBaseURL("https://rahasia%40api.pmpsmart.com"), "WithBaseURL holds a user or password; give them by WithCredentials"},
	{"a user", pmpsmart.WithBaseURL("https://budi@api.pmpsmart.com"), "WithBaseURL holds a user or password; give them by WithCredentials"},
	{"a password, not shown", pmpsmart.WithBaseURL("https://budi:rahasia@api.pmpsmart.com"), "WithBaseURL holds a user or password; give them by WithCredentials"},
	{"a password without a scheme, not shown", pmpsmart.WithBaseURL("budi:rahasia@api.pmpsmart.com"), "WithBaseURL holds a user or password; give them by WithCredentials"},
	{"a password in another scheme, not shown", pmpsmart.WithBaseURL("ftp://budi:rahasia@api.pmpsmart.com"), "WithBaseURL holds a user or password; give them by WithCredentials"},
	{"a password that breaks the URL, not shown", pmpsmart.WithBaseURL("https://budi:ra%hasia@api.pmpsmart.com"), "WithBaseURL holds a user or password; give them by WithCredentials"},
	{"a password after half a scheme", pmpsmart.WithBaseURL("http:/budi:rahasia@api.pmpsmart.com/x"), "WithBaseURL holds a user or password; give them by WithCredentials"},
	{"quotes", pmpsmart.WithBaseURL(`"https://api.pmpsmart.com/api/v1"`), `WithBaseURL is "\"https://api.pmpsmart.com/api/v1\""; leave the quotes out`},
	{"a query, not shown", pmpsmart.WithBaseURL("https://api.pmpsmart.com/api/v1?token=rahasia"), "WithBaseURL has a query or a fragment; " + address},
	{"a query in another scheme, not shown", pmpsmart.WithBaseURL("ftp://api.pmpsmart.com/?token=rahasia"), "WithBaseURL has a query or a fragment; " + address},
	{"an empty query", pmpsmart.WithBaseURL("https://api.pmpsmart.com/api/v1?"), "WithBaseURL has a query or a fragment; " + address},
	{"a fragment", pmpsmart.WithBaseURL("https://api.pmpsmart.com/api/v1#x"), "WithBaseURL has a query or a fragment; " + address},
	{"an empty fragment", pmpsmart.WithBaseURL("https://api.pmpsmart.com/api/v1#"), "WithBaseURL has a query or a fragment; " + address},
	{"http", pmpsmart.WithBaseURL("http://api.pmpsmart.com/api/v1"), `WithBaseURL is "http://api.pmpsmart.com/api/v1", and http would show the password and the token to whoever listens; use https, or AllowInsecureHTTP where the way is safe`},
	{"http to what only looks like loopback", pmpsmart.WithBaseURL("http://localhost.pmpsmart.com"), `WithBaseURL is "http://localhost.pmpsmart.com", and http would show the password and the token to whoever listens; use https, or AllowInsecureHTTP where the way is safe`},
	{"http to an address near", pmpsmart.WithBaseURL("http://192.168.1.7/api/v1"), `WithBaseURL is "http://192.168.1.7/api/v1", and http would show the password and the token to whoever listens; use https, or AllowInsecureHTTP where the way is safe`},
	{"no email", pmpsmart.WithCredentials("", "x"), "WithCredentials needs an email and a password, and one of them is empty"},
	{"a blank email", pmpsmart.WithCredentials(" \r\n", "x"), "WithCredentials needs an email and a password, and one of them is empty"},
	{"no password", pmpsmart.WithCredentials("a@b.id", ""), "WithCredentials needs an email and a password, and one of them is empty"},
	{"credentials in Latin-1, not shown", pmpsmart.WithCredentials("a@b.id", "caf\xe9"), "WithCredentials needs an email and a password in UTF-8"},
	{"no token", pmpsmart.WithToken(""), "WithToken is empty or holds characters that no token has"},
	{"a scheme without a token", pmpsmart.WithToken("Bearer "), "WithToken is empty or holds characters that no token has"},
	{"a token in two lines", pmpsmart.WithToken("abc\r\nX-Evil: 1"), "WithToken is empty or holds characters that no token has"},
	{"a token in two words", pmpsmart.WithToken("abc def"), "WithToken is empty or holds characters that no token has"},
	{"a token that is no ASCII", pmpsmart.WithToken("töken"), "WithToken is empty or holds characters that no token has"},
	{"a timeout below 0", pmpsmart.WithTimeout(-1), "WithTimeout is -1ns; want a positive duration"},
	{"attempts below 0", pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: -1}), "WithRetry has a negative field: {MaxAttempts:-1 MinWait:0s MaxWait:0s}"},
	{"a first wait below 0", pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: -1}), "WithRetry has a negative field: {MaxAttempts:0 MinWait:-1ns MaxWait:0s}"},
	{"a wait below 0", pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxWait: -1}), "WithRetry has a negative field: {MaxAttempts:0 MinWait:0s MaxWait:-1ns}"},
	{"a rate of 0", pmpsmart.WithRateLimit(0, 1), "WithRateLimit is 0 a second; want more than 0"},
	{"a rate below 0", pmpsmart.WithRateLimit(-2, 1), "WithRateLimit is -2 a second; want more than 0"},
	{"a rate that is none", pmpsmart.WithRateLimit(math.NaN(), 1), "WithRateLimit is NaN a second; want more than 0"},
	{"bytes below 0", pmpsmart.WithMaxResponseBytes(-1), "WithMaxResponseBytes is -1; want a positive number"},
	{"pages ahead below 0", pmpsmart.WithPagesAhead(-1), "WithPagesAhead is -1; want 0 to 16"},
	{"too many pages ahead", pmpsmart.WithPagesAhead(17), "WithPagesAhead is 17; want 0 to 16"},
	{"a user agent in two lines", pmpsmart.WithUserAgent("a\r\nX-Evil: 1"), `WithUserAgent holds a control character: "a\r\nX-Evil: 1"`},
}

func TestOptionsThatCannotBeRightAreRefused(t *testing.T) {
	t.Parallel()
	for _, row := range wrongOptions {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c, err := pmpsmart.New(row.option)
			require.Nil(t, c)
			require.EqualError(t, err, "pmpsmart: New: "+row.want)
			require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
			require.NotContains(t, fmt.Sprintf("%+v %#v", err, err), "rahasia")
		})
	}
}

// The zero value of an option means its default, as its comment says, and a nil
// option nothing.
func TestOptionsThatAreRight(t *testing.T) {
	t.Parallel()
	rows := map[string][]pmpsmart.Option{
		"none":                     nil,
		"nil":                      {nil, nil},
		"zero values":              {pmpsmart.WithTimeout(0), pmpsmart.WithRetry(pmpsmart.RetryPolicy{}), pmpsmart.WithMaxResponseBytes(0), pmpsmart.WithLocation(nil), pmpsmart.WithLogger(nil), pmpsmart.WithHTTPClient(nil), pmpsmart.WithTokenStore(nil), pmpsmart.WithDriftHandler(nil), pmpsmart.WithUserAgent("")},
		"https":                    {pmpsmart.WithBaseURL("https://api.pmpsmart.com/api/v1/")},
		"blanks around":            {pmpsmart.WithBaseURL(" https://api.pmpsmart.com/api/v1 ")},
		"loopback":                 {pmpsmart.WithBaseURL("http://127.0.0.1:8000/api/v1")},
		"all of loopback":          {pmpsmart.WithBaseURL("http://127.8.9.1/api/v1")},
		"loopback of IPv6":         {pmpsmart.WithBaseURL("http://[::1]:8000/api/v1")},
		"loopback by name":         {pmpsmart.WithBaseURL("http://LOCALHOST/api/v1")},
		"http where it is allowed": {pmpsmart.WithBaseURL("http://10.0.0.7/api/v1"), pmpsmart.AllowInsecureHTTP()},
		"allowed before":           {pmpsmart.AllowInsecureHTTP(), pmpsmart.WithBaseURL("http://10.0.0.7/api/v1")},
		"no repeats":               {pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})},
		"endless waits":            {pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: math.MaxInt64, MaxWait: math.MaxInt64})},
		"a burst below 1":          {pmpsmart.WithRateLimit(1, -5)},
		"an endless rate":          {pmpsmart.WithRateLimit(math.Inf(1), 0)},
		"no pages ahead":           {pmpsmart.WithPagesAhead(0)},
		"16 pages ahead":           {pmpsmart.WithPagesAhead(16)},
		"a token with its scheme":  {pmpsmart.WithToken("bearer abc")},
	}
	for name, options := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := pmpsmart.New(options...)
			require.NoError(t, err)
			require.NoError(t, c.Close())
		})
	}
}

func TestBaseURLEndsWhereTheEndpointsBegin(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`[]`))
	for _, base := range []string{s.URL, s.URL + "/", s.URL + "/api/v1//", s.URL + "/a%2Fb/v1"} {
		_, err := newClient(t, base, pmpsmart.WithToken(aToken)).ListOutlets(t.Context())
		require.NoError(t, err)
	}
	var paths []string
	for _, r := range s.Requests() {
		paths = append(paths, r.Path)
	}
	require.Equal(t, []string{"/master/outlet", "/master/outlet", "/api/v1/master/outlet", "/a/b/v1/master/outlet"}, paths)
}

// A test that sets the environment can't be parallel.
// Every spelling of a server is the same account of it, and so has the same token.
func TestSpellingsOfABaseURL(t *testing.T) {
	t.Parallel()
	for want, spellings := range map[string][]string{
		"https://api.pmpsmart.com/api/v1": {"https://api.pmpsmart.com:443/api/v1/", "HTTPS://API.PMPSmart.COM/api/v1", "https://api.pmpsmart.com:/api/v1//"},
		"https://api.pmpsmart.com:80/V1":  {"https://api.pmpsmart.com:80/V1", "https://Api.PmpSmart.com:80/V1/"},
		"http://localhost/api/v1":         {"http://LOCALHOST:80/api/v1", "http://localhost/api/v1"},
		"http://localhost:443/api/v1":     {"http://Localhost:443/api/v1"},
		"http://[::1]:8080/api/v1":        {"http://[::1]:8080/api/v1"},
		"http://[::1]/api/v1":             {"http://[::1]:80/api/v1", "http://[::1]/api/v1"},
		"https://[fe80::ab%25Eth0]/v1":    {"https://[FE80::AB%25Eth0]:443/v1"},
	} {
		for _, spelling := range spellings {
			c, err := pmpsmart.New(pmpsmart.WithBaseURL(spelling))
			require.NoError(t, err, spelling)
			require.Equal(t, "pmpsmart.Client("+want+")", fmt.Sprint(*c), spelling)
		}
	}
}

func TestOneLoginForAllSpellings(t *testing.T) {
	t.Parallel()
	a := startAccount(t, &testserver.Account{})
	store := pmpsmart.NewMemoryTokenStore()
	port := a.URL[strings.LastIndex(a.URL, ":"):]
	for _, host := range []string{"localhost", "LOCALHOST", "LocalHost"} {
		for _, email := range []string{email, email + "\n", " " + email} {
			hc := dialer(t, func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, "127.0.0.1"+port)
			})
			c := newClient(t, "http://"+host+port+"/api/v1/", pmpsmart.WithCredentials(email, password), pmpsmart.WithTokenStore(store), pmpsmart.WithHTTPClient(hc))
			_, err := c.ListOutlets(t.Context())
			require.NoError(t, err)
		}
	}
	attempts, _ := a.Logins()
	require.Equal(t, 1, attempts)
}

func TestUserAgentStandsBeforeOurs(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`[]`))
	_, err := s.client(pmpsmart.WithUserAgent("kasir/1.2")).ListOutlets(t.Context())
	require.NoError(t, err)
	require.Regexp(t, `^kasir/1\.2 pmpsmart-go/\S+ \(go\S+\)$`, s.Requests()[0].Header.Get("User-Agent"))
}

func TestWithLocationIsTheZoneOfTimesWithoutOne(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":1,"date_order":"2026-02-02T20:00:00Z","created_at":"2026-02-02 09:00:00","updated_at":"2026-02-02T09:00:00Z","jam":"2026-02-02 10:00:00"}`))
	wit := time.FixedZone("WIT", 9*3600)
	for loc, want := range map[*time.Location][]string{
		nil:                         {"2026-02-03", "2026-02-02T02:00:00Z", "2026-02-02T09:00:00Z", "2026-02-02T03:00:00Z"},
		wit:                         {"2026-02-03", "2026-02-02T00:00:00Z", "2026-02-02T09:00:00Z", "2026-02-02T01:00:00Z"},
		time.FixedZone("", -5*3600): {"2026-02-02", "2026-02-02T14:00:00Z", "2026-02-02T09:00:00Z", "2026-02-02T15:00:00Z"},
	} {
		o, err := s.client(pmpsmart.WithLocation(loc)).GetOrder(t.Context(), 1)
		require.NoError(t, err)
		var clock time.Time
		require.NoError(t, o.Extra.Decode("jam", &clock))
		in := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
		require.Equal(t, want, []string{o.Date.String(), in(o.CreatedAt), in(o.UpdatedAt), in(clock)})
	}
}

func TestNilOptionsOfACallAreNothing(t *testing.T) {
	t.Parallel()
	_, err := serve(t, success(`[]`)).client().ListOutlets(context.Background(), nil)
	require.NoError(t, err)
}
