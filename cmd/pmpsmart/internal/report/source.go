package report

import (
	"context"
	"iter"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A source is where the records come from. It may leave out what is not of the days
// asked for, but not what has no day.
type source interface {
	Orders(ctx context.Context, of tool.Range) iter.Seq2[pmpsmart.Order, error]
	Visits(ctx context.Context, of tool.Range) iter.Seq2[pmpsmart.Visit, error]
	Salespeople(ctx context.Context) iter.Seq2[pmpsmart.User, error]
	Close() error
}

func (o *options) source(ctx context.Context, t *tool.Tool) (source, error) {
	if o.mirror != "" {
		if t.IsSandbox() {
			return nil, tool.Usagef("-mirror is a database, and -sandbox a made-up server; give one of them")
		}
		return openMirror(ctx, t, o.mirror)
	}
	client, err := t.Client()
	if err != nil {
		return nil, err
	}
	return server{client}, nil
}

// A server is the source that is always up to date. Its lists are read whole: it can be
// asked for the orders of a day, but not for those without one.
type server struct{ client *pmpsmart.Client }

// Orders returns all orders.
func (s server) Orders(ctx context.Context, _ tool.Range) iter.Seq2[pmpsmart.Order, error] {
	return s.client.ListOrdersSeq(ctx, pmpsmart.OrderFilter{})
}

// Visits returns all visits.
func (s server) Visits(ctx context.Context, _ tool.Range) iter.Seq2[pmpsmart.Visit, error] {
	return s.client.ListVisitsSeq(ctx, pmpsmart.VisitFilter{})
}

// Salespeople returns all salespeople.
func (s server) Salespeople(ctx context.Context) iter.Seq2[pmpsmart.User, error] {
	return s.client.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{})
}

// Close ends the connections.
func (s server) Close() error { return s.client.Close() }
