package pmpsmart_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/http/cookiejar"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// A documented request is one that the vendor's page shows, byte for byte but for the
// blanks that its JavaScript would not send either.
type documented struct {
	name string
	path string
	body string // "" for none
	free bool   // carries no token
	do   func(context.Context, *pmpsmart.Client) error
	seq  func(context.Context, *pmpsmart.Client) error // the streaming variant of do, if there is one
}

// page is the vendor's page. Each resource's requests are in the test file of that
// resource, as are its filters and the input that it refuses.
var page = slices.Concat(authRequests, jsonOrderRequests, outletRequests, orderRequests, userRequests, visitRequests)

func (row documented) request() testserver.Request {
	header := http.Header{
		"Accept":          {"application/json"},
		"Accept-Encoding": {"gzip"},
		"Authorization":   {"Bearer " + aToken},
		"Content-Length":  {strconv.Itoa(len(row.body))},
		"Content-Type":    {"application/json"},
		"User-Agent":      {"pmpsmart-go/0.1.0 (" + runtime.Version() + ")"},
	}
	if row.free {
		header.Del("Authorization")
		header.Set("Connection", "close") // of a login: see transport.Request
	}
	return testserver.Request{Method: "POST", Path: "/api/v1/" + row.path, Header: header, Body: row.body}
}

func TestRequestsAreThoseOfThePage(t *testing.T) {
	t.Parallel()
	for _, row := range page {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, success(`{"id":1,"api_token":"x1234567"}`))
			require.NoError(t, row.do(t.Context(), s.client()))
			require.Equal(t, []testserver.Request{row.request()}, s.Requests())
		})
	}
}

// The streaming variants send exactly what the lists send.
func TestSeqRequestsAreThoseOfThePage(t *testing.T) {
	t.Parallel()
	for _, row := range page {
		if row.seq == nil {
			continue
		}
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, success(`[{"id":1}]`))
			require.NoError(t, row.seq(t.Context(), s.client()))
			require.Equal(t, []testserver.Request{row.request()}, s.Requests())
		})
	}
}

// lastError ranges over a list and returns its last error.
func lastError[T any](seq iter.Seq2[T, error]) (err error) {
	for _, err = range seq {
	}
	return err
}

// A sentBody is the body that a filter becomes: its zero fields are left out.
type sentBody struct {
	name, want string
	do         func(context.Context, *pmpsmart.Client) error
}

func TestZeroFilterFieldsAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, row := range slices.Concat(orderFilters, jsonOrderFilters, userFilters, visitFilters) {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, success(`[]`))
			require.NoError(t, row.do(t.Context(), s.client()))
			require.Len(t, s.Requests(), 1)
			require.Equal(t, row.want, s.Requests()[0].Body)
		})
	}
}

var february, march = pmpsmart.NewDate(2026, time.February, 2), pmpsmart.NewDate(2026, time.March, 3)

// A refused row is input that must not be sent.
type refused struct {
	name string
	want pmpsmart.InputError
	do   func(context.Context, *pmpsmart.Client) error
}

