package contract

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/laravel"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A request is one as anybody may send it, not only this client.
type request struct {
	method, path, body string
	header             []string
}

func post(path, body string, header ...string) request { return request{"POST", path, body, header} }

// exchanges are sent to both servers in this order, with the token of the login before them.
var exchanges = []request{
	post("order", ""),
	post("order", `{}`),
	post("order", `{"status":"pending","date_order":"2026-02-02","user_id":1,"outlet_id":1}`),
	post("order", `{"status":"","user_id":null,"outlet_id":"1"}`),
	post("order", `{"status":" pending ","date_order":"2 February 2026"}`),
	post("order", `{"status":"lunas"}`),
	post("order", `{"status":["open"],"date_order":"kemarin lusa","user_id":"x","outlet_id":1.5}`),
	post("order", `{"user_id":true,"outlet_id":{"id":1},"date_order":20260202}`),
	post("order", `[1,2]`),
	post("order", `"text"`),
	post("order", `{"status":`),
	post("order?page=2", `{"status":"complete"}`),
	post("order?page=9999", `{}`),
	post("order?page=0", `{}`),
	post("order?page=-1", `{}`),
	post("order?page=dua", `{}`),
	post("order?status=open", ``),
	post("order", `status=open&user_id=2`, "Content-Type", "application/x-www-form-urlencoded"),
	post("order/detail", `{"order_id":198}`),
	post("order/detail", `{"order_id":"198"}`),
	post("order/detail", `{"order_id":" 198 "}`),
	post("order/detail", `{"order_id":0}`),
	post("order/detail", `{"order_id":-5}`),
	post("order/detail", `{"order_id":99999}`),
	post("order/detail", `{"order_id":1.0}`),
	post("order/detail", `{"order_id":99999999999999999999}`),
	post("order/detail", ``),
	post("order/detail", `{"order_id":null}`),
	post("order/detail", `{"order_id":[]}`),
	post("order/update", `{"order_id":198,"status":"complete"}`),
	post("order/update", `{"order_id":198,"status":"complete"}`),
	post("order/update", `{"order_id":198,"status":"open,pending,complete,cancel"}`),
	post("order/update", `{"order_id":99999,"status":"open"}`),
	post("order/update", `{}`),
	post("order/update", `{"order_id":"abc","status":7}`),
	post("master/outlet", ``),
	post("master/outlet?page=8", ``),
	post("master/outlet/update", `{"id_outlet":"88","kode_outlet":"OUT-001"}`),
	post("master/outlet/update", `{"id_outlet":88,"kode_outlet":" OUT-É "}`),
	post("master/outlet/update", `{"id_outlet":"delapan","kode_outlet":5}`),
	post("master/outlet/update", `{"id_outlet":"999999","kode_outlet":"X"}`),
	post("master/outlet/update", `{"kode_outlet":"`+strings.Repeat("é", 101)+`"}`),
	post("master/outlet/update", `{"id_outlet":"88","kode_outlet":"`+strings.Repeat("é", 100)+`"}`),
	post("user/sales", `{"name":"Ferryanto"}`),
	post("user/sales", `{"name":"FERRY"}`),
	post("user/sales", `{"name":"É"}`),
	post("user/sales", `{"name":"%"}`),
	post("user/sales", `{"name":"_i_i"}`),
	post("user/sales", `{"name":5}`),
	post("user/sales", `{"name":""}`),
	post("visit", `{"name":"an"}`),
	post("visit", `{"name":[]}`),
	post("json/order", `{"kode_order":"PMP-3903001","json_data":"{\"key\": \"value\"}","status":"completed"}`),
	post("json/order", `{"kode_order":"PMP-3903001","json_data":"{}","status":"completed"}`),
	post("json/order", `{"kode_order":"KODE ☕","json_data":"bukan JSON / \u2603","status":"draf"}`),
	post("json/order", `{"kode_order":"  ","json_data":{},"status":1}`),
	post("json/order", `{}`),
	post("json/order", `{"kode_order":"A","json_data":"{}"}`),
	post("json/order", `{"kode_order":390,"json_data":null,"status":true}`),
	post("json/order/update", `{"kode_order":"PMP-3903001","json_data":"[1, 2]","status":"dikirim"}`),
	post("json/order/update", `{"kode_order":"tidak ada","json_data":"{}","status":"completed"}`),
	post("json/order/update", `{"kode_order":"`+strings.Repeat("k", 101)+`","json_data":"","status":""}`),
	post("json/order/get/filter", ``),
	post("json/order/get/filter", `{"search":"PMP-3903001"}`),
	post("json/order/get/filter", `{"search":"KEY"}`),
	post("json/order/get/filter", `{"search":"☕"}`),
	post("json/order/get/filter", `{"kode_order":"veniam","status":"completed","status_order":"soluta"}`),
	post("json/order/get/filter", `{"start_date":"2026-05-01","end_date":"2026-05-31"}`),
	post("json/order/get/filter", `{"start_date":"2026-05-31","end_date":"2026-05-01"}`),
	post("json/order/get/filter", `{"start_date":"besok sekali","end_date":"2026-05-31"}`),
	post("json/order/get/filter", `{"end_date":"31"}`),
	post("json/order/get/filter", `{"start_date":"2026-02-30"}`),
	post("json/order/get/filter", `{"search":[1],"status":{"a":1},"kode_order":7}`),
	post("auth/login", ``),
	post("auth/login", `{"email":"bukan email","password":""}`),
	post("auth/login", `{"email":"api@pmpsmart.test","password":12345}`),
	post("auth/login", `{"email":"api@pmpsmart.test","password":"salah"}`),
	post("auth/login", `{"email":"tidak@ada.test","password":"rahasia"}`),
	post("nothing", ``),
	post("order/", `{"user_id":1}`),
	{"GET", "order", "", nil},
	{"PUT", "order/detail", `{"order_id":1}`, nil},
	{"GET", "nothing", "", nil},
	{"OPTIONS", "order", "", nil},
	post("order", ``, "Authorization", "Bearer unknown"),
	post("order", ``, "Authorization", "Basic YTpi"),
	post("order", ``, "Authorization", ""),
	post("order", ``, "Authorization", "", "Accept", "text/html"),
	post("nothing", ``, "Accept", "text/html"),
	post("order/detail", `{"order_id":99999}`, "Accept", "*/*"),
	post("auth/logout", ``),
	post("auth/logout", ``),
}

