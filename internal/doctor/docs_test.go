package doctor

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// A docsHost is a sandbox whose host has descriptions of its API.
type docsHost struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // for anything but the API
}

func newDocsHost(t *testing.T, files map[string]string) *docsHost {
	t.Helper()
	box := start(t)
	h := &docsHost{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/v1/") {
			box.ServeHTTP(w, r)
			return
		}
		h.mu.Lock()
		h.asked = append(h.asked, r.Method+" "+r.URL.String()+r.Header.Get("Authorization"))
		h.mu.Unlock()
		switch file := files[r.URL.Path]; {
		case file == "":
			http.Redirect(w, r, "/login", http.StatusFound)
		case strings.HasPrefix(file, "../"):
			http.ServeFile(w, r, file)
		default:
			_, _ = w.Write([]byte(file))
		}
	}))
	t.Cleanup(h.Close)
	return h
}

// requests returns the requests for anything but the API.
func (h *docsHost) requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.asked)
}

const (
	openAPIFile = "../../internal/scribe/testdata/openapi.yaml"
	postmanFile = "../../internal/scribe/testdata/collection.json"
)

func TestDocs(t *testing.T) {
	t.Parallel()
	h := newDocsHost(t, map[string]string{"/docs.openapi": openAPIFile, "/docs.postman": postmanFile})
	file := filepath.Join(t.TempDir(), "report.json")
	run := runBinary(t, account(h.URL+"/api/v1"), fast, "-docs", "-o", file)
	require.Equal(t, exitDone, run.code, run.stderr)
	assert.Equal(t, []string{"GET /docs.openapi", "GET /docs.postman"}, h.requests(), "no token, and one file of each form is enough")
	saved, err := readReport(file)
	require.NoError(t, err)
	assert.Equal(t, []*report.Document{
		{Path: "/docs.openapi", HTTP: 200, Form: "OpenAPI", Endpoints: []string{"GET stok/{kode}", "POST pembayaran"}, Fields: []*report.NamedField{
			{Path: "auth/login", In: "request", Name: "device_id"},
			{Path: "order", In: "request", Name: "per_page"}, {Path: "order", In: "request", Name: "items"}, {Path: "order", In: "request", Name: "items.*.qty"},
			{Path: "order", In: "response", Name: "total"}, {Path: "order", In: "response", Name: "jatuh_tempo"},
			{Path: "order/detail", In: "response", Name: "items"}, {Path: "order/detail", In: "response", Name: "items.*.nama_produk"}, {Path: "order/detail", In: "response", Name: "items.*.qty"},
		}},
		{Path: "/docs.postman", HTTP: 200, Form: "Postman", Endpoints: []string{"GET stok/{kode}", "POST visit/foto"}, Fields: []*report.NamedField{
			{Path: "order", In: "request", Name: "per_page"}, {Path: "order", In: "request", Name: "items"}, {Path: "order", In: "request", Name: "items.*.qty"},
			{Path: "order", In: "response", Name: "total"}, {Path: "order", In: "response", Name: "sales"}, {Path: "order", In: "response", Name: "sales.nama"},
		}},
	}, saved.Documents)
	printed := strings.Join(strings.Fields(run.stdout), " ")
	assert.Contains(t, printed, "/docs.openapi: 2 endpoints and 9 fields that the client does not have GET stok/{kode} POST pembayaran auth/login request device_id")
}

// Nothing is asked for unless -docs says so, and then never more than the four paths.
func TestDocsThatAreNotThere(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"none": {}, "pages": {"/docs.openapi": "<!DOCTYPE html><p>Login</p>", "/docs/openapi.yaml": `{"message":"Not Found"}`},
		"deep": {"/docs.postman": strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)},
	} {
		h := newDocsHost(t, files)
		run := runBinary(t, account(h.URL+"/api/v1"), fast)
		assert.Equal(t, exitDone, run.code, run.stderr)
		assert.Empty(t, h.requests(), name)
		assert.NotContains(t, run.stdout, "/docs")

		run = runBinary(t, account(h.URL+"/api/v1"), fast, "-docs", "-json")
		assert.Equal(t, exitDone, run.code, run.stderr)
		assert.Equal(t, []string{"GET /docs.openapi", "GET /docs.postman", "GET /docs/openapi.yaml", "GET /docs/collection.json"}, h.requests(), name)
		for _, d := range parseReport(t, run.stdout).Documents {
			assert.Empty(t, d.Endpoints)
			assert.Contains(t, []string{"none", "other", "too large"}, d.Form, "%s %s", name, d.Path)
		}
	}
}

// A description may have anybody's data in its names.
func TestDocsTellNoData(t *testing.T) {
	t.Parallel()
	h := newDocsHost(t, map[string]string{"/docs.openapi": `{"openapi":"3","paths":{"/api/v1/pelanggan/0812345678/Budi Santoso":{"get":{}},
		"/api/v1/order":{"post":{"requestBody":{"content":{"a":{"schema":{"properties":{"OUT-001":{},"Toko Budi":{"properties":{"a":{}}}}}}}}}}}}`})
	file := filepath.Join(t.TempDir(), "report.json")
	run := runBinary(t, account(h.URL+"/api/v1"), fast, "-docs", "-o", file)
	require.Equal(t, exitDone, run.code, run.stderr)
	saved, err := readReport(file)
	require.NoError(t, err)
	assert.Equal(t, []string{"GET pelanggan/*/*"}, saved.Documents[0].Endpoints)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, data := range []string{"Budi", "0812", "OUT-001"} {
		assert.NotContains(t, string(text), data)
	}
}
