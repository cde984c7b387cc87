package pmpsmart

import (
	"context"
	"iter"
	"log/slog"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// An Order is an order that a salesperson took at an outlet. Its items and totals,
// which the vendor's page does not name, are in Extra.
//
// A struct that embeds an Order has its fields as well: read it with [ListAs], [GetAs],
// [Client.Call] or [Extra.Decode]. encoding/json calls the UnmarshalJSON that the struct
// has from the Order, and leaves out the struct's own fields.
type Order struct {
	ID        int64       // id
	Code      string      // kode_order, "PMP-0000001"
	Status    OrderStatus // status
	Date      Date        // date_order
	UserID    int64       // user_id, the salesperson
	OutletID  int64       // outlet_id
	CreatedAt time.Time   // created_at
	UpdatedAt time.Time   // updated_at
	Extra     Extra       // every other field
}

// An OrderFilter selects the orders of a list. Zero fields do not filter. In JSON it
// has the API's names, so that [Client.Call] and [ListAs] take one as their input.
type OrderFilter struct {
	Status   OrderStatus `json:"status,omitzero"`     // exactly this one
	Date     Date        `json:"date_order,omitzero"` // ordered on this day
	UserID   int64       `json:"user_id,omitzero"`    // taken by this user
	OutletID int64       `json:"outlet_id,omitzero"`  // of this outlet
}

var orderModel = newModel(func(o *Order) *Extra { return &o.Extra },
	envelope.Int("id", func(o *Order) *int64 { return &o.ID }),
	envelope.Code("kode_order", func(o *Order) *string { return &o.Code }),
	envelope.String("status", func(o *Order) *OrderStatus { return &o.Status },
		string(OrderOpen), string(OrderPending), string(OrderComplete), string(OrderCancel)),
	dateField("date_order", func(o *Order) *Date { return &o.Date }),
	envelope.Int("user_id", func(o *Order) *int64 { return &o.UserID }),
	envelope.Int("outlet_id", func(o *Order) *int64 { return &o.OutletID }),
	envelope.Time("created_at", func(o *Order) *time.Time { return &o.CreatedAt }),
	envelope.Time("updated_at", func(o *Order) *time.Time { return &o.UpdatedAt }),
)

// MarshalJSON returns the order with the API's names, and the fields of Extra beside them.
func (o Order) MarshalJSON() ([]byte, error) { return orderModel.Append(nil, &o), nil }

// UnmarshalJSON reads an order as leniently as the client does.
func (o *Order) UnmarshalJSON(b []byte) error { return unmarshalRecord(orderModel, o, b) }

// LogValue returns the order as slog shows it: as JSON, with secrets redacted.
func (o Order) LogValue() slog.Value { return logJSON(orderModel.Append(nil, &o)) }

func (o *Order) known() coerce.Known { return coerce.Record(orderModel, o) }

// ListOrders returns all orders that match f, from every page, in the server's order;
// an empty slice, not nil, if there are none. An id below 0 is an [*InputError], and so
// is a status like "completed", which is that of a JSON order.
//
// Vendor's page: Order, "List Order", POST order. Class: read.
func (c *Client) ListOrders(ctx context.Context, f OrderFilter, opts ...CallOption) ([]Order, error) {
	return list(ctx, c, listOrdersEndpoint, orderModel, f, opts)
}

// ListOrdersSeq is ListOrders as an iterator, which holds one record at a time.
// Nothing is sent before the range begins. An error comes last, with a zero Order.
//
// Vendor's page: Order, "List Order", POST order. Class: read.
func (c *Client) ListOrdersSeq(ctx context.Context, f OrderFilter, opts ...CallOption) iter.Seq2[Order, error] {
	return seq(ctx, c, listOrdersEndpoint, orderModel, f, opts)
}

// GetOrder returns an order with all that the server knows of it. An order that does
// not exist is [ErrNotFound], also if the server responds without data; an id below 1
// is an [*InputError].
//
// Vendor's page: Order, "Detail Order", POST order/detail. Class: read.
func (c *Client) GetOrder(ctx context.Context, orderID int64, opts ...CallOption) (*Order, error) {
	return get(ctx, c, getOrderEndpoint, orderModel, orderRef(orderID), Order{ID: orderID}, opts, positive("orderID", orderID))
}

// An orderRef is the input of GetOrder.
type orderRef int64

func (id orderRef) appendJSON(b []byte) []byte {
	return append(strconv.AppendInt(append(b, `{"order_id":`...), int64(id), 10), '}')
}

// UpdateOrderStatus sets the status of an order to one of the four that the page
// documents, and returns the order. Any other status is an [*InputError], as is an id
// below 1. An order that does not exist is [ErrNotFound]. If the server responds without
// the order, the result holds what was sent.
//
// Vendor's page: Order, "Update Status", POST order/update. Class: overwrite.
func (c *Client) UpdateOrderStatus(ctx context.Context, orderID int64, s OrderStatus, opts ...CallOption) (*Order, error) {
	in := struct {
		OrderID int64       `json:"order_id"`
		Status  OrderStatus `json:"status"`
	}{orderID, s}
	sent := Order{ID: orderID, Status: s}
	return write(ctx, c, updateOrderStatusEndpoint, orderModel, in, sent, opts, positive("orderID", orderID), oneOfFour(s))
}

func (f OrderFilter) check() *InputError {
	return firstOf(wellSpelled("Status", f.Status), notNegative("UserID", f.UserID), notNegative("OutletID", f.OutletID))
}
