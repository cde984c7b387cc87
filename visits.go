package pmpsmart

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// A Visit is a salesperson's visit to an outlet. What else the server knows of it,
// such as check-in times, is in Extra.
//
// A struct that embeds a Visit has its fields as well: read it with [ListAs], [GetAs],
// [Client.Call] or [Extra.Decode]. encoding/json calls the UnmarshalJSON that the struct
// has from the Visit, and leaves out the struct's own fields.
type Visit struct {
	ID        int64     // id
	Name      string    // name, of which the page does not say whose; the sandbox has the salesperson's
	UserID    int64     // user_id, the salesperson
	OutletID  int64     // outlet_id
	CreatedAt time.Time // created_at
	UpdatedAt time.Time // updated_at
	Extra     Extra     // every other field
}

// A VisitFilter selects the visits of a list. Zero fields do not filter. In JSON it
// has the API's names, so that [Client.Call] and [ListAs] take one as their input.
type VisitFilter struct {
	Name string `json:"name,omitzero"` // a part of it
}

var visitModel = newModel(func(v *Visit) *Extra { return &v.Extra },
	envelope.Int("id", func(v *Visit) *int64 { return &v.ID }),
	envelope.String("name", func(v *Visit) *string { return &v.Name }),
	envelope.Int("user_id", func(v *Visit) *int64 { return &v.UserID }),
	envelope.Int("outlet_id", func(v *Visit) *int64 { return &v.OutletID }),
	envelope.Time("created_at", func(v *Visit) *time.Time { return &v.CreatedAt }),
	envelope.Time("updated_at", func(v *Visit) *time.Time { return &v.UpdatedAt }),
)

// MarshalJSON returns the visit with the API's names, and the fields of Extra beside them.
func (v Visit) MarshalJSON() ([]byte, error) { return visitModel.Append(nil, &v), nil }

// UnmarshalJSON reads a visit as leniently as the client does.
func (v *Visit) UnmarshalJSON(b []byte) error { return unmarshalRecord(visitModel, v, b) }

// LogValue returns the visit as slog shows it: as JSON, with secrets redacted.
func (v Visit) LogValue() slog.Value { return logJSON(visitModel.Append(nil, &v)) }

func (v *Visit) known() coerce.Known { return coerce.Record(visitModel, v) }

// ListVisits returns all visits that match f, from every page, in the server's order;
// an empty slice, not nil, if there are none.
//
// Vendor's page: Visit, "List Visit", POST visit. Class: read.
func (c *Client) ListVisits(ctx context.Context, f VisitFilter, opts ...CallOption) ([]Visit, error) {
	return list(ctx, c, listVisitsEndpoint, visitModel, f, opts)
}

// ListVisitsSeq is ListVisits as an iterator, which holds one record at a time.
// Nothing is sent before the range begins. An error comes last, with a zero Visit.
//
// Vendor's page: Visit, "List Visit", POST visit. Class: read.
func (c *Client) ListVisitsSeq(ctx context.Context, f VisitFilter, opts ...CallOption) iter.Seq2[Visit, error] {
	return seq(ctx, c, listVisitsEndpoint, visitModel, f, opts)
}

func (f VisitFilter) check() *InputError { return text("Name", f.Name) }
