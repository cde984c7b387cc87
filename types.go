package pmpsmart

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// wib is the zone of times that the server sends without one, unless
// [WithLocation] names another: Western Indonesia Time, UTC+7.
var wib = time.FixedZone("WIB", 7*3600)

// OrderStatus is the state of an order. A filter may ask for other values than
// the four that the vendor's page documents, and an answer may hold others.
type OrderStatus string

// The states of an order, from the page's "Update Status".
const (
	OrderOpen     OrderStatus = "open"
	OrderPending  OrderStatus = "pending"
	OrderComplete OrderStatus = "complete"
	OrderCancel   OrderStatus = "cancel"
)

// known reports whether the page documents the status.
func (s OrderStatus) known() bool {
	return s == OrderOpen || s == OrderPending || s == OrderComplete || s == OrderCancel
}

// JSONOrderStatus is the state of a JSON order. The vendor's page documents one
// value; others pass as they are.
type JSONOrderStatus string

// JSONOrderCompleted is the one state that the page documents.
const JSONOrderCompleted JSONOrderStatus = "completed"

// Date is a civil date, a day without a time or zone. The zero Date is no date;
// a filter leaves it out. Dates are comparable with ==.
type Date struct {
	year       int16
	month, day uint8
}

// NewDate gives the date of that year, month and day, normalized as [time.Date]
// does it: January 32 is February 1. A year outside 1 to 9999 gives the zero
// Date.
func NewDate(year int, month time.Month, day int) Date {
	return dayOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf gives the day of t in t's own location, or the zero Date for the zero
// time and where the year is outside 1 to 9999. Today in Jakarta is another day
// than in UTC until 07:00: DateOf(time.Now().In(time.FixedZone("WIB", 7*3600))).
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return dayOf(t)
}

func dayOf(t time.Time) Date {
	year, month, day := t.Date()
	if year < 1 || year > 9999 {
		return Date{}
	}
	return Date{int16(year), uint8(month), uint8(day)}
}

// ParseDate reads the form "2026-02-02".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("pmpsmart: ParseDate: want a date like 2026-02-02, got %q", s)
	}
	return dayOf(t), nil
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool {
	if d.year != e.year {
		return d.year < e.year
	}
	if d.month != e.month {
		return d.month < e.month
	}
	return d.day < e.day
}

// String gives the form "2026-02-02", or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// Time gives the date's first moment in loc (UTC where loc is nil), or the zero
// time for the zero Date.
func (d Date) Time(loc *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	if loc == nil {
		loc = time.UTC
	}
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, loc)
}

// MarshalJSON writes "2026-02-02", or null for the zero Date.
func (d Date) MarshalJSON() ([]byte, error) { return d.append(nil), nil }

// UnmarshalJSON reads "2026-02-02", null and "" for the zero Date, or a time or
// Unix seconds, of which it takes the day in WIB.
func (d *Date) UnmarshalJSON(b []byte) error {
	var zones loose.Zones
	if !isJSON(b) || !d.set(b, wib, &zones) {
		return fmt.Errorf("pmpsmart: Date: want a date like \"2026-02-02\", got %s", b)
	}
	return nil
}

func (d *Date) known() coerce.Known {
	return coerce.Scalar(func(raw []byte, s *envelope.Scope) bool { return d.set(raw, s.Location, &s.Zones) })
}

func (d Date) append(b []byte) []byte {
	if d.IsZero() {
		return append(b, "null"...)
	}
	return fmt.Appendf(b, "%q", d.String())
}

func (d *Date) set(raw []byte, loc *time.Location, zones *loose.Zones) bool {
	year, month, day, ok := zones.Day(raw, loc)
	*d = Date{int16(year), uint8(month), uint8(day)}
	if !ok {
		*d = Date{}
	}
	return ok
}

// Drift tells of something in an answer that this library does not expect and
// that it read all the same: a field that can't be its type, a status that
// nobody knows, text before the JSON. It is told once for each field and call,
// when the call or the range over a list ends; see [WithDriftHandler] and
// [WithStrictDecoding].
type Drift struct {
	Op    string          // the method, "ListOrders"
	Path  string          // where: "data.*.user_id" in a list, "status", "body" for what is no JSON
	Want  string          // what was expected: "integer"
	Got   json.RawMessage // the first value met; the start of it as a string where it is longer than 8 KiB
	Count int             // how many times it was met
}

// A record is a pointer to a struct of the API's records that is whole: it is read
// and written with the API's names, and Call and Extra.Decode decode it by its table
// of fields. A table is made of no other, and list, listSeq, get and write take no
// other, so that a record which lacks one of its methods does not compile.
type record[T json.Marshaler] interface {
	*T
	json.Unmarshaler
	known() coerce.Known
}

// newModel returns the table of a record's fields; extra returns where the record
// keeps those that the table does not name.
func newModel[T json.Marshaler, _ record[T]](extra func(*T) *Extra, fields ...envelope.Field[T]) *envelope.Model[T] {
	return envelope.NewModel(
		func(record *T, object string, loc *time.Location) { *extra(record) = newExtra(object, loc) },
		func(record *T) string { return extra(record).object },
		fields...)
}

// dateField is the row of a civil date.
func dateField[T any](name string, at func(*T) *Date) envelope.Field[T] {
	return envelope.Field[T]{Name: name, Want: "date",
		Set: func(record *T, raw []byte, s *envelope.Scope) bool {
			return at(record).set(raw, s.Location, &s.Zones)
		},
		Append: func(record *T, b []byte) []byte { return at(record).append(b) },
	}
}

// known returns how a type of this package is decoded, and nil for any other, such
// as a struct of the caller's that embeds one and so has its methods.
func known(v any) coerce.Known {
	own, ok := v.(interface{ known() coerce.Known })
	if !ok || reflect.TypeOf(v).Elem().PkgPath() != packagePath {
		return nil
	}
	return own.known()
}

var packagePath = reflect.TypeFor[Date]().PkgPath()

// isJSON tells a JSON value from what a program that calls UnmarshalJSON by itself
// may give it.
func isJSON(b []byte) bool {
	return jsontext.Value(b).IsValid(envelope.Lenient)
}

// unmarshalRecord is the UnmarshalJSON of every model: as loose as the client,
// but a field that can't be its type is kept in Extra without a word.
func unmarshalRecord[T any](m *envelope.Model[T], record *T, b []byte) error {
	if loose.Kind(b) == 'n' {
		return nil // null changes nothing, as encoding/json has it
	}
	if loose.Kind(b) != '{' || !isJSON(b) {
		return fmt.Errorf("pmpsmart: want a JSON object for a %T, got %.40s", *record, b)
	}
	var zero T
	*record = zero
	m.Decode(b, record, &envelope.Scope{Location: wib}, func(*envelope.Field[T], []byte) {})
	return nil
}
