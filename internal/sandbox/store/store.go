// Package store is the sandbox's database: tables of rows, accounts and their
// tokens, in memory and, if a data file is named, on the disk.
package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// Options say what a store holds at first and how it keeps it.
type Options struct {
	Data        seed.Data
	Now         func() time.Time // many goroutines call it at once
	SingleToken bool             // a login ends the account's former token
	DataFile    string           // keeps what is written; "" is memory alone
}

// A Store is the database. It is safe for concurrent use. Rows change through a
// [Tx] alone, and every change is in the journal before it is made.
type Store struct {
	now    func() time.Time
	single bool
	data   seed.Data

	mu         sync.RWMutex
	Users      *Table[seed.User]
	Outlets    *Table[seed.Outlet]
	Orders     *Table[seed.Order]
	Visits     *Table[seed.Visit]
	JSONOrders *Table[seed.JSONOrder]
	codes      map[string][]int64 // the ids of JSON orders by code
	lastItem   int64              // the greatest id of an item
	accounts   []*seed.Account
	tokens     map[string]string // the account's email by the token's digest
	logins     int
	journal    *journal // nil keeps nothing
}

// Open returns a store of the sample data, with the changes that its data file
// has kept.
func Open(o Options) (*Store, error) {
	d := o.Data
	s := &Store{
		now: o.Now, single: o.SingleToken, data: d,
		Users:      newTable("users", d.Users, d.User, func(u *seed.User) *int64 { return &u.ID }),
		Outlets:    newTable("outlets", d.Outlets, d.Outlet, func(o *seed.Outlet) *int64 { return &o.ID }),
		Orders:     newTable("orders", d.Orders, d.Order, func(o *seed.Order) *int64 { return &o.ID }),
		Visits:     newTable("visits", d.Visits, d.Visit, func(v *seed.Visit) *int64 { return &v.ID }),
		JSONOrders: newTable("json_orders", 0, nil, func(o *seed.JSONOrder) *int64 { return &o.ID }),
		codes:      map[string][]int64{},
		lastItem:   d.Orders * seed.MaxItems,
		tokens:     map[string]string{},
	}
	s.Orders.changed = s.noteItems
	s.JSONOrders.changed = s.indexCode
	if o.DataFile == "" {
		return s, nil
	}
	var err error
	s.journal, err = openJournal(o.DataFile, journalHead{1, seed.Version, d}, s.replay)
	return s, err
}

// Sync returns when all changes are on the disk.
func (s *Store) Sync() error { return s.journal.sync() }

// Close closes the data file. The store stays readable.
func (s *Store) Close() error { return s.journal.close() }

// stamp returns the present time as a database keeps it, in whole seconds.
func (s *Store) stamp() time.Time { return s.now().UTC().Truncate(time.Second) }

// noteItems makes the ids of items continue after those of an order.
func (s *Store) noteItems(_, o *seed.Order) {
	for _, item := range o.Items {
		s.lastItem = max(s.lastItem, item.ID)
	}
}

// indexCode moves a JSON order from the code of the one that it replaced to its
// own.
func (s *Store) indexCode(former, o *seed.JSONOrder) {
	ids := s.codes[former.Code]
	if i, found := slices.BinarySearch(ids, former.ID); found {
		s.codes[former.Code] = slices.Delete(ids, i, i+1)
	}
	ids = s.codes[o.Code]
	i, _ := slices.BinarySearch(ids, o.ID)
	s.codes[o.Code] = slices.Insert(ids, i, o.ID)
}

// replay makes the change of one line of the journal.
func (s *Store) replay(text []byte) error {
	var line journalLine
	if err := json.Unmarshal(text, &line); err != nil {
		return err
	}
	switch line.Table {
	case s.Users.name:
		return replayRow(s.Users, line.Row)
	case s.Outlets.name:
		return replayRow(s.Outlets, line.Row)
	case s.Orders.name:
		return replayRow(s.Orders, line.Row)
	case s.Visits.name:
		return replayRow(s.Visits, line.Row)
	case s.JSONOrders.name:
		return replayRow(s.JSONOrders, line.Row)
	case tokensTable:
		var change tokenChange
		err := json.Unmarshal(line.Row, &change)
		if err == nil {
			s.applyTokens(change)
		}
		return err
	}
	return fmt.Errorf("unknown table %q", line.Table)
}

func replayRow[T any](t *Table[T], text []byte) error {
	var row T
	if err := json.Unmarshal(text, &row); err != nil {
		return err
	}
	t.put(row)
	return nil
}
