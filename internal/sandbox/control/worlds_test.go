package control_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/control"
)

// A world is what POST /worlds answers.
type world struct {
	ID         string `json:"id"`
	BaseURL    string `json:"base_url"`
	ControlURL string `json:"control_url"`
	Email      string `json:"email"`
	Password   string `json:"password"`
}

// world makes a world, and a server of its URLs.
func (s *server) world(body string) (world, *server) {
	s.t.Helper()
	var w world
	require.NoError(s.t, json.Unmarshal([]byte(s.steer(201, "POST /worlds", body)), &w))
	return w, &server{s.t, w.BaseURL, w.ControlURL, s.steering, s.client}
}

// Worlds have a state of their own, however many are used at once.
func TestWorldsAreApart(t *testing.T) {
	t.Parallel()
	s := start(t)
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			w, in := s.world(fmt.Sprintf(`{"seed":%d,"style":"list=bare","email":"a%d@toko.test","password":"rahasia"}`, i, i))
			assert.Equal(t, fmt.Sprintf("a%d@toko.test", i), w.Email)
			token := in.loginAs(w.Email, w.Password)
			for range i {
				in.call(token, "/json/order", `{"kode_order":"K","json_data":"{}","status":"completed"}`)
			}
			in.steer(204, "POST /faults", fmt.Sprintf(`[{"op":"GetOrder","kind":"reset","nth":%d}]`, i+1))
			in.steer(204, "POST /clock", fmt.Sprintf(`{"now":"20%d-01-02T00:00:00Z"}`, 30+i))
			assert.Len(t, records(t, in.steer(200, "GET /json-orders", "")), i)
			assert.Len(t, records(t, in.steer(200, "GET /orders", "")), i)
			assert.Equal(t, `{"logins":1}`+"\n", in.steer(200, "GET /logins", ""))
			var requests struct{ Requests []any }
			assert.NoError(t, json.Unmarshal([]byte(in.steer(200, "GET /requests", "")), &requests))
			assert.Len(t, requests.Requests, i+1)
			created := records(t, in.steer(201, "POST /visits", `[{"name":"Budi"}]`))[0]["created_at"]
			assert.Equal(t, fmt.Sprintf("20%d-01-02T00:00:00.000000Z", 30+i), created)
			unmet := fmt.Sprintf(`{"unmet":[{"op":"GetOrder","nth":%d,"kind":"reset"}]}`, i+1)
			assert.JSONEq(t, unmet, s.steer(200, "DELETE /worlds/"+w.ID, ""))
			assert.Equal(t, 404, in.call(token, "/order", "").Status)
			in.steer(404, "GET /health", "")
			s.steer(404, "DELETE /worlds/"+w.ID, "")
		})
	}
	wg.Wait()
	assert.Equal(t, `{"logins":0}`+"\n", s.steer(200, "GET /logins", ""))
	assert.Empty(t, records(t, s.steer(200, "GET /json-orders", "")))
}

