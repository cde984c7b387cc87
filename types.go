package pmpsmart

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// WIB is Western Indonesia Time, UTC+7: the zone of times that the server sends
// without one, unless [WithLocation] names another. Do not change it.
var WIB = wib

// wib is WIB, whatever a program does to that.
var wib = time.FixedZone("WIB", 7*3600)

// OrderStatus is the state of an order. A filter may ask for other values than
// the four that the vendor's page documents, but for other spellings of them, such as
// "completed" and "cancelled", by which no server finds anything; a response may hold
// others.
type OrderStatus string

// The states of an order, from the page's "Update Status".
const (
	OrderOpen     OrderStatus = "open"
	OrderPending  OrderStatus = "pending"
	OrderComplete OrderStatus = "complete"
	OrderCancel   OrderStatus = "cancel"
)

// documented reports whether the page names the status.
func (s OrderStatus) documented() bool {
	return s == OrderOpen || s == OrderPending || s == OrderComplete || s == OrderCancel
}

// meant returns which of the four a common misspelling stands for, or "".
func (s OrderStatus) meant() OrderStatus {
	switch strings.ToLower(string(s)) {
	case "completed":
		return OrderComplete
	case "canceled", "cancelled":
		return OrderCancel
	case "opened":
		return OrderOpen
	}
	return ""
}

// didYouMean asks for what was meant by s.
func (s OrderStatus) didYouMean(meant OrderStatus) string {
	question := fmt.Sprintf("did you mean %q?", meant)
	if strings.EqualFold(string(s), string(JSONOrderCompleted)) {
		question += " that is an order's, and completed is a JSON order's"
	}
	return question
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

// NewDate returns the date of a year, month and day, normalized as by [time.Date]:
// January 32 is February 1. It returns the zero Date if the year is not within 1 to
// 9999.
func NewDate(year int, month time.Month, day int) Date {
	return dayOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the day of t in t's own location, or the zero Date for the zero
// time and for a year that is not within 1 to 9999. A day in Jakarta is another than in
// UTC until 07:00: DateOf(t.In(WIB)).
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return dayOf(t)
}

// Today returns the day that it is in loc now, or in UTC if loc is nil.
func Today(loc *time.Location) Date {
	if loc == nil {
		loc = time.UTC
	}
	return dayOf(time.Now().In(loc))
}

func dayOf(t time.Time) Date {
	year, month, day := t.Date()
	if year < 1 || year > 9999 {
		return Date{}
	}
	return Date{int16(year), uint8(month), uint8(day)}
}

// ParseDate parses a date of the form "2026-02-02".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("pmpsmart: ParseDate: want a date like 2026-02-02, got %.80q", s)
	}
	return dayOf(t), nil
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Equal reports whether d and e are the same day. It means the same as ==.
func (d Date) Equal(e Date) bool { return d == e }

// Compare returns -1 if d is before e, 0 if they are the same day, and +1 if d is
// after e. The zero Date is before all others.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.year, e.year), cmp.Compare(d.month, e.month), cmp.Compare(d.day, e.day))
}

// Weekday returns the day of the week. Of the zero Date it is Monday, as of the zero
// time.
func (d Date) Weekday() time.Weekday { return d.Time(nil).Weekday() }

// AddDays returns the date n days later, or earlier if n is negative. It returns the
// zero Date for the zero Date, and where the year is not within 1 to 9999.
func (d Date) AddDays(n int) Date {
	const most = 10_000 * 366
	if d.IsZero() || n < -most || n > most {
		return Date{}
	}
	return NewDate(int(d.year), time.Month(d.month), int(d.day)+n)
}

// String returns the date in the form "2026-02-02", or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// Time returns the first moment of the date in loc, or in UTC if loc is nil: midnight
// or, where clocks are put forward over it, the moment after that. It returns the zero
// time for the zero Date.
func (d Date) Time(loc *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	if loc == nil {
		loc = time.UTC
	}
	return loose.StartOfDay(int(d.year), time.Month(d.month), int(d.day), loc)
}

// MarshalText returns what String returns. YAML, TOML and XML have a Date so, maps
// with Dates as keys, and flags.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2026-02-02", "" for the zero Date, or a time as RFC 3339 has it,
// of which it takes the day that is written, as [DateOf] does.
func (d *Date) UnmarshalText(b []byte) error {
	text := strings.TrimSpace(string(b))
	if text == "" {
		*d = Date{}
		return nil
	}
	day, err := ParseDate(text)
	if t, bad := time.Parse(time.RFC3339, text); bad == nil {
		day = dayOf(t)
	}
	if err != nil && day.IsZero() {
		return fmt.Errorf("pmpsmart: Date: want a date like 2026-02-02, got %s", startOf(b))
	}
	*d = day
	return nil
}

// MarshalBinary returns what MarshalText returns, for gob.
func (d Date) MarshalBinary() ([]byte, error) { return d.MarshalText() }

// UnmarshalBinary reads what UnmarshalText reads.
func (d *Date) UnmarshalBinary(b []byte) error { return d.UnmarshalText(b) }

// MarshalJSON returns "2026-02-02", or null for the zero Date.
func (d Date) MarshalJSON() ([]byte, error) { return d.append(nil), nil }

// UnmarshalJSON reads "2026-02-02", null or "" for the zero Date, or a time or Unix
// seconds, of which it takes the day in WIB.
func (d *Date) UnmarshalJSON(b []byte) error {
	var zones loose.Zones
	if !isJSON(b) || !d.set(b, wib, &zones) {
		return fmt.Errorf("pmpsmart: Date: want a date like \"2026-02-02\", got %s", startOf(b))
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

// A Drift is a difference between a response and what this library expects, which
// it has read all the same: a field whose value can't be its type, an unknown
// status, text before the JSON. Each is reported once for each field and call, when
// the call or the range over a list ends; see [WithDriftHandler] and
// [WithStrictDecoding].
type Drift struct {
	Op    string          // the method, "ListOrders"
	Path  string          // its place: "data.*.user_id" in a list, "status", "body" for what is not JSON
	Want  string          // what was expected: "integer"
	Got   json.RawMessage // the first such value; its start as a string if it is longer than 8 KiB
	Count int             // how many there were
}

// isJSON reports whether b is a JSON value. A program that calls UnmarshalJSON itself
// may pass anything.
func isJSON(b []byte) bool {
	return jsontext.Value(b).IsValid(envelope.Lenient)
}

// startOf returns the start of what is no JSON, or not the JSON that is wanted, for an
// error.
func startOf(b []byte) string { return redact.New().Line(string(b), 40) }
