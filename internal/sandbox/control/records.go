package control

import (
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// A recordKind is one of the five kinds of records, by the path that it has.
type recordKind struct {
	path      string
	list, add action
}

var recordKinds = []recordKind{
	kindOf("orders", orderColumns, (*sandbox.Sandbox).OrdersWithItems, finishOrder),
	kindOf("json-orders", jsonOrderColumns, (*sandbox.Sandbox).JSONOrders, nil),
	kindOf("outlets", outletColumns, (*sandbox.Sandbox).Outlets, nil),
	kindOf("users", userColumns, (*sandbox.Sandbox).Users, nil),
	kindOf("visits", visitColumns, (*sandbox.Sandbox).Visits, nil),
}

func kindOf[Row any](path string, columns columns[Row], of func(*sandbox.Sandbox) sandbox.Collection[Row], finish func(*Row, given)) recordKind {
	return recordKind{
		path: path,
		list: func(c *call) (any, error) { return find(c, of(c.world.box)) },
		add: func(c *call) (any, error) {
			var in []json.RawMessage
			if err := c.read(&in, columns.example); err != nil {
				return nil, err
			}
			rows := make([]Row, len(in))
			for i, text := range in {
				given, err := columns.read(i, text, &rows[i])
				if err != nil {
					return nil, err
				}
				if finish != nil {
					finish(&rows[i], given)
				}
			}
			added, err := of(c.world.box).Add(rows...)
			switch {
			case errors.Is(err, store.ErrNoID):
				return nil, &mistake{http.StatusConflict, err.Error() + ": the largest one is taken; give the record an id"}
			case err != nil:
				return nil, err
			}
			return created{records(func(yield func(json.RawMessage) bool) {
				for _, record := range added {
					if !yield(record) {
						return
					}
				}
			})}, nil
		},
	}
}

// records writes records one after the other, however many there are.
func records(all iter.Seq[json.RawMessage]) writer {
	return func(w io.Writer) error {
		next := `{"records":[`
		for record := range all {
			if _, err := w.Write(append([]byte(next), record...)); err != nil {
				return err
			}
			next = ",\n"
		}
		if next != ",\n" {
			_, err := io.WriteString(w, next+"]}\n")
			return err
		}
		_, err := io.WriteString(w, "]}\n")
		return err
	}
}

var userColumns = columns[seed.User]{
	example: `[{"name":"Budi","email":"budi@toko.test"}]`,
	extra:   func(u *seed.User) *json.RawMessage { return &u.Extra },
	all: []column[seed.User]{
		{"id", id(func(u *seed.User) *int64 { return &u.ID })},
		{"name", text(func(u *seed.User) *string { return &u.Name })},
		{"email", text(func(u *seed.User) *string { return &u.Email })},
		{"created_at", moment(func(u *seed.User) *timeOf { return &u.CreatedAt })},
		{"updated_at", moment(func(u *seed.User) *timeOf { return &u.UpdatedAt })},
	},
}

var outletColumns = columns[seed.Outlet]{
	example: `[{"kode_outlet":"OUT-901","nama_outlet":"Toko Baru"}]`,
	extra:   func(o *seed.Outlet) *json.RawMessage { return &o.Extra },
	all: []column[seed.Outlet]{
		{"id", id(func(o *seed.Outlet) *int64 { return &o.ID })},
		{"kode_outlet", text(func(o *seed.Outlet) *string { return &o.Code })},
		{"nama_outlet", text(func(o *seed.Outlet) *string { return &o.Name })},
		{"alamat", text(func(o *seed.Outlet) *string { return &o.Address })},
		{"created_at", moment(func(o *seed.Outlet) *timeOf { return &o.CreatedAt })},
		{"updated_at", moment(func(o *seed.Outlet) *timeOf { return &o.UpdatedAt })},
	},
}

var visitColumns = columns[seed.Visit]{
	example: `[{"name":"Budi","user_id":1,"outlet_id":1}]`,
	extra:   func(v *seed.Visit) *json.RawMessage { return &v.Extra },
	all: []column[seed.Visit]{
		{"id", id(func(v *seed.Visit) *int64 { return &v.ID })},
		{"name", text(func(v *seed.Visit) *string { return &v.Name })},
		{"user_id", integer(func(v *seed.Visit) *int64 { return &v.UserID })},
		{"outlet_id", integer(func(v *seed.Visit) *int64 { return &v.OutletID })},
		{"created_at", moment(func(v *seed.Visit) *timeOf { return &v.CreatedAt })},
		{"updated_at", moment(func(v *seed.Visit) *timeOf { return &v.UpdatedAt })},
	},
}

var jsonOrderColumns = columns[seed.JSONOrder]{
	example: `[{"kode_order":"PMP-3903001","json_data":"{\"key\":\"value\"}","status":"completed"}]`,
	extra:   func(o *seed.JSONOrder) *json.RawMessage { return &o.Extra },
	all: []column[seed.JSONOrder]{
		{"id", id(func(o *seed.JSONOrder) *int64 { return &o.ID })},
		{"kode_order", text(func(o *seed.JSONOrder) *string { return &o.Code })},
		{"json_data", document(func(o *seed.JSONOrder) *string { return &o.Data })},
		{"status", text(func(o *seed.JSONOrder) *string { return &o.Status })},
		{"status_order", text(func(o *seed.JSONOrder) *string { return &o.StatusOrder })},
		{"created_at", moment(func(o *seed.JSONOrder) *timeOf { return &o.CreatedAt })},
		{"updated_at", moment(func(o *seed.JSONOrder) *timeOf { return &o.UpdatedAt })},
	},
}

var orderColumns = columns[seed.Order]{
	example: `[{"kode_order":"PMP-9000001","status":"open","date_order":"2026-02-02","items":[{"nama_produk":"Kopi","qty":2,"harga":14500}]}]`,
	extra:   func(o *seed.Order) *json.RawMessage { return &o.Extra },
	without: []string{"outlet", "user"}, // those of the ids
	all: []column[seed.Order]{
		{"id", id(func(o *seed.Order) *int64 { return &o.ID })},
		{"kode_order", text(func(o *seed.Order) *string { return &o.Code })},
		{"status", text(func(o *seed.Order) *string { return &o.Status })},
		{"date_order", day(func(o *seed.Order) *string { return &o.Date })},
		{"user_id", integer(func(o *seed.Order) *int64 { return &o.UserID })},
		{"outlet_id", integer(func(o *seed.Order) *int64 { return &o.OutletID })},
		{"total", number(func(o *seed.Order) *float64 { return &o.Total })},
		{"items", items},
		{"created_at", moment(func(o *seed.Order) *timeOf { return &o.CreatedAt })},
		{"updated_at", moment(func(o *seed.Order) *timeOf { return &o.UpdatedAt })},
	},
}

// finishOrder adds up an order's items where it states no total of its own.
func finishOrder(o *seed.Order, given given) {
	if o.Items == nil {
		o.Items = []seed.Item{} // and not those of the sample data
	}
	if given["total"] {
		return
	}
	for _, item := range o.Items {
		o.Total += float64(item.Quantity) * item.Price
	}
}
