package sandbox_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/laravel"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// What a client does with each endpoint.
var everyday = []string{
	login(email, "salah"),
	`auth/login {}`,
	login(email, password),
	`master/outlet`,
	`master/outlet/update {"id_outlet":"88","kode_outlet":"OUT/Ünï \"001\""}`,
	`master/outlet/update {"id_outlet":"999","kode_outlet":"OUT-001"}`,
	`order`,
	`order {"status":"complete"}`,
	`order {"status":"nothing"}`,
	`order {"date_order":"2026-02-02","status":"pending","user_id":1,"outlet_id":1}`,
	`order/detail {"order_id":40}`,
	`order/detail {"order_id":999}`,
	`order/update {"order_id":40,"status":"complete"}`,
	`order/update {"order_id":40,"status":"pending"}`,
	`order/update {"order_id":998,"status":"pending"}`,
	`user/sales {"name":"Ferryanto"}`,
	`visit {"name":"Ferryanto"}`,
	`json/order {"kode_order":"PMP-3903001","json_data":"{\"key\": \"value\"}","status":"completed"}`,
	`json/order/update {"kode_order":"PMP-3903001","json_data":"[1,2]","status":"draft"}`,
	`json/order/update {"kode_order":"PMP-3903001","json_data":"[1,2]","status":"draft"}`,
	`json/order/update {"kode_order":"tidak ada","json_data":"[1,2]","status":"draft"}`,
	`json/order/get/filter {"kode_order":"PMP-3903001"}`,
	`json/order/get/filter {"kode_order":"PMP-3903009"}`,
	`auth/logout`,
	`order`,
}

func TestLaravelStyles(t *testing.T) {
	t.Parallel()
	tw := newTwin(t, laravel.Options{SingleToken: true})
	styles := laravel.Styles
	if !testserver.Long(t) {
		styles = []string{"plain", "resources", "keyed", "loose"}
	}
	for _, style := range styles {
		t.Run(style, func(t *testing.T) {
			for _, request := range everyday {
				tw.both(t, step{request, []string{"X-Style", style}})
			}
		})
	}
}

func TestLaravelPages(t *testing.T) {
	t.Parallel()
	tw := newTwin(t, laravel.Options{})
	tw.both(t, step{login(email, password), nil})
	long, n := testserver.Long(t), 0
	for _, style := range []string{"paginated", "simple", "cursor", "resources", "toplevel", "jsonapi", "indonesian"} {
		for _, page := range []string{
			"page=1", "page=2", "page=7", "page=8", "page=10", "page=13", "page=14", "page=19", "page=20", "page=21", "page=0",
			"page=-1", "page=abc", "page=1.5", "page=", "cursor=", "cursor=abc",
			"cursor=eyJpZCI6MTAsIl9wb2ludHNUb05leHRJdGVtcyI6dHJ1ZX0", "cursor=eyJpZCI6MTAsIl9wb2ludHNUb05leHRJdGVtcyI6ZmFsc2V9",
			"cursor=eyJpZCI6MiwiX3BvaW50c1RvTmV4dEl0ZW1zIjpmYWxzZX0", "cursor=eyJpZCI6MzgsIl9wb2ludHNUb05leHRJdGVtcyI6dHJ1ZX0",
		} {
			for _, body := range []string{`{}`, `{"status":"complete"}`, `{"user_id":3}`, `{"page":3}`} {
				if n++; !long && n%7 != 0 {
					continue
				}
				tw.both(t, step{"order?" + page + " " + body, []string{"X-Style", style}})
			}
		}
	}
	for _, perPage := range []string{"visit", "user/sales", "master/outlet"} {
		tw.both(t, step{perPage + "?page=3", []string{"X-Style", "paginated"}})
	}
}

