package pmpsmarttest_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithClock(atNoon), pmpsmarttest.WithStyleFor("ListVisits", "list=paginated"), pmpsmarttest.WithPerPage(40))
	c := srv.Client(pmpsmart.WithUserAgent("gudang/1"), pmpsmart.WithPagesAhead(0))
	_, err := c.UpdateOutletCode(t.Context(), 88, "OUT-001")
	require.NoError(t, err)
	_, err = c.GetOrder(t.Context(), 999)
	require.Error(t, err)
	_, err = c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	require.NoError(t, c.Call(t.Context(), "order/detail", map[string]int{"order_id": 1}, nil))
	require.Error(t, c.Call(t.Context(), "nothing", nil, nil))

	got := srv.Requests()
	for i := range got {
		assert.Positive(t, got[i].Duration)
		assert.Equal(t, "gudang/1", strings.Fields(got[i].Header.Get("User-Agent"))[0])
		got[i].Duration, got[i].Header = 0, nil
		if len(got[i].Answer) > 300 {
			got[i].Answer, got[i].Sent = "long", 0
		}
	}
	const notFound = "{\n    \"message\": \"No query results for model [App\\\\Models\\\\Order] 999\"\n}"
	const outlet = `{"status":"success","message":"Kode outlet berhasil diperbarui","data":{"id":88,"kode_outlet":"OUT-001","nama_outlet":"Warung Senja","alamat":"Jl. Pemuda No. 151, Malang","created_at":"2026-01-01T01:01:28.000000Z","updated_at":"2026-03-01T05:00:00.000000Z"}}`
	const login = `{"status":"success","message":"Submit Login berhasil","data":{"id":1,"name":"Sandbox","email":"sandbox@pmpsmart.test","created_at":"2026-03-01T05:00:00.000000Z","updated_at":"2026-03-01T05:00:00.000000Z","api_token":"[redacted]"}}`
	assert.Equal(t, []pmpsmarttest.Request{
		{Op: "Login", Method: "POST", Path: "/api/v1/auth/login", Body: `{"email":"sandbox@pmpsmart.test","password":"[redacted]"}`, Status: 200, Answer: login, Sent: int64(len(login) + 60 - len("[redacted]"))},
		{Op: "UpdateOutletCode", Method: "POST", Path: "/api/v1/master/outlet/update", Body: `{"id_outlet":"88","kode_outlet":"OUT-001"}`, Status: 200, Answer: outlet, Sent: int64(len(outlet))},
		{Op: "GetOrder", Method: "POST", Path: "/api/v1/order/detail", Body: `{"order_id":999}`, Status: 404, Answer: notFound, Sent: int64(len(notFound))},
		{Op: "ListVisits", Method: "POST", Path: "/api/v1/visit", Body: `{}`, Status: 200, Answer: "long"},
		{Op: "ListVisits", Method: "POST", Path: "/api/v1/visit", Query: "page=2", Body: `{}`, Status: 200, Answer: "long"},
		{Op: "GetOrder", Method: "POST", Path: "/api/v1/order/detail", Body: `{"order_id":1}`, Status: 200, Answer: "long"},
		{Method: "POST", Path: "/api/v1/nothing", Status: 404, Answer: "{\n    \"message\": \"\"\n}", Sent: 21},
	}, got)
}

