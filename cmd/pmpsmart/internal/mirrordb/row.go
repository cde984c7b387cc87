package mirrordb

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go"
)

// A Row is a record as the tables hold it.
type Row struct {
	ID     int64
	Code   string // what people know it by: its code, or its name
	Repeat bool   // the list that it is of had its id before

	values []any // of the kind's columns: nil, int64, string, pmpsmart.Date or time.Time
	extra  string
	digest string // of all of them
}

// Size returns about how much memory the row takes.
func (r *Row) Size() int {
	n := 256 + len(r.extra)
	for _, v := range r.values {
		if s, ok := v.(string); ok {
			n += len(s)
		}
	}
	return n
}

// OrderRow returns an order as its table holds it.
func OrderRow(o *pmpsmart.Order) Row {
	return newRow(o.ID, o.Code, o.Extra, plain(o.Code), plain(string(o.Status)), day(o.Date), reference(o.UserID), reference(o.OutletID),
		moment(o.CreatedAt), moment(o.UpdatedAt))
}

// VisitRow returns a visit as its table holds it.
func VisitRow(v *pmpsmart.Visit) Row {
	return newRow(v.ID, v.Name, v.Extra, plain(v.Name), reference(v.UserID), reference(v.OutletID), moment(v.CreatedAt), moment(v.UpdatedAt))
}

// OutletRow returns an outlet as its table holds it.
func OutletRow(o *pmpsmart.Outlet) Row {
	return newRow(o.ID, o.Code, o.Extra, plain(o.Code), plain(o.Name), plain(o.Address), moment(o.CreatedAt), moment(o.UpdatedAt))
}

// UserRow returns a salesperson as the table holds it.
func UserRow(u *pmpsmart.User) Row {
	return newRow(u.ID, u.Name, u.Extra, plain(u.Name), plain(u.Email), moment(u.CreatedAt), moment(u.UpdatedAt))
}

// JSONOrderRow returns a JSON order as its table holds it.
func JSONOrderRow(o *pmpsmart.JSONOrder) Row {
	var data any
	if o.Data != nil {
		data = canonical(o.Data)
	}
	return newRow(o.ID, o.Code, o.Extra, plain(o.Code), data, plain(string(o.Status)), plain(o.StatusOrder), moment(o.CreatedAt), moment(o.UpdatedAt))
}

func newRow(id int64, code string, extra pmpsmart.Extra, values ...any) Row {
	fields, _ := extra.MarshalJSON() // which makes no error
	r := Row{ID: id, Code: code, values: values, extra: canonical(fields)}
	r.digest = r.sum()
	return r
}

// Drop takes fields out of extra.
func (r *Row) Drop(names []string) {
	kept := Object{}
	for name, value := range members(r.extra) {
		if !slices.Contains(names, name) {
			kept = append(kept, Member{name, value})
		}
	}
	text, _ := kept.MarshalJSON() // which makes no error
	r.extra = string(text)
	r.digest = r.sum()
}

// sum returns what is the same for rows that are the same.
func (r *Row) sum() string {
	b := make([]byte, 0, 256+len(r.extra))
	add := func(text string) {
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	for _, v := range r.values {
		add(literal(v))
	}
	add(literal(r.extra))
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// literal returns a value as text, by which rows are compared: JSON without its quotes.
func literal(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case string:
		return "\"" + v // which tells "" from NULL
	case pmpsmart.Date:
		return v.String()
	case time.Time:
		return v.Format(timeForm)
	}
	return ""
}

// plain returns a text as all databases take it: valid UTF-8 without a NUL, for which
// U+FFFD stands.
func plain(s string) any {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// reference returns the id of another record; there is none of 0.
func reference(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func day(d pmpsmart.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

// moment returns a time as exactly as every database keeps it.
func moment(t time.Time) any {
	t = t.UTC().Truncate(time.Microsecond)
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return nil
	}
	return t
}

// canonical returns JSON in a form of which there is one for what it says, and which
// every database takes: names in their order, no white space, numbers as they are
// written, and U+FFFD for a NUL. A number that is too large for PostgreSQL becomes a
// text.
func canonical(raw []byte) string {
	v := jsontext.Value(bytes.Clone(raw))
	err := v.Format(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.ReorderRawObjects(true),
		jsontext.SpaceAfterColon(false), jsontext.SpaceAfterComma(false))
	if err != nil { // as nothing is that was read
		v, _ = json.Marshal(string(raw))
	}
	if bytes.Contains(v, []byte(`\u0000`)) {
		v = replaceNULs(v)
	}
	if bytes.ContainsAny(v, "eE") || len(v) > mostDigits {
		v = quoteHugeNumbers(v)
	}
	return string(v)
}

// replaceNULs puts U+FFFD in the place of each NUL in JSON strings.
func replaceNULs(v []byte) []byte {
	var out []byte
	for i := 0; i < len(v); i++ {
		switch {
		case v[i] != '\\':
			out = append(out, v[i])
		case bytes.HasPrefix(v[i:], []byte(`\u0000`)):
			out = append(out, "\ufffd"...)
			i += len(`\u0000`) - 1
		default:
			out = append(out, v[i], v[i+1])
			i++
		}
	}
	return out
}

// What PostgreSQL's numeric holds, and with it jsonb.
const (
	mostDigits   = 10_000
	mostExponent = 10_000
)

// quoteHugeNumbers makes texts of the numbers that PostgreSQL could not hold.
func quoteHugeNumbers(v []byte) []byte {
	var out []byte
	for i := 0; i < len(v); {
		end := i + 1
		switch c := v[i]; {
		case c == '"':
			for v[end] != '"' {
				if v[end] == '\\' {
					end++
				}
				end++
			}
			end++
			out = append(out, v[i:end]...)
		case c == '-' || '0' <= c && c <= '9':
			for end < len(v) && strings.IndexByte("+-.eE0123456789", v[end]) >= 0 {
				end++
			}
			out = append(out, number(v[i:end])...)
		default:
			out = append(out, c)
		}
		i = end
	}
	return out
}

func number(literal []byte) []byte {
	digits, exponent := literal, 0
	if at := bytes.IndexAny(literal, "eE"); at >= 0 {
		var err error
		digits = literal[:at]
		if exponent, err = strconv.Atoi(string(literal[at+1:])); err != nil {
			exponent = 1 << 30
		}
	}
	if len(digits) > mostDigits || exponent > mostExponent || exponent < -mostExponent {
		return append(append([]byte{'"'}, literal...), '"')
	}
	return literal
}
