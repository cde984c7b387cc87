package mirror

import (
	"context"
	"fmt"

	"github.com/pmpsmart/pmpsmart-go"
)

// A listener learns from the client what the records of a list alone do not tell. It is
// in the context of the list.
type listener struct {
	first  int             // the page that the list begins with, 0 or 1 for its start
	before int64           // how many records the pages before it had
	ended  func(page int)  // called when a page was read to its end, before the next one's records
	drift  *pmpsmart.Drift // of the list as a whole: it may lack records
}

type listenerKey struct{}

// ClientOptions are those of a client that a Mirror reads with.
func ClientOptions() []pmpsmart.Option {
	return []pmpsmart.Option{
		pmpsmart.WithDriftHandler(func(ctx context.Context, d pmpsmart.Drift) {
			if l, ok := ctx.Value(listenerKey{}).(*listener); ok && l.isShort(d) {
				l.drift = &d
			}
		}),
		pmpsmart.WithHooks(pmpsmart.Hooks{Attempt: func(ctx context.Context, info pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
			l, ok := ctx.Value(listenerKey{}).(*listener)
			if !ok || info.Page == 0 {
				return ctx, nil
			}
			page := info.Page
			if page == 1 {
				page = max(1, l.first)
			}
			return ctx, func(result pmpsmart.AttemptResult) {
				if result.Err == nil && l.ended != nil {
					l.ended(page)
				}
			}
		}}),
	}
}

// isShort reports whether a drift says that a list lacks records: pages that did not
// come, records that were none. Of a list that began with a later page, the records of
// the pages before it count.
func (l *listener) isShort(d pmpsmart.Drift) bool {
	switch d.Path {
	case "data.*", "body":
		return true
	case "data":
	default:
		return false
	}
	var total, got int64
	if l.first <= 1 {
		return true
	}
	if _, err := fmt.Sscanf(d.Want, "the %d records of its total", &total); err != nil {
		return true
	}
	_, err := fmt.Sscan(string(d.Got), &got)
	return err != nil || l.before+got < total
}
