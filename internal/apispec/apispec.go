// Package apispec holds the description of the twelve endpoints in OpenAPI 3.1, and
// serves it. docs/openapi.yaml is a copy for readers; package conform holds servers
// against it.
package apispec

import (
	_ "embed"
	"io"
	"net/http"
	"strconv"
	"strings"
)

//go:embed openapi.yaml
var description string

// The vendor's server, as the description names it.
const vendor = `servers:
  - url: https://api.pmpsmart.com/api/v1
    description: The vendor's server.
`

// YAML returns the description.
func YAML() string { return description }

// Of returns the description with the server at a base URL in place of the vendor's.
func Of(baseURL string) string {
	server := "servers:\n  - url: " + strconv.Quote(baseURL) + "\n    description: A sandbox of pmpsmart-go's.\n"
	return strings.Replace(description, vendor, server, 1)
}

// Handler serves the description of a sandbox whose API is at api, "/api/v1", beside
// control, "/_sandbox": at the address that the request came to, under whatever path
// the two are.
func Handler(api, control string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		at, _, _ := strings.Cut(r.URL.EscapedPath(), control+"/")
		w.Header().Set("Content-Type", "application/yaml")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, Of(scheme+"://"+r.Host+at+api)) // the caller has gone
	})
}
