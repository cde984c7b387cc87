package pmpsmart

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// JSONOrderInput is a JSON order to insert or update. All three fields are
// needed.
type JSONOrderInput struct {
	// Code is the order's kode_order, without white space at either end: the
	// server would trim it.
	Code string
	// Data is the order's json_data. A json.RawMessage, []byte or
	// jsontext.Value goes as it is; anything else is marshaled as
	// encoding/json does it, so that a string becomes a JSON string.
	Data any
	// Status is JSONOrderCompleted or any other word.
	Status JSONOrderStatus
}

// JSONOrder is an order kept as a JSON document under a code.
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

// JSONOrderFilter says which JSON orders a list holds. Zero fields do not filter.
type JSONOrderFilter struct {
	Search      string          // search, in whatever fields the server looks
	Code        string          // kode_order; a server may take it as a part of one
	Status      JSONOrderStatus // status
	StatusOrder string          // status_order
	StartDate   Date            // start_date, the first day; the page does not say which date is compared
	EndDate     Date            // end_date, the last day, not before StartDate
}

var jsonOrderModel = newModel(func(o *JSONOrder) *Extra { return &o.Extra },
	envelope.Int("id", func(o *JSONOrder) *int64 { return &o.ID }),
	envelope.String("kode_order", func(o *JSONOrder) *string { return &o.Code }),
	envelope.Field[JSONOrder]{Name: "json_data", Want: "JSON",
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

// MarshalJSON writes the order with the API's names, Extra's fields beside them.
func (o JSONOrder) MarshalJSON() ([]byte, error) { return jsonOrderModel.Append(nil, &o), nil }

// UnmarshalJSON reads a JSON order as loosely as the client does.
func (o *JSONOrder) UnmarshalJSON(b []byte) error { return unmarshalRecord(jsonOrderModel, o, b) }

func (o *JSONOrder) known() coerce.Known { return coerce.Record(jsonOrderModel, o) }

// InsertJSONOrder adds a JSON order. The API knows no idempotency: an insert that
// got no clear answer is an [*OutcomeUnknownError] and is not repeated; see
// [Client.EnsureJSONOrder]. A code that the server keeps unique and has already
// is [ErrValidation]. Where the server answers without the order, the
// result holds what was sent. An empty code or status, white space at their ends
// and data that is no JSON are an [*InputError].
// Vendor's page: Json Data, "Insert JSON Order", POST json/order. Class: create.
func (c *Client) InsertJSONOrder(ctx context.Context, in JSONOrderInput, opts ...CallOption) (*JSONOrder, error) {
	body, sent, err := in.request()
	return write(ctx, c, insertJSONOrderEndpoint, jsonOrderModel, body, sent, opts, err)
}

// UpdateJSONOrder replaces data and status of the JSON order of that code; one
// that is not there is [ErrNotFound] or [ErrValidation], as the server has it.
// Where the server answers without the order, the result holds what was sent.
// Input is refused as that of [Client.InsertJSONOrder].
// Vendor's page: Json Data, "Update JSON Order", POST json/order/update. Class:
// overwrite.
func (c *Client) UpdateJSONOrder(ctx context.Context, in JSONOrderInput, opts ...CallOption) (*JSONOrder, error) {
	body, sent, err := in.request()
	return write(ctx, c, updateJSONOrderEndpoint, jsonOrderModel, body, sent, opts, err)
}

// FilterJSONOrders gives all JSON orders that match f, every page of them, in the
// server's order; a non-nil empty slice where there are none. An end before its
// start is an [*InputError].
// Vendor's page: Json Data, "Filter JSON Order", POST json/order/get/filter.
// Class: read.
func (c *Client) FilterJSONOrders(ctx context.Context, f JSONOrderFilter, opts ...CallOption) ([]JSONOrder, error) {
	return list(ctx, c, filterJSONOrdersEndpoint, jsonOrderModel, f.request, opts)
}

// FilterJSONOrdersSeq yields the orders of [Client.FilterJSONOrders] one by one and
// holds no more than that. Nothing is sent before the range begins; an error comes
// last, beside a zero JSONOrder.
// Vendor's page: Json Data, "Filter JSON Order", POST json/order/get/filter.
// Class: read.
func (c *Client) FilterJSONOrdersSeq(ctx context.Context, f JSONOrderFilter, opts ...CallOption) iter.Seq2[JSONOrder, error] {
	return listSeq(ctx, c, filterJSONOrdersEndpoint, jsonOrderModel, f.request, opts)
}

func (f JSONOrderFilter) request() (any, []*InputError) {
	in := struct {
		Search      string          `json:"search,omitzero"`
		Code        string          `json:"kode_order,omitzero"`
		Status      JSONOrderStatus `json:"status,omitzero"`
		StatusOrder string          `json:"status_order,omitzero"`
		StartDate   string          `json:"start_date,omitzero"`
		EndDate     string          `json:"end_date,omitzero"`
	}{f.Search, f.Code, f.Status, f.StatusOrder, f.StartDate.String(), f.EndDate.String()}
	var order *InputError
	if !f.StartDate.IsZero() && !f.EndDate.IsZero() && f.EndDate.Before(f.StartDate) {
		order = &InputError{Field: "EndDate", Problem: fmt.Sprintf("%s is before StartDate %s", f.EndDate, f.StartDate)}
	}
	return in, []*InputError{
		text("Search", f.Search), text("Code", f.Code), text("Status", string(f.Status)), text("StatusOrder", f.StatusOrder), order,
	}
}

// jsonOrderRequest is the body of insert and update.
type jsonOrderRequest struct {
	Code   string          `json:"kode_order"`
	Data   string          `json:"json_data"` // a string that holds JSON
	Status JSONOrderStatus `json:"status"`
}

// request gives the body of in, and the record that it becomes.
func (in JSONOrderInput) request() (jsonOrderRequest, JSONOrder, *InputError) {
	data, problem := document(in.Data)
	if err := firstOf(needed("Code", in.Code), problem, needed("Status", string(in.Status))); err != nil {
		return jsonOrderRequest{}, JSONOrder{}, err
	}
	return jsonOrderRequest{in.Code, string(data), in.Status}, JSONOrder{Code: in.Code, Data: data, Status: in.Status}, nil
}

// document gives v as JSON: raw JSON as it is, anything else marshaled.
func document(v any) (json.RawMessage, *InputError) {
	bad := func(format string, args ...any) (json.RawMessage, *InputError) {
		return nil, &InputError{Field: "Data", Problem: fmt.Sprintf(format, args...)}
	}
	if v == nil {
		return bad("is nil; want a value or raw JSON")
	}
	raw, ok := rawJSON(v)
	if !ok {
		marshaled, err := marshal(v)
		if err != nil {
			return bad("can't be made JSON: %v", err)
		}
		if string(marshaled) == "null" {
			return bad("is a nil %T; want a value or raw JSON", v)
		}
		return marshaled, nil
	}
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return bad("is empty; want a value or raw JSON")
	case !utf8.Valid(raw):
		return bad("is not UTF-8")
	case !json.Valid(raw):
		return bad("is not JSON: %.40q", raw)
	}
	return bytes.Clone(raw), nil
}

// rawJSON returns the bytes of v if v is JSON text already. Since Go 1.27
// json.RawMessage and jsontext.Value are one type, which a type switch may not
// list twice.
func rawJSON(v any) (raw []byte, ok bool) {
	if raw, ok = v.([]byte); ok {
		return raw, true
	}
	if raw, ok := v.(json.RawMessage); ok {
		return raw, true
	}
	value, ok := v.(jsontext.Value)
	return value, ok
}

// marshal is encoding/json's Marshal, but for text that is no UTF-8, which it
// refuses rather than mend in silence, and for <, > and &, which it leaves.
func marshal(v any) ([]byte, error) {
	return jsonv2.Marshal(v, marshalOptions)
}

var marshalOptions = jsonv2.JoinOptions(jsonv1.DefaultOptionsV1(), jsontext.AllowInvalidUTF8(false), jsontext.EscapeForHTML(false))
