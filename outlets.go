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

// An Outlet is a shop that salespeople visit and take orders from.
//
// A struct that embeds an Outlet has its fields as well: read it with [ListAs], [GetAs],
// [Client.Call] or [Extra.Decode]. encoding/json calls the UnmarshalJSON that the struct
// has from the Outlet, and leaves out the struct's own fields.
type Outlet struct {
	ID        int64     // id
	Code      string    // kode_outlet, "OUT-001"
	Name      string    // nama_outlet
	Address   string    // alamat
	CreatedAt time.Time // created_at
	UpdatedAt time.Time // updated_at
	Extra     Extra     // every other field
}

var outletModel = newModel(func(o *Outlet) *Extra { return &o.Extra },
	envelope.Int("id", func(o *Outlet) *int64 { return &o.ID }),
	envelope.Code("kode_outlet", func(o *Outlet) *string { return &o.Code }),
	envelope.String("nama_outlet", func(o *Outlet) *string { return &o.Name }),
	envelope.String("alamat", func(o *Outlet) *string { return &o.Address }),
	envelope.Time("created_at", func(o *Outlet) *time.Time { return &o.CreatedAt }),
	envelope.Time("updated_at", func(o *Outlet) *time.Time { return &o.UpdatedAt }),
)

// MarshalJSON returns the outlet with the API's names, and the fields of Extra beside them.
func (o Outlet) MarshalJSON() ([]byte, error) { return outletModel.Append(nil, &o), nil }

// UnmarshalJSON reads an outlet as leniently as the client does.
func (o *Outlet) UnmarshalJSON(b []byte) error { return unmarshalRecord(outletModel, o, b) }

// LogValue returns the outlet as slog shows it: as JSON, with secrets redacted.
func (o Outlet) LogValue() slog.Value { return logJSON(outletModel.Append(nil, &o)) }

func (o *Outlet) known() coerce.Known { return coerce.Record(outletModel, o) }

// ListOutlets returns all outlets, from every page, in the server's order; an empty
// slice, not nil, if there are none.
//
// Vendor's page: Master Data, "List Outlet", POST master/outlet. Class: read.
func (c *Client) ListOutlets(ctx context.Context, opts ...CallOption) ([]Outlet, error) {
	return list(ctx, c, listOutletsEndpoint, outletModel, nil, opts)
}

// ListOutletsSeq is ListOutlets as an iterator, which holds one record at a time.
// Nothing is sent before the range begins. An error comes last, with a zero Outlet.
//
// Vendor's page: Master Data, "List Outlet", POST master/outlet. Class: read.
func (c *Client) ListOutletsSeq(ctx context.Context, opts ...CallOption) iter.Seq2[Outlet, error] {
	return seq(ctx, c, listOutletsEndpoint, outletModel, nil, opts)
}

// UpdateOutletCode sets the code of an outlet and returns the outlet. An outlet that
// does not exist is [ErrNotFound] or [ErrValidation], as the server has it; a code of
// another outlet is [ErrValidation]. If the server responds without the outlet, the
// result holds what was sent. An id below 1, an empty code and one with white space at
// an end are an [*InputError].
//
// Vendor's page: Master Data, "Update Kode Outlet", POST master/outlet/update.
// Class: overwrite.
func (c *Client) UpdateOutletCode(ctx context.Context, outletID int64, code string, opts ...CallOption) (*Outlet, error) {
	in := struct {
		ID   string `json:"id_outlet"` // a string on the page, unlike every other id
		Code string `json:"kode_outlet"`
	}{strconv.FormatInt(outletID, 10), code}
	sent := Outlet{ID: outletID, Code: code}
	return write(ctx, c, updateOutletCodeEndpoint, outletModel, in, sent, opts, positive("outletID", outletID), needed("code", code))
}
