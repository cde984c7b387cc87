package doctor

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/laravel"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A styledServer answers in one style.
type styledServer struct {
	name  string // "laravel_loose"
	style string
	url   string
	plain string // the address at which the same server answers in the style plain
}

// A few styles that differ in all that matters; a long run takes all.
var fewStyles = []string{"plain", "strings", "keyed", "resources", "loose", "carbon", "jsonapi", "grouped"}

// eachStyle returns servers of the sandbox and, if it is installed, of a real
// Laravel, in the styles of whole applications.
func eachStyle(t *testing.T) (all []styledServer) {
	t.Helper()
	styles := fewStyles
	if testserver.Long(t) {
		styles = laravel.Styles
	}
	box := start(t, pmpsmarttest.WithSeed(40), pmpsmarttest.WithManyTokens())
	for name, origin := range map[string]string{"sandbox": box.URL, "laravel": startLaravel(t)} {
		if origin == "" {
			continue
		}
		plain := withStyle(t, origin, "plain")
		for _, style := range styles {
			all = append(all, styledServer{name + "_" + style, style, withStyle(t, origin, style), plain})
		}
		if name == "sandbox" { // Laravel has no such names but for attributes of JSON:API
			all = append(all, styledServer{"sandbox_kebab", "names=kebab", withStyle(t, origin, "names=kebab"), plain})
		}
	}
	slices.SortFunc(all, func(a, b styledServer) int { return len(a.name) - len(b.name) })
	return all
}

// startLaravel returns the address of a Laravel with sample data and the sandbox's
// account, "" where it is not installed.
func startLaravel(t *testing.T) string {
	t.Helper()
	if err := laravel.Available(); err != nil {
		t.Log(err)
		return ""
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "seed.json"))
	require.NoError(t, err)
	now := time.Now().UTC().Truncate(time.Second)
	require.NoError(t, seed.New(40).Write(file, seed.Account{ID: 1, Name: "Sandbox", Email: pmpsmarttest.Email, Password: pmpsmarttest.Password, CreatedAt: now, UpdatedAt: now}))
	require.NoError(t, file.Close())
	s, err := laravel.Start(t.Context(), laravel.Options{Seed: file.Name()})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	c, err := pmpsmart.New(pmpsmart.WithBaseURL(s.URL), pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password))
	require.NoError(t, err)
	defer c.Close()
	_, err = c.InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: map[string]string{"pelanggan": "Siti Rahayu"}, Status: "completed"})
	require.NoError(t, err)
	return s.URL
}

// withStyle returns the address of a proxy that has a server answer in a style.
func withStyle(t *testing.T, base, style string) string {
	t.Helper()
	target, err := url.Parse(base)
	require.NoError(t, err)
	// One of its own: whoever closes an httptest.Server closes connections of the default one.
	transport := &http.Transport{}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) {
		// Read whole before it is sent on: once a response comes, net/http's server reads and drops
		// what it still finds of a request, and a transport that is sending it gives the response up.
		body, err := io.ReadAll(r.In.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Out.Body, r.Out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
		r.Out.Header.Set(pmpsmarttest.StyleHeader, style)
	}})
	t.Cleanup(func() {
		proxy.Close()
		transport.CloseIdleConnections()
	})
	return proxy.URL + target.Path
}

// examineServer returns the doctor's report of a server.
func examineServer(t *testing.T, base string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "report.json")
	run := runBinary(t, account(base), fast, "-quiet", "-o", file)
	require.Equal(t, exitDone, run.code, run.stdout+run.stderr)
	return file
}

// records returns what a server holds of an endpoint.
func (s styledServer) records(t *testing.T, path string, in any) (all []map[string]any) {
	t.Helper()
	c, err := pmpsmart.New(pmpsmart.WithBaseURL(s.plain), pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password))
	require.NoError(t, err)
	defer c.Close()
	var raw json.RawMessage
	require.NoError(t, c.Call(t.Context(), path, in, &raw))
	if raw[0] == '{' {
		raw = append(append(json.RawMessage("["), raw...), ']')
	}
	require.NoError(t, json.Unmarshal(raw, &all))
	return all
}
