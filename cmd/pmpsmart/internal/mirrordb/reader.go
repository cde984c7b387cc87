package mirrordb

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A Reader reads a mirror back as the client's records, while another run may be at work
// on it. It is for one goroutine, and for one list at a time.
type Reader struct {
	db     *DB
	source Source
}

// A Range says which records are read: those of the days from one to another, each zero
// for no bound. The day of an order is its date_order; that of any other record is that
// of created_at in WIB.
type Range struct {
	From, To pmpsmart.Date
	Undated  bool // those without a day too, where there is a bound
	Vanished bool // those that the server has no more too
}

// OpenReader opens a mirror that is there, in a file or at a URL. It changes nothing.
func OpenReader(ctx context.Context, name string) (*Reader, error) {
	db, err := connectReader(ctx, name)
	if err != nil {
		return nil, err
	}
	db.now = time.Now
	r := &Reader{db: db}
	version, err := db.version(ctx, db.conn)
	switch {
	case err != nil:
	case version == 0:
		err = refuse(ErrForeign, lang.Errorf("%s is not a mirror; pmpsmart mirror makes one", db.name))
	case version < len(migrations):
		err = refuse(ErrForeign, lang.Errorf("%s was made by an older version of this program; pmpsmart mirror brings it up to date", db.name))
	default:
		r.source, err = readSource(ctx, db.conn)
	}
	if err != nil {
		return nil, errors.Join(db.failed(err), r.Close())
	}
	return r, nil
}

func connectReader(ctx context.Context, name string) (*DB, error) {
	if IsURL(name) {
		return openPostgres(ctx, name)
	}
	place, err := tool.Place(name)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(place); errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(ErrForeign, lang.Errorf("there is no file %s; pmpsmart mirror makes one", name))
	}
	// Not mode=ro, which leaves SQLite's own files behind.
	db, err := openSQLite(ctx, name, place, url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(30000)", "query_only(1)"}})
	if err != nil {
		return nil, err
	}
	if _, err := (sqlite{}).tables(ctx, db.conn); err != nil && isReadOnly(err) {
		// A folder that can't be written, where nobody else writes either.
		_ = db.Close()
		return openSQLite(ctx, name, place, url.Values{"mode": {"ro"}, "immutable": {"1"}})
	}
	return db, nil
}

// Source returns whose data it is.
func (r *Reader) Source() Source { return r.source }

// State returns how far a kind was read.
func (r *Reader) State(ctx context.Context, k Kind) (State, error) { return r.db.State(ctx, k) }

// Close ends the connection.
func (r *Reader) Close() error { return errors.Join(r.db.conn.Close(), r.db.pool.Close()) }

// Orders returns the orders of a range by their date and id. An error comes last.
func (r *Reader) Orders(ctx context.Context, of Range) iter.Seq2[pmpsmart.Order, error] {
	return read(ctx, r, Orders, of, orderOf)
}

func orderOf(id int64, v []any, extra pmpsmart.Extra) pmpsmart.Order {
	return pmpsmart.Order{
		ID: id, Code: as[string](v[0]), Status: pmpsmart.OrderStatus(as[string](v[1])), Date: as[pmpsmart.Date](v[2]),
		UserID: as[int64](v[3]), OutletID: as[int64](v[4]), CreatedAt: as[time.Time](v[5]), UpdatedAt: as[time.Time](v[6]), Extra: extra,
	}
}

// Visits returns the visits of a range, oldest first.
func (r *Reader) Visits(ctx context.Context, of Range) iter.Seq2[pmpsmart.Visit, error] {
	return read(ctx, r, Visits, of, func(id int64, v []any, extra pmpsmart.Extra) pmpsmart.Visit {
		return pmpsmart.Visit{
			ID: id, Name: as[string](v[0]), UserID: as[int64](v[1]), OutletID: as[int64](v[2]),
			CreatedAt: as[time.Time](v[3]), UpdatedAt: as[time.Time](v[4]), Extra: extra,
		}
	})
}

