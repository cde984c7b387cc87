package mirrordb

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// What became of a record.
type What string

// What becomes of records.
const (
	New      What = "new"
	Changed  What = "changed"
	Vanished What = "vanished"
	Back     What = "back"
)

// A Change is what became of one record.
type Change struct {
	Kind   Kind      `json:"kind"`
	What   What      `json:"change"`
	ID     int64     `json:"id"`
	Code   string    `json:"code"`
	At     time.Time `json:"at"`
	Before Object    `json:"before,omitempty"` // of a record that changed or is back, the fields that differ
	After  Object    `json:"after,omitempty"`  // the same fields now; of a new one, all
	Repeat bool      `json:"-"`                // one list had both states
}

// An Object is the fields of a record with the API's names.
type Object []Member

// A Member is a field.
type Member struct {
	Name  string
	Value json.RawMessage
}

// MarshalJSON returns the fields as an object, in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, m.Name), ':')
		b = append(b, m.Value...)
	}
	return append(b, '}'), nil
}

func appendText(b []byte, s string) []byte {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s)
	return append(b, bytes.TrimRight(quoted.Bytes(), "\n")...)
}

// object returns a row's fields: the table's own, then the others.
func (t *table) object(id int64, values []any, extra string) Object {
	o := Object{{"id", strconv.AppendInt(nil, id, 10)}}
	for i, c := range t.columns {
		o = append(o, Member{c.name, appendValue(nil, c.sort, values[i])})
	}
	for name, raw := range members(extra) {
		if at := o.find(name); at >= 0 { // what the column could not hold
			o[at].Value = raw
			continue
		}
		o = append(o, Member{name, raw})
	}
	return o
}

func (o Object) find(name string) int {
	for i := range o {
		if o[i].Name == name {
			return i
		}
	}
	return -1
}

func appendValue(b []byte, s sort, v any) json.RawMessage {
	switch v := v.(type) {
	case int64:
		return strconv.AppendInt(b, v, 10)
	case pmpsmart.Date:
		return appendText(b, v.String())
	case time.Time:
		return appendText(b, v.Format(time.RFC3339Nano))
	case string:
		if s == document {
			return append(b, v...)
		}
		return appendText(b, v)
	}
	return append(b, "null"...)
}

// differences returns the fields that differ between two states of a record; one that is
// not there in a state is left out of it.
func differences(before, after Object) (was, is Object) {
	for _, m := range before {
		at := after.find(m.Name)
		if at < 0 {
			was = append(was, m)
		} else if !bytes.Equal(after[at].Value, m.Value) {
			was, is = append(was, m), append(is, after[at])
		}
	}
	for _, m := range after {
		if before.find(m.Name) < 0 {
			is = append(is, m)
		}
	}
	return was, is
}

// describe sets the fields of changes, as long as the table has those of before.
func (p *Pass) describe(ctx context.Context, tx *sql.Tx, rows []*Row, changes []Change) error {
	at := map[int64]int{}
	var ids []int64
	for i, row := range rows {
		changes[i].After = p.table.object(row.ID, row.values, row.extra)
		if changes[i].What != New {
			at[row.ID] = i
			ids = append(ids, row.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	clause, args := p.db.dialect.among(0, ids)
	return p.table.scan(ctx, tx, "id"+clause, args, func(id int64, values []any, extra string) bool {
		c := &changes[at[id]]
		c.Before, c.After = differences(p.table.object(id, values, extra), c.After)
		return true
	})
}

// scan reads rows back as they were stored, until f returns false.
func (t *table) scan(ctx context.Context, q querier, where string, args []any, f func(id int64, values []any, extra string) bool) error {
	var columns strings.Builder
	var id int64
	var extra string
	into := []any{&id}
	for _, c := range t.columns {
		columns.WriteString(c.name + ", ")
		into = append(into, newValue(c.sort))
	}
	rows, err := q.QueryContext(ctx, "SELECT id, "+columns.String()+"extra FROM "+string(t.kind)+" WHERE "+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	into = append(into, &extra)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		values := make([]any, len(t.columns))
		for i, c := range t.columns {
			values[i] = valueOf(c.sort, into[i+1])
		}
		if !f(id, values, canonical([]byte(extra))) {
			break
		}
	}
	return rows.Err()
}

func newValue(s sort) any {
	switch s {
	case integer:
		return new(sql.NullInt64)
	case date:
		return new(pmpsmart.Date)
	case stamp:
		return new(stampValue)
	}
	return new(sql.NullString)
}

func valueOf(s sort, v any) any {
	switch v := v.(type) {
	case *sql.NullInt64:
		return reference(v.Int64)
	case *pmpsmart.Date:
		return day(*v)
	case *stampValue:
		return moment(v.Time)
	case *sql.NullString:
		switch {
		case !v.Valid:
			return nil
		case s == document:
			return canonical([]byte(v.String))
		}
		return v.String
	}
	return nil
}

// A stampValue is a time that either database has.
type stampValue struct{ time.Time }

// Scan implements sql.Scanner.
func (s *stampValue) Scan(src any) (err error) {
	switch src := src.(type) {
	case nil:
		s.Time = time.Time{}
	case time.Time:
		s.Time = src.UTC()
	case string:
		s.Time, err = time.Parse(timeForm, src)
	case []byte:
		s.Time, err = time.Parse(timeForm, string(src))
	default:
		err = fmt.Errorf("a %T is no time", src)
	}
	return err
}
