package contract

import (
	"cmp"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/laravel"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

var data = seed.New(seed.DefaultOrders).EndingOn(today.Time(pmpsmart.WIB))

// today is the day on which it ends.
var today = pmpsmart.Today(pmpsmart.WIB)

// The sandbox, in every style that it shares with Laravel.
func TestSandbox(t *testing.T) {
	for _, style := range laravel.Styles {
		t.Run(style, func(t *testing.T) {
			t.Parallel()
			run(t, startSandbox(t, style), reads, writes)
		})
	}
}

func TestSandboxWithUniqueCodes(t *testing.T) {
	run(t, startSandbox(t, "plain", pmpsmarttest.WithUnique()), unique)
	run(t, startSandbox(t, "loose", pmpsmarttest.WithUnique()), unique)
}

func startSandbox(t *testing.T, style string, opts ...pmpsmarttest.Option) *place {
	t.Helper()
	s := pmpsmarttest.NewServer(append(opts, pmpsmarttest.WithSeedEnd(today), pmpsmarttest.WithStyle(pmpsmarttest.Style(style)),
		pmpsmarttest.WithAccount(email, password), pmpsmarttest.WithPerPage(perPage))...)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	s.AddViewer(viewer, password)
	return &place{
		url: s.URL, email: email, password: password, style: style, data: data,
		expire: func(*testing.T) { s.ExpireTokens() },
		logins: func(*testing.T) int { return s.Logins() },
	}
}

// whole are the styles in which a real Laravel runs the whole suite, unless all do: one without pages, one with, and the
// one whose errors come with HTTP 200. In the others it runs glances, on one server.
var whole = []string{"plain", "cursor", "loose"}

// A real Laravel, in every style it has.
func TestLaravel(t *testing.T) {
	needLaravel(t)
	file := writeSeed(t)
	long := testserver.Long(t)
	for _, style := range laravel.Styles {
		if long || slices.Contains(whole, style) {
			t.Run(style, func(t *testing.T) {
				t.Parallel()
				run(t, startLaravel(t, laravel.Options{Style: style, Seed: file, PerPage: perPage, SingleToken: true, Workers: 3}), reads, writes)
			})
		}
	}
	if long {
		return
	}
	t.Run("others", func(t *testing.T) {
		t.Parallel()
		shared := startLaravel(t, laravel.Options{Seed: file, PerPage: perPage, Workers: 3})
		for _, style := range laravel.Styles {
			if !slices.Contains(whole, style) {
				one := *shared
				one.style, one.header = style, http.Header{laravel.StyleHeader: {style}}
				t.Run(style, func(t *testing.T) { run(t, &one, glances) })
			}
		}
	})
}

func TestLaravelWithUniqueCodes(t *testing.T) {
	needLaravel(t)
	file := writeSeed(t)
	run(t, startLaravel(t, laravel.Options{Seed: file, SingleToken: true, Unique: true}), unique)
	run(t, startLaravel(t, laravel.Options{Style: "loose", Seed: file, SingleToken: true, Unique: true}), unique)
}

// needLaravel skips the test where PHP is missing, and fails it where it must not be.
func needLaravel(t *testing.T) {
	t.Helper()
	err := laravel.Available()
	switch {
	case err == nil:
	case os.Getenv("PMPSMART_REQUIRE_LARAVEL") != "":
		t.Fatal("PMPSMART_REQUIRE_LARAVEL is set and there is no Laravel:", err)
	default:
		t.Skip("not checked against a real Laravel:", err)
	}
}

// writeSeed writes the sample data and the accounts as a file.
func writeSeed(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "seed.json")
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	require.NoError(t, data.Write(file, accounts()...))
	return path
}

func startLaravel(t *testing.T, opts laravel.Options) *place {
	t.Helper()
	s, err := laravel.Start(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("PHP's log:\n%s", s.Log())
		}
		require.NoError(t, s.Close())
	})
	return &place{
		url: s.URL, email: email, password: password, style: opts.Style, data: data,
		expire: func(t *testing.T) { require.NoError(t, s.Expire()) },
		logins: func(t *testing.T) int {
			n, err := s.Logins()
			require.NoError(t, err)
			return n
		},
	}
}

// What a live server is asked writes nothing.
func TestReadsOnlyRead(t *testing.T) {
	s := pmpsmarttest.NewServer()
	defer s.Close()
	run(t, &place{url: s.URL, email: pmpsmarttest.Email, password: pmpsmarttest.Password}, reads)
	for _, request := range s.Requests() {
		require.Contains(t, []string{"Login", "ListOrders", "GetOrder", "ListOutlets", "ListSalesUsers", "ListVisits", "FilterJSONOrders"}, request.Op)
	}
}

// A live server, which is only read. A login ends the account's other tokens where the server keeps one an account.
func TestLive(t *testing.T) {
	p := &place{
		url:      os.Getenv("PMPSMART_CONTRACT_URL"),
		email:    os.Getenv("PMPSMART_CONTRACT_EMAIL"),
		password: os.Getenv("PMPSMART_CONTRACT_PASSWORD"),
	}
	if cmp.Or(p.url, p.email, p.password) == "" {
		t.Skip("not checked against a live server: PMPSMART_CONTRACT_URL, PMPSMART_CONTRACT_EMAIL and PMPSMART_CONTRACT_PASSWORD are not set")
	}
	require.True(t, p.url != "" && p.email != "" && p.password != "",
		"set all of PMPSMART_CONTRACT_URL, PMPSMART_CONTRACT_EMAIL and PMPSMART_CONTRACT_PASSWORD, or none")
	run(t, p, reads)
}
