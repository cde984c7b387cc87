package contract

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// An item is a line of an order, which is in the Extra of one order's detail.
type item struct {
	ID       int64   `json:"id"`
	Product  string  `json:"nama_produk"`
	Quantity int64   `json:"qty"`
	Price    float64 `json:"harga"`
}

// A fullOrder is an order with its Extra read out. In a list there is only the total.
type fullOrder struct {
	Order  pmpsmart.Order
	Names  []string // of Extra's fields, in the order they came
	Total  float64
	Items  []item
	Outlet pmpsmart.Outlet
	User   pmpsmart.User
}

// The sample data's records as the client gives them.

func (p *place) user(id int64) pmpsmart.User {
	u := p.data.User(id)
	return pmpsmart.User{ID: id, Name: u.Name, Email: u.Email, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt}
}

func (p *place) outlet(id int64) pmpsmart.Outlet {
	o := p.data.Outlet(id)
	return pmpsmart.Outlet{ID: id, Code: o.Code, Name: o.Name, Address: o.Address, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt}
}

func (p *place) visit(id int64) pmpsmart.Visit {
	v := p.data.Visit(id)
	return pmpsmart.Visit{ID: id, Name: v.Name, UserID: v.UserID, OutletID: v.OutletID, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt}
}

func (p *place) listed(id int64) fullOrder {
	o := p.data.Order(id)
	date, err := pmpsmart.ParseDate(o.Date)
	if err != nil {
		panic(err)
	}
	return fullOrder{
		Order: pmpsmart.Order{ID: id, Code: o.Code, Status: pmpsmart.OrderStatus(o.Status), Date: date,
			UserID: o.UserID, OutletID: o.OutletID, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt},
		Names: []string{"total"},
		Total: o.Total,
	}
}

func (p *place) detailed(id int64) fullOrder {
	o := p.listed(id)
	o.Names = []string{"total", "items", "outlet", "user"}
	o.Outlet, o.User = p.outlet(o.Order.OutletID), p.user(o.Order.UserID)
	for _, i := range p.data.Items(id) {
		o.Items = append(o.Items, item(i))
	}
	return o
}

// all gives the records of the ids 1 to n that keep keeps.
func all[T any](n int64, record func(int64) T, keep func(T) bool) []T {
	records := []T{}
	for id := int64(1); id <= n; id++ {
		if r := record(id); keep == nil || keep(r) {
			records = append(records, r)
		}
	}
	return records
}

// plain gives a record that can be compared: its times are in UTC and its Extra, which has to be empty, is left out.
func plain[T any](t *testing.T, record T) T {
	t.Helper()
	fields := reflect.ValueOf(&record).Elem()
	for i := range fields.NumField() {
		switch field := fields.Field(i).Addr().Interface().(type) {
		case *time.Time:
			*field = field.UTC()
		case *pmpsmart.Extra:
			assert.Empty(t, names(*field), "fields that no struct names")
			*field = pmpsmart.Extra{}
		}
	}
	return record
}

func plains[T any](t *testing.T, records []T) []T {
	t.Helper()
	for i := range records {
		records[i] = plain(t, records[i])
	}
	return records
}

// full reads out an order's Extra.
func full(t *testing.T, o pmpsmart.Order) fullOrder {
	t.Helper()
	f := fullOrder{Names: names(o.Extra)}
	for name, at := range map[string]any{"total": &f.Total, "items": &f.Items, "outlet": &f.Outlet, "user": &f.User} {
		if slices.Contains(f.Names, name) {
			require.NoError(t, o.Extra.Decode(name, at))
		}
	}
	f.Outlet, f.User = plain(t, f.Outlet), plain(t, f.User)
	o.Extra = pmpsmart.Extra{}
	f.Order = plain(t, o)
	return f
}

func fulls(t *testing.T, orders []pmpsmart.Order) []fullOrder {
	t.Helper()
	all := make([]fullOrder, len(orders))
	for i := range orders {
		all[i] = full(t, orders[i])
	}
	return all
}

// names are those of an Extra's fields, but for the type of a resource of JSON:API.
func names(e pmpsmart.Extra) (all []string) {
	for name := range e.All() {
		if name != "type" {
			all = append(all, name)
		}
	}
	return all
}

// started is when the servers were made, or shortly before.
var started = time.Now()

// recent reports whether the server gave a time from while the tests ran, as far as clocks agree.
func recent(at time.Time) bool {
	return at.After(started.Add(-time.Minute)) && at.Before(time.Now().Add(time.Minute))
}

// pageOrder is the order that the vendor's page asks for.
const pageOrder = seed.PageOrder
