package pmpsmart_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

const (
	email     = "api@pmpsmart.com"
	password  = "kata-sandi-rahasia"
	deadToken = "1|TokenYangSudahMati0123456789"
)

// An accountServer is a server with one account, whose tokens a test kills. Its
// hooks answer in its place where they return true.
type accountServer struct {
	*server
	single  bool // a login ends the earlier token
	onLogin func(n int, w http.ResponseWriter, r *http.Request) bool
	onCall  func(token string, w http.ResponseWriter, r *http.Request) bool

	mu     sync.Mutex
	tokens map[string]bool // that are alive
	asked  int             // for a login
	logins int             // that succeeded
}

func (a *accountServer) start(t *testing.T) *accountServer {
	t.Helper()
	a.tokens = make(map[string]bool)
	a.server = serve(t, a.handle)
	return a
}

func (a *accountServer) base() string { return a.URL + "/api/v1" }

// client makes a client with the account's credentials. It never tires of a
// server that has a thousand calls wait for each other.
func (a *accountServer) client(opts ...pmpsmart.Option) *pmpsmart.Client {
	a.t.Helper()
	return newClient(a.t, a.base(), append([]pmpsmart.Option{pmpsmart.WithCredentials(email, password), pmpsmart.WithTimeout(time.Hour)}, opts...)...)
}

func (a *accountServer) handle(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/auth/login") {
		a.login(w, r)
		return
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if a.onCall != nil && a.onCall(token, w, r) {
		return
	}
	a.mu.Lock()
	alive := a.tokens[token]
	if strings.HasSuffix(r.URL.Path, "/auth/logout") {
		delete(a.tokens, token)
	}
	a.mu.Unlock()
	if !alive {
		unauthenticated(w, r)
		return
	}
	ok(`[]`)(w, r)
}

func (a *accountServer) login(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email, Password string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	a.mu.Lock()
	a.asked++
	n := a.asked
	a.mu.Unlock()
	if a.onLogin != nil && a.onLogin(n, w, r) {
		return
	}
	if in.Password != password {
		wrongPassword(w, r)
		return
	}
	ok(fmt.Sprintf(`{"api_token":%q}`, a.issue()))(w, r)
}

var (
	unauthenticated = answer(401, `{"message":"Unauthenticated."}`)
	wrongPassword   = answer(401, `{"status":"error","message":"Email atau password salah"}`)
)

// issue makes a token, as a login does.
func (a *accountServer) issue() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.single {
		clear(a.tokens)
	}
	a.logins++
	token := fmt.Sprintf("%d|TokenRahasiaYangHidup0123456789", a.logins+1)
	a.tokens[token] = true
	return token
}

// expire kills all tokens.
func (a *accountServer) expire() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.tokens)
}

// counts gives how many logins were asked for and how many succeeded.
func (a *accountServer) counts() (asked, logins int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asked, a.logins
}

// together has the first n requests wait for each other.
func together(n int32) (meet func()) {
	var met atomic.Int32
	all := make(chan struct{})
	return func() {
		if met.Add(1) == n {
			close(all)
		}
		<-all
	}
}

// storm calls n times at once and gives each call's error and attempts.
func storm(ctx context.Context, n int, clients ...*pmpsmart.Client) (errs []error, attempts []int) {
	errs, attempts = make([]error, n), make([]int, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			var r pmpsmart.Response
			_, errs[i] = clients[i%len(clients)].ListOutlets(ctx, pmpsmart.WithResponse(&r))
			attempts[i] = r.Attempts
		})
	}
	all.Wait()
	return errs, attempts
}

// each gives a slice of n times v.
func each[T any](n int, v T) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = v
	}
	return all
}

// bearers gives the tokens of the requests so far, logins as "login".
func (a *accountServer) bearers() (all []string) {
	for _, r := range a.server.asked() {
		if strings.HasSuffix(r.Path, "/auth/login") {
			all = append(all, "login")
			continue
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), "|")
		all = append(all, number)
	}
	return all
}