// What the framework does with requests that no client of ours sends.
func TestLaravelOddRequests(t *testing.T) {
	t.Parallel()
	tw := newTwin(t, laravel.Options{Unique: true, SingleToken: true}, uniqueCodes)
	long := testserver.Long(t)
	for _, style := range []string{"plain", "loose", "debug"} {
		t.Run(style, func(t *testing.T) {
			tw.both(t, step{login(email, password), []string{"X-Style", style}})
			for i, request := range oddRequests {
				if every := map[bool]int{true: 2, false: 6}[style == "plain"]; !long && i%every != 0 {
					continue
				}
				tw.both(t, step{request, []string{"X-Style", style}})
			}
		})
	}
	t.Run("not JSON", func(t *testing.T) {
		n := 0
		for _, accept := range []string{"text/html", "*/*", "", "text/html, application/json", "text/html;q=0.5, application/json", "application/vnd.api+json", "application/problem+json;q=0.9, text/html;q=0.9"} {
			for _, request := range []string{"order", "nothing", "GET order", `auth/login {}`, `order/detail {"order_id":999}`, `order/detail {"order_id":"x"}`, login(email, "salah")} {
				if n++; !long && n%3 != 0 {
					continue
				}
				tw.both(t, step{request, []string{"Accept", accept}})
			}
		}
		tw.both(t, step{"nothing", []string{"Accept", "*/*", "X-Requested-With", "XMLHttpRequest"}})
	})
	t.Run("forms", func(t *testing.T) {
		const form = "application/x-www-form-urlencoded"
		tw.both(t, step{"order/detail order_id=40", []string{"Content-Type", form}})
		tw.both(t, step{"order/detail?order_id=40", []string{"Content-Type", form}})
		tw.both(t, step{"order/detail?order_id=40", nil})
		tw.both(t, step{`order/detail?order_id=40 {"order_id":39}`, nil})
		tw.both(t, step{`order/detail {"order_id":39}`, []string{"Content-Type", "text/plain"}})
		tw.both(t, step{`order/detail {"order_id":39}`, []string{"Content-Type", "application/vnd.api+json"}})
		tw.both(t, step{"order/detail --b\r\nContent-Disposition: form-data; name=\"order_id\"\r\n\r\n40\r\n--b--\r\n", []string{"Content-Type", "multipart/form-data; boundary=b"}})
	})
	t.Run("tokens", func(t *testing.T) {
		for _, authorization := range []string{"", "Bearer", "Bearer ", "bearer " + tw.sandbox.token, "Bearer x", "Basic eDp5"} {
			tw.both(t, step{"order/detail", []string{"Authorization", authorization}})
		}
	})
	t.Run("viewer", func(t *testing.T) {
		tw.both(t, step{login(viewerEmail, password), nil})
		for _, style := range []string{"plain", "loose"} {
			for _, request := range []string{`order/update {"order_id":40,"status":"open"}`, `order/update {}`, `order/detail {"order_id":40}`, `json/order {}`, `master/outlet/update {}`, `json/order/update {}`} {
				tw.both(t, step{request, []string{"X-Style", style}})
			}
		}
	})
}

