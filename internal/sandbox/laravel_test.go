package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/laravel"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// The sandbox and a real Laravel that holds the same data give the same response,
// byte for byte, to each request of a long list, in each of Laravel's styles.
// Where they differ, Laravel is right. Except in a long run the lists are a
// sample.

// A twin is the sandbox and a Laravel that hold the same.
type twin struct {
	t       *testing.T
	sandbox side
	laravel side
	srv     *server
	server  *laravel.Server
}

// A side is one of the two servers, and the token that the last login gave.
type side struct{ url, token string }

const orders = 40

func newTwin(t *testing.T, opts laravel.Options, changes ...func(*sandbox.Config)) *twin {
	t.Helper()
	if err := laravel.Available(); err != nil {
		t.Skip(err)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "seed.json"))
	require.NoError(t, err)
	now := time.Now().UTC().Truncate(time.Second)
	account := seed.Account{ID: 1, Name: "Sandbox", Email: email, Password: password, CreatedAt: now, UpdatedAt: now}
	viewer := seed.Account{ID: 2, Name: viewerEmail, Email: viewerEmail, Password: password, Role: "viewer", CreatedAt: now, UpdatedAt: now}
	require.NoError(t, seed.New(orders).Write(file, account, viewer))
	require.NoError(t, file.Close())
	opts.Seed, opts.PerPage = file.Name(), 2

	real, err := laravel.Start(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(real.Log())
		}
		assert.NoError(t, real.Close())
	})
	srv := start(t, append(changes, func(c *sandbox.Config) { c.Data, c.PerPage = seed.New(orders), 2 })...)
	srv.AddViewer(viewerEmail, password)
	return &twin{t, side{url: srv.url}, side{url: real.URL}, srv, real}
}

const viewerEmail = "tamu@pmpsmart.test"

// A step is a request, "order page=2 {"status":"open"}": a path, a query if any,
// and a body.
type step struct {
	request string
	headers []string // name, value, …
}

// large stands for a body that is larger than PHP takes.
const large = "LARGE"

var stepPattern = regexp.MustCompile(`(?s)^(?:(GET|PUT|DELETE|OPTIONS) )?(\S+?)(?:\?(\S+))?(?: (.*))?$`)

// An answer is what a step gave, with what differs in any case made equal.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

var (
	token60  = regexp.MustCompile(`[A-Za-z0-9]{60}`)
	title    = regexp.MustCompile(`(?s)^\s*<!DOCTYPE html>.*<title>([^<]*)</title>.*$`)
	traceEnd = regexp.MustCompile(`(?s)("exception": "[^"]*").*`)
)

func (s *side) do(t *testing.T, st step) answer {
	t.Helper()
	part := stepPattern.FindStringSubmatch(st.request)
	require.NotNil(t, part, st.request)
	method, target := "POST", s.url+"/"+part[2]
	if part[1] != "" {
		method = part[1]
	}
	if part[3] != "" {
		target += "?" + part[3]
	}
	body := part[4]
	if body == large {
		body = strings.Repeat(" ", 9<<20)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	for i := 0; i < len(st.headers); i += 2 {
		req.Header.Set(st.headers[i], st.headers[i+1])
		if st.headers[i+1] == "" {
			req.Header.Del(st.headers[i])
		}
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	if part[2] == "auth/login" && resp.StatusCode == 200 {
		s.token = token60.FindString(string(got))
	}
	return s.comparable(resp, string(got))
}

// comparable leaves out what differs in any case: addresses, tokens, the present
// time, how an HTML page is laid out, and what a trace tells of the machine.
func (s *side) comparable(resp *http.Response, body string) answer {
	header := http.Header{}
	for _, name := range []string{"Content-Type", "Cache-Control", "Allow", "Location", "Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining"} {
		for _, value := range resp.Header.Values(name) {
			header.Add(name, s.hide(strings.ToLower(value)))
		}
	}
	if seconds, err := strconv.Atoi(header.Get("Retry-After")); err == nil && 30 <= seconds && seconds <= 60 {
		header.Set("Retry-After", "a minute")
	}
	body = s.hide(token60.ReplaceAllString(body, "TOKEN"))
	body = title.ReplaceAllString(body, "HTML page $1")
	body = traceEnd.ReplaceAllString(body, "$1 …")
	return answer{resp.StatusCode, header, body}
}

func (s *side) hide(text string) string {
	root := strings.TrimSuffix(s.url, "/api/v1")
	text = strings.ReplaceAll(text, root, "ROOT")
	text = strings.ReplaceAll(text, strings.ReplaceAll(root, "/", `\/`), "ROOT")
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("WIB", 7*3600)} {
		for _, ago := range []time.Duration{0, time.Hour} { // a midnight may have passed
			day := time.Now().Add(-ago).In(zone).Format(time.DateOnly)
			text = regexp.MustCompile(day+`[T ]\d\d:\d\d:\d\d`).ReplaceAllString(text, "NOW")
		}
	}
	return text
}

// both has each side do the step, and compares.
func (tw *twin) both(t *testing.T, st step) {
	t.Helper()
	want, got := tw.laravel.do(t, st), tw.sandbox.do(t, st)
	if !assert.ObjectsAreEqual(want, got) {
		t.Errorf("%.200s %q\nLaravel %s\nsandbox %s", st.request, st.headers, want.around(got), got.around(want))
	}
}

// around shows an answer near the place where its body begins to differ.
func (a answer) around(b answer) string {
	at := 0
	for at < len(a.Body) && at < len(b.Body) && a.Body[at] == b.Body[at] {
		at++
	}
	at = max(0, at-60)
	return fmt.Sprintf("%d %v …%.300s", a.Status, a.Header, a.Body[at:])
}

// login returns the request of a login.
func login(email, password string) string {
	return fmt.Sprintf(`auth/login {"email":%q,"password":%q}`, email, password)
}
