package envelope

import (
	"bytes"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// Int returns the row of an integer field.
func Int[T any](name string, at func(*T) *int64) Field[T] {
	return Field[T]{Name: name, Want: "integer",
		Set: func(record *T, raw []byte, _ *Scope) (ok bool) {
			*at(record), ok = loose.Int(raw)
			return ok
		},
		Append: func(record *T, b []byte) []byte { return strconv.AppendInt(b, *at(record), 10) },
		kind:   intField, int: at,
	}
}

// String returns the row of a text field; values that are one of known cost no
// allocation.
func String[T any, S ~string](name string, at func(*T) *S, known ...string) Field[T] {
	return Field[T]{Name: name, Want: "string", known: known,
		Set: func(record *T, raw []byte, _ *Scope) bool {
			text, ok := loose.String(raw, known...)
			*at(record) = S(text)
			return ok
		},
		Append: func(record *T, b []byte) []byte { return AppendString(b, string(*at(record))) },
		kind:   textField, text: func(record *T, text string) { *at(record) = S(text) },
	}
}

// Code returns the row of a text field that identifies a record. A number that is no plain
// integer, and a bool, are its text, but hardly what the server was given.
func Code[T any](name string, at func(*T) *string) Field[T] {
	f := String(name, at)
	set := f.Set
	f.Set = func(record *T, raw []byte, s *Scope) bool {
		switch ok := set(record, raw, s); loose.Kind(raw) {
		case 't', 'f':
			return false
		case '0':
			return ok && !bytes.ContainsAny(raw, ".eE")
		default:
			return ok
		}
	}
	return f
}

// Time returns the row of an instant; the zero time is null.
func Time[T any](name string, at func(*T) *time.Time) Field[T] {
	return Field[T]{Name: name, Want: "time",
		Set: func(record *T, raw []byte, s *Scope) (ok bool) {
			*at(record), ok = s.Time(raw, s.Location)
			return ok
		},
		Append: func(record *T, b []byte) []byte {
			t := *at(record)
			if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
				return append(b, "null"...)
			}
			return t.AppendFormat(b, `"`+time.RFC3339Nano+`"`)
		},
		kind: timeField, time: at,
	}
}

// Day returns the row of a civil date, which set sets; without one year, month and day are 0.
func Day[T any](name string, set func(record *T, year int, month time.Month, day int), write func(record *T, b []byte) []byte) Field[T] {
	return Field[T]{Name: name, Want: "date",
		Set: func(record *T, raw []byte, s *Scope) bool {
			year, month, day, ok := s.Day(raw, s.Location)
			set(record, year, month, day)
			return ok
		},
		Append: write,
		kind:   dayField, day: set,
	}
}
