package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// Data returns the sample data.
func (s *Store) Data() seed.Data {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.data
}

// EndOn makes the last day of the sample data that of a time, as
// [seed.Data.EndingOn] does. Rows that have changed stay.
func (s *Store) EndOn(at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	data := s.data.EndingOn(at)
	if data == s.data {
		return nil
	}
	if err := s.journal.add(dayTable, dayChange{data.Ends}); err != nil {
		return err
	}
	s.data = data
	s.changes++
	return nil
}

// A dayChange is the sample data's last day.
type dayChange struct {
	Ends int64 `json:"ends"`
}

// A resetChange is the return to the start, with this sample data.
type resetChange struct {
	Data seed.Data `json:"data"`
	Rows seed.Data `json:"rows"`
}

// Reset returns another store, as [Open] does without a data file, which takes over
// the data file of this one: from then on this one keeps what is written in memory
// alone. If the file can't be written, it returns an error and changes nothing.
func (s *Store) Reset(o Options) (*Store, error) {
	o.DataFile = ""
	next, err := Open(o)
	if err != nil {
		return nil, err
	}
	rows := o.Data
	if o.Rows != nil {
		rows = *o.Rows
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.journal.add(resetTable, resetChange{o.Data, rows}); err != nil {
		return nil, err
	}
	if err := s.journal.sync(); err != nil {
		return nil, err
	}
	next.journal, s.journal = s.journal, nil
	return next, nil
}

// replay makes the change of one line of the journal.
func (s *Store) replay(text []byte) error {
	var line struct {
		Table string          `json:"table"`
		Row   json.RawMessage `json:"row"`
	}
	if err := json.Unmarshal(text, &line); err != nil {
		return err
	}
	switch line.Table {
	case s.users.name:
		return replayAs(line.Row, s.users.put)
	case s.outlets.name:
		return replayAs(line.Row, s.outlets.put)
	case s.orders.name:
		return replayAs(line.Row, s.orders.put)
	case s.visits.name:
		return replayAs(line.Row, s.visits.put)
	case s.jsonOrders.name:
		return replayAs(line.Row, s.jsonOrders.put)
	case tokensTable:
		return replayAs(line.Row, s.applyTokens)
	case dayTable:
		return replayAs(line.Row, func(c dayChange) { s.data.Ends = c.Ends })
	case resetTable:
		return replayAs(line.Row, func(c resetChange) {
			s.tables = newTables(c.Data, c.Rows)
			clear(s.tokens)
		})
	}
	return fmt.Errorf("unknown table %q", line.Table)
}

// replayAs makes a change that a line has the T of.
func replayAs[T any](text []byte, apply func(T)) error {
	var change T
	if err := json.Unmarshal(text, &change); err != nil {
		return err
	}
	apply(change)
	return nil
}
