package control_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/control"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const email, password = "sandbox@pmpsmart.test", "bukan-rahasia"

// A server is a sandbox with its control API on a port of its own.
type server struct {
	t        *testing.T
	api      string // its base URL
	control  string
	steering *control.Server
	client   *http.Client
}

func start(t *testing.T, changes ...func(*control.Config, *sandbox.Config)) *server {
	t.Helper()
	c := sandbox.Default()
	c.Email, c.Password, c.EndToday = email, password, true
	var cc control.Config
	for _, change := range changes {
		change(&cc, &c)
	}
	box, err := sandbox.New(c)
	require.NoError(t, err)
	cc.Sandbox, cc.Start = box, c
	steering := control.New(cc)
	listener, err := sandbox.Listen("127.0.0.1:0", steering)
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		box.Stop()
		assert.NoError(t, steering.Close())
		assert.NoError(t, listener.Close())
		assert.NoError(t, box.Close())
	})
	base := strings.TrimSuffix(listener.URL, sandbox.Prefix)
	return &server{t, listener.URL, base + control.Prefix, steering, client}
}

// An answer is what came.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// send sends a request; headers are name, value, …
func (s *server) send(method, url, body string, headers ...string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	require.NoError(s.t, err)
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	resp, err := s.client.Do(r)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return answer{resp.StatusCode, resp.Header, string(text)}
}

// steer sends a request, "POST /reset", to the control API and requires the status.
func (s *server) steer(status int, request, body string) string {
	s.t.Helper()
	method, path, _ := strings.Cut(request, " ")
	a := s.send(method, s.control+path, body)
	require.Equal(s.t, status, a.Status, "%s %s: %s", request, body, a.Body)
	if status == http.StatusNoContent {
		require.Empty(s.t, a.Body)
	} else {
		require.Equal(s.t, "application/json", a.Header.Get("Content-Type"))
	}
	return a.Body
}

// login returns a token of the sandbox.
func (s *server) login() string {
	s.t.Helper()
	return s.loginAs(email, password)
}

func (s *server) loginAs(email, password string) string {
	s.t.Helper()
	a := s.call("", "/auth/login", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))
	var in struct {
		Data struct {
			Token string `json:"api_token"`
		}
	}
	require.NoError(s.t, json.Unmarshal([]byte(a.Body), &in), a.Body)
	return in.Data.Token
}

// call calls the API.
func (s *server) call(token, path, body string) answer {
	s.t.Helper()
	return s.send(http.MethodPost, s.api+path, body, "Authorization", "Bearer "+token, "Accept", "application/json", "Content-Type", "application/json")
}

// records decodes an answer's records.
func records(t *testing.T, text string) []map[string]any {
	t.Helper()
	var in struct{ Records []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(text), &in), text)
	require.NotNil(t, in.Records)
	return in.Records
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := start(t)
	assert.Equal(t, `{"status":"ok"}`+"\n", s.steer(200, "GET /health", ""))
	assert.Equal(t, `{"status":"ok"}`+"\n", s.steer(200, "GET /health/", ""))
	assert.Empty(t, s.send(http.MethodHead, s.control+"/health", "").Body)
	assert.Contains(t, s.steer(404, "GET /openapi.yaml", ""), "no description")
	assert.Contains(t, s.steer(404, "GET /", ""), "no page")
	assert.Contains(t, s.steer(404, "GET ", ""), "no page")

	say := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) })
	}
	s = start(t, func(c *control.Config, _ *sandbox.Config) { c.Page, c.OpenAPI = say("halaman"), say("openapi: 3.1.0") })
	assert.Equal(t, "halaman", s.send(http.MethodGet, s.control+"/", "").Body)
	assert.Equal(t, "openapi: 3.1.0", s.send(http.MethodGet, s.control+"/openapi.yaml", "").Body)
}