// A world begins as the server did, but for what it is asked to be.
func TestAWorldsStart(t *testing.T) {
	t.Parallel()
	s := start(t, func(_ *control.Config, c *sandbox.Config) {
		c.Form, _ = c.Form.With("one=bare")
		c.UniqueCodes = true
	})
	w, in := s.world("")
	assert.Equal(t, []string{email, password}, []string{w.Email, w.Password})
	assert.Equal(t, strings.TrimSuffix(s.api, "/api/v1")+"/_worlds/"+w.ID+"/api/v1", w.BaseURL)
	assert.Equal(t, strings.TrimSuffix(s.api, "/api/v1")+"/_worlds/"+w.ID+"/_sandbox", w.ControlURL)
	token := in.login()
	assert.True(t, strings.HasPrefix(in.call(token, "/order/detail", `{"order_id":1}`).Body, `{"id":1`))
	for _, status := range []int{201, 422} {
		got := in.call(token, "/json/order", `{"kode_order":"K","json_data":"{}","status":"completed"}`).Status
		assert.Equal(t, status == 422, got == 422)
	}
	_, in = s.world(`{"empty":true,"style":"paginated","unique":false,"many_tokens":true,"per_page":2,"rate_limit":7,"max_body":200,"delay_ms":1,` +
		`"unique_outlet_codes":true,"now":"2031-01-02T03:04:05+07:00","faults":[{"op":"ListVisits","kind":"answer","status":418}]}`)
	token = in.login()
	in.login()
	in.steer(201, "POST /visits", `[{"name":"A"},{"name":"B"},{"name":"C"}]`)
	assert.Equal(t, 418, in.call(token, "/visit", "").Status)
	a := in.call(token, "/visit", "")
	assert.Contains(t, a.Body, `"per_page":2`)
	assert.Contains(t, a.Body, `"next_page_url":"`+strings.ReplaceAll(in.api, "/", `\/`)+`\/visit?page=2"`, "its links lead into the world")
	assert.Equal(t, "7", a.Header.Get("X-RateLimit-Limit"))
	assert.Equal(t, 413, in.call(token, "/visit", strings.Repeat(" ", 201)).Status)

	_, in = s.world(`{"seed_end":"2030-05-06","style":"plain","style_for":{"ListOrders":"list=bare"},"unique_outlets":true,` +
		`"random_faults":{"status":1},"random_seed":3}`)
	last := ""
	for _, order := range records(t, in.steer(200, "GET /orders", "")) {
		last = max(last, order["date_order"].(string))
	}
	assert.Equal(t, "2030-05-06", last)
	assert.LessOrEqual(t, 500, in.call("", "/order", "").Status, "at random, but always")
	_, in = s.world(`{"style":"plain","style_for":{"ListOrders":"list=bare"},"unique_outlets":true}`)
	token = in.login()
	assert.True(t, strings.HasPrefix(in.call(token, "/order", "").Body, "[{"))
	assert.True(t, strings.HasPrefix(in.call(token, "/visit", "").Body, `{"status"`))
	assert.Equal(t, 422, in.call(token, "/master/outlet/update", `{"id_outlet":"1","kode_outlet":"OUT-002"}`).Status)

	_, sibling := in.world(`{"seed":1}`)
	assert.Len(t, records(t, sibling.steer(200, "GET /orders", "")), 1, "a world's control API makes worlds too")
}

func TestWorldsAreBounded(t *testing.T) {
	t.Parallel()
	s := start(t)
	first, _ := s.world(`{"seed":1}`)
	for range 499 {
		s.world(`{"seed":1}`)
	}
	assert.Contains(t, s.steer(429, "POST /worlds", ""), "there are 500 worlds, which is the most; DELETE those that are done with")
	s.steer(200, "DELETE /worlds/"+first.ID, "")
	s.world("")
}

// A world that nobody uses is dropped, and makes room.
func TestWorldsExpire(t *testing.T) {
	t.Parallel()
	s := start(t)
	old, _ := s.world("")
	for range 499 {
		s.world(`{"seed":1}`)
	}
	s.steering.Age(50 * time.Minute)
	used := &server{s.t, old.BaseURL, old.ControlURL, s.steering, s.client}
	used.steer(200, "GET /health", "")
	s.steer(429, "POST /worlds", "")
	s.steering.Age(50 * time.Minute)
	s.world("")
	used.steer(200, "GET /health", "")
	s.steering.Age(61 * time.Minute)
	used.steer(404, "GET /health", "")
}