// The sandbox answers as Laravel does: the same status, type and bytes, whatever is asked, in every style.
func TestSandboxIsLaravelsTwin(t *testing.T) {
	needLaravel(t)
	file := writeSeed(t)
	for _, style := range laravel.Styles {
		t.Run(style, func(t *testing.T) {
			t.Parallel()
			opts := laravel.Options{Style: style, Seed: file, PerPage: perPage, SingleToken: true, Workers: 2}
			compare(t, startLaravel(t, opts), startSandbox(t, style), exchanges...)
		})
	}
}

func TestTwinsWithUniqueCodes(t *testing.T) {
	needLaravel(t)
	insert := post("json/order", `{"kode_order":"PMP-3903001","json_data":"{}","status":"completed"}`)
	again := post("json/order", `{"kode_order":" PMP-3903001","json_data":"{}","status":""}`)
	real := startLaravel(t, laravel.Options{Seed: writeSeed(t), SingleToken: true, Unique: true})
	compare(t, real, startSandbox(t, "plain", pmpsmarttest.WithUnique()), insert, insert, again)
}

func TestTwinsWithThrottle(t *testing.T) {
	needLaravel(t)
	order := post("order/detail", `{"order_id":1}`)
	real := startLaravel(t, laravel.Options{Seed: writeSeed(t), SingleToken: true, Throttle: 3})
	compare(t, real, startSandbox(t, "plain", pmpsmarttest.WithRateLimit(3)), order, order, order, order, post("nothing", ""))
}

// compare logs in to both servers and sends each request to both.
func compare(t *testing.T, real, twin *place, requests ...request) {
	t.Helper()
	one, other := &speaker{t: t, place: real}, &speaker{t: t, place: twin}
	login := post("auth/login", `{"email":"`+email+`","password":"`+password+`"}`)
	for _, r := range append([]request{login}, requests...) {
		assert.Equal(t, one.send(r), other.send(r), "%s %s %.100s %v", r.method, r.path, r.body, r.header)
	}
}

// A speaker sends raw requests to one server.
type speaker struct {
	t     *testing.T
	place *place
	token string
}

// A reply is an answer with what no two servers have in common taken out.
type reply struct {
	Status int
	Header http.Header // those that say something
	Body   string
}

var telling = []string{"Content-Type", "Allow", "Location", "X-Ratelimit-Limit", "X-Ratelimit-Remaining"}

func (s *speaker) send(r request) reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), r.method, s.place.url+"/"+r.path, strings.NewReader(r.body))
	require.NoError(s.t, err)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.token)
	for i := 0; i < len(r.header); i += 2 {
		req.Header.Set(r.header[i], r.header[i+1])
	}
	hc := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := hc.Do(req)
	require.NoError(s.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(s.t, err)
	if r.path == "auth/login" && answer.StatusCode == 200 {
		if token := tokens.FindString(string(body)); token != "" {
			s.token = token
		}
	}
	header := http.Header{}
	for _, name := range telling {
		if values := answer.Header.Values(name); len(values) > 0 {
			header.Set(name, strings.ToLower(s.common(values[0], 0)))
		}
	}
	return reply{answer.StatusCode, header, s.common(string(body), answer.StatusCode)}
}

var (
	tokens = regexp.MustCompile(`\b[A-Za-z0-9]{60}\b`)
	moment = regexp.MustCompile(`20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?`)
	digits = regexp.MustCompile(`\d`)
	title  = regexp.MustCompile(`(?s)^<!DOCTYPE html>.*(<title>.*</title>).*`)
)

// common takes out of a body the server's address, tokens, the moments that are now, how a page looks and the trace of
// debug mode.
func (s *speaker) common(body string, status int) string {
	host := strings.TrimSuffix(strings.TrimPrefix(s.place.url, "http://"), "/api/v1")
	body = strings.ReplaceAll(body, host, "HOST")
	body = tokens.ReplaceAllString(body, "TOKEN")
	body = title.ReplaceAllString(body, "$1")
	body = moment.ReplaceAllStringFunc(body, func(at string) string {
		if strings.HasPrefix(at, "2026-01") || strings.HasPrefix(at, "2026-02") {
			return at // the sample data's
		}
		return digits.ReplaceAllString(at, "0")
	})
	if s.place.style == "debug" && status >= 400 {
		body, _, _ = strings.Cut(body, `"file":`)
		if strings.HasPrefix(body, "<") {
			body = "a page"
		}
	}
	return body
}
