package mirrordb

import "slices"

// A Kind is a sort of record, and the name of its table.
type Kind string

// The kinds, in the order in which a mirror reads them.
const (
	Outlets     Kind = "outlets"
	Salespeople Kind = "salespeople"
	Orders      Kind = "orders"
	Visits      Kind = "visits"
	JSONOrders  Kind = "json_orders"
)

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{Outlets, Salespeople, Orders, Visits, JSONOrders} }

// Noun returns what one record of the kind is called: "order".
func (k Kind) Noun() string {
	switch k {
	case Outlets:
		return "outlet"
	case Salespeople:
		return "salesperson"
	case Visits:
		return "visit"
	case JSONOrders:
		return "JSON order"
	}
	return "order"
}

// A sort is what a column holds. Each database has a type for it.
type sort int

const (
	integer sort = iota
	text
	date
	stamp // a time
	document
)

// A column is one of a table.
type column struct {
	name string
	sort sort
}

// A table is how the records of a kind are stored: an id, these columns, the fields that
// they do not hold, and what the mirror knows of the record.
type table struct {
	kind    Kind
	columns []column
	code    int   // the index of the column that people know a record by
	days    []int // the indexes of the columns by whose days the server is asked
}

var tables = []table{
	{Outlets, []column{
		{"kode_outlet", text}, {"nama_outlet", text}, {"alamat", text}, {"created_at", stamp}, {"updated_at", stamp},
	}, 0, nil},
	{Salespeople, []column{
		{"name", text}, {"email", text}, {"created_at", stamp}, {"updated_at", stamp},
	}, 0, nil},
	{Orders, []column{
		{"kode_order", text}, {"status", text}, {"date_order", date}, {"user_id", integer}, {"outlet_id", integer},
		{"created_at", stamp}, {"updated_at", stamp},
	}, 0, []int{2}},
	{Visits, []column{
		{"name", text}, {"user_id", integer}, {"outlet_id", integer}, {"created_at", stamp}, {"updated_at", stamp},
	}, 0, nil},
	{JSONOrders, []column{
		{"kode_order", text}, {"json_data", document}, {"status", text}, {"status_order", text},
		{"created_at", stamp}, {"updated_at", stamp},
	}, 0, []int{4, 5}},
}

// bookkeeping are the columns that each table has behind its own.
var bookkeeping = []column{
	{"extra", document}, {"first_seen", stamp}, {"last_seen", stamp}, {"changed_at", stamp}, {"vanished_at", stamp}, {"digest", text},
}

// tableOf returns the table of a kind.
func tableOf(k Kind) *table {
	i := slices.IndexFunc(tables, func(t table) bool { return t.kind == k })
	return &tables[i]
}

// indexed returns the columns that a table has an index on.
func (t *table) indexed() []string {
	switch t.kind {
	case Orders:
		return []string{"date_order", "changed_at"}
	case Visits, JSONOrders:
		return []string{"created_at", "changed_at"}
	}
	return nil
}

// all returns every column but those that were added for the server's own fields.
func (t *table) all() []column {
	all := append([]column{{"id", integer}}, t.columns...)
	return append(all, bookkeeping...)
}
