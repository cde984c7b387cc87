package testserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// The credentials of an [Account], and a token that it does not accept.
const (
	Email        = "api@pmpsmart.com"
	Password     = "kata-sandi-rahasia"
	ExpiredToken = "1|TokenYangSudahMati0123456789"
)

// The responses of an [Account] to what it does not accept.
var (
	Unauthenticated = Respond(401, `{"message":"Unauthenticated."}`)
	WrongPassword   = Respond(401, `{"status":"error","message":"Email atau password salah"}`)
)

// An Account is a server with one account, whose tokens a test can expire. Every
// request with a valid token succeeds with an empty list. The hooks are set before
// Start and respond in its place where they return true.
type Account struct {
	*Server
	Single  bool // a login ends the earlier token
	OnLogin func(n int, w http.ResponseWriter, r *http.Request) bool
	OnCall  func(token string, w http.ResponseWriter, r *http.Request) bool

	mu        sync.Mutex
	valid     map[string]bool // by token
	attempts  int             // to log in
	succeeded int
}

// Start starts the server, which is closed when the test ends.
func (a *Account) Start(t testing.TB) {
	t.Helper()
	a.valid = make(map[string]bool)
	a.Server = New(t, a.serve)
}

func (a *Account) serve(w http.ResponseWriter, r *http.Request) {
	if isLogin(r.URL.Path) {
		a.login(w, r)
		return
	}
	token := bearer(r.Header)
	if a.OnCall != nil && a.OnCall(token, w, r) {
		return
	}
	a.mu.Lock()
	valid := a.valid[token]
	if strings.HasSuffix(r.URL.Path, "/auth/logout") {
		delete(a.valid, token)
	}
	a.mu.Unlock()
	if !valid {
		Unauthenticated(w, r)
		return
	}
	Success(`[]`)(w, r)
}

func (a *Account) login(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email, Password string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	a.mu.Lock()
	a.attempts++
	n := a.attempts
	a.mu.Unlock()
	if a.OnLogin != nil && a.OnLogin(n, w, r) {
		return
	}
	if in.Password != Password {
		WrongPassword(w, r)
		return
	}
	Success(fmt.Sprintf(`{"api_token":%q}`, a.Issue()))(w, r)
}

// Issue returns a new token, as a login does.
func (a *Account) Issue() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.Single {
		clear(a.valid)
	}
	a.succeeded++
	token := fmt.Sprintf("%d|TokenRahasiaYangHidup0123456789", a.succeeded+1)
	a.valid[token] = true
	return token
}

// Accept makes a token valid.
func (a *Account) Accept(token string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.valid[token] = true
}

// ExpireTokens makes all tokens invalid.
func (a *Account) ExpireTokens() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.valid)
}

// Logins returns how many requests to log in were received and how many succeeded.
func (a *Account) Logins() (attempts, succeeded int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.attempts, a.succeeded
}

// Tokens returns what each request so far carried: the number before the bar of its
// token, or "login".
func (a *Account) Tokens() (all []string) {
	for _, r := range a.Requests() {
		if isLogin(r.Path) {
			all = append(all, "login")
			continue
		}
		number, _, _ := strings.Cut(bearer(r.Header), "|")
		all = append(all, number)
	}
	return all
}

func isLogin(path string) bool { return strings.HasSuffix(path, "/auth/login") }

func bearer(h http.Header) string { return strings.TrimPrefix(h.Get("Authorization"), "Bearer ") }
