package pmpsmarttest

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// An Order is an order to add, with its items. If Items is nil, the items in the
// order's Extra are used, if there are any.
type Order struct {
	Order pmpsmart.Order // as AddOrders takes it; an id of 0 is the next one
	Items []Item         // its lines, in their order
}

// An Item is a line of an order.
type Item struct {
	ID       int64   `json:"id"`          // 0 for the next one
	Product  string  `json:"nama_produk"` // its name
	Quantity int64   `json:"qty"`         // how many of it
	Price    float64 `json:"harga"`       // of one, in rupiah
}

// AddOrders adds orders and returns them as the API shows them. An order without
// an id gets the next one, and an order with an id that is there replaces that
// order; times that are zero are now. An order's total is the one in its Extra,
// or else the sum of its items; the other fields of its Extra are shown as they
// are, and one with the name of a struct's field replaces that field.
//
// It panics if an id is negative or no id is left, if the items or the total in
// an Extra can't be read, or if the file of [WithDataFile] can't be written. The
// orders before it have been added.
func (s *Server) AddOrders(orders ...Order) []pmpsmart.Order {
	return add[pmpsmart.Order](s.sandbox.Orders(), orders, func(in Order) (o seed.Order, err error) {
		o = seed.Order{
			ID: in.Order.ID, Code: in.Order.Code, Status: string(in.Order.Status), Date: in.Order.Date.String(),
			UserID: in.Order.UserID, OutletID: in.Order.OutletID, CreatedAt: in.Order.CreatedAt, UpdatedAt: in.Order.UpdatedAt,
			Items: []seed.Item{},
		}
		items := in.Items
		if items == nil && in.Order.Extra.Get("items") != nil {
			err = in.Order.Extra.Decode("items", &items)
		}
		for _, item := range items {
			o.Items = append(o.Items, seed.Item(item))
			o.Total += float64(item.Quantity) * item.Price
		}
		if in.Order.Extra.Get("total") != nil && err == nil {
			err = in.Order.Extra.Decode("total", &o.Total)
		}
		o.Extra = extra(in.Order.Extra, "items", "total", "outlet", "user")
		return o, err
	})
}

// AddOutlets adds outlets, as [Server.AddOrders] adds orders, and panics
// for the same reasons.
func (s *Server) AddOutlets(outlets ...pmpsmart.Outlet) []pmpsmart.Outlet {
	return add[pmpsmart.Outlet](s.sandbox.Outlets(), outlets, func(o pmpsmart.Outlet) (seed.Outlet, error) {
		return seed.Outlet{
			ID: o.ID, Code: o.Code, Name: o.Name, Address: o.Address,
			CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt, Extra: extra(o.Extra),
		}, nil
	})
}

// AddUsers adds salespeople, as [Server.AddOrders] adds orders, and panics
// for the same reasons.
func (s *Server) AddUsers(users ...pmpsmart.User) []pmpsmart.User {
	return add[pmpsmart.User](s.sandbox.Users(), users, func(u pmpsmart.User) (seed.User, error) {
		return seed.User{
			ID: u.ID, Name: u.Name, Email: u.Email, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt, Extra: extra(u.Extra),
		}, nil
	})
}

// AddVisits adds visits, as [Server.AddOrders] adds orders, and panics
// for the same reasons.
func (s *Server) AddVisits(visits ...pmpsmart.Visit) []pmpsmart.Visit {
	return add[pmpsmart.Visit](s.sandbox.Visits(), visits, func(v pmpsmart.Visit) (seed.Visit, error) {
		return seed.Visit{
			ID: v.ID, Name: v.Name, UserID: v.UserID, OutletID: v.OutletID,
			CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, Extra: extra(v.Extra),
		}, nil
	})
}

// AddJSONOrders adds JSON orders, as [Server.AddOrders] adds orders, and panics
// for the same reasons.
func (s *Server) AddJSONOrders(orders ...pmpsmart.JSONOrder) []pmpsmart.JSONOrder {
	return add[pmpsmart.JSONOrder](s.sandbox.JSONOrders(), orders, func(o pmpsmart.JSONOrder) (seed.JSONOrder, error) {
		return seed.JSONOrder{
			ID: o.ID, Code: o.Code, Data: string(o.Data), Status: string(o.Status), StatusOrder: o.StatusOrder,
			CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt, Extra: extra(o.Extra),
		}, nil
	})
}

// add adds records of the library's type In as rows, and returns them as records
// of its type Out.
func add[Out, In, Row any](rows sandbox.Collection[Row], records []In, convert func(In) (Row, error)) []Out {
	var converted []Row
	var err error
	for _, r := range records {
		var row Row
		if row, err = convert(r); err != nil {
			break
		}
		converted = append(converted, row)
	}
	texts, addErr := rows.Add(converted...)
	must("Add", cmp.Or(addErr, err))
	added := make([]Out, 0, len(texts))
	for _, text := range texts {
		added = append(added, decode[Out](text))
	}
	return added
}

// extra returns an Extra as it is stored, without the fields that are stored
// elsewhere.
func extra(e pmpsmart.Extra, without ...string) json.RawMessage {
	var object []byte
	for name, value := range e.All() {
		if slices.Contains(without, name) {
			continue
		}
		quoted, _ := json.Marshal(name)
		object = append(append(object, ','), quoted...)
		object = append(append(object, ':'), value...)
	}
	if object == nil {
		return nil
	}
	object[0] = '{'
	return append(object, '}')
}

// Orders returns all orders as [pmpsmart.Client.ListOrders] returns them in the
// style [Plain].
func (s *Server) Orders() []pmpsmart.Order { return all[pmpsmart.Order](s.sandbox.Orders()) }

// Outlets returns all outlets.
func (s *Server) Outlets() []pmpsmart.Outlet { return all[pmpsmart.Outlet](s.sandbox.Outlets()) }

// Users returns all salespeople.
func (s *Server) Users() []pmpsmart.User { return all[pmpsmart.User](s.sandbox.Users()) }

// Visits returns all visits.
func (s *Server) Visits() []pmpsmart.Visit { return all[pmpsmart.Visit](s.sandbox.Visits()) }

// JSONOrders returns all JSON orders.
func (s *Server) JSONOrders() []pmpsmart.JSONOrder {
	return all[pmpsmart.JSONOrder](s.sandbox.JSONOrders())
}

// all returns rows as records of the library's type.
func all[Out, Row any](rows sandbox.Collection[Row]) []Out {
	records := []Out{}
	for text := range rows.All() {
		records = append(records, decode[Out](text))
	}
	return records
}

// decode reads a record as a client does.
func decode[Out any](text json.RawMessage) (out Out) {
	if err := json.Unmarshal(text, &out); err != nil {
		panic("pmpsmarttest: " + err.Error()) // a mistake in this module
	}
	return out
}
