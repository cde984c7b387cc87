package export

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A kind is one of the lists that can be exported.
type kind struct {
	name    string   // as the command line has it
	noun    string   // of one record
	columns []string // of a table, by the API's names
	flags   []string // that select records of it
	day     string   // the field that has a record's day; "" where there is none
	byDay   bool     // the server can be asked for days
	zones   bool     // the server may count days in another zone than the file
	list    func(ctx context.Context, c *pmpsmart.Client, a asked, page int) iter.Seq2[record, error]
}

// kinds are all of them; the first is the default.
var kinds = []kind{
	{
		name: "orders", noun: "order", day: "date_order", byDay: true,
		columns: []string{"id", "kode_order", "status", "date_order", "user_id", "outlet_id", "created_at", "updated_at"},
		flags:   []string{"status", "any-status", "user", "outlet", "date"},
		list: func(ctx context.Context, c *pmpsmart.Client, a asked, page int) iter.Seq2[record, error] {
			f := pmpsmart.OrderFilter{Status: pmpsmart.OrderStatus(a.status), Date: a.window.From, UserID: a.user, OutletID: a.outlet}
			return records(lister[pmpsmart.Order](ctx, c, c.ListOrdersSeq, "order", f, page), orderRecord)
		},
	},
	{
		name: "visits", noun: "visit", day: "created_at",
		columns: []string{"id", "name", "user_id", "outlet_id", "created_at", "updated_at"},
		flags:   []string{"name", "user", "outlet", "date"},
		list: func(ctx context.Context, c *pmpsmart.Client, a asked, page int) iter.Seq2[record, error] {
			f := pmpsmart.VisitFilter{Name: a.name}
			return records(lister[pmpsmart.Visit](ctx, c, c.ListVisitsSeq, "visit", f, page), visitRecord)
		},
	},
	{
		name: "outlets", noun: "outlet",
		columns: []string{"id", "kode_outlet", "nama_outlet", "alamat", "created_at", "updated_at"},
		list: func(ctx context.Context, c *pmpsmart.Client, _ asked, page int) iter.Seq2[record, error] {
			all := func(ctx context.Context, _ struct{}, opts ...pmpsmart.CallOption) iter.Seq2[pmpsmart.Outlet, error] {
				return c.ListOutletsSeq(ctx, opts...)
			}
			return records(lister[pmpsmart.Outlet](ctx, c, all, "master/outlet", struct{}{}, page), outletRecord)
		},
	},
	{
		name: "salespeople", noun: "salesperson",
		columns: []string{"id", "name", "email", "created_at", "updated_at"},
		flags:   []string{"name"},
		list: func(ctx context.Context, c *pmpsmart.Client, a asked, page int) iter.Seq2[record, error] {
			f := pmpsmart.SalesUserFilter{Name: a.name}
			return records(lister[pmpsmart.User](ctx, c, c.ListSalesUsersSeq, "user/sales", f, page), userRecord)
		},
	},
	{
		name: "json-orders", noun: "JSON order", day: "created_at", byDay: true, zones: true,
		columns: []string{"id", "kode_order", "json_data", "status", "status_order", "created_at", "updated_at"},
		flags:   []string{"status", "status-order", "code", "search", "date"},
		list: func(ctx context.Context, c *pmpsmart.Client, a asked, page int) iter.Seq2[record, error] {
			f := pmpsmart.JSONOrderFilter{
				Search: a.search, Code: a.code, Status: pmpsmart.JSONOrderStatus(a.status), StatusOrder: a.statusOrder,
				StartDate: a.window.From, EndDate: a.window.To,
			}
			return records(lister[pmpsmart.JSONOrder](ctx, c, c.FilterJSONOrdersSeq, "json/order/get/filter", f, page), jsonOrderRecord)
		},
	},
}

// The records of the models, whose moments are put into the zone of the file.

func orderRecord(o *pmpsmart.Order) record {
	o.CreatedAt, o.UpdatedAt = inWIB(o.CreatedAt), inWIB(o.UpdatedAt)
	return record{id: o.ID, day: o.Date, status: string(o.Status), user: o.UserID, outlet: o.OutletID}
}

func visitRecord(v *pmpsmart.Visit) record {
	v.CreatedAt, v.UpdatedAt = inWIB(v.CreatedAt), inWIB(v.UpdatedAt)
	return record{id: v.ID, day: dayOf(v.CreatedAt), name: v.Name, user: v.UserID, outlet: v.OutletID}
}

func outletRecord(o *pmpsmart.Outlet) record {
	o.CreatedAt, o.UpdatedAt = inWIB(o.CreatedAt), inWIB(o.UpdatedAt)
	return record{id: o.ID}
}

func userRecord(u *pmpsmart.User) record {
	u.CreatedAt, u.UpdatedAt = inWIB(u.CreatedAt), inWIB(u.UpdatedAt)
	return record{id: u.ID, name: u.Name}
}

func jsonOrderRecord(o *pmpsmart.JSONOrder) record {
	o.CreatedAt, o.UpdatedAt = inWIB(o.CreatedAt), inWIB(o.UpdatedAt)
	return record{id: o.ID, day: dayOf(o.CreatedAt), at: o.CreatedAt, status: string(o.Status), statusOrder: o.StatusOrder, code: o.Code}
}

// kindOf returns the kind of that name.
func kindOf(name string) (*kind, error) {
	var names []string
	for i := range kinds {
		if kinds[i].name == name || name == "" {
			return &kinds[i], nil
		}
		names = append(names, kinds[i].name)
	}
	last := len(names) - 1
	return nil, tool.Usagef("can't export %q; want %s or %s", name, strings.Join(names[:last], ", "), names[last])
}

// A record is one of a list: its line of JSON, and what of it can be asked for.
type record struct {
	line []byte // with the API's names, and every other field that the server sent; no line break
	id   int64  // 0 where the server sent none

	// The zero value is that of a field that the server did not send.
	day                             pmpsmart.Date
	at                              time.Time
	status, statusOrder, name, code string
	user, outlet                    int64
}

// lister returns the records of a list from a page on, which is 0 or 1 for all of them.
func lister[T, F any](ctx context.Context, c *pmpsmart.Client, all func(context.Context, F, ...pmpsmart.CallOption) iter.Seq2[T, error], path string, filter F, page int) iter.Seq2[T, error] {
	if page <= 1 {
		return all(ctx, filter)
	}
	return pmpsmart.ListAs[T](ctx, c, pageOf(path, page), filter)
}

// records makes records of a list's models.
func records[T interface{ MarshalJSON() ([]byte, error) }](all iter.Seq2[T, error], make func(*T) record) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for model, err := range all {
			if err != nil {
				yield(record{}, err)
				return
			}
			r := make(&model)
			if r.line, err = model.MarshalJSON(); err != nil {
				yield(record{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func inWIB(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(pmpsmart.WIB)
}

func dayOf(t time.Time) pmpsmart.Date {
	if t.IsZero() {
		return pmpsmart.Date{}
	}
	return pmpsmart.DateOf(t.In(pmpsmart.WIB))
}
