package pmpsmart

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// A User is a person with an account: a salesperson in a list, or whoever logged in.
//
// A struct that embeds a User has its fields as well: read it with [ListAs], [GetAs],
// [Client.Call] or [Extra.Decode]. encoding/json calls the UnmarshalJSON that the struct
// has from the User, and leaves out the struct's own fields.
type User struct {
	ID        int64     // id
	Name      string    // name
	Email     string    // email
	CreatedAt time.Time // created_at
	UpdatedAt time.Time // updated_at
	Extra     Extra     // every other field
}

// A SalesUserFilter selects the salespeople of a list. Zero fields do not filter. In
// JSON it has the API's names, so that [Client.Call] and [ListAs] take one as their
// input.
type SalesUserFilter struct {
	Name string `json:"name,omitzero"` // a part of it
}

var userModel = newModel(func(u *User) *Extra { return &u.Extra },
	envelope.Int("id", func(u *User) *int64 { return &u.ID }),
	envelope.String("name", func(u *User) *string { return &u.Name }),
	envelope.String("email", func(u *User) *string { return &u.Email }),
	envelope.Time("created_at", func(u *User) *time.Time { return &u.CreatedAt }),
	envelope.Time("updated_at", func(u *User) *time.Time { return &u.UpdatedAt }),
)

// MarshalJSON returns the user with the API's names, and the fields of Extra beside them.
func (u User) MarshalJSON() ([]byte, error) { return userModel.Append(nil, &u), nil }

// UnmarshalJSON reads a user as leniently as the client does.
func (u *User) UnmarshalJSON(b []byte) error { return unmarshalRecord(userModel, u, b) }

// LogValue returns the user as slog shows it: as JSON, with secrets redacted.
func (u User) LogValue() slog.Value { return logJSON(userModel.Append(nil, &u)) }

func (u *User) known() coerce.Known { return coerce.Record(userModel, u) }

// ListSalesUsers returns all salespeople that match f, from every page, in the server's
// order; an empty slice, not nil, if there are none.
//
// Vendor's page: User, "List User Sales", POST user/sales. Class: read.
func (c *Client) ListSalesUsers(ctx context.Context, f SalesUserFilter, opts ...CallOption) ([]User, error) {
	return list(ctx, c, listSalesUsersEndpoint, userModel, f, opts)
}

// ListSalesUsersSeq is ListSalesUsers as an iterator, which holds one record at a time.
// Nothing is sent before the range begins. An error comes last, with a zero User.
//
// Vendor's page: User, "List User Sales", POST user/sales. Class: read.
func (c *Client) ListSalesUsersSeq(ctx context.Context, f SalesUserFilter, opts ...CallOption) iter.Seq2[User, error] {
	return seq(ctx, c, listSalesUsersEndpoint, userModel, f, opts)
}

func (f SalesUserFilter) check() *InputError { return text("Name", f.Name) }
