package pmpsmarttest

import (
	"encoding/json"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// A kind of record, by the name that an application keeps one under.
type kind string

const (
	accountKind   kind = "account"
	userKind      kind = "user"
	outletKind    kind = "outlet"
	orderKind     kind = "order"
	itemKind      kind = "item"
	visitKind     kind = "visit"
	jsonOrderKind kind = "json_order"
)

// A record is a row as the API shows it.
type record struct {
	kind   kind
	fields []member // the id first
}

func showAccount(a *seed.Account) record {
	return record{accountKind, []member{
		{"id", a.ID}, {"name", a.Name}, {"email", a.Email}, {"created_at", a.CreatedAt}, {"updated_at", a.UpdatedAt},
	}}
}

func showUser(u *seed.User) record {
	return record{userKind, withExtra(u.Extra, []member{
		{"id", u.ID}, {"name", orNull(u.Name)}, {"email", orNull(u.Email)}, {"created_at", u.CreatedAt}, {"updated_at", u.UpdatedAt},
	})}
}

func showOutlet(o *seed.Outlet) record {
	return record{outletKind, withExtra(o.Extra, []member{
		{"id", o.ID}, {"kode_outlet", orNull(o.Code)}, {"nama_outlet", orNull(o.Name)}, {"alamat", orNull(o.Address)},
		{"created_at", o.CreatedAt}, {"updated_at", o.UpdatedAt},
	})}
}

func showOrder(o *seed.Order) record {
	return record{orderKind, withExtra(o.Extra, []member{
		{"id", o.ID}, {"kode_order", orNull(o.Code)}, {"status", orNull(o.Status)}, {"date_order", orNull(civil(o.Date))},
		{"user_id", orNull(o.UserID)}, {"outlet_id", orNull(o.OutletID)}, {"total", o.Total},
		{"created_at", o.CreatedAt}, {"updated_at", o.UpdatedAt},
	})}
}

func showItem(i seed.Item) record {
	return record{itemKind, []member{{"id", i.ID}, {"nama_produk", orNull(i.Product)}, {"qty", i.Quantity}, {"harga", i.Price}}}
}

func showVisit(v *seed.Visit) record {
	return record{visitKind, withExtra(v.Extra, []member{
		{"id", v.ID}, {"name", orNull(v.Name)}, {"user_id", orNull(v.UserID)}, {"outlet_id", orNull(v.OutletID)},
		{"created_at", v.CreatedAt}, {"updated_at", v.UpdatedAt},
	})}
}

func showJSONOrder(o *seed.JSONOrder) record {
	return record{jsonOrderKind, withExtra(o.Extra, []member{
		{"id", o.ID}, {"kode_order", orNull(o.Code)}, {"json_data", orNull(document(o.Data))}, {"status", orNull(o.Status)},
		{"status_order", orNull(o.StatusOrder)}, {"created_at", o.CreatedAt}, {"updated_at", o.UpdatedAt},
	})}
}

// orNull gives NULL for what is empty.
func orNull[T comparable](value T) any {
	var zero T
	if value == zero {
		return nil
	}
	return value
}

// withExtra adds the members of a JSON object. One that has the name of a field
// stands in its place: it was seeded with a value that the field can't hold.
func withExtra(extra json.RawMessage, fields []member) []member {
	if len(extra) == 0 {
		return fields
	}
next:
	for name, value := range members(extra) {
		for i := range fields {
			if fields[i].name == name {
				fields[i].value = raw(value)
				continue next
			}
		}
		fields = append(fields, member{name, raw(value)})
	}
	return fields
}
