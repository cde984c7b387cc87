package store

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// A View reads the store while nobody changes it.
type View struct{ s *Store }

// View returns a View, which End must follow.
func (s *Store) View() View {
	s.mu.RLock()
	return View{s}
}

// End lets others change the store.
func (v View) End() { v.s.mu.RUnlock() }

// A Tx reads and changes the store while nobody else does. A change that has
// been made stays: there is no rollback.
type Tx struct{ View }

// Begin returns a Tx, which End must follow.
func (s *Store) Begin() Tx {
	s.mu.Lock()
	return Tx{View{s}}
}

// End lets others use the store.
func (tx Tx) End() { tx.s.mu.Unlock() }

// Order returns the order of an id.
func (v View) Order(id int64) (seed.Order, bool) { return v.s.orders.get(id) }

// Outlet returns the outlet of an id.
func (v View) Outlet(id int64) (seed.Outlet, bool) { return v.s.outlets.get(id) }

// User returns the salesperson of an id.
func (v View) User(id int64) (seed.User, bool) { return v.s.users.get(id) }

// Items returns those of an order: the sample data's, until it has others.
func (v View) Items(o *seed.Order) []seed.Item {
	if o.Items == nil && o.ID <= v.s.orders.seeded {
		return v.s.data.Items(o.ID)
	}
	return o.Items
}

// JSONOrder returns the first JSON order of a code.
func (v View) JSONOrder(code string) (seed.JSONOrder, bool) {
	ids := v.s.codes[code]
	if len(ids) == 0 {
		return seed.JSONOrder{}, false
	}
	return v.s.jsonOrders.get(ids[0])
}

// JSONOrderIDs returns the ids of all JSON orders of a code, ascending.
func (v View) JSONOrderIDs(code string) []int64 { return append([]int64{}, v.s.codes[code]...) }

// OutletCodeTaken reports whether an outlet other than that of id has a code. It
// reads them all, some milliseconds for the 5,000 of the largest sample data.
func (v View) OutletCodeTaken(code string, id int64) bool {
	outlets := v.s.outlets
	for position := range outlets.len() {
		if o := outlets.at(position); o.Code == code && o.ID != id {
			return true
		}
	}
	return false
}

// Now returns the time to stamp a change with, in whole seconds.
func (tx Tx) Now() time.Time { return tx.s.stamp() }

// ErrNoID is the error of a row without an id where the largest is taken.
var ErrNoID = errors.New("no id is left")

// put puts a row into its table. It sets the id and the times that are zero.
func put[T any](s *Store, t *Table[T], row *T, created, updated *time.Time) error {
	switch id := t.id(row); {
	case *id < 0:
		return fmt.Errorf("id %d is below 1", *id)
	case *id == 0:
		if *id = t.next(); *id == 0 {
			return fmt.Errorf("%s: %w", t.name, ErrNoID)
		}
	}
	if created.IsZero() {
		*created = s.stamp()
	}
	if updated.IsZero() {
		*updated = *created
	}
	if err := s.journal.add(t.name, row); err != nil {
		return err
	}
	t.put(*row)
	s.changes++
	return nil
}

// PutUser adds a salesperson, or replaces the one of that id. It sets the id and
// the times if they are zero, as the methods for the other rows do.
func (tx Tx) PutUser(u *seed.User) error {
	return put(tx.s, tx.s.users, u, &u.CreatedAt, &u.UpdatedAt)
}

// PutOutlet adds or replaces an outlet.
func (tx Tx) PutOutlet(o *seed.Outlet) error {
	return put(tx.s, tx.s.outlets, o, &o.CreatedAt, &o.UpdatedAt)
}

// PutVisit adds or replaces a visit.
func (tx Tx) PutVisit(v *seed.Visit) error {
	return put(tx.s, tx.s.visits, v, &v.CreatedAt, &v.UpdatedAt)
}

// PutJSONOrder adds or replaces a JSON order.
func (tx Tx) PutJSONOrder(o *seed.JSONOrder) error {
	return put(tx.s, tx.s.jsonOrders, o, &o.CreatedAt, &o.UpdatedAt)
}

// PutOrder adds or replaces an order. Items without an id get the next ones.
func (tx Tx) PutOrder(o *seed.Order) error {
	last := tx.s.lastItem
	for i := range o.Items {
		item := &o.Items[i]
		if item.ID == 0 {
			if last == math.MaxInt64 {
				return fmt.Errorf("items: %w", ErrNoID)
			}
			item.ID = last + 1
		}
		last = max(last, item.ID)
	}
	return put(tx.s, tx.s.orders, o, &o.CreatedAt, &o.UpdatedAt)
}
