package seed

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"
)

// Write writes the data as the JSON file that internal/laravel fills its database
// from, so that a real Laravel holds what the sandbox holds. It writes record
// after record and holds none of them.
func (d Data) Write(w io.Writer, accounts ...Account) error {
	out := bufio.NewWriter(w)
	out.WriteString(`{"accounts": `)
	writeAll(out, func(yield func(Account) bool) {
		for _, account := range accounts {
			if !yield(account) {
				return
			}
		}
	})
	out.WriteString(`, "users": `)
	writeAll(out, each(d.Users, d.User))
	out.WriteString(`, "outlets": `)
	writeAll(out, each(d.Outlets, d.Outlet))
	out.WriteString(`, "orders": `)
	writeAll(out, each(d.Orders, func(id int64) Order {
		order := d.Order(id)
		order.Items = d.Items(id)
		return order
	}))
	out.WriteString(`, "visits": `)
	writeAll(out, each(d.Visits, d.Visit))
	out.WriteString("}\n")
	return out.Flush() // the first error of all the writing
}

// each returns the records of the ids 1 to n.
func each[T any](n int64, record func(id int64) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for id := int64(1); id <= n; id++ {
			if !yield(record(id)) {
				return
			}
		}
	}
}

// writeAll writes records as a JSON array, a line each. They are plain structs,
// which always can be marshaled.
func writeAll[T any](out *bufio.Writer, records iter.Seq[T]) {
	separator := "[\n  "
	for record := range records {
		line, _ := json.Marshal(record)
		out.WriteString(separator)
		out.Write(line)
		separator = ",\n  "
	}
	if separator == "[\n  " {
		out.WriteString("[")
	}
	out.WriteString("]")
}
