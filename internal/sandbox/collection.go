package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// A Collection is all rows of a kind, to add to and to read without a request.
// Records are JSON as the API shows them in the style plain.
type Collection[Row any] struct {
	store *store.Store
	table func(*store.Store) *store.Table[Row]
	put   func(store.Tx, *Row) error
	show  func(*Row) record.Record
}

// Orders returns the orders.
func (s *Sandbox) Orders() Collection[seed.Order] {
	return Collection[seed.Order]{s.today().store, store.Orders, store.Tx.PutOrder, record.Order}
}

// OrdersWithItems returns the orders with their items. Those to add have items that are
// not nil.
func (s *Sandbox) OrdersWithItems() Collection[seed.Order] {
	c := s.Orders()
	c.show = func(o *seed.Order) record.Record {
		items := o.Items
		if items == nil {
			items = seed.Data{}.Items(o.ID) // which follow from the id alone
		}
		return record.OrderWithItems(o, items)
	}
	return c
}

// Outlets returns the outlets.
func (s *Sandbox) Outlets() Collection[seed.Outlet] {
	return Collection[seed.Outlet]{s.today().store, store.Outlets, store.Tx.PutOutlet, record.Outlet}
}

// Users returns the salespeople.
func (s *Sandbox) Users() Collection[seed.User] {
	return Collection[seed.User]{s.today().store, store.Users, store.Tx.PutUser, record.User}
}

// Visits returns the visits.
func (s *Sandbox) Visits() Collection[seed.Visit] {
	return Collection[seed.Visit]{s.today().store, store.Visits, store.Tx.PutVisit, record.Visit}
}

// JSONOrders returns the JSON orders.
func (s *Sandbox) JSONOrders() Collection[seed.JSONOrder] {
	return Collection[seed.JSONOrder]{s.today().store, store.JSONOrders, store.Tx.PutJSONOrder, record.JSONOrder}
}

// Add adds rows, or replaces those of the same id, and returns them as records.
// After an error the rows before it have been added.
func (c Collection[Row]) Add(rows ...Row) ([]json.RawMessage, error) {
	records, err := c.addAll(rows)
	return records, errors.Join(err, c.store.Sync())
}

func (c Collection[Row]) addAll(rows []Row) (records []json.RawMessage, err error) {
	tx := c.store.Begin()
	defer tx.End()
	for i := range rows {
		if err := c.put(tx, &rows[i]); err != nil {
			return records, err
		}
		records = append(records, c.plain(c.show(&rows[i])))
	}
	return records, nil
}

// All returns the records in the order of their ids.
func (c Collection[Row]) All() iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		for r := range store.Find(c.store, c.table, nil, c.show).All() {
			if !yield(c.plain(r)) {
				return
			}
		}
	}
}

// Last returns the records of the greatest ids, at most so many, and how many there are
// in all.
func (c Collection[Row]) Last(most int64) (last []json.RawMessage, total int64) {
	all := store.Find(c.store, c.table, nil, c.show)
	total = all.Count()
	for _, r := range all.Page(max(0, total-most), most) {
		last = append(last, c.plain(r))
	}
	return last, total
}

func (c Collection[Row]) plain(r record.Record) json.RawMessage {
	var text bytes.Buffer
	form := shape.Default()
	_ = form.Encode(&text, r) // into memory
	return text.Bytes()
}
