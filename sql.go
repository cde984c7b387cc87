package pmpsmart

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// Value returns the date as a database stores it: "2026-02-02", or nil, which is NULL,
// for the zero Date.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a date from a database: NULL or "" as the zero Date, "2026-02-02" with or
// without a time behind it, or a time.Time, of which it takes the day in its own
// location. The zero time, which drivers have for MySQL's 0000-00-00, is the zero Date.
func (d *Date) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		day := DateOf(src)
		if day.IsZero() && !src.IsZero() {
			return fmt.Errorf("pmpsmart: Date: the year %d is not within 1 to 9999", src.Year())
		}
		*d = day
		return nil
	case string:
		return d.scanText(src)
	case []byte:
		return d.scanText(string(src))
	}
	return fmt.Errorf("pmpsmart: Date: want a date like 2026-02-02 from the database, got a %T", src)
}

// scanText reads a date as a database writes it.
func (d *Date) scanText(text string) error {
	const length = len(time.DateOnly)
	day := strings.TrimSpace(text)
	if len(day) > length && (day[length] == ' ' || day[length] == 'T') {
		day = day[:length]
	}
	if day == "" || day == "0000-00-00" { // as MySQL may have for none
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(day)
	if err != nil {
		return fmt.Errorf("pmpsmart: Date: want a date like 2026-02-02 from the database, got %s", startOf([]byte(text)))
	}
	*d = parsed
	return nil
}

// Value returns the fields as a database stores them: the JSON text that MarshalJSON
// returns, secrets included.
func (e Extra) Value() (driver.Value, error) { return string(e.append(nil)), nil }

// Scan reads the fields from a database: JSON text, or NULL or "" for none.
func (e *Extra) Scan(src any) error {
	var text []byte
	switch src := src.(type) {
	case nil:
	case string:
		text = []byte(src)
	case []byte:
		text = src
	default:
		return fmt.Errorf("pmpsmart: Extra: want JSON text from the database, got a %T", src)
	}
	if len(text) == 0 {
		*e = Extra{}
		return nil
	}
	return e.UnmarshalJSON(text)
}
