package main

import (
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// The types of the responses. They name each field that callers may see: a record
// of the library has in its Extra whatever else PMP Smart sends, which may be a
// token or the hash of a password, and json.Marshal would write all of it.

// An orderList is the response to GET /orders.
type orderList struct {
	Orders []orderResponse `json:"orders"`
	More   bool            `json:"more"` // there are more orders than the limit
}

// An orderResponse is an order in a response.
type orderResponse struct {
	ID        int64                `json:"id"`
	Code      string               `json:"kode_order"`
	Status    pmpsmart.OrderStatus `json:"status"`
	Date      pmpsmart.Date        `json:"date_order"`
	UserID    int64                `json:"user_id"`
	OutletID  int64                `json:"outlet_id"`
	CreatedAt *string              `json:"created_at"` // RFC 3339, or null
	UpdatedAt *string              `json:"updated_at"`
	Total     *float64             `json:"total,omitempty"`
	Items     []itemResponse       `json:"items,omitempty"` // of a single order
}

// An itemResponse is an item of an order. The names are those that PMP Smart uses.
type itemResponse struct {
	ID       int64   `json:"id"`
	Product  string  `json:"nama_produk"`
	Quantity float64 `json:"qty"`
	Price    float64 `json:"harga"`
}

// newOrderResponse returns the response of an order. Its total and its items are
// no fields of the library's Order: they are left out if PMP Smart does not send
// them, or in a form that can't be read.
func newOrderResponse(o pmpsmart.Order) orderResponse {
	r := orderResponse{ID: o.ID, Code: o.Code, Status: o.Status, Date: o.Date, UserID: o.UserID, OutletID: o.OutletID,
		CreatedAt: formatTime(o.CreatedAt), UpdatedAt: formatTime(o.UpdatedAt)}
	var total *float64
	if o.Extra.Decode("total", &total) == nil {
		r.Total = total
	}
	var items []itemResponse
	if o.Extra.Decode("items", &items) == nil {
		r.Items = items
	}
	return r
}

func formatTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.Format(time.RFC3339Nano)
	return &text
}
