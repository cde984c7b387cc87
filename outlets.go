package pmpsmart

import (
	"context"
	"iter"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// Outlet is a shop that salespeople visit and take orders from.
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
	envelope.String("kode_outlet", func(o *Outlet) *string { return &o.Code }),
	envelope.String("nama_outlet", func(o *Outlet) *string { return &o.Name }),
	envelope.String("alamat", func(o *Outlet) *string { return &o.Address }),
	envelope.Time("created_at", func(o *Outlet) *time.Time { return &o.CreatedAt }),
	envelope.Time("updated_at", func(o *Outlet) *time.Time { return &o.UpdatedAt }),
)

// MarshalJSON writes the outlet with the API's names, Extra's fields beside them.
func (o Outlet) MarshalJSON() ([]byte, error) { return outletModel.Append(nil, &o), nil }

// UnmarshalJSON reads an outlet as loosely as the client does.
func (o *Outlet) UnmarshalJSON(b []byte) error { return unmarshalRecord(outletModel, o, b) }

func (o *Outlet) known() coerce.Known { return coerce.Record(outletModel, o) }

// ListOutlets gives all outlets, every page of them, in the server's order; a
// non-nil empty slice where there are none.
// Vendor's page: Master Data, "List Outlet", POST master/outlet. Class: read.
func (c *Client) ListOutlets(ctx context.Context, opts ...CallOption) ([]Outlet, error) {
	return list(ctx, c, listOutletsEndpoint, outletModel, noInput, opts)
}

// ListOutletsSeq yields the outlets of [Client.ListOutlets] one by one and holds no
// more than that. Nothing is sent before the range begins; an error comes last,
// beside a zero Outlet.
// Vendor's page: Master Data, "List Outlet", POST master/outlet. Class: read.
func (c *Client) ListOutletsSeq(ctx context.Context, opts ...CallOption) iter.Seq2[Outlet, error] {
	return listSeq(ctx, c, listOutletsEndpoint, outletModel, noInput, opts)
}

// UpdateOutletCode gives an outlet another code. An outlet that is not there is
// [ErrNotFound] or [ErrValidation], as the server has it; a code that another
// outlet has is [ErrValidation]. Where the server answers without the outlet, the
// result holds what was sent. An id below 1, an empty code and one with white space
// at an end are an [*InputError].
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
