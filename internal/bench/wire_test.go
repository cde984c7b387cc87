package bench

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// appendOrder writes the n-th order as Laravel does: two times, a date and, in
// total, one field that no struct names.
func appendOrder(b []byte, n int) []byte {
	statuses := [...]string{"open", "pending", "complete", "cancel"}
	created := time.Date(2026, time.February, 2, 1, 15, 30, 0, time.UTC).Add(time.Duration(n) * 97 * time.Second)
	const micros = "2006-01-02T15:04:05.000000Z"
	b = fmt.Appendf(b, `{"id":%d,"kode_order":"PMP-%07d","status":"%s","date_order":"%s","user_id":%d,"outlet_id":%d,"total":%d.5,`,
		n+1, n+1, statuses[n%len(statuses)], created.Format(time.DateOnly), n%40+1, n%900+1, n%5000*250)
	return fmt.Appendf(b, `"created_at":"%s","updated_at":"%s"}`, created.Format(micros), created.Add(time.Hour).Format(micros))
}

// orderList is the answer with n orders.
func orderList(n int) []byte {
	b := make([]byte, 0, 256*n+128)
	b = append(b, `{"status":"success","message":"Data order berhasil diambil","data":[`...)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendOrder(b, i)
	}
	return append(b, "]}"...)
}

// orderDetail is the answer with one order.
func orderDetail() []byte {
	return append(appendOrder([]byte(`{"status":"success","message":"Data order berhasil diambil","data":`), 197), '}')
}

// A server answers every contender with the same bytes. How many orders a list
// holds stands at the start of the path, in the base URL: /20000/order. Behind
// gzip- it is compressed: /gzip-20000/order.
type server struct {
	mu     sync.Mutex
	lists  map[int][]byte
	gzips  map[int][]byte
	detail []byte
}

func newServer() *server {
	return &server{lists: map[int][]byte{}, gzips: map[int][]byte{}, detail: orderDetail()}
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	size, endpoint, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	size, isGzip := strings.CutPrefix(size, "gzip-")
	n, err := strconv.Atoi(size)
	body := s.detail
	switch {
	case err != nil || r.Method != http.MethodPost:
		http.NotFound(w, r)
		return
	case endpoint == "order" && isGzip:
		w.Header().Set("Content-Encoding", "gzip")
		body = s.gzip(n)
	case endpoint == "order":
		body = s.list(n)
	case endpoint != "order/detail":
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

func (s *server) list(n int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lists[n] == nil {
		s.lists[n] = orderList(n)
	}
	return s.lists[n]
}

func (s *server) gzip(n int) []byte {
	plain := s.list(n)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gzips[n] == nil {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(plain)
		_ = w.Close()
		s.gzips[n] = b.Bytes()
	}
	return s.gzips[n]
}

// canned is a transport that answers without a network.
type canned []byte

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(bytes.NewReader(c)), ContentLength: int64(len(c)), Request: r,
	}, nil
}