// No secret is in the log, whatever form it has.
func TestRequestsKeepNoSecrets(t *testing.T) {
	t.Parallel()
	for _, style := range pmpsmarttest.Styles() {
		if !strings.HasPrefix(string(style), "login=") && strings.Contains(string(style), "=") {
			continue
		}
		var tokens []string
		var observed []pmpsmarttest.Request
		srv := newServer(t, pmpsmarttest.WithStyle(style), pmpsmarttest.WithObserver(func(r pmpsmarttest.Request) { observed = append(observed, r) }))
		for _, fault := range []int{0, 100, 200, 250} { // an answer that is cut in the middle of a token has a part of it
			if fault > 0 {
				srv.Fail(pmpsmarttest.Fault{Op: "Login", Kind: pmpsmarttest.FaultCut, Bytes: fault})
			}
			for _, body := range []string{
				`{"email":"sandbox@pmpsmart.test","password":"bukan-rahasia"}`,
				`{"password": "bukan\u002drahasia", "email":"sandbox@pmpsmart.test"`,
			} {
				answer, _ := post(t, srv.URL+"/auth/login", "", body)
				token := token60.FindString(answer)
				if tokens = append(tokens, token); token != "" {
					_, err := post(t, srv.URL+"/visit", token, "")
					require.NoError(t, err)
				}
			}
		}
		requests := srv.Requests()
		assert.Equal(t, requests, observed)
		for _, r := range requests {
			assert.NotContains(t, r.Header, "Authorization")
			assert.NotContains(t, r.Body, "rahasia", style)
			assert.NotRegexp(t, `[A-Za-z0-9]{12}[A-Za-z0-9]*[0-9][A-Za-z0-9]*[A-Z]`, r.Answer[:min(len(r.Answer), 250)], style)
			for _, token := range tokens {
				if token != "" {
					assert.NotContains(t, r.Answer, token[:10], style)
				}
			}
		}
	}
}

// Nor is one that stands in a query, or in the body of a request that was not
// let in: a login takes its input from both.
func TestRequestsKeepNoSecretsOfQueries(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	const password = "email=" + pmpsmarttest.Email + "&password=bukan-rahasia"
	const multipart = "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nbukan-rahasia\r\n--b--\r\n"
	for _, tt := range []struct{ path, kind, body, query, logged string }{
		{"auth/login", "application/json", "{}", password, "email=" + pmpsmarttest.Email + "&password=[redacted]"},
		{"auth/login", "application/json", "{}", "x=bukan%2Drahasia&p%61ssword=bukan-r%61hasia&page=2", "x=[redacted]&p%61ssword=[redacted]&page=2"},
		{"auth/login", "multipart/form-data; boundary=b", multipart, "", ""},
		{"visit", "application/json", "{}", "api_t%6Fken=bukan-rahasia&name=a+b%20&cursor=eyJ9&token", "api_t%6Fken=[redacted]&name=a+b%20&cursor=eyJ9&token"},
		{"nothing", "application/json", "", "password=bukan-rahasia", "password=[redacted]"},
	} {
		for _, down := range []bool{false, true} {
			if srv.Up(); down {
				srv.Down(0)
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/"+tt.path+"?"+tt.query, strings.NewReader(tt.body))
			require.NoError(t, err)
			req.Header.Set("Content-Type", tt.kind)
			resp, err := http.DefaultTransport.RoundTrip(req)
			require.NoError(t, err)
			resp.Body.Close()
			requests := srv.Requests()
			last := requests[len(requests)-1]
			assert.Equal(t, tt.logged, last.Query)
			assert.NotContains(t, last.Body, "rahasia")
		}
	}
}

func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithEmpty())
	c := srv.Client()
	for range 270 {
		_, err := c.InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "K", Data: strings.Repeat("x", 100<<10), Status: "completed"})
		require.NoError(t, err)
	}
	kept := 0
	for _, r := range srv.Requests() {
		kept += len(r.Body) + len(r.Answer)
		assert.LessOrEqual(t, len(r.Body), 64<<10)
		assert.LessOrEqual(t, len(r.Answer), 4<<10)
	}
	assert.LessOrEqual(t, kept, 16<<20)
	assert.Greater(t, kept, 15<<20)

	many := newServer(t, pmpsmarttest.WithEmpty())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 2510 {
				srv := &recorderlessWriter{header: http.Header{}}
				many.ServeHTTP(srv, newRequest(t))
			}
		})
	}
	wg.Wait()
	assert.Len(t, many.Requests(), 10_000)
}

// recorderlessWriter is an http.ResponseWriter that forgets all.
type recorderlessWriter struct{ header http.Header }

func (w *recorderlessWriter) Header() http.Header         { return w.header }
func (w *recorderlessWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *recorderlessWriter) WriteHeader(int)             {}

func newRequest(t *testing.T) *http.Request {
	req, err := http.NewRequest(http.MethodPost, "/api/v1/visit", strings.NewReader("{}"))
	require.NoError(t, err)
	return req
}