var oddRequests = []string{
	"nothing", "order/", "order/nothing", "GET order", "PUT order", "DELETE auth/login", "OPTIONS order",
	`order/detail`, `order/detail {`, `order/detail []`, `order/detail 7`, `order/detail "7"`, `order/detail {"order_id":40}{}`,
	`order/detail {"order_id":"40"}`, `order/detail {"order_id":" 40 "}`, `order/detail {"order_id":40.0}`, `order/detail {"order_id":40.5}`,
	`order/detail {"order_id":"40.0"}`, `order/detail {"order_id":"+40"}`, `order/detail {"order_id":"040"}`, `order/detail {"order_id":4e1}`,
	`order/detail {"order_id":-1}`, `order/detail {"order_id":0}`, `order/detail {"order_id":true}`, `order/detail {"order_id":false}`, `order/detail {"order_id":null}`,
	`order/detail {"order_id":[40]}`, `order/detail {"order_id":{}}`, `order/detail {"order_id":9223372036854775808}`, `order/detail {"order_id":""}`, `order/detail {"order_id":"0x28"}`,
	`order/update {"order_id":40}`, `order/update {"status":"open"}`, `order/update {"order_id":"x","status":"opened"}`, `order/update {"order_id":40,"status":["open"]}`,
	`order/update {"order_id":40,"status":" open "}`, `order/update {"order_id":40,"status":"Open"}`, `order/update {"order_id":40,"status":true}`, `order/update {"order_id":40,"status":"open,pending,complete,cancel"}`,
	`order {"user_id":"x","outlet_id":[],"status":5,"date_order":"kemarin"}`, `order {"user_id":"3"}`, `order {"user_id":3.0}`, `order {"user_id":0}`, `order {"status":""}`, `order {"status":"  "}`, `order {"status":"OPEN"}`,
	`order {"date_order":"2026-02-02"}`, `order {"date_order":"2026-02-30"}`, `order {"date_order":"02-02-2026"}`, `order {"date_order":"2026/02/02"}`, `order {"date_order":"2026-02-02 00:00:00"}`, `order {"date_order":20260202}`, `order {"date_order":["2026-02-02"]}`,
	`master/outlet/update {}`, `master/outlet/update {"id_outlet":"88","kode_outlet":" OUT-9 "}`, `master/outlet/update {"id_outlet":"88","kode_outlet":"OUT-9"}`, `master/outlet/update {"id_outlet":88,"kode_outlet":9}`,
	`master/outlet/update {"id_outlet":88,"kode_outlet":"` + strings.Repeat("é", 100) + `"}`, `master/outlet/update {"id_outlet":88,"kode_outlet":"` + strings.Repeat("é", 101) + `"}`,
	`master/outlet/update {"id_outlet":"x","kode_outlet":["a"]}`, `master/outlet/update {"id_outlet":88,"kode_outlet":"OUT-088"}`,
	`json/order {"kode_order":"A%_é","json_data":"{\"Kota\":\"Cirebon\"}","status":"completed"}`, `json/order {"kode_order":"A%_é","json_data":"x","status":"completed"}`, `json/order {"kode_order":"A%_é","json_data":{},"status":1}`,
	`json/order {"kode_order":"  ","json_data":[],"status":""}`, `json/order {"kode_order":"` + strings.Repeat("k", 101) + `","json_data":"","status":"s"}`, `json/order {"kode_order":"B","json_data":{"a":1},"status":"s"}`,
	`json/order {"kode_order":" b\t","json_data":" [1] ","status":" s "}`, `json/order {"kode_order":"😀\u0007/","json_data":"\"\\u00e9\u007f\"","status":"ñ"}`,
	`json/order/get/filter {"search":"cirebon"}`, `json/order/get/filter {"search":"a%"}`, `json/order/get/filter {"search":"_%_"}`, `json/order/get/filter {"search":"É"}`, `json/order/get/filter {"search":"é"}`, `json/order/get/filter {"search":"[1"}`,
	`json/order/get/filter {"search":5,"kode_order":[],"status":{},"status_order":1.5}`, `json/order/get/filter {"status":"s"}`, `json/order/get/filter {"status_order":"baru"}`, `json/order/get/filter {"kode_order":"b"}`,
	`json/order/get/filter {"start_date":"2026-05-01","end_date":"2026-05-31"}`, `json/order/get/filter {"start_date":"2026-05-02","end_date":"2026-05-01"}`, `json/order/get/filter {"start_date":"bukan tanggal","end_date":"bukan"}`,
	`json/order/get/filter {"start_date":"bukan tanggal","end_date":"2026-05-01"}`, `json/order/get/filter {"start_date":"2026-05-01","end_date":"bukan"}`, `json/order/get/filter {"end_date":"2026-05-01"}`, `json/order/get/filter {"end_date":[]}`, `json/order/get/filter {"end_date":5}`,
	`json/order/get/filter {"start_date":"2026-05-01T10:00:00Z","end_date":"2026-05-01"}`, `json/order/get/filter {"start_date":"2020-01-01"}`, `json/order/get/filter {"end_date":"2020-01-01"}`,
	`user/sales {"name":"a"}`, `user/sales {"name":"%"}`, `user/sales {"name":"FERRY"}`, `user/sales {"name":5}`, `user/sales {"name":["a"]}`, `user/sales {"name":null}`, `visit {"name":"siti"}`, `visit {"name":"_iti%"}`,
	`auth/login {"email":"x","password":"y"}`, `auth/login {"email":"a@b","password":1}`, `auth/login {"email":["a@b"],"password":{}}`, `auth/login {"email":"a@b@c"}`, `auth/login {"email":"a b@c.d"}`, `auth/login {"email":"a..b@c.d"}`, `auth/login {"email":".a@c.d"}`,
	`auth/login {"email":"a@c..d"}`, `auth/login {"email":"a@-c.d"}`, `auth/login {"email":"a@c.d."}`, `auth/login {"email":"ä@c.d"}`, `auth/login {"email":"a@cä.d"}`, `auth/login {"email":"@c.d"}`, `auth/login {"email":"a@"}`, `auth/login {"email":"a@[1.2.3.4]"}`, `auth/login {"email":"a@c_d"}`,
	`auth/login {"email":"SANDBOX@pmpsmart.test","password":"bukan-rahasia"}`,
}

func TestLaravelRateLimit(t *testing.T) {
	t.Parallel()
	tw := newTwin(t, laravel.Options{Throttle: 3}, func(c *sandbox.Config) { c.PerMinute, c.ManyTokens = 3, true })
	for range 3 {
		tw.both(t, step{login(email, password), nil})
	}
	for _, request := range []string{`auth/login {}`, "order", `order {"user_id":"x"}`, "nothing", "GET order", "order", "order", "visit"} {
		tw.both(t, step{request, []string{"X-Style", "plain"}})
	}
	tw.both(t, step{"order", []string{"Authorization", "Bearer x"}})
	tw.both(t, step{"order", []string{"X-Style", "loose"}})
	tw.both(t, step{"order", []string{"X-Style", "debug"}})
	tw.both(t, step{"order", []string{"Accept", "text/html"}})
}

