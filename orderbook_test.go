package pmpsmart_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// An orderRow is a JSON order as a server keeps it.
type orderRow struct {
	ID     int    `json:"id"`
	Code   string `json:"kode_order"`
	Data   string `json:"json_data"`
	Status string `json:"status"`
}

// An orderBook is a server of JSON orders that knows no uniqueness: what is
// inserted twice is there twice.
type orderBook struct {
	*server
	mu   sync.Mutex
	rows map[string][]orderRow // by code
	n    int

	// How it answers; set before it is asked. insert says whether and when the row
	// is stored.
	insert func(n int, w http.ResponseWriter, r *http.Request, store func())
	find   func(n int, code string) (extra []orderRow, fault http.HandlerFunc)
	finds  int
	puts   int
}

func newOrderBook(t *testing.T) *orderBook {
	b := &orderBook{rows: make(map[string][]orderRow)}
	b.server = serve(t, b.serve)
	return b
}

func (b *orderBook) serve(w http.ResponseWriter, r *http.Request) {
	var in orderRow
	body, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(body, &in); err != nil {
		panic(err)
	}
	if strings.HasSuffix(r.URL.Path, "filter") {
		b.serveFilter(w, r, in.Code)
		return
	}
	b.mu.Lock()
	b.puts++
	n := b.puts
	b.mu.Unlock()
	store := func() { b.store(in) }
	if b.insert != nil {
		b.insert(n, w, r, store)
		return
	}
	store()
	ok(`{"id":`+fmt.Sprint(n)+`}`)(w, r)
}

func (b *orderBook) serveFilter(w http.ResponseWriter, r *http.Request, code string) {
	b.mu.Lock()
	b.finds++
	n := b.finds
	found := append([]orderRow{}, b.rows[code]...)
	b.mu.Unlock()
	if b.find != nil {
		extra, fault := b.find(n, code)
		if fault != nil {
			fault(w, r)
			return
		}
		found = append(extra, found...)
	}
	text, _ := json.Marshal(found)
	ok(string(text))(w, r)
}

func (b *orderBook) store(row orderRow) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n++
	row.ID = b.n
	b.rows[row.Code] = append(b.rows[row.Code], row)
}

// counts gives the inserts and lookups so far.
func (b *orderBook) counts() (inserts, lookups int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.puts, b.finds
}

// requireOnce checks that the order is there exactly once.
func (b *orderBook) requireOnce(t *testing.T, code string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Len(t, b.rows[code], 1)
}

var theirs = orderRow{ID: 70, Code: anOrder.Code, Data: `{"lain":true}`, Status: "completed"}
