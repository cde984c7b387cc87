// Package store is the sandbox's database: tables of rows, accounts and their
// tokens, in memory and, if a data file is named, on the disk.
package store

import (
	"slices"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// Options say what a store holds at first and how it keeps it.
type Options struct {
	Data        seed.Data        // the sample data
	Rows        *seed.Data       // how many rows of it there are; nil for all
	Now         func() time.Time // many goroutines call it at once
	SingleToken bool             // a login ends the account's former token
	DataFile    string           // keeps what is written; "" is memory alone
}

// A Store is the database. It is safe for concurrent use. Rows change through a
// [Tx] alone, and every change is in the journal before it is made.
type Store struct {
	now    func() time.Time
	single bool

	mu       sync.RWMutex
	*tables  // a query keeps those that it began with
	accounts []*seed.Account
	tokens   map[string]string // the account's email by the token's digest
	logins   int
	changes  int64    // of rows
	journal  *journal // nil keeps nothing
}

// tables are the rows.
type tables struct {
	data       seed.Data
	users      *Table[seed.User]
	outlets    *Table[seed.Outlet]
	orders     *Table[seed.Order]
	visits     *Table[seed.Visit]
	jsonOrders *Table[seed.JSONOrder]
	codes      map[string][]int64 // the ids of JSON orders by code
	lastItem   int64              // the greatest id of an item
}

// Users returns the table of salespeople, for [Find].
func Users(s *Store) *Table[seed.User] { return s.users }

// Outlets returns the table of outlets, for [Find].
func Outlets(s *Store) *Table[seed.Outlet] { return s.outlets }

// Orders returns the table of orders, for [Find].
func Orders(s *Store) *Table[seed.Order] { return s.orders }

// Visits returns the table of visits, for [Find].
func Visits(s *Store) *Table[seed.Visit] { return s.visits }

// JSONOrders returns the table of JSON orders, for [Find].
func JSONOrders(s *Store) *Table[seed.JSONOrder] { return s.jsonOrders }

// Open returns a store of the sample data, with the changes that its data file
// has kept.
func Open(o Options) (*Store, error) {
	rows := o.Data
	if o.Rows != nil {
		rows = *o.Rows
	}
	s := &Store{now: o.Now, single: o.SingleToken, tables: newTables(o.Data, rows), tokens: map[string]string{}}
	if o.DataFile == "" {
		return s, nil
	}
	var err error
	begin := func(kept seed.Data) { s.tables.data.Ends = kept.Ends }
	s.journal, err = openJournal(o.DataFile, journalHead{journalNumber, seed.Version, rows}, begin, s.replay)
	return s, err
}

func newTables(d, rows seed.Data) *tables {
	t := &tables{data: d, codes: map[string][]int64{}, lastItem: rows.Orders * seed.MaxItems}
	// The sample data's last day may change: a row is asked of what the data is then.
	t.users = newTable("users", rows.Users, func(id int64) seed.User { return t.data.User(id) }, func(u *seed.User) *int64 { return &u.ID })
	t.outlets = newTable("outlets", rows.Outlets, func(id int64) seed.Outlet { return t.data.Outlet(id) }, func(o *seed.Outlet) *int64 { return &o.ID })
	t.orders = newTable("orders", rows.Orders, func(id int64) seed.Order { return t.data.Order(id) }, func(o *seed.Order) *int64 { return &o.ID })
	t.visits = newTable("visits", rows.Visits, func(id int64) seed.Visit { return t.data.Visit(id) }, func(v *seed.Visit) *int64 { return &v.ID })
	t.jsonOrders = newTable("json_orders", rows.JSONOrders, func(id int64) seed.JSONOrder { return t.data.JSONOrder(id) }, func(o *seed.JSONOrder) *int64 { return &o.ID })
	t.orders.changed = t.noteItems
	t.jsonOrders.changed = t.indexCode
	for id := range rows.JSONOrders {
		o := d.JSONOrder(id + 1)
		t.codes[o.Code] = append(t.codes[o.Code], o.ID)
	}
	return t
}

// Changes returns how often rows have changed.
func (s *Store) Changes() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.changes
}

// Sync returns when all changes are on the disk.
func (s *Store) Sync() error { return s.kept().sync() }

// Problem returns why the data file takes no changes, or nil if it does.
func (s *Store) Problem() error { return s.kept().problem() }

// Close closes the data file. The store stays readable.
func (s *Store) Close() error { return s.kept().close() }

func (s *Store) kept() *journal {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.journal
}

// stamp returns the present time as a database keeps it, in whole seconds.
func (s *Store) stamp() time.Time { return s.now().UTC().Truncate(time.Second) }

// noteItems makes the ids of items continue after those of an order.
func (t *tables) noteItems(_, o *seed.Order) {
	for _, item := range o.Items {
		t.lastItem = max(t.lastItem, item.ID)
	}
}

// indexCode moves a JSON order from the code of the one that it replaced to its
// own.
func (t *tables) indexCode(former, o *seed.JSONOrder) {
	ids := t.codes[former.Code]
	if i, found := slices.BinarySearch(ids, former.ID); found {
		t.codes[former.Code] = slices.Delete(ids, i, i+1)
	}
	ids = t.codes[o.Code]
	i, _ := slices.BinarySearch(ids, o.ID)
	t.codes[o.Code] = slices.Insert(ids, i, o.ID)
}
