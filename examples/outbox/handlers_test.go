package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func newSQLiteFixture(t *testing.T) *fixture {
	t.Helper()
	return newFixture(t, testConfig(filepath.Join(t.TempDir(), "outbox.db")))
}

// What the client would refuse later is refused before it is committed, and so is what
// the databases or the paths can't hold.
func TestRefusedInput(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t)))
		for _, test := range []struct {
			body   string
			status int
			field  string
		}{
			{``, 400, "the body"},
			{`{`, 400, "the body"},
			{`[]`, 400, "the body"},
			{`"A"`, 400, "the body"},
			{`{"code":"A","status":"completed","data":{}} {}`, 400, "the body"},
			{`{"code":"A","status":"completed","data":{},"kode":"B"}`, 400, "the body"},
			{`{"code":"A","code":"B","status":"completed","data":{}}`, 400, "the body"},
			{`{"code":"A","status":"completed","data":{"v":1,"v":2}}`, 400, "the body"},
			{`{"Code":"A","status":"completed","data":{}}`, 400, "the body"},
			{`{"code":7,"status":"completed","data":{}}`, 400, "the body"},
			{"{\"code\":\"A\xff\",\"status\":\"completed\",\"data\":{}}", 400, "the body"},
			{"{\"code\":\"A\",\"status\":\"completed\",\"data\":\"\xff\"}", 400, "the body"},
			{strings.Repeat(`{"code":`, 20000), 400, "the body"},
			{`{"status":"completed","data":{}}`, 422, "code"},
			{`{"code":"","status":"completed","data":{}}`, 422, "code"},
			{`{"code":" A","status":"completed","data":{}}`, 422, "code"},
			{`{"code":"A\n","status":"completed","data":{}}`, 422, "code"},
			{`{"code":"A\u0000B","status":"completed","data":{}}`, 422, "code"},
			{`{"code":".","status":"completed","data":{}}`, 422, "code"},
			{`{"code":"..","status":"completed","data":{}}`, 422, "code"},
			{`{"code":"/","status":"completed","data":{}}`, 422, "code"},
			{fmt.Sprintf(`{"code":%q,"status":"completed","data":{}}`, strings.Repeat("a", 256)), 422, "code"},
			{`{"code":"A","data":{}}`, 422, "status"},
			{`{"code":"A","status":" ","data":{}}`, 422, "status"},
			{`{"code":"A","status":"a\u0000b","data":{}}`, 422, "status"},
			{`{"code":"A","status":"completed"}`, 422, "data"},
			{`{"code":"A","status":"completed","data":null}`, 422, "data"},
			{fmt.Sprintf(`{"code":"A","status":"completed","data":%q}`, strings.Repeat("a", maxBody)), 413, ""},
		} {
			got := mustCall(t, test.status, "POST", f.url+"/orders", test.body)
			var p problem
			if err := json.Unmarshal([]byte(got.body), &p); err != nil || got.kind != "application/problem+json" {
				t.Fatalf("%s %s: %v", got.kind, got.body, err)
			}
			if p.Field != test.field || p.Status != test.status || p.Title != http.StatusText(test.status) || p.Type != "about:blank" || !strings.HasPrefix(p.Detail, test.field) {
				t.Errorf("%.80s: %+v", test.body, p)
			}
		}
		if got := mustCall(t, http.StatusOK, "GET", f.url+"/stats", ""); got.body != `{"orders":{"parked":0,"sending":0,"sent":0,"waiting":0}}`+"\n" {
			t.Errorf("there are orders: %s", got.body)
		}
	})
}

// hostile are codes that a path, HTML, a log or SQL might take for something else.
var hostile = []string{
	"<script>alert(1)</script>", `"'); DROP TABLE outbox_orders; --`, "a/../b", "%2e%2e", "a?b#c", "retry", "ä\u202eöü", "a\nb", `\u0000`,
	"{{.}}", "$1", strings.Repeat("ö", 40), "//", "a b+c",
}

