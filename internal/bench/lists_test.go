package bench

import (
	"context"
	"encoding/json"
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
	run(b, "A list of 20,000 orders, with the server in the process", append(lists(all), bodyAlone(s.URL+"/20000")), 3, ogened, byHand)
}

// BenchmarkOrderListGzip reads the list as servers compress it.
func BenchmarkOrderListGzip(b *testing.B) {
	base := startServer(b) + "/gzip-20000"
	all, err := contenders(base, nil)
	if err != nil {
		b.Fatal(err)
	}
	run(b, "A list of 20,000 orders, compressed", append(lists(all), bodyAlone(base)), 3, ogened, byHand)
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

// bodyAlone is the entrant that reads a list's body and nothing else: no decoder is faster.
func bodyAlone(base string) entrant {
	client := clone(nil)
	buffer := make([]byte, 40<<10) // as large as pmpsmart's
	var expected summary           // of the body that is known
	var length int64
	return entrant{theBody, func(ctx context.Context) (summary, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/order", http.NoBody)
		if err != nil {
			return summary{}, err
		}
		answer, err := client.Do(request)
		if err != nil {
			return summary{}, err
		}
		defer answer.Body.Close()
		if length > 0 {
			n, err := io.CopyBuffer(discard{}, answer.Body, buffer)
			if err == nil && n != length {
				err = fmt.Errorf("the body has %d bytes, the first had %d", n, length)
			}
			return expected, err
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			return summary{}, err
		}
		var orders strictAnswer[[]strictOrder]
		expected, err = listOf(&orders, json.Unmarshal(body, &orders))
		length = int64(len(body))
		return expected, err
	}}
}

// A discard is io.Discard without a buffer of its own.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

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
	entrants := append(lists(ours), as, bodyAlone(base))
	newRace(entrants).round(t, 0, 1, entrants)
}
