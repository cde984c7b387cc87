//go:build unix

// Package speed has the benchmarks by which `make speed` compares the tree with a
// release. It is built in both, and uses the exported API alone.
package speed

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

const orders = 2_000

// answer is a transport that answers without a network.
type answer []byte

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(a)), ContentLength: int64(len(a)),
	}, nil
}

// clientOf returns a client whose server answers with data, as Laravel writes it.
func clientOf(tb testing.TB, data string) *pmpsmart.Client {
	tb.Helper()
	body := answer(`{"status":"success","message":"Data order berhasil diambil","data":` + data + `}`)
	c, err := pmpsmart.New(pmpsmart.WithToken("a-token"), pmpsmart.WithHTTPClient(&http.Client{Transport: body}))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// order is one with a field that the struct does not name.
func order(n int) string {
	created := time.Date(2026, time.February, 2, 1, 15, 30, 0, time.UTC).Add(time.Duration(n) * 97 * time.Second)
	status := [...]string{"open", "pending", "complete", "cancel"}[n%4]
	const layout = "2006-01-02T15:04:05.000000Z"
	return fmt.Sprintf(`{"id":%d,"kode_order":"PMP-%07d","status":%q,"date_order":%q,"user_id":%d,"outlet_id":%d,"total":%d.5,"created_at":%q,"updated_at":%q}`,
		n+1, n+1, status, created.Format(time.DateOnly), n%40+1, n%900+1, 1000+n, created.Format(layout), created.Add(time.Hour).Format(layout))
}

func list() string {
	b := []byte{'['}
	for n := range orders {
		b = append(append(b, order(n)...), ',')
	}
	b[len(b)-1] = ']'
	return string(b)
}

// A sold is an order of a program's own.
type sold struct {
	pmpsmart.Order
	Total float64 `json:"total"`
}

// benchmarks are the bodies: each returns the sum of the ids that it read.
func benchmarks(tb testing.TB) map[string]func() (sum int64, err error) {
	ctx := tb.Context()
	many, one := clientOf(tb, list()), clientOf(tb, order(197))
	return map[string]func() (int64, error){
		"List": func() (sum int64, err error) {
			all, err := many.ListOrders(ctx, pmpsmart.OrderFilter{})
			for i := range all {
				sum += all[i].ID
			}
			return sum, err
		},
		"Seq": func() (sum int64, err error) {
			for o, err := range many.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
				if err != nil {
					return 0, err
				}
				sum += o.ID
			}
			return sum, nil
		},
		"ListAs": func() (sum int64, err error) {
			for o, err := range pmpsmart.ListAs[sold](ctx, many, "order", nil) {
				if err != nil {
					return 0, err
				}
				sum += o.ID
			}
			return sum, nil
		},
		"Get": func() (int64, error) {
			o, err := one.GetOrder(ctx, 198)
			if err != nil {
				return 0, err
			}
			return o.ID, nil
		},
	}
}

const wantList = orders * (orders + 1) / 2

func want(name string) int64 {
	if name == "Get" {
		return 198
	}
	return wantList
}

// BenchmarkSpeed reports the processor time of each.
func BenchmarkSpeed(b *testing.B) {
	all := benchmarks(b)
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			before := processorTime(b)
			for b.Loop() {
				if sum, err := all[name](); err != nil || sum != want(name) {
					b.Fatal(sum, err)
				}
			}
			b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "processor-ns/op")
		})
	}
}

func processorTime(tb testing.TB) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestSpeed runs each once.
func TestSpeed(t *testing.T) {
	t.Parallel()
	for name, read := range benchmarks(t) {
		if sum, err := read(); err != nil || sum != want(name) {
			t.Errorf("%s: the ids add up to %d, want %d; %v", name, sum, want(name), err)
		}
	}
}
