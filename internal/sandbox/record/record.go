// Package record holds the columns of the sandbox's rows as the API names them.
// In which form a column is written is for package shape to say.
package record

import (
	"bytes"
	"encoding/json"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// A Kind of record, by the name that an application keeps one under.
type Kind string

// The kinds.
const (
	AccountKind   Kind = "account"
	UserKind      Kind = "user"
	OutletKind    Kind = "outlet"
	OrderKind     Kind = "order"
	ItemKind      Kind = "item"
	VisitKind     Kind = "visit"
	JSONOrderKind Kind = "json_order"
)

// A Record is a row with its columns, the id first. A value is nil, bool, int64,
// float64, string, time.Time, Day, Document, php.Raw, Record, or []Record.
type Record struct {
	Kind      Kind
	Columns   php.Object
	IsElement bool // it stands in a list
}

// A Day is a civil day, "2026-02-02".
type Day string

// A Document is JSON kept as a text.
type Document string

// ID returns the record's id.
func (r Record) ID() int64 {
	id, _ := r.Columns[0].Value.(int64)
	return id
}

// Account returns the columns of an account.
func Account(a *seed.Account) Record {
	return Record{Kind: AccountKind, Columns: php.Object{
		{"id", a.ID}, {"name", a.Name}, {"email", a.Email}, {"created_at", a.CreatedAt}, {"updated_at", a.UpdatedAt},
	}}
}

// User returns the columns of a salesperson.
func User(u *seed.User) Record {
	return Record{Kind: UserKind, Columns: withExtra(u.Extra, php.Object{
		{"id", u.ID}, {"name", orNull(u.Name)}, {"email", orNull(u.Email)}, {"created_at", u.CreatedAt}, {"updated_at", u.UpdatedAt},
	})}
}

// Outlet returns the columns of an outlet.
func Outlet(o *seed.Outlet) Record {
	return Record{Kind: OutletKind, Columns: withExtra(o.Extra, php.Object{
		{"id", o.ID}, {"kode_outlet", orNull(o.Code)}, {"nama_outlet", orNull(o.Name)}, {"alamat", orNull(o.Address)},
		{"created_at", o.CreatedAt}, {"updated_at", o.UpdatedAt},
	})}
}

// Order returns the columns of an order.
func Order(o *seed.Order) Record {
	return Record{Kind: OrderKind, Columns: withExtra(o.Extra, php.Object{
		{"id", o.ID}, {"kode_order", orNull(o.Code)}, {"status", orNull(o.Status)}, {"date_order", orNull(Day(o.Date))},
		{"user_id", orNull(o.UserID)}, {"outlet_id", orNull(o.OutletID)}, {"total", o.Total},
		{"created_at", o.CreatedAt}, {"updated_at", o.UpdatedAt},
	})}
}

// OrderDetail returns an order with its items, outlet and salesperson; the last
// two may be nil.
func OrderDetail(o *seed.Order, items []seed.Item, outlet *seed.Outlet, user *seed.User) Record {
	r := OrderWithItems(o, items)
	r.Columns = append(r.Columns, php.Member{"outlet", related(outlet, Outlet)})
	r.Columns = append(r.Columns, php.Member{"user", related(user, User)})
	return r
}

// OrderWithItems returns an order with its items.
func OrderWithItems(o *seed.Order, items []seed.Item) Record {
	records := []Record{}
	for _, i := range items {
		records = append(records, Record{Kind: ItemKind, Columns: php.Object{
			{"id", i.ID}, {"nama_produk", orNull(i.Product)}, {"qty", i.Quantity}, {"harga", i.Price},
		}})
	}
	r := Order(o)
	r.Columns = append(r.Columns, php.Member{"items", records})
	return r
}

// related returns the record of a row, nil if there is none.
func related[T any](row *T, columns func(*T) Record) any {
	if row == nil {
		return nil
	}
	return columns(row)
}

// Visit returns the columns of a visit.
func Visit(v *seed.Visit) Record {
	return Record{Kind: VisitKind, Columns: withExtra(v.Extra, php.Object{
		{"id", v.ID}, {"name", orNull(v.Name)}, {"user_id", orNull(v.UserID)}, {"outlet_id", orNull(v.OutletID)},
		{"created_at", v.CreatedAt}, {"updated_at", v.UpdatedAt},
	})}
}

// JSONOrder returns the columns of a JSON order.
func JSONOrder(o *seed.JSONOrder) Record {
	return Record{Kind: JSONOrderKind, Columns: withExtra(o.Extra, php.Object{
		{"id", o.ID}, {"kode_order", orNull(o.Code)}, {"json_data", orNull(Document(o.Data))}, {"status", orNull(o.Status)},
		{"status_order", orNull(o.StatusOrder)}, {"created_at", o.CreatedAt}, {"updated_at", o.UpdatedAt},
	})}
}

// orNull returns nil, which is NULL, for an empty value.
func orNull[T comparable](value T) any {
	var zero T
	if value == zero {
		return nil
	}
	return value
}

// withExtra adds the members of a JSON object. One that has the name of a column
// replaces it: that was added with a value that the column can't hold.
func withExtra(extra json.RawMessage, columns php.Object) php.Object {
	if len(extra) == 0 {
		return columns
	}
	decoder := json.NewDecoder(bytes.NewReader(extra))
	_, _ = decoder.Token() // the brace: a row's extra is a valid object
next:
	for decoder.More() {
		token, _ := decoder.Token()
		name, _ := token.(string)
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			break
		}
		for i := range columns {
			if columns[i].Name == name {
				columns[i].Value = php.Raw(value)
				continue next
			}
		}
		columns = append(columns, php.Member{name, php.Raw(value)})
	}
	return columns
}
