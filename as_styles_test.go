package pmpsmart_test

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// What a caller's own types read of the sandbox's records.
type (
	orderTotal struct {
		pmpsmart.Order
		Total float64 `json:"total"`
	}
	orderPointer struct {
		*pmpsmart.Order
		Total json.RawMessage `json:"total"`
	}
	orderDeep struct {
		*orderTotal
		Items []struct {
			Product  string  `json:"nama_produk"`
			Quantity int     `json:"qty"`
			Price    float64 `json:"harga"`
		} `json:"items"`
		Outlet *pmpsmart.Outlet `json:"outlet"`
	}
)

// A read is what came of a list or a record: the records, how it ended, and its drift.
type read[T any] struct {
	records []T
	err     string
	drifts  []pmpsmart.Drift
}

// readAs reads with a client of the server. op is the name of what is called, which
// differs between methods.
func readAs[T any](t *testing.T, s *pmpsmarttest.Server, op string, call func(*pmpsmart.Client) iter.Seq2[T, error], opts ...pmpsmart.Option) (r read[T]) {
	t.Helper()
	r.records = []T{}
	c := s.Client(append(opts, pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}), pmpsmart.WithDriftHandler(func(_ context.Context, d pmpsmart.Drift) {
		if d.Op == op {
			d.Op = ""
		}
		r.drifts = append(r.drifts, d)
	}))...)
	for record, err := range call(c) {
		if err != nil {
			r.err = strings.NewReplacer("pmpsmart: "+op+": ", "", "order: ", "", "order/detail: ", "").Replace(err.Error())
			continue
		}
		r.records = append(r.records, record)
	}
	return r
}

// one makes a list of one record.
func one[T any](get func(*pmpsmart.Client) (*T, error)) func(*pmpsmart.Client) iter.Seq2[T, error] {
	return func(c *pmpsmart.Client) iter.Seq2[T, error] {
		return func(yield func(T, error) bool) {
			record, err := get(c)
			if err != nil {
				yield(*new(T), err)
				return
			}
			yield(*record, nil)
		}
	}
}

// In whatever way a server answers, a caller's type is read as the models are: what a
// model of it holds is what the model's list holds, and what else it names is what the
// model's Extra would have.
func TestListAsInAllStyles(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, style := range pmpsmarttest.Styles() {
		t.Run(string(style), func(t *testing.T) {
			t.Parallel()
			s := pmpsmarttest.NewServer(pmpsmarttest.WithSeed(25), pmpsmarttest.WithStyle(style))
			defer s.Close()
			ways := [][]pmpsmart.Option{nil, {pmpsmart.WithStrictDecoding()}}
			if !testserver.Long(t) {
				ways = ways[:1]
			}
			for _, opts := range ways {
				f := pmpsmart.OrderFilter{Status: pmpsmart.OrderComplete}
				requireSameList(t, s, "ListOrders", "order", f, func(c *pmpsmart.Client) iter.Seq2[pmpsmart.Order, error] { return c.ListOrdersSeq(ctx, f) }, opts)
				requireSameList(t, s, "ListOutlets", "master/outlet", nil, func(c *pmpsmart.Client) iter.Seq2[pmpsmart.Outlet, error] { return c.ListOutletsSeq(ctx) }, opts)
				requireSameList(t, s, "ListSalesUsers", "user/sales", pmpsmart.SalesUserFilter{}, func(c *pmpsmart.Client) iter.Seq2[pmpsmart.User, error] {
					return c.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{})
				}, opts)
				requireSameList(t, s, "ListVisits", "visit", pmpsmart.VisitFilter{}, func(c *pmpsmart.Client) iter.Seq2[pmpsmart.Visit, error] {
					return c.ListVisitsSeq(ctx, pmpsmart.VisitFilter{})
				}, opts)

				list := func(c *pmpsmart.Client) iter.Seq2[pmpsmart.Order, error] { return c.ListOrdersSeq(ctx, f) }
				requireEmbedded(t, s, "ListOrders", "ListAs", list, opts,
					func(c *pmpsmart.Client) iter.Seq2[orderTotal, error] {
						return pmpsmart.ListAs[orderTotal](ctx, c, "order", f)
					},
					func(c *pmpsmart.Client) iter.Seq2[orderPointer, error] {
						return pmpsmart.ListAs[orderPointer](ctx, c, "order", f)
					},
					func(c *pmpsmart.Client) iter.Seq2[*orderDeep, error] {
						return pmpsmart.ListAs[*orderDeep](ctx, c, "order", f)
					})

				for id := range int64(2) { // 0 is not there
					in := map[string]any{"order_id": id}
					get := one(func(c *pmpsmart.Client) (*pmpsmart.Order, error) {
						return pmpsmart.GetAs[pmpsmart.Order](ctx, c, "order/detail", in)
					})
					if id > 0 {
						want := readAs(t, s, "GetOrder", one(func(c *pmpsmart.Client) (*pmpsmart.Order, error) { return c.GetOrder(ctx, id) }), opts...)
						require.Equal(t, want, readAs(t, s, "GetAs", get, opts...))
					}
					requireEmbedded(t, s, "GetAs", "GetAs", get, opts,
						one(func(c *pmpsmart.Client) (*orderTotal, error) {
							return pmpsmart.GetAs[orderTotal](ctx, c, "order/detail", in)
						}),
						one(func(c *pmpsmart.Client) (*orderPointer, error) {
							return pmpsmart.GetAs[orderPointer](ctx, c, "order/detail", in)
						}),
						one(func(c *pmpsmart.Client) (**orderDeep, error) {
							return pmpsmart.GetAs[*orderDeep](ctx, c, "order/detail", in)
						}))
				}
			}
		})
	}
}

