package seed

import (
	"encoding/json"
	"time"
)

// The rows of the server's tables, under the names that their columns have in
// the API. A text that is empty is NULL there, and so is a number that is 0
// where it names another row. Extra is a JSON object of further columns.

// Account is who may log in. One whose role is viewer may only read.
type Account struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Password  string    `json:"password"`
	Role      string    `json:"role,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// User is a salesperson.
type User struct {
	ID        int64           `json:"id"`
	Name      string          `json:"name"`
	Email     string          `json:"email"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	Extra     json.RawMessage `json:"extra,omitempty"`
}

// Outlet is a shop.
type Outlet struct {
	ID        int64           `json:"id"`
	Code      string          `json:"kode_outlet"`
	Name      string          `json:"nama_outlet"`
	Address   string          `json:"alamat"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	Extra     json.RawMessage `json:"extra,omitempty"`
}

// Order is an order; Items is nil where they are those of its id in the sample data.
type Order struct {
	ID        int64           `json:"id"`
	Code      string          `json:"kode_order"`
	Status    string          `json:"status"`
	Date      string          `json:"date_order"` // "2026-02-02"
	UserID    int64           `json:"user_id"`
	OutletID  int64           `json:"outlet_id"`
	Total     float64         `json:"total"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	Items     []Item          `json:"items"`
	Extra     json.RawMessage `json:"extra,omitempty"`
}

// Item is a line of an order.
type Item struct {
	ID       int64   `json:"id"`
	Product  string  `json:"nama_produk"`
	Quantity int64   `json:"qty"`
	Price    float64 `json:"harga"`
}

// Visit is a salesperson's visit to an outlet.
type Visit struct {
	ID        int64           `json:"id"`
	Name      string          `json:"name"`
	UserID    int64           `json:"user_id"`
	OutletID  int64           `json:"outlet_id"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	Extra     json.RawMessage `json:"extra,omitempty"`
}

// JSONOrder is an order kept as a JSON text. The sample data of [New] has none: they
// are what the users' programs write.
type JSONOrder struct {
	ID          int64           `json:"id"`
	Code        string          `json:"kode_order"`
	Data        string          `json:"json_data"`
	Status      string          `json:"status"`
	StatusOrder string          `json:"status_order"`
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   time.Time       `json:"updated_at"`
	Extra       json.RawMessage `json:"extra,omitempty"`
}
