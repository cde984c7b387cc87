package shape

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
)

// Encode writes a tree of PHP's values and of records, as the form has them, and
// returns the first error of w.
func (f *Form) Encode(w io.Writer, value any) error { return f.encode(w, false, value) }

var charsets = map[string]php.Charset{"ascii": php.ASCII, "utf8": php.UTF8, "latin1": php.Latin1}

func (f *Form) encode(w io.Writer, pretty bool, value any) error {
	return php.Encoding{Pretty: pretty, Charset: charsets[f.bytes], Convert: f.convert}.Encode(w, value)
}

// convert makes of records what PHP can encode.
func (f *Form) convert(value any) any {
	switch v := value.(type) {
	case record.Record:
		return f.record(v)
	case []record.Record:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	}
	panic(fmt.Sprintf("shape: no JSON for a %T", value)) // a mistake in the sandbox
}

// record returns a record as it stands in its place: in a list it may be wrapped.
func (f *Form) record(r record.Record) php.Object {
	columns := f.columns(r)
	switch {
	case !r.IsElement:
	case f.elements == "named":
		return php.Object{{string(r.Kind), columns}}
	case f.elements == "attributes":
		return php.Object{{"type", string(r.Kind) + "s"}, {"id", strconv.FormatInt(r.ID(), 10)}, {"attributes", columns[1:]}}
	case f.elements == "properties":
		return php.Object{{"type", "Feature"}, {"geometry", nil}, {"properties", columns}}
	}
	return columns
}

func (f *Form) columns(r record.Record) php.Object {
	columns := make(php.Object, 0, len(r.Columns)+1)
	for _, m := range r.Columns {
		name := f.nameOf(m.Name)
		if f.fields == "twice" && m.Name == "status" {
			columns = append(columns, php.Member{name, "open"})
		}
		columns = append(columns, php.Member{name, f.column(r.Kind, f.fieldValue(r, m))})
	}
	return columns
}

// nameOf returns the name of a column as the form writes it.
func (f *Form) nameOf(column string) string {
	switch f.names {
	case "upper":
		return strings.ToUpper(column)
	case "kebab":
		return strings.ReplaceAll(column, "_", "-")
	case "camel":
		words := strings.Split(column, "_")
		for i, word := range words[1:] {
			if word != "" {
				words[i+1] = strings.ToUpper(word[:1]) + word[1:]
			}
		}
		return strings.Join(words, "")
	}
	return column
}

// fieldValue returns the value under which a record shows one of its columns.
func (f *Form) fieldValue(r record.Record, m php.Member) any {
	switch f.fields {
	case "null", "empty":
		if m.Name != "id" {
			return nil
		}
	case "odd": // every third record has values that can't be these columns'
		if r.ID()%3 == 0 && (m.Name == "user_id" || m.Name == "created_at") {
			return "abc"
		}
	}
	return m.Value
}

// column returns a value of a record of that kind as the form writes it.
func (f *Form) column(kind record.Kind, value any) any {
	switch v := value.(type) {
	case nil:
		if f.fields == "empty" {
			return ""
		}
	case int64:
		return f.number(v, strconv.FormatInt(v, 10))
	case float64:
		return f.number(v, php.Float(v))
	case time.Time:
		return f.time(kind, v)
	case record.Day:
		return f.day(v)
	case record.Document:
		return f.document(v)
	}
	return value
}

func (f *Form) number(n any, digits string) any {
	switch f.numbers {
	case "text":
		return digits
	case "float":
		if !strings.ContainsAny(digits, ".e") {
			digits += ".0"
		}
		return php.Raw(digits)
	}
	return n
}

var wib = time.FixedZone("WIB", 7*3600)

// microseconds is the layout of Laravel's own times.
const microseconds = "2006-01-02T15:04:05.000000Z"

// time returns an instant as the form writes it in records of that kind.
func (f *Form) time(kind record.Kind, t time.Time) any {
	way := f.times
	if way == "mixed" {
		way = mixedTimes[kind]
	}
	local := t.In(wib)
	switch way {
	case "rfc3339":
		return t.UTC().Format(time.RFC3339)
	case "offset":
		return local.Format(time.RFC3339)
	case "sql":
		return local.Format(time.DateTime)
	case "doc":
		return local.Format("2006-01-02T15:04:05")
	case "day":
		return local.Format(time.DateOnly)
	case "unix":
		return t.Unix()
	case "unix-text":
		return strconv.FormatInt(t.Unix(), 10)
	case "carbon":
		return php.Object{{"date", local.Format("2006-01-02 15:04:05.000000")}, {"timezone_type", 3}, {"timezone", "Asia/Jakarta"}}
	case "parts":
		return php.Object{{"date", local.Format(time.DateOnly)}, {"time", local.Format(time.TimeOnly)}}
	case "zero":
		return "0000-00-00 00:00:00"
	case "minus":
		return "-0001-11-30T00:00:00.000000Z"
	}
	return t.UTC().Format(microseconds)
}

// mixedTimes is an application in which each model has another form of time.
var mixedTimes = map[record.Kind]string{
	record.JSONOrderKind: "carbon", record.OutletKind: "doc", record.UserKind: "offset",
	record.VisitKind: "unix", record.OrderKind: "sql", record.AccountKind: "sql",
}

// day returns a civil day as the form writes it.
func (f *Form) day(day record.Day) any {
	switch midnight, err := time.ParseInLocation(time.DateOnly, string(day), wib); {
	case err != nil:
		return string(day)
	case f.dates == "instant":
		return midnight.UTC().Format(microseconds)
	case f.dates == "sql":
		return midnight.Format(time.DateTime)
	case f.dates == "zero":
		return "0000-00-00"
	}
	return string(day)
}

// document returns a JSON text as the form writes it.
func (f *Form) document(text record.Document) any {
	switch {
	case f.data == "json" && json.Valid([]byte(text)):
		return php.Raw(text)
	case f.data == "broken" && len(text) > 1:
		return string(text[:len(text)-1])
	}
	return string(text)
}
