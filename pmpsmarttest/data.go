package pmpsmarttest

import (
	"bytes"
	"encoding/json"
	"iter"
	"slices"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// An Order is an order to add, with its items. If Items is nil, the items in the
// order's Extra are used, if there are any.
type Order struct {
	Order pmpsmart.Order
	Items []Item
}

// An Item is a line of an order.
type Item struct {
	ID       int64   `json:"id"` // 0 for the next one
	Product  string  `json:"nama_produk"`
	Quantity int64   `json:"qty"`
	Price    float64 `json:"harga"`
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
	return add[pmpsmart.Order](s, s.state.writeOrder, showOrder, orders, func(in Order) (o seed.Order, err error) {
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
	return add[pmpsmart.Outlet](s, s.state.writeOutlet, showOutlet, outlets, func(o pmpsmart.Outlet) (seed.Outlet, error) {
		return seed.Outlet{
			ID: o.ID, Code: o.Code, Name: o.Name, Address: o.Address,
			CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt, Extra: extra(o.Extra),
		}, nil
	})
}

// AddUsers adds salespeople, as [Server.AddOrders] adds orders, and panics
// for the same reasons.
func (s *Server) AddUsers(users ...pmpsmart.User) []pmpsmart.User {
	return add[pmpsmart.User](s, s.state.writeUser, showUser, users, func(u pmpsmart.User) (seed.User, error) {
		return seed.User{
			ID: u.ID, Name: u.Name, Email: u.Email, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt, Extra: extra(u.Extra),
		}, nil
	})
}

// AddVisits adds visits, as [Server.AddOrders] adds orders, and panics
// for the same reasons.
func (s *Server) AddVisits(visits ...pmpsmart.Visit) []pmpsmart.Visit {
	return add[pmpsmart.Visit](s, s.state.writeVisit, showVisit, visits, func(v pmpsmart.Visit) (seed.Visit, error) {
		return seed.Visit{
			ID: v.ID, Name: v.Name, UserID: v.UserID, OutletID: v.OutletID,
			CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, Extra: extra(v.Extra),
		}, nil
	})
}

// AddJSONOrders adds JSON orders, as [Server.AddOrders] adds orders, and panics
// for the same reasons.
func (s *Server) AddJSONOrders(orders ...pmpsmart.JSONOrder) []pmpsmart.JSONOrder {
	return add[pmpsmart.JSONOrder](s, s.state.writeJSONOrder, showJSONOrder, orders, func(o pmpsmart.JSONOrder) (seed.JSONOrder, error) {
		return seed.JSONOrder{
			ID: o.ID, Code: o.Code, Data: string(o.Data), Status: string(o.Status), StatusOrder: o.StatusOrder,
			CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt, Extra: extra(o.Extra),
		}, nil
	})
}

// add writes records of the library's type In as rows, and gives them back as
// records of its type Out.
func add[Out, In, Row any](s *Server, write func(*Row) error, show func(*Row) record, records []In, convert func(In) (Row, error)) []Out {
	s.state.lock.Lock()
	defer s.state.lock.Unlock()
	added := make([]Out, 0, len(records))
	for _, r := range records {
		row, err := convert(r)
		if err == nil {
			err = write(&row)
		}
		s.must("Add", err)
		added = append(added, asRecord[Out](show(&row)))
	}
	s.must("Add", s.state.journal.sync())
	return added
}

// extra is an Extra as it is kept, without the fields that are kept elsewhere.
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

// Orders gives all orders as [pmpsmart.Client.ListOrders] gives them in the style
// [Plain].
func (s *Server) Orders() []pmpsmart.Order { return all[pmpsmart.Order](s, s.state.orders, showOrder) }

// Outlets gives all outlets.
func (s *Server) Outlets() []pmpsmart.Outlet {
	return all[pmpsmart.Outlet](s, s.state.outlets, showOutlet)
}

// Users gives all salespeople.
func (s *Server) Users() []pmpsmart.User { return all[pmpsmart.User](s, s.state.users, showUser) }

// Visits gives all visits.
func (s *Server) Visits() []pmpsmart.Visit { return all[pmpsmart.Visit](s, s.state.visits, showVisit) }

// JSONOrders gives all JSON orders.
func (s *Server) JSONOrders() []pmpsmart.JSONOrder {
	return all[pmpsmart.JSONOrder](s, s.state.jsonOrders, showJSONOrder)
}

// all gives the rows of a table as records of the library's type.
func all[Out, Row any](s *Server, t *table[Row], show func(*Row) record) []Out {
	records := []Out{}
	for r := range find(&s.state.lock, t, nil, show).all() {
		records = append(records, asRecord[Out](r))
	}
	return records
}

// asRecord gives a record as a client would that had been sent it.
func asRecord[Out any](r record) (out Out) {
	var text bytes.Buffer
	plain := defaultForm()
	_ = encode(&text, &plain, false, r) // into memory
	if err := json.Unmarshal(text.Bytes(), &out); err != nil {
		panic("pmpsmarttest: " + err.Error()) // a mistake in this package
	}
	return out
}

// members gives the members of a JSON object in their order.
func members(object json.RawMessage) iter.Seq2[string, json.RawMessage] {
	var extra pmpsmart.Extra
	_ = extra.UnmarshalJSON(object) // it was made by extra
	return extra.All()
}