func TestHostileCodes(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t))).start()
		for _, code := range hostile {
			text, _ := json.Marshal(code)
			body := fmt.Sprintf(`{"code":%s,"status":%s,"data":{"text":%s}}`, text, text, text)
			got := mustCall(t, http.StatusAccepted, "POST", f.url+"/orders", body)
			if o := f.becomes(sent, f.url+got.location); o.Code != code || o.Status != code {
				t.Errorf("%q became %+v", code, o)
			}
			again := mustCall(t, http.StatusOK, "POST", f.url+"/orders", body)
			if again.location != got.location {
				t.Errorf("%q is at %s and at %s", code, got.location, again.location)
			}
			mustCall(t, http.StatusConflict, "POST", f.url+got.location+"/retry", "")
		}
		there := map[string]bool{}
		for _, o := range f.sandbox.JSONOrders() {
			there[o.Code] = true
		}
		if len(there) != len(hostile) {
			t.Errorf("PMP Smart has %d codes of %d", len(there), len(hostile))
		}
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t)))
		for n := range 7 {
			f.post(fmt.Sprint("A", n), `{"v":1}`)
		}
		f.exec("UPDATE outbox_orders SET state = 'parked' WHERE code IN ('A1', 'A4', 'A5')")
		read := func(path string) (codes, next string) {
			t.Helper()
			got := mustCall(t, http.StatusOK, "GET", f.url+path, "")
			var l list
			if err := json.Unmarshal([]byte(got.body), &l); err != nil || strings.Contains(got.body, `"data"`) {
				t.Fatal(err, got.body)
			}
			for _, o := range l.Orders {
				codes += o.Code
			}
			return codes, l.Next
		}
		codes, next := read("/orders?state=parked&limit=2")
		if codes != "A5A4" || next == "" {
			t.Errorf("%s, %s", codes, next)
		}
		if codes, next = read(next); codes != "A1" || next != "" {
			t.Errorf("%s, %s", codes, next)
		}
		if codes, _ = read("/orders"); codes != "A6A5A4A3A2A1A0" {
			t.Error(codes)
		}
		if codes, _ = read("/orders?state=sent"); codes != "" {
			t.Error(codes)
		}
		for _, query := range []string{"?state=done", "?limit=0", "?limit=1001", "?limit=x", "?before=-1", "?stat=sent", "?state=sent&state=sent", "?state=%zz"} {
			mustCall(t, http.StatusBadRequest, "GET", f.url+"/orders"+query, "")
		}
	})
}

// Each request that makes no sense gets a problem, and nothing is done.
func TestProblems(t *testing.T) {
	t.Parallel()
	f := newSQLiteFixture(t)
	path := f.post("A", `{"v":1}`)
	mustCall(t, http.StatusAccepted, "POST", f.url+"/orders", body("A", `{ "v" : 1 }`))
	for _, test := range []struct {
		status       int
		method, path string
		body         string
	}{
		{409, "POST", f.url + "/orders", body("A", `{"v":2}`)},
		{409, "POST", f.url + "/orders", `{"code":"A","status":"draft","data":{"v":1}}`},
		{409, "PUT", path, `{"status":"completed","data":{"v":2}}`},
		{404, "GET", f.url + "/orders/B", ""},
		{404, "POST", f.url + "/orders/B/retry", ""},
		{404, "GET", f.url + "/nothing", ""},
		{404, "GET", f.url + "/page.go", ""},
		{405, "DELETE", path, ""},
		{405, "PUT", f.url + "/orders", ""},
		{405, "GET", path + "/retry", ""},
	} {
		got := mustCall(t, test.status, test.method, test.path, test.body)
		if got.kind != "application/problem+json" || !strings.Contains(got.body, fmt.Sprintf(`"status":%d`, test.status)) {
			t.Errorf("%s %s: %s %s", test.method, test.path, got.kind, got.body)
		}
	}
	if o := f.row("A"); o.version != 1 || o.data != `{"v":1}` || o.status != "completed" {
		t.Errorf("%+v", o)
	}
}

// Another site's page can't post for whoever reads it.
func TestForeignPages(t *testing.T) {
	t.Parallel()
	f := newSQLiteFixture(t)
	for name, header := range map[string][2]string{
		"a form":         {"Content-Type", "text/plain"},
		"no type":        {"Content-Type", ""},
		"another site":   {"Sec-Fetch-Site", "cross-site"},
		"another origin": {"Origin", "https://example.com"},
	} {
		r, _ := http.NewRequestWithContext(t.Context(), "POST", f.url+"/orders", strings.NewReader(body("A", `{}`)))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(header[0], header[1])
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusForbidden && answer.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
	mustCall(t, http.StatusNotFound, "GET", f.url+"/orders/A", "")
}

// The metrics have what the database has, River's jobs too.
func TestMetrics(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t)))
		f.post("old", `{"v":1}`)
		f.exec("DELETE FROM river_job")
		if err := f.sender.sweepOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.start()
		f.becomes(sent, f.url+"/orders/old")
		f.refuse("InsertJSONOrder", http.StatusUnprocessableEntity, 1)
		f.becomes(parked, f.post("bad", `{"v":1}`))
		f.exec(`INSERT INTO outbox_orders (code, data, status, state, created_at, updated_at) VALUES ('waits', '{}', 'done', 'waiting', $1, $1)`, now().Add(-time.Hour))
		got := mustCall(t, http.StatusOK, "GET", f.url+"/metrics", "")
		for _, want := range []string{
			`outbox_orders{state="sent"} 1`, `outbox_orders{state="parked"} 1`, `outbox_orders{state="waiting"} 1`, `outbox_orders{state="sending"} 0`,
			`outbox_jobs{state="completed"} 2`, `outbox_attempts_total{outcome="sent"} 1`, `outbox_attempts_total{outcome="refused"} 1`,
			`outbox_forgotten_total{job="lost"} 1`, `outbox_oldest_seconds 360`,
		} {
			if !strings.Contains(got.body, "\n"+want) {
				t.Errorf("no %s in\n%s", want, got.body)
			}
		}
	})
}