// check requires that the input is refused by that error and that nothing is sent.
func (row refused) check(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{}`))
	err := row.do(t.Context(), s.client())
	var got *pmpsmart.InputError
	require.ErrorAs(t, err, &got)
	require.Equal(t, row.want, *got)
	require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	require.EqualError(t, err, "pmpsmart: "+row.want.Op+": "+row.want.Field+" "+row.want.Problem)
	require.Empty(t, s.Requests())
}

func TestImpossibleInputIsNotSent(t *testing.T) {
	t.Parallel()
	for _, row := range slices.Concat(authInput, orderInput, jsonOrderInput, outletInput, userInput, visitInput) {
		t.Run(row.name, row.check)
	}
}

// A nil context is a mistake to hear of, not to panic at.
func TestNilContext(t *testing.T) {
	t.Parallel()
	ensuring := operation{name: "EnsureJSONOrder", do: func(ctx context.Context, c *pmpsmart.Client, _ ...pmpsmart.CallOption) error {
		_, _, err := c.EnsureJSONOrder(ctx, anOrder)
		return err
	}}
	ranging := operation{name: "ListOrders", do: func(ctx context.Context, c *pmpsmart.Client, _ ...pmpsmart.CallOption) error {
		_, err := collect(c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}))
		return err
	}}
	for _, o := range []operation{reading, listing, overwriting, creating, calling, loggingIn, loggingOut, ensuring, ranging} {
		want := pmpsmart.InputError{Op: o.name, Field: "ctx", Problem: "is nil; want a context, such as context.Background()"}
		row := refused{want: want, do: func(_ context.Context, c *pmpsmart.Client) error { return o.do(nil, c) }} //nolint:staticcheck // the mistake itself
		t.Run(o.name, row.check)
	}
}

func TestCallsWithoutATokenAreNotSent(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`[]`))
	c := newClient(t, s.URL)
	for _, o := range []operation{reading, overwriting, creating, calling, listing, loggingOut} {
		err := o.do(t.Context(), c)
		require.EqualError(t, err, "pmpsmart: "+o.name+": "+callPath(o)+"not sent, unauthorized: no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv")
		require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
		var open *pmpsmart.OutcomeUnknownError
		require.NotErrorAs(t, err, &open)
	}
	require.Empty(t, s.Requests())
}

// callPath returns what Call's errors begin with.
func callPath(o operation) string {
	if o.name == "Call" {
		return o.path + ": "
	}
	return ""
}

func TestManyGoroutinesShareConnections(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":198}`))
	c := s.client()
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for range 20 {
				if err := reading.do(t.Context(), c); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	require.LessOrEqual(t, s.Opened(), 128)
}

func TestAClientIsOfUseAfterClose(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":198}`))
	c := s.client()
	for range 3 {
		require.NoError(t, reading.do(t.Context(), c))
		require.NoError(t, c.Close())
		waitFor(t, "the idle connection is closed", func() bool { return s.Open() == 0 })
	}
	require.Equal(t, 3, s.Opened())
}

func TestCloseLeavesTheCallersTransportAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":198}`))
	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	c := s.client(pmpsmart.WithHTTPClient(&http.Client{Transport: transport}))
	for range 3 {
		require.NoError(t, reading.do(context.Background(), c))
		require.NoError(t, c.Close())
	}
	require.Equal(t, 1, s.Opened())
}

// A caller's own HTTP client is used and not changed; its redirects are not
// followed either.
func TestTheCallersHTTPClientIsNotChanged(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(respond(302, "", "Location", "/ke-mana", "Set-Cookie", "a=b"), success(`{"id":198}`)))
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	used := 0
	transport := roundTrip(func(r *http.Request) (*http.Response, error) { used++; return http.DefaultTransport.RoundTrip(r) })
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	followed := errors.New("asked")
	hc := &http.Client{Transport: &transport, Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return followed }}
	before := *hc
	c := s.client(pmpsmart.WithHTTPClient(hc))
	err = reading.do(t.Context(), c)
	require.NotErrorIs(t, err, followed)
	require.ErrorContains(t, err, "302 Found; it points to /ke-mana")
	require.NoError(t, reading.do(t.Context(), c))
	require.Equal(t, 2, used)
	require.Equal(t, "a=b", s.Requests()[1].Header.Get("Cookie"), "the Jar is used")
	require.Same(t, before.Transport, hc.Transport)
	require.Equal(t, before.Jar, hc.Jar)
	require.Equal(t, before.Timeout, hc.Timeout)
	require.ErrorIs(t, hc.CheckRedirect(nil, nil), followed)

	bare := new(http.Client)
	require.NoError(t, reading.do(t.Context(), s.client(pmpsmart.WithHTTPClient(bare))))
	require.Equal(t, http.Client{}, *bare)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f *roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return (*f)(r) }