// JSONOrders returns the JSON orders of a range, oldest first.
func (r *Reader) JSONOrders(ctx context.Context, of Range) iter.Seq2[pmpsmart.JSONOrder, error] {
	return read(ctx, r, JSONOrders, of, func(id int64, v []any, extra pmpsmart.Extra) pmpsmart.JSONOrder {
		o := pmpsmart.JSONOrder{
			ID: id, Code: as[string](v[0]), Status: pmpsmart.JSONOrderStatus(as[string](v[2])), StatusOrder: as[string](v[3]),
			CreatedAt: as[time.Time](v[4]), UpdatedAt: as[time.Time](v[5]), Extra: extra,
		}
		if data, ok := v[1].(string); ok {
			o.Data = json.RawMessage(data)
		}
		return o
	})
}

// Outlets returns all outlets by their id.
func (r *Reader) Outlets(ctx context.Context) iter.Seq2[pmpsmart.Outlet, error] {
	return read(ctx, r, Outlets, Range{}, func(id int64, v []any, extra pmpsmart.Extra) pmpsmart.Outlet {
		return pmpsmart.Outlet{
			ID: id, Code: as[string](v[0]), Name: as[string](v[1]), Address: as[string](v[2]),
			CreatedAt: as[time.Time](v[3]), UpdatedAt: as[time.Time](v[4]), Extra: extra,
		}
	})
}

// Salespeople returns all salespeople by their id.
func (r *Reader) Salespeople(ctx context.Context) iter.Seq2[pmpsmart.User, error] {
	return read(ctx, r, Salespeople, Range{}, func(id int64, v []any, extra pmpsmart.Extra) pmpsmart.User {
		return pmpsmart.User{
			ID: id, Name: as[string](v[0]), Email: as[string](v[1]),
			CreatedAt: as[time.Time](v[2]), UpdatedAt: as[time.Time](v[3]), Extra: extra,
		}
	})
}

// extraOf returns the fields of a JSON object.
func extraOf(text string) (extra pmpsmart.Extra) {
	_ = extra.UnmarshalJSON([]byte(text)) // an object
	return extra
}

// as returns a value, or the zero one of its type for NULL.
func as[T any](v any) T {
	t, _ := v.(T)
	return t
}

func read[T any](ctx context.Context, r *Reader, k Kind, of Range, record func(id int64, values []any, extra pmpsmart.Extra) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		where, args := r.db.where(k, of)
		more := true
		err := tableOf(k).scan(ctx, r.db.conn, where, args, func(id int64, values []any, text string) bool {
			more = yield(record(id, values, extraOf(text)), nil)
			return more
		})
		if err != nil && more {
			var zero T
			yield(zero, r.db.failed(err))
		}
	}
}

// where returns the rows of a range and their order, as SQL.
func (db *DB) where(k Kind, of Range) (where string, args []any) {
	day := "created_at"
	if k == Orders {
		day = "date_order"
	}
	bound := func(d pmpsmart.Date, days int) any {
		if k == Orders {
			return d
		}
		return db.dialect.encode(d.AddDays(days).Time(pmpsmart.WIB))
	}
	where = "id IS NOT NULL"
	if !of.Vanished {
		where = "vanished_at IS NULL"
	}
	undated := ""
	if of.Undated {
		undated = " OR " + day + " IS NULL"
	}
	if !of.From.IsZero() {
		args = append(args, bound(of.From, 0))
		where += " AND (" + day + " >= $" + itoa(len(args)) + undated + ")"
	}
	if !of.To.IsZero() {
		args = append(args, bound(of.To, 1))
		compare := " < $"
		if k == Orders {
			compare = " <= $"
		}
		where += " AND (" + day + compare + itoa(len(args)) + undated + ")"
	}
	order := "id"
	if tableOf(k).indexed() != nil {
		order = day + ", id"
	}
	return where + " ORDER BY " + order, args
}