func TestReset(t *testing.T) {
	t.Parallel()
	s := start(t, func(_ *control.Config, c *sandbox.Config) { c.Data = seed.New(3) })
	token := s.login()
	s.steer(201, "POST /orders", `[{"kode_order":"K"}]`)
	s.steer(204, "POST /accounts", `{"email":"b@toko.test","password":"rahasia"}`)
	s.steer(204, "POST /faults", `[{"kind":"reset"}]`)
	s.steer(204, "POST /style", `{"style":"bare"}`)
	s.steer(204, "POST /clock", `{"now":"2031-01-02T03:04:05+07:00"}`)
	s.steer(204, "POST /down", "")
	s.steer(204, "POST /reset", "")
	assert.Equal(t, 401, s.call(token, "/order", "").Status, "tokens")
	assert.Equal(t, 401, s.call("", "/auth/login", `{"email":"b@toko.test","password":"rahasia"}`).Status, "accounts")
	token = s.login()
	assert.Len(t, records(t, s.steer(200, "GET /orders", "")), 3)
	assert.Equal(t, `{"unmet":[]}`+"\n", s.steer(200, "GET /faults", ""))
	assert.Equal(t, `{"logins":1}`+"\n", s.steer(200, "GET /logins", ""))
	assert.Contains(t, s.call(token, "/order/detail", `{"order_id":1}`).Body, `{"status":"success"`)
	created := records(t, s.steer(201, "POST /visits", `[{"name":"Budi"}]`))[0]["created_at"]
	at, err := time.Parse(time.RFC3339, created.(string))
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), at, time.Minute)

	s.steer(204, "POST /reset", `{"seed":5,"style":"loose"}`)
	assert.Len(t, records(t, s.steer(200, "GET /orders", "")), 5)
	assert.Contains(t, s.call("", "/order", "").Body, `"status":401`)
	s.steer(204, "POST /reset", `{}`)
	assert.Len(t, records(t, s.steer(200, "GET /orders", "")), 3, "the start is what it was")
}

// What waits when a reset comes is let go, and changes nothing.
func TestResetEndsWaiting(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := s.login()
	s.steer(204, "POST /faults", `[{"op":"InsertJSONOrder","kind":"lost answer","wait_ms":3600000}]`)
	done := make(chan error, 1)
	go func() {
		r, _ := http.NewRequest(http.MethodPost, s.api+"/json/order", strings.NewReader(`{"kode_order":"K","json_data":"{}","status":"completed"}`))
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := s.client.Do(r)
		if err == nil {
			resp.Body.Close()
		}
		done <- err
	}()
	require.Eventually(t, func() bool { return s.steer(200, "GET /faults", "") == `{"unmet":[]}`+"\n" }, 30*time.Second, time.Millisecond)
	s.steer(204, "POST /reset", "")
	assert.Error(t, <-done)
	assert.Empty(t, records(t, s.steer(200, "GET /json-orders", "")))
	assert.Equal(t, `{"requests":[]}`+"\n", s.steer(200, "GET /requests", ""))
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := s.login()
	s.call(token, "/order/detail?page=2&token=rahasia-query", `{"order_id":198}`)
	s.call("tak-ada-token", "/visit", `{"api_token":"rahasia-badan","password":"abc"}`)
	s.send(http.MethodPost, s.api+"/visit", "")
	s.call("", "/masuk", `{"password":"rahasia-lain"}`)
	var in struct{ Requests []map[string]any }
	text := s.steer(200, "GET /requests", "")
	require.NoError(t, json.Unmarshal([]byte(text), &in))
	require.Len(t, in.Requests, 5)
	for _, secret := range []string{password, token, "rahasia-query", "rahasia-badan", "rahasia-lain", `\"abc\"`, "tak-ada-token"} {
		assert.NotContains(t, text, secret)
	}
	detail := in.Requests[1]
	assert.Positive(t, detail["duration_ms"])
	delete(detail, "duration_ms")
	assert.Contains(t, detail["answer"], `"kode_order":"PMP-0000198"`)
	delete(detail, "answer")
	assert.Equal(t, map[string]any{
		"op": "GetOrder", "method": "POST", "path": "/api/v1/order/detail", "query": "page=2&token=[redacted]",
		"status": 200.0, "body": `{"order_id":198}`, "fault": "",
	}, detail)
	assert.Equal(t, `no "Accept: application/json": Laravel redirects to a route "login" that isn't there`, in.Requests[3]["note"])
	assert.Equal(t, 500.0, in.Requests[3]["status"])

	require.NoError(t, json.Unmarshal([]byte(s.steer(200, "GET /requests?op=GetOrder", "")), &in))
	assert.Len(t, in.Requests, 1)
	s.steer(204, "DELETE /requests?op=GetOrder", "")
	assert.Equal(t, `{"requests":[]}`+"\n", s.steer(200, "GET /requests?op=GetOrder", ""))
	require.NoError(t, json.Unmarshal([]byte(s.steer(200, "GET /requests", "")), &in))
	assert.Len(t, in.Requests, 4, "those of other ops are still there")
	s.steer(204, "DELETE /requests", "")
	assert.Equal(t, `{"requests":[]}`+"\n", s.steer(200, "GET /requests", ""))
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := s.login()
	const later = `{"op":"ListOrders","page":2,"nth":3,"kind":"lost answer","wait_ms":1.5}`
	s.steer(204, "POST /faults", `[{"op":"GetOrder","kind":"answer","status":429,"header":{"Retry-After":["7"]},"body":"nanti"},`+later+`]`)
	a := s.call(token, "/order/detail", `{"order_id":1}`)
	assert.Equal(t, []any{429, "7", "nanti"}, []any{a.Status, a.Header.Get("Retry-After"), a.Body})
	assert.Equal(t, `{"unmet":[`+later+`]}`+"\n", s.steer(200, "GET /faults", ""))
	s.steer(204, "DELETE /faults", "")
	assert.Equal(t, `{"unmet":[]}`+"\n", s.steer(200, "GET /faults", ""))
	s.steer(204, "POST /faults", `[{"op":"GetOrder","kind":"lost_answer"}]`)
	assert.Equal(t, `{"unmet":[{"op":"GetOrder","kind":"lost answer"}]}`+"\n", s.steer(200, "GET /faults", ""))
	s.steer(204, "DELETE /faults", "")
	s.steer(204, "POST /faults", `[]`)
	s.steer(400, "POST /faults", `[{"kind":"reset"},{"kind":"api"}]`)
	assert.Equal(t, `{"unmet":[]}`+"\n", s.steer(200, "GET /faults", ""), "all or none")
}

