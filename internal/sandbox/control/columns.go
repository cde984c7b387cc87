package control

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

type timeOf = time.Time

// columns are the fields of a kind of record that a row holds. Others are kept as they
// came, as an application's own columns would be.
type columns[Row any] struct {
	example string
	all     []column[Row]
	without []string // names that are dropped
	extra   func(*Row) *json.RawMessage
}

// A column sets a row's field from raw JSON, never null. An error says what it wants.
type column[Row any] struct {
	name string
	set  func(*Row, jsontext.Value) error
}

// given are the names that a record had a value of.
type given map[string]bool

// read reads the record at a place of the body into a row.
func (c columns[Row]) read(at int, text []byte, row *Row) (given, error) {
	if kind := jsontext.Value(text).Kind(); kind != '{' {
		return nil, badRequest("[%d]: want an object, got %s", at, kindName(kind))
	}
	names := given{}
	var extra []byte
	for quoted, value := range loose.Members(text) {
		var name string
		_ = json.Unmarshal(quoted, &name) // a name always can be
		i := slices.IndexFunc(c.all, func(c column[Row]) bool { return c.name == name })
		switch {
		case slices.Contains(c.without, name):
		case i < 0:
			if err := c.checkName(at, name); err != nil {
				return nil, err
			}
			extra = append(append(extra, ','), quoted...)
			extra = append(append(extra, ':'), value...)
		case jsontext.Value(value).Kind() == 'n':
		default:
			if err := c.all[i].set(row, value); err != nil {
				return nil, badRequest("[%d].%s: %v", at, name, err)
			}
			names[name] = true
		}
	}
	if extra != nil {
		extra[0] = '{'
		*c.extra(row) = append(extra, '}')
	}
	return names, nil
}

// checkName returns an error for a name that can only be meant to be a column's.
func (c columns[Row]) checkName(at int, name string) error {
	for _, column := range c.all {
		if fold(column.name) == fold(name) {
			return badRequest("[%d].%s: the API's name of it is %s", at, shown(name), column.name)
		}
	}
	return nil
}

// fold returns a name without case and separators.
func fold(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

func unwanted(want string, got jsontext.Value) error {
	shownGot := kindName(got.Kind())
	if kind := got.Kind(); kind == '0' || kind == '"' {
		shownGot = shown(string(got))
	}
	return fmt.Errorf("want %s, got %s", want, shownGot)
}

// as reads a value as a T, or returns an error that says what is wanted.
func as[T any](want string, value jsontext.Value, to *T) error {
	if err := json.Unmarshal(value, to); err != nil {
		return unwanted(want, value)
	}
	return nil
}

func text[Row any](field func(*Row) *string) func(*Row, jsontext.Value) error {
	return func(row *Row, value jsontext.Value) error { return as("a text", value, field(row)) }
}

func integer[Row any](field func(*Row) *int64) func(*Row, jsontext.Value) error {
	return func(row *Row, value jsontext.Value) error { return as("a whole number", value, field(row)) }
}

func number[Row any](field func(*Row) *float64) func(*Row, jsontext.Value) error {
	return func(row *Row, value jsontext.Value) error { return as("a number", value, field(row)) }
}

// id returns a func that reads a whole number; 0 is the next one.
func id[Row any](field func(*Row) *int64) func(*Row, jsontext.Value) error {
	const want = "a whole number from 1, or none for the next one"
	return func(row *Row, value jsontext.Value) error {
		if err := as(want, value, field(row)); err != nil {
			return err
		}
		if *field(row) < 0 {
			return unwanted(want, value)
		}
		return nil
	}
}

// day returns a func that reads a civil day.
func day[Row any](field func(*Row) *string) func(*Row, jsontext.Value) error {
	const want = `a day such as "2026-02-02"`
	return func(row *Row, value jsontext.Value) error {
		err := as(want, value, field(row))
		if err == nil && *field(row) != "" {
			if _, dateErr := time.Parse(time.DateOnly, *field(row)); dateErr != nil {
				err = unwanted(want, value)
			}
		}
		return err
	}
}

// wib is the zone of times that name none.
var wib = time.FixedZone("WIB", 7*3600)

// moment returns a func that reads a time as RFC 3339 or SQL has it, in whole seconds as
// the API has them.
func moment[Row any](field func(*Row) *time.Time) func(*Row, jsontext.Value) error {
	const want = `a time such as "2026-02-02T08:15:30+07:00"`
	return func(row *Row, value jsontext.Value) error {
		var text string
		if err := as(want, value, &text); err != nil || text == "" {
			return err
		}
		for _, layout := range []string{time.RFC3339Nano, time.DateTime, "2006-01-02T15:04:05", time.DateOnly} {
			if at, err := time.ParseInLocation(layout, text, wib); err == nil {
				*field(row) = at.UTC().Truncate(time.Second)
				return nil
			}
		}
		return unwanted(want, value)
	}
}

// document returns a func that reads JSON as a text, or any other JSON, which is kept as
// a text.
func document[Row any](field func(*Row) *string) func(*Row, jsontext.Value) error {
	return func(row *Row, value jsontext.Value) error {
		if value.Kind() == '"' {
			return as("a text", value, field(row))
		}
		*field(row) = string(value)
		return nil
	}
}

// An itemJSON is a line of an order.
type itemJSON struct {
	ID       int64   `json:"id"`
	Product  string  `json:"nama_produk"`
	Quantity int64   `json:"qty"`
	Price    float64 `json:"harga"`
}

const itemExample = `[{"nama_produk":"Kopi","qty":2,"harga":14500}]`

func items(o *seed.Order, value jsontext.Value) error {
	var in []itemJSON
	if value.Kind() != '[' {
		return unwanted("an array such as "+itemExample, value)
	}
	if err := decode(value, &in, itemExample); err != nil {
		return fmt.Errorf("%w", err)
	}
	o.Items = []seed.Item{}
	for i, item := range in {
		if item.ID < 0 {
			return fmt.Errorf("[%d].id: want a whole number from 1, or none for the next one, got %d", i, item.ID)
		}
		o.Items = append(o.Items, seed.Item(item))
	}
	return nil
}
