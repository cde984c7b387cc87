package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
)

// A sold is an order with two fields more, of which the wire has one.
type sold struct {
	pmpsmart.Order
	Total float64 `json:"total"`
	Note  string  `json:"note"`
}

// The names of what has no contender.
const (
	listAs  = "pmpsmart ListAs"
	theBody = "the body alone"
)

// BenchmarkOrderListInProcess is BenchmarkOrderList with the server in the same process,
// whose work is in everybody's figures.
func BenchmarkOrderListInProcess(b *testing.B) {
	s := httptest.NewServer(newServer())
	defer s.Close()
	all, err := contenders(s.URL+"/20000", nil)
	if err != nil {
		b.Fatal(err)
	}
	bodyOnly(b, s.URL+"/20000")
	run(b, "A list of 20,000 orders, with the server in the process", lists(all), 3, ogened, byHand)
}

// BenchmarkOrderListGzip reads the list as servers compress it.
func BenchmarkOrderListGzip(b *testing.B) {
	base := startServer(b) + "/gzip-20000"
	all, err := contenders(base, nil)
	if err != nil {
		b.Fatal(err)
	}
	bodyOnly(b, base)
	run(b, "A list of 20,000 orders, compressed", lists(all), 3, ogened, byHand)
}

// BenchmarkOrderListAs reads the list into structs that embed an order and have two
// fields more.
func BenchmarkOrderListAs(b *testing.B) {
	base := startServer(b) + "/20000"
	ours, err := ours(base, nil)
	if err != nil {
		b.Fatal(err)
	}
	as, err := newListAs(base)
	if err != nil {
		b.Fatal(err)
	}
	run(b, "A list of 20,000 orders into structs of the caller's", append(lists(ours), as), 3, slice)
}

// newListAs is the entrant that reads into structs of its own.
func newListAs(base string) (entrant, error) {
	c, err := pmpsmart.New(pmpsmart.WithBaseURL(base), pmpsmart.WithToken(token))
	return entrant{listAs, func(ctx context.Context) (s summary, err error) {
		for o, err := range pmpsmart.ListAs[sold](ctx, c, "order", pmpsmart.OrderFilter{Status: pmpsmart.OrderPending}) {
			if err != nil {
				return s, err
			}
			s.add(o.ID, o.UserID, o.OutletID, o.Code, string(o.Status), o.Date.Time(time.UTC), o.CreatedAt, o.UpdatedAt)
		}
		return s, nil
	}}, err
}

// bodyOnly prints what it costs to read a list's body and nothing else: no decoder is
// faster.
func bodyOnly(tb testing.TB, base string) {
	client := clone(nil)
	read := entrant{theBody, func(ctx context.Context) (s summary, err error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/order", http.NoBody)
		if err != nil {
			return s, err
		}
		answer, err := client.Do(request)
		if err != nil {
			return s, err
		}
		defer answer.Body.Close()
		buffer := make([]byte, 40<<10) // as large as the client's
		for err == nil {
			var n int
			n, err = answer.Body.Read(buffer)
			s.records += n
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return s, err
	}}
	r := newRace([]entrant{read})
	for i := range 9 {
		r.round(tb, i, 3, []entrant{read})
	}
	fmt.Printf("\n%s: %s, processor %s\n", theBody, duration(r.median(theBody, timeOf)), duration(r.median(theBody, cpuOf)))
}

// TestListAs reads the list into structs and compares what came with the orders.
func TestListAs(t *testing.T) {
	base := startServer(t) + "/100"
	ours, err := ours(base, nil)
	if err != nil {
		t.Fatal(err)
	}
	as, err := newListAs(base)
	if err != nil {
		t.Fatal(err)
	}
	entrants := append(lists(ours), as)
	newRace(entrants).round(t, 0, 1, entrants)
}