func TestTokensAndAccounts(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := s.login()
	assert.Equal(t, 200, s.call(token, "/visit", "").Status)
	s.steer(204, "POST /tokens/expire", "")
	assert.Equal(t, 401, s.call(token, "/visit", "").Status)
	s.login()
	assert.Equal(t, `{"logins":2}`+"\n", s.steer(200, "GET /logins", ""))

	s.steer(204, "POST /accounts", `{"email":"tamu@toko.test","password":"rahasia-tamu","viewer":true}`)
	viewer := s.loginAs("tamu@toko.test", "rahasia-tamu")
	assert.Equal(t, 200, s.call(viewer, "/visit", "").Status)
	assert.Equal(t, 403, s.call(viewer, "/order/update", `{"order_id":1,"status":"open"}`).Status)
	s.steer(204, "POST /accounts", `{"email":"tamu@toko.test","password":"rahasia-baru"}`)
	viewer = s.loginAs("tamu@toko.test", "rahasia-baru")
	assert.Equal(t, 200, s.call(viewer, "/order/update", `{"order_id":1,"status":"open"}`).Status)
}

func TestStyle(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := s.login()
	s.steer(204, "POST /style", `{"style":"numbers=text, times=unix","op":"GetOrder"}`)
	assert.Contains(t, s.call(token, "/order/detail", `{"order_id":1}`).Body, `"id":"1"`)
	assert.Contains(t, s.call(token, "/order", "").Body, `"id":1`)
	s.steer(204, "POST /style", `{"style":"list=paginated","op":""}`)
	assert.Contains(t, s.call(token, "/order/detail", `{"order_id":1}`).Body, `"id":1`, "a style of all is that of each")
	assert.Contains(t, s.call(token, "/order", "").Body, `"current_page":1`)
	s.steer(204, "POST /style", `{"style":"plain"}`)
	assert.NotContains(t, s.call(token, "/order", "").Body, `"current_page"`)
}

// The clock stamps what is written, and the sample data ends on its day.
func TestClock(t *testing.T) {
	t.Parallel()
	s := start(t)
	stamp := func() string {
		return records(t, s.steer(201, "POST /visits", `[{"name":"Budi"}]`))[0]["created_at"].(string)
	}
	today := func(day string) int {
		n := 0
		for _, o := range records(t, s.steer(200, "GET /orders", "")) {
			if o["date_order"] == day {
				n++
			}
		}
		return n
	}
	s.steer(204, "POST /clock", `{"now":"2031-01-02T03:04:05+07:00"}`)
	assert.Equal(t, "2031-01-01T20:04:05.000000Z", stamp())
	assert.Positive(t, today("2031-01-02"))
	s.steer(204, "POST /clock", `{"advance_s":60.5}`)
	assert.Equal(t, "2031-01-01T20:05:05.000000Z", stamp())
	s.steer(204, "POST /clock", `{"advance_s":86400}`)
	assert.Positive(t, today("2031-01-03"))
	s.steer(204, "POST /clock", `{}`)
	at, err := time.Parse(time.RFC3339, stamp())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), at, time.Minute)
	assert.Positive(t, today(time.Now().In(time.FixedZone("WIB", 7*3600)).Format(time.DateOnly)))
	s.steer(204, "POST /clock", `{"advance_s":3600}`)
	at, err = time.Parse(time.RFC3339, stamp())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(time.Hour), at, time.Minute, "a clock that goes goes on")
}

func TestDownAndUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := s.login()
	s.steer(204, "POST /down", `{"retry_after_s":9}`)
	a := s.call(token, "/visit", "")
	assert.Equal(t, []any{503, "9"}, []any{a.Status, a.Header.Get("Retry-After")})
	s.steer(204, "POST /down", "")
	assert.Empty(t, s.call(token, "/visit", "").Header.Get("Retry-After"))
	s.steer(204, "POST /up", "")
	assert.Equal(t, 200, s.call(token, "/visit", "").Status)
}