// A name of another site that leads to this machine leads nowhere.
func TestForeignHosts(t *testing.T) {
	t.Parallel()
	cfg := testConfig(filepath.Join(t.TempDir(), "outbox.db"))
	cfg.host = "orders.internal"
	f := newFixture(t, cfg)
	for host, status := range map[string]int{"example.com": 403, "example.com:8080": 403, "192.0.2.1": 403, "localhost:8080": 200, "[::1]:8080": 200, "127.0.0.2": 200, "orders.internal": 200} {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", f.url+"/stats", nil)
		r.Host = host
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != status {
			t.Errorf("%s: %d; want %d", host, answer.StatusCode, status)
		}
	}
}

// A database that does not answer is a 503 that says to ask again.
// A code that no order can have is that of no order, whatever a database makes of it.
func TestImpossibleCodes(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t)))
		for _, code := range []string{"%00", "a%00b", "%ff", "a%ffb", "%ed%a0%80"} {
			mustCall(t, http.StatusNotFound, "GET", f.url+"/orders/"+code, "")
			mustCall(t, http.StatusNotFound, "POST", f.url+"/orders/"+code+"/retry", "")
			mustCall(t, http.StatusUnprocessableEntity, "PUT", f.url+"/orders/"+code, `{"status":"completed","data":1}`)
		}
	})
}

// A body that does not arrive whole is not the database's trouble.
func TestBodiesThatDoNotArrive(t *testing.T) {
	t.Parallel()
	f := newSQLiteFixture(t)
	for name, test := range map[string]struct {
		err    error
		status int
	}{
		"cut short": {io.ErrUnexpectedEOF, http.StatusBadRequest},
		"malformed": {errors.New("malformed chunked encoding"), http.StatusBadRequest},
		"too slow":  {&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, http.StatusRequestTimeout},
	} {
		r := httptest.NewRequest("POST", f.url+"/orders", io.MultiReader(strings.NewReader(`{"code":`), iotest.ErrReader(test.err)))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		f.handler().ServeHTTP(w, r)
		if w.Code != test.status || !strings.Contains(w.Body.String(), "the body did not arrive") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestDatabaseIsAway(t *testing.T) {
	t.Parallel()
	f := newSQLiteFixture(t)
	f.db.(*sqliteDatabase).db.Close()
	got := mustCall(t, http.StatusServiceUnavailable, "POST", f.url+"/orders", body("A", `{}`))
	if strings.Contains(got.body, "sql") {
		t.Errorf("it shows its inside: %s", got.body)
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	f := newSQLiteFixture(t)
	for path, want := range map[string]string{"/": "text/html; charset=utf-8", "/page.js": "text/javascript; charset=utf-8", "/page.css": "text/css; charset=utf-8"} {
		answer, err := http.Get(f.url + path)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		h := answer.Header
		if answer.StatusCode != http.StatusOK || h.Get("Content-Type") != want || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, answer.StatusCode, h)
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		for _, inline := range []string{"<script>", "onclick", "style=", "innerHTML", "insertAdjacentHTML", "document.write", "eval("} {
			if strings.Contains(string(text), inline) {
				t.Errorf("%s has %s", path, inline)
			}
		}
	}
}

func TestPathOf(t *testing.T) {
	t.Parallel()
	for _, code := range hostile {
		o := &order{code: code, state: sent}
		path, err := url.PathUnescape(strings.TrimPrefix(replyOf(o).location, "/orders/"))
		if err != nil || path != code {
			t.Errorf("%q is at %q, %v", code, path, err)
		}
	}
}