// Who may steer: programs, and pages of this server and of this machine.
func TestGuard(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *control.Config, _ *sandbox.Config) { c.AllowHosts = []string{"Sandbox.test", "[fd00::1]:80"} })
	host := strings.TrimPrefix(strings.TrimSuffix(s.api, "/api/v1"), "http://")
	for _, tt := range []struct {
		status  int
		headers []string
	}{
		{200, nil},
		{200, []string{"Host", "localhost:1234"}},
		{200, []string{"Host", "LOCALHOST."}},
		{200, []string{"Host", "toko.localhost:80"}},
		{200, []string{"Host", "[::1]:8089"}},
		{200, []string{"Host", "127.9.9.9"}},
		{200, []string{"Host", "sandbox.test:8089"}},
		{200, []string{"Host", "[fd00::1]"}},
		{200, []string{"Origin", "http://" + host}},
		{200, []string{"Origin", "http://localhost:3000"}},
		{200, []string{"Origin", "https://sandbox.test"}},
		{403, []string{"Host", "evil.test"}},
		{403, []string{"Host", "127.0.0.1.evil.test"}},
		{403, []string{"Host", "localhost.evil.test:8089"}},
		{403, []string{"Host", "10.0.0.7:8089"}},
		{403, []string{"Host", "notsandbox.test"}},
		{403, []string{"Origin", "http://evil.test"}},
		{403, []string{"Origin", "http://localhost.evil.test"}},
		{403, []string{"Origin", "http://evil.test:80@localhost.x"}},
		{403, []string{"Origin", "null"}},
		{403, []string{"Origin", "file://"}},
		{403, []string{"Host", "evil.test", "Origin", "http://" + host}},
	} {
		for _, request := range []struct{ method, path string }{{"GET", "/health"}, {"POST", "/up"}, {"POST", "/nope"}, {"OPTIONS", "/reset"}} {
			a := s.send(request.method, s.control+request.path, "", tt.headers...)
			if tt.status == 403 {
				assert.Equal(t, 403, a.Status, "%s %v", request, tt.headers)
				assert.Regexp(t, `^{"error":"(the host|a page of the origin) \\".*-allow-host.*"}\n$`, a.Body)
				assert.Empty(t, a.Header.Get("Access-Control-Allow-Origin"))
			} else {
				assert.NotEqual(t, 403, a.Status, "%s %v", request, tt.headers)
			}
		}
	}
	w, _ := s.world("")
	assert.Equal(t, 403, s.send("GET", w.ControlURL+"/health", "", "Host", "evil.test").Status)
	assert.Equal(t, 401, s.send("POST", w.BaseURL+"/order", "", "Host", "evil.test", "Accept", "application/json").Status, "the API asks for a token")

	a := s.send("OPTIONS", s.control+"/faults", "", "Origin", "http://localhost:3000", "Access-Control-Request-Method", "POST")
	assert.Equal(t, []any{204, "http://localhost:3000", "DELETE, GET, POST, HEAD", "Content-Type"}, []any{a.Status,
		a.Header.Get("Access-Control-Allow-Origin"), a.Header.Get("Access-Control-Allow-Methods"), a.Header.Get("Access-Control-Allow-Headers")})
	a = s.send("GET", s.control+"/health", "", "Origin", "http://localhost:3000")
	assert.Equal(t, []any{200, "http://localhost:3000", "Origin"}, []any{a.Status, a.Header.Get("Access-Control-Allow-Origin"), a.Header.Get("Vary")})
	assert.Equal(t, 405, s.send(http.MethodOptions, s.control+"/health", "").Status)
}

// Pages of any origin use the API itself, whatever becomes of their request.
func TestCORS(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.steer(204, "POST /down", "")
	s.steer(204, "POST /faults", `[{"kind":"reset"}]`)
	a := s.send("OPTIONS", s.api+"/order", "", "Origin", "https://toko.example", "Access-Control-Request-Method", "POST",
		"Access-Control-Request-Headers", "authorization,content-type")
	assert.Equal(t, []any{204, "*", "POST, OPTIONS", "authorization,content-type", ""}, []any{a.Status, a.Header.Get("Access-Control-Allow-Origin"),
		a.Header.Get("Access-Control-Allow-Methods"), a.Header.Get("Access-Control-Allow-Headers"), a.Body})
	assert.Equal(t, `{"requests":[]}`+"\n", s.steer(200, "GET /requests", ""), "a question is no request")
	s.steer(204, "DELETE /faults", "")
	a = s.send("POST", s.api+"/order", "", "Origin", "https://toko.example", "Accept", "application/json")
	assert.Equal(t, []any{503, "*", "*"}, []any{a.Status, a.Header.Get("Access-Control-Allow-Origin"), a.Header.Get("Access-Control-Expose-Headers")})
	s.steer(204, "POST /up", "")
	a = s.send("POST", s.api+"/order", "", "Origin", "null", "Accept", "application/json")
	assert.Equal(t, []any{401, "*"}, []any{a.Status, a.Header.Get("Access-Control-Allow-Origin")})
	a = s.send("OPTIONS", s.api+"/order", "")
	assert.Equal(t, []any{200, "POST", ""}, []any{a.Status, a.Header.Get("Allow"), a.Header.Get("Access-Control-Allow-Origin")}, "as ever without an origin")
}
