package pmpsmart

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A JSONOrderInput is a JSON order to insert or update. All three fields are required.
// In JSON it has the API's names, and Data is a string that holds JSON, so that
// [Client.Call] takes one as its input.
type JSONOrderInput struct {
	// Code is the order's kode_order, without white space at either end: the
	// server would trim it.
	Code string
	// Data is the order's json_data. A json.RawMessage, []byte or
	// jsontext.Value is sent as it is. Anything else is marshaled as by
	// encoding/json, so that a string becomes a JSON string.
	Data any
	// Status is JSONOrderCompleted or any other word.
	Status JSONOrderStatus
}

// A JSONOrder is an order that is kept as a JSON document under a code.
//
// A struct that embeds a JSONOrder has its fields as well: read it with [ListAs], [GetAs],
// [Client.Call] or [Extra.Decode]. encoding/json calls the UnmarshalJSON that the struct
// has from the JSONOrder, and leaves out the struct's own fields.
type JSONOrder struct {
	ID          int64           // id
	Code        string          // kode_order
	Data        json.RawMessage // json_data, valid JSON or nil
	Status      JSONOrderStatus // status
	StatusOrder string          // status_order, of which the page says nothing more
	CreatedAt   time.Time       // created_at
	UpdatedAt   time.Time       // updated_at
	Extra       Extra           // every other field
}

// A JSONOrderFilter selects the JSON orders of a list. Zero fields do not filter. In
// JSON it has the API's names, so that [Client.Call] and [ListAs] take one as their
// input.
type JSONOrderFilter struct {
	Search      string          `json:"search,omitzero"`       // in whatever fields the server looks
	Code        string          `json:"kode_order,omitzero"`   // a server may take it as a part of one
	Status      JSONOrderStatus `json:"status,omitzero"`       // exactly this one
	StatusOrder string          `json:"status_order,omitzero"` // of which the page says nothing more
	StartDate   Date            `json:"start_date,omitzero"`   // the first day; the page does not say which date is compared
	EndDate     Date            `json:"end_date,omitzero"`     // the last day, not before StartDate
}

var jsonOrderModel = newModel(func(o *JSONOrder) *Extra { return &o.Extra },
	envelope.Int("id", func(o *JSONOrder) *int64 { return &o.ID }),
	envelope.Code("kode_order", func(o *JSONOrder) *string { return &o.Code }),
	envelope.Field[JSONOrder]{Name: "json_data", Want: "JSON", Rewritten: true,
		Set: func(o *JSONOrder, raw []byte, _ *envelope.Scope) bool {
			o.Data = loose.Document(raw)
			return true
		},
		Append: func(o *JSONOrder, b []byte) []byte {
			if o.Data == nil {
				return append(b, "null"...)
			}
			return envelope.AppendString(b, string(o.Data)) // a string that holds JSON, as the API has it
		},
	},
	envelope.String("status", func(o *JSONOrder) *JSONOrderStatus { return &o.Status }, string(JSONOrderCompleted)),
	envelope.String("status_order", func(o *JSONOrder) *string { return &o.StatusOrder }),
	envelope.Time("created_at", func(o *JSONOrder) *time.Time { return &o.CreatedAt }),
	envelope.Time("updated_at", func(o *JSONOrder) *time.Time { return &o.UpdatedAt }),
)

// MarshalJSON returns the order with the API's names, and the fields of Extra beside them.
func (o JSONOrder) MarshalJSON() ([]byte, error) { return jsonOrderModel.Append(nil, &o), nil }

// UnmarshalJSON reads a JSON order as leniently as the client does.
func (o *JSONOrder) UnmarshalJSON(b []byte) error { return unmarshalRecord(jsonOrderModel, o, b) }

// LogValue returns the order as slog shows it: as JSON, with secrets redacted.
func (o JSONOrder) LogValue() slog.Value { return logJSON(jsonOrderModel.Append(nil, &o)) }

func (o *JSONOrder) known() coerce.Known { return coerce.Record(jsonOrderModel, o) }

// Matches reports whether the order has in's code, status and data, as one has that
// was inserted as in. The order and white space of JSON do not count, and an empty
// object equals an empty array, which PHP makes of it; numbers are compared as they are
// written. Input that the client would refuse matches nothing.
func (o *JSONOrder) Matches(in JSONOrderInput) bool {
	_, want, problem := in.request()
	return problem == nil && o.Code == want.Code && o.equals(want)
}

// equals reports whether the order has the status and the data of another.
func (o *JSONOrder) equals(other JSONOrder) bool {
	return o.Status == other.Status && loose.Equal(o.Data, other.Data)
}