func TestLaravelManyTokens(t *testing.T) {
	t.Parallel()
	tw := newTwin(t, laravel.Options{}, func(c *sandbox.Config) { c.ManyTokens = true })
	tw.both(t, step{login(email, password), nil})
	first := *tw
	tw.both(t, step{login(email, password), nil})
	first.both(t, step{"visit", nil})
	tw.both(t, step{"auth/logout", nil})
	tw.both(t, step{"visit", nil})
	first.both(t, step{"visit", nil})
}

func TestLaravelLimits(t *testing.T) {
	t.Parallel()
	tw := newTwin(t, laravel.Options{})
	for _, accept := range []string{"application/json", "text/html"} {
		for _, request := range []string{"auth/login " + large, "nothing " + large} {
			tw.both(t, step{request, []string{"Accept", accept}})
		}
	}
	require.NoError(t, tw.server.Down(90*time.Second))
	tw.srv.Down(90 * time.Second)
	for _, accept := range []string{"application/json", "text/html"} {
		for _, request := range []string{"order", "nothing", "GET order", `auth/login {}`} {
			for _, style := range []string{"plain", "loose", "debug"} {
				tw.both(t, step{request, []string{"Accept", accept, "X-Style", style}})
			}
		}
	}
	require.NoError(t, tw.server.Up())
	tw.srv.Up()
	tw.both(t, step{`auth/login {}`, nil})
}

// Requests at random, of values that a field may have and of others.
func TestLaravelAtRandom(t *testing.T) {
	t.Parallel()
	tw := newTwin(t, laravel.Options{Unique: true, SingleToken: true}, uniqueCodes)
	tw.both(t, step{login(email, password), nil})
	dice := rand.New(rand.NewPCG(1, 2))
	one := func(of []string) string { return of[dice.IntN(len(of))] }
	for range map[bool]int{true: 250, false: 60}[testserver.Long(t)] {
		path := one(slices.Sorted(maps.Keys(fieldsOf)))
		var members []string
		for _, field := range fieldsOf[path] {
			switch draw := dice.IntN(4); {
			case draw == 0:
			case draw == 1 && !strings.HasSuffix(field, "_date"):
				members = append(members, fmt.Sprintf("%q:%s", field, one(anyValue)))
			default:
				members = append(members, fmt.Sprintf("%q:%s", field, one(likely[field])))
			}
		}
		tw.both(t, step{path + " {" + strings.Join(members, ",") + "}", []string{"X-Style", one(laravel.Styles)}})
	}
}

var fieldsOf = map[string][]string{
	"json/order":            {"kode_order", "json_data", "status"},
	"json/order/update":     {"kode_order", "json_data", "status"},
	"json/order/get/filter": {"search", "kode_order", "status", "status_order", "start_date", "end_date"},
	"master/outlet/update":  {"id_outlet", "kode_outlet"},
	"order":                 {"status", "date_order", "user_id", "outlet_id"},
	"order/update":          {"order_id", "status"},
	"order/detail":          {"order_id"},
	"user/sales":            {"name"},
	"visit":                 {"name"},
}

var (
	id     = []string{`1`, `2`, `"3"`, `40`, `41`, `88`}
	code   = []string{`"PMP-1"`, `"PMP-2"`, `"PMP-3"`, `" PMP-4"`, `"pmp-1"`}
	date   = []string{`"2026-01-15"`, `"2026-02-02"`, `"2030-12-31"`, `null`, `""`, `"bukan tanggal"`}
	likely = map[string][]string{
		"kode_order": code, "kode_outlet": code, "json_data": {`"{}"`, `"[1,2]"`, `"{\"kota\":\"Solo\"}"`}, "search": {`"pmp"`, `"kota"`, `"1,%"`, `"_"`},
		"status": {`"open"`, `"pending"`, `"completed"`, `"cancel"`}, "status_order": {`"baru"`, `null`}, "start_date": date, "end_date": date, "date_order": date,
		"id_outlet": id, "user_id": id, "outlet_id": id, "order_id": id, "name": {`"siti"`, `"ER"`, `"Ferryanto"`},
	}
	anyValue = []string{
		`null`, `""`, `" "`, `"a"`, `0`, `-5`, `1.5`, `2.0`, `1e30`, `true`, `false`, `[]`, `{}`, `[1]`, `{"a":"b"}`, `["x","y"]`, `"é"`, `"😀"`, `"\\"`, `"/"`,
		`"\u0000"`, `"\u00a0"`, `12345678901234567890`, `"+1"`, `"-0"`, `"00"`, `"1 "`, `"1e1"`, `"%"`,
	}
)