// requireSameList checks that ListAs of a model is the model's list.
func requireSameList[T any](t *testing.T, s *pmpsmarttest.Server, op, path string, in any, list func(*pmpsmart.Client) iter.Seq2[T, error], opts []pmpsmart.Option) {
	t.Helper()
	want := readAs(t, s, op, list, opts...)
	got := readAs(t, s, "ListAs", func(c *pmpsmart.Client) iter.Seq2[T, error] { return pmpsmart.ListAs[T](t.Context(), c, path, in) }, opts...)
	want.err, got.err = strings.ReplaceAll(want.err, path+": ", ""), strings.ReplaceAll(got.err, path+": ", "")
	require.Equal(t, want, got, op)
}

// requireEmbedded checks that structs which embed an order hold what a list of orders
// has, and in place of its Extra what their own fields name.
func requireEmbedded(t *testing.T, s *pmpsmarttest.Server, op, as string, list func(*pmpsmart.Client) iter.Seq2[pmpsmart.Order, error], opts []pmpsmart.Option,
	totals func(*pmpsmart.Client) iter.Seq2[orderTotal, error], pointers func(*pmpsmart.Client) iter.Seq2[orderPointer, error], deep func(*pmpsmart.Client) iter.Seq2[*orderDeep, error]) {
	t.Helper()
	want := readAs(t, s, op, list, opts...)
	gotTotals, gotPointers, gotDeep := readAs(t, s, as, totals, opts...), readAs(t, s, as, pointers, opts...), readAs(t, s, as, deep, opts...)
	for _, got := range []read[int]{{err: gotTotals.err, drifts: gotTotals.drifts}, {err: gotPointers.err, drifts: gotPointers.drifts}, {err: gotDeep.err, drifts: gotDeep.drifts}} {
		require.Equal(t, want.err, got.err)
		require.Equal(t, want.drifts, got.drifts)
	}
	for i, order := range want.records {
		if order.Extra.Get("TOTAL") != nil {
			continue // the program's type takes it whatever its case is, and Extra has it by its own name
		}
		var total orderTotal
		var pointer orderPointer
		var whole orderDeep
		total.Order = without(t, order, "total")
		pointer.Order = &total.Order
		pointer.Total = order.Extra.Get("total")
		shorter := total
		shorter.Order = without(t, total.Order, "items", "outlet")
		whole.orderTotal = &shorter
		for name, field := range map[string]any{"total": &total.Total, "items": &whole.Items, "outlet": &whole.Outlet} {
			if order.Extra.Get(name) != nil {
				require.NoError(t, order.Extra.Decode(name, field))
			}
		}
		shorter.Total = total.Total
		for _, got := range []*pmpsmart.Order{&gotTotals.records[i].Order, gotPointers.records[i].Order, &gotDeep.records[i].Order} {
			*got = without(t, *got)
		}
		require.Equal(t, total, gotTotals.records[i])
		require.Equal(t, pointer, gotPointers.records[i])
		require.Equal(t, &whole, gotDeep.records[i])
	}
	require.Len(t, gotTotals.records, len(want.records))
}

// without returns an order whose Extra lacks some fields, each of the others once.
func without(t *testing.T, o pmpsmart.Order, names ...string) pmpsmart.Order {
	t.Helper()
	var object []byte
	for name, value := range o.Extra.All() {
		if slices.Contains(names, name) {
			continue
		}
		quoted, err := json.Marshal(name)
		require.NoError(t, err)
		object = append(append(append(append(object, ','), quoted...), ':'), value...)
	}
	o.Extra = pmpsmart.Extra{}
	if object != nil {
		object[0] = '{'
		require.NoError(t, json.Unmarshal(append(object, '}'), &o.Extra))
	}
	return o
}