// InsertJSONOrder adds a JSON order and returns it. The API has no idempotency keys: an
// insert without a clear response is an [*OutcomeUnknownError] and is not retried; see
// [Client.EnsureJSONOrder]. If the server keeps codes unique, one that is taken is
// [ErrValidation]. If the server responds without the order, the result holds what was
// sent. An empty code or status, white space at their ends, and data that is not JSON
// are an [*InputError].
//
// Vendor's page: Json Data, "Insert JSON Order", POST json/order. Class: create.
func (c *Client) InsertJSONOrder(ctx context.Context, in JSONOrderInput, opts ...CallOption) (*JSONOrder, error) {
	body, sent, err := in.request()
	return write(ctx, c, insertJSONOrderEndpoint, jsonOrderModel, body, sent, opts, err)
}

// UpdateJSONOrder replaces the data and status of the JSON order with in's code, and
// returns the order. One that does not exist is [ErrNotFound] or [ErrValidation], as the
// server has it. If the server responds without the order, the result holds what was
// sent. Input is checked as by [Client.InsertJSONOrder].
//
// Vendor's page: Json Data, "Update JSON Order", POST json/order/update. Class:
// overwrite.
func (c *Client) UpdateJSONOrder(ctx context.Context, in JSONOrderInput, opts ...CallOption) (*JSONOrder, error) {
	body, sent, err := in.request()
	return write(ctx, c, updateJSONOrderEndpoint, jsonOrderModel, body, sent, opts, err)
}

// FilterJSONOrders returns all JSON orders that match f, from every page, in the
// server's order; an empty slice, not nil, if there are none. An end before its start is
// an [*InputError].
//
// Vendor's page: Json Data, "Filter JSON Order", POST json/order/get/filter.
// Class: read.
func (c *Client) FilterJSONOrders(ctx context.Context, f JSONOrderFilter, opts ...CallOption) ([]JSONOrder, error) {
	return list(ctx, c, filterJSONOrdersEndpoint, jsonOrderModel, f, opts)
}

// FilterJSONOrdersSeq is FilterJSONOrders as an iterator, which holds one record at a time.
// Nothing is sent before the range begins. An error comes last, with a zero JSONOrder.
//
// Vendor's page: Json Data, "Filter JSON Order", POST json/order/get/filter.
// Class: read.
func (c *Client) FilterJSONOrdersSeq(ctx context.Context, f JSONOrderFilter, opts ...CallOption) iter.Seq2[JSONOrder, error] {
	return seq(ctx, c, filterJSONOrdersEndpoint, jsonOrderModel, f, opts)
}

func (f JSONOrderFilter) check() *InputError {
	var order *InputError
	if !f.StartDate.IsZero() && !f.EndDate.IsZero() && f.EndDate.Before(f.StartDate) {
		order = &InputError{Field: "EndDate", Problem: fmt.Sprintf("%s is before StartDate %s", f.EndDate, f.StartDate)}
	}
	return firstOf(text("Search", f.Search), text("Code", f.Code), text("Status", string(f.Status)), text("StatusOrder", f.StatusOrder), order)
}

// jsonOrderRequest is the body of insert and update.
type jsonOrderRequest struct {
	Code   string          `json:"kode_order"`
	Data   string          `json:"json_data"` // a string that holds JSON
	Status JSONOrderStatus `json:"status"`
}

// MarshalJSON returns the input with the API's names, as the client sends it. Input
// that the client would refuse is an [*InputError].
func (in JSONOrderInput) MarshalJSON() ([]byte, error) {
	body, _, problem := in.request()
	if err := inputError("JSONOrderInput", problem); err != nil {
		return nil, err
	}
	return marshal(body)
}

// UnmarshalJSON reads what MarshalJSON returns. Data becomes a json.RawMessage.
func (in *JSONOrderInput) UnmarshalJSON(b []byte) error {
	var body struct {
		Code   string          `json:"kode_order"`
		Data   json.RawMessage `json:"json_data"`
		Status JSONOrderStatus `json:"status"`
	}
	if err := json.Unmarshal(b, &body); err != nil {
		return err
	}
	*in = JSONOrderInput{Code: body.Code, Status: body.Status}
	if data := loose.Document(body.Data); data != nil {
		in.Data = json.RawMessage(data)
	}
	return nil
}

func (in JSONOrderInput) check() *InputError {
	_, _, problem := in.request()
	return problem
}

// request returns the body for in, and the record that it becomes.
func (in JSONOrderInput) request() (jsonOrderRequest, JSONOrder, *InputError) {
	data, problem := document(in.Data)
	if err := firstOf(needed("Code", in.Code), problem, needed("Status", string(in.Status))); err != nil {
		return jsonOrderRequest{}, JSONOrder{}, err
	}
	return jsonOrderRequest{in.Code, string(data), in.Status}, JSONOrder{Code: in.Code, Data: data, Status: in.Status}, nil
}
