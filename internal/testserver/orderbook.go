package testserver

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// An OrderRow is a JSON order as the server stores it.
type OrderRow struct {
	ID     int    `json:"id"`
	Code   string `json:"kode_order"`
	Data   string `json:"json_data"`
	Status string `json:"status"`
}

// An OrderBook is a server of JSON orders without a unique index: what is inserted
// twice is stored twice. The hooks are set before it receives a request.
type OrderBook struct {
	*Server

	// OnInsert responds to the n-th insert in its place, and calls store if and when
	// the row shall be stored.
	OnInsert func(n int, w http.ResponseWriter, r *http.Request, store func())

	// OnFind returns rows that the response to the n-th lookup has besides those
	// stored, or the handler that responds in its place.
	OnFind func(n int, code string) (extra []OrderRow, fault http.HandlerFunc)

	mu      sync.Mutex
	rows    map[string][]OrderRow // by code
	stored  int
	inserts int
	lookups int
}

// NewOrderBook starts a server, which is closed when the test ends.
func NewOrderBook(t testing.TB) *OrderBook {
	t.Helper()
	b := &OrderBook{rows: make(map[string][]OrderRow)}
	b.Server = New(t, b.serve)
	return b
}

func (b *OrderBook) serve(w http.ResponseWriter, r *http.Request) {
	var in OrderRow
	body, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(body, &in); err != nil {
		panic(err)
	}
	if strings.HasSuffix(r.URL.Path, "filter") {
		b.serveFilter(w, r, in.Code)
		return
	}
	b.mu.Lock()
	b.inserts++
	n := b.inserts
	b.mu.Unlock()
	store := func() { b.Store(in) }
	if b.OnInsert != nil {
		b.OnInsert(n, w, r, store)
		return
	}
	store()
	Success(`{"id":`+fmt.Sprint(n)+`}`)(w, r)
}

func (b *OrderBook) serveFilter(w http.ResponseWriter, r *http.Request, code string) {
	b.mu.Lock()
	b.lookups++
	n := b.lookups
	found := append([]OrderRow{}, b.rows[code]...)
	b.mu.Unlock()
	if b.OnFind != nil {
		extra, fault := b.OnFind(n, code)
		if fault != nil {
			fault(w, r)
			return
		}
		found = append(extra, found...)
	}
	text, _ := json.Marshal(found)
	Success(string(text))(w, r)
}

// Store stores a row under the next id.
func (b *OrderBook) Store(row OrderRow) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stored++
	row.ID = b.stored
	b.rows[row.Code] = append(b.rows[row.Code], row)
}

// Rows returns the rows stored under a code.
func (b *OrderBook) Rows(code string) []OrderRow {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]OrderRow(nil), b.rows[code]...)
}

// Stored returns how many codes and how many rows are stored.
func (b *OrderBook) Stored() (codes, rows int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.rows), b.stored
}

// Counts returns how many inserts and lookups have been received.
func (b *OrderBook) Counts() (inserts, lookups int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.inserts, b.lookups
}
