// Package contract holds the one suite that says what a PMP Smart server and this client are to each other. It is
// written once and run against every server there is:
//
//   - the sandbox, in every style that it shares with Laravel: go test ./internal/contract
//   - a real Laravel where PHP is installed (internal/laravel/install.sh installs it): the whole suite in some styles and
//     a part of it in the others, or with PMPSMART_LONG=1 the whole suite in every style; with PMPSMART_REQUIRE_LARAVEL=1
//     a machine without it fails instead of skipping
//   - a live server, read-only, named by PMPSMART_CONTRACT_URL, PMPSMART_CONTRACT_EMAIL and PMPSMART_CONTRACT_PASSWORD
//
// Drift is a failure. Where the sandbox and Laravel differ, Laravel is right.
package contract

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// A place is a server that the suite runs against.
type place struct {
	url             string
	email, password string
	header          http.Header // that every request has besides its own

	// What is known of a server that was started for the suite, and not of a live one.
	style  string
	data   seed.Data
	expire func(*testing.T)     // ends all tokens
	logins func(*testing.T) int // that succeeded
}

// perPage is how many records a page of a seeded server holds.
const perPage = 15

// The accounts of a seeded server. The viewer may only read.
const (
	email    = "api@pmpsmart.test"
	viewer   = "tamu@pmpsmart.test"
	password = "rahasia"
)

// accounts are made when the server is.
func accounts() []seed.Account {
	now := time.Now()
	return []seed.Account{
		{ID: 1, Name: "Sandbox", Email: email, Password: password, CreatedAt: now, UpdatedAt: now},
		{ID: 2, Name: viewer, Email: viewer, Password: password, Role: "viewer", CreatedAt: now, UpdatedAt: now},
	}
}

// A part of the suite. The parts run in order on one server; those that write come last.
type part struct {
	name string
	run  func(*testing.T, *place)
}

// reads change nothing and ask nothing of a server but that it answers.
var reads = []part{
	{"Login", testLogin},
	{"SeqIsSlice", testSeqIsSlice},
	{"SeqEndsEarly", testSeqEndsEarly},
	{"DetailOfListed", testDetailOfListed},
	{"NotFound", testNotFound},
	{"DeadToken", testDeadToken},
}

// glances are those of both that tell the styles apart and change no record.
var glances = []part{
	{"Login", testLogin},
	{"SeqEndsEarly", testSeqEndsEarly},
	{"DetailOfListed", testDetailOfListed},
	{"NotFound", testNotFound},
	{"DeadToken", testDeadToken},
	{"Pages", testPages},
	{"WrongPassword", testWrongPassword},
	{"Forbidden", testForbidden},
}

// writes need a server that holds the sample data and may be written to.
var writes = []part{
	{"Records", testRecords},
	{"Detail", testDetail},
	{"Filters", testFilters},
	{"Pages", testPages},
	{"Session", testSession},
	{"WrongPassword", testWrongPassword},
	{"OneLogin", testOneLogin},
	{"SharedStore", testSharedStore},
	{"Forbidden", testForbidden},
	{"Logout", testLogout},
	{"OrderStatus", testOrderStatus},
	{"OutletCode", testOutletCode},
	{"JSONOrders", testJSONOrders},
	{"JSONOrderFilters", testJSONOrderFilters},
	{"Ensure", testEnsure},
	{"EnsureTogether", testEnsureTogether},
	{"Call", testCall},
	{"Validation", testValidation},
	{"UnknownRecords", testUnknownRecords},
}

// unique needs a server that keeps the codes of JSON orders unique as well.
var unique = []part{{"UniqueCodes", testUniqueCodes}}

func run(t *testing.T, p *place, suites ...[]part) {
	for _, one := range slices.Concat(suites...) {
		t.Run(one.name, func(t *testing.T) { one.run(t, p) })
	}
}

// client makes a client that logs in by itself. Nothing that it does may be drift.
func (p *place) client(t *testing.T, opts ...pmpsmart.Option) *pmpsmart.Client {
	t.Helper()
	return p.bare(t, append([]pmpsmart.Option{pmpsmart.WithCredentials(p.email, p.password), pmpsmart.WithStrictDecoding()}, opts...)...)
}

// bare makes a client that has no account.
func (p *place) bare(t *testing.T, opts ...pmpsmart.Option) *pmpsmart.Client {
	t.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	base := []pmpsmart.Option{pmpsmart.WithBaseURL(p.url), pmpsmart.WithHTTPClient(&http.Client{Transport: withHeader{p.header, p.recorded(t, transport)}})}
	c, err := pmpsmart.New(append(base, opts...)...)
	require.NoError(t, err)
	return c
}

// withHeader adds a header to every request.
type withHeader struct {
	header http.Header
	next   http.RoundTripper
}

func (w withHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	if len(w.header) > 0 {
		r = r.Clone(r.Context())
		maps.Copy(r.Header, w.header)
	}
	return w.next.RoundTrip(r)
}

// recorded writes each exchange to the file that PMPSMART_CONTRACT_RECORD names, a line of JSON each, for package conform
// to hold against the description of the API. The tokens of a server that ends with the test are no secrets; a live one's
// are, and are not written.
func (p *place) recorded(t *testing.T, next http.RoundTripper) http.RoundTripper {
	t.Helper()
	name := os.Getenv("PMPSMART_CONTRACT_RECORD")
	if name == "" || p.style == "" {
		return next
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	return testserver.Tap(next, func(e testserver.Exchange) {
		line, err := json.Marshal(e)
		if assert.NoError(t, err) {
			_, err = file.Write(append(line, '\n')) // one write, so that the lines of many clients do not mix
			assert.NoError(t, err)
		}
	})
}

// What the styles of an answer leave out or tell another way.

// soft reports whether errors come with HTTP 200 and no number.
func (p *place) soft() bool { return p.style == "loose" }

// blind reports whether a write's answer holds no record: the client then gives what was sent.
func (p *place) blind() bool { return p.style == "rows" }

// nameless reports whether a login's answer does not say who logged in.
func (p *place) nameless() bool { return p.style == "rows" || p.style == "toplevel" }

// wordless reports whether an answer has no message.
func (p *place) wordless() bool {
	return p.style == "bare" || p.style == "toplevel" || p.style == "jsonapi"
}

// paged reports whether lists come in pages.
func (p *place) paged() bool {
	switch p.style {
	case "paginated", "simple", "cursor", "resources", "toplevel", "jsonapi", "indonesian":
		return true
	}
	return false
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
