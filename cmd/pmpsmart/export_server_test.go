package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A listServer is a server of orders that is told what to send.
type listServer struct {
	URL     string
	perPage int // 0 for no pages

	mu      sync.Mutex
	orders  []string // as JSON
	heed    map[string]bool
	asked   []string // the bodies of the requests, with their pages
	refuse  func(n int) int
	beforeN func(n int)
}

// newListServer starts a server with these orders, which filters by what it heeds.
func newListServer(t *testing.T, perPage int, orders []string, heed ...string) *listServer {
	t.Helper()
	s := &listServer{perPage: perPage, orders: orders, heed: map[string]bool{}}
	for _, name := range heed {
		s.heed[name] = true
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	s.URL = srv.URL + "/api/v1"
	return s
}

func (s *listServer) env() []string {
	return []string{"PMPSMART_BASE_URL=" + s.URL, "PMPSMART_TOKEN=t"}
}

func (s *listServer) set(orders []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders = orders
}

// refuseBy sets what says with which status the n-th request is refused, 0 for none.
func (s *listServer) refuseBy(refuse func(n int) int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = refuse
}

// callBefore sets what is called before the n-th request is answered.
func (s *listServer) callBefore(before func(n int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beforeN = before
}

func (s *listServer) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.asked...)
}

func (s *listServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ask := map[string]any{}
	_ = json.NewDecoder(r.Body).Decode(&ask)
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = max(page, 1)
	s.mu.Lock()
	body, _ := json.Marshal(ask)
	s.asked = append(s.asked, fmt.Sprintf("%s %d", body, page))
	n, refuse, before := len(s.asked), s.refuse, s.beforeN
	s.mu.Unlock()
	if before != nil {
		before(n)
	}
	w.Header().Set("Content-Type", "application/json")
	if refuse != nil {
		if status := refuse(n); status != 0 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(status)
			fmt.Fprint(w, `{"message":"Too Many Attempts."}`)
			return
		}
	}
	fmt.Fprint(w, s.answer(ask, page))
}

// answer is a page of the orders.
func (s *listServer) answer(ask map[string]any, page int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []string
	for _, order := range s.orders {
		var fields map[string]any
		_ = json.Unmarshal([]byte(order), &fields)
		fits := true
		for name, want := range ask {
			fits = fits && (!s.heed[name] || fmt.Sprint(fields[name]) == fmt.Sprint(want))
		}
		if fits {
			found = append(found, order)
		}
	}
	if s.perPage == 0 {
		return `{"status":"success","data":[` + strings.Join(found, ",") + `]}`
	}
	total, last := len(found), max(1, (len(found)+s.perPage-1)/s.perPage)
	from := min((page-1)*s.perPage, total)
	return fmt.Sprintf(`{"status":"success","data":{"current_page":%d,"last_page":%d,"total":%d,"data":[%s]}}`,
		page, last, total, strings.Join(found[from:min(from+s.perPage, total)], ","))
}

// dayOrders makes orders of ids from first on, so many of them a day.
func dayOrders(first, days, aDay int) (orders []string) {
	for i := range days * aDay {
		orders = append(orders, fmt.Sprintf(`{"id":%d,"kode_order":"K-%d","status":"open","date_order":"2026-01-%02d","user_id":%d,"outlet_id":2}`,
			first+i, first+i, 1+i/aDay, 1+i%2))
	}
	return orders
}

// serve starts a server and gives its base URL.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return srv.URL + "/api/v1"
}
