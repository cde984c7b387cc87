package mirror

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// A Watch says how a mirror is kept up to date.
type Watch struct {
	Every      time.Duration // between two looks at the days that change
	ListsEvery time.Duration // between two readings of the lists that the server gives only whole
	// Reopen opens the database again after its server was away.
	Reopen func(context.Context) (*mirrordb.DB, error)
	// Done is told of each reading; may be nil.
	Done func(*Result) error
}

// A watcher is a mirror that is being kept up to date.
type watcher struct {
	*Mirror
	Watch
	lists map[mirrordb.Kind]time.Time // when each list was read whole
	again map[mirrordb.Kind]bool      // those that the server gives only whole
	told  *onceNotes
}

// Watch reads a plan again and again until the context ends. It waits while the server or
// the database is away. An error that waiting does not mend ends it.
func (m *Mirror) Watch(ctx context.Context, plan Plan, how Watch) error {
	w := &watcher{Mirror: m, Watch: how, lists: map[mirrordb.Kind]time.Time{}, again: map[mirrordb.Kind]bool{}, told: &onceNotes{Notes: m.Notes}}
	defer func(notes Notes) { m.Notes = notes }(m.Notes)
	m.Notes = w.told
	for failures := 0; ; {
		next := time.Now().Add(how.Every)
		err := w.look(ctx, plan)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			failures = 0
			plan.Full = false
		case !isPassing(err):
			return err
		default:
			failures++
			m.Notes.Problem("%w; trying again every %s", err, lang.Duration(how.Every))
		}
		if retry.Sleep(ctx, time.Until(next)) != nil {
			return ctx.Err()
		}
	}
}

// isPassing reports whether waiting may mend an error.
func isPassing(err error) bool { return pmpsmart.Retryable(err) || errors.Is(err, mirrordb.ErrAway) }

// look reads what is due.
func (w *watcher) look(ctx context.Context, plan Plan) error {
	w.told.begin()
	if w.DB == nil {
		db, err := w.Reopen(ctx)
		if err != nil {
			return err
		}
		w.DB = db
	}
	plan.Kinds = slices.DeleteFunc(slices.Clone(plan.Kinds), func(k mirrordb.Kind) bool {
		return (listOf(w.Client, k).days == 0 || w.again[k]) && time.Since(w.lists[k]) < w.ListsEvery
	})
	result, err := w.Run(ctx, plan)
	for k, c := range result.Kinds {
		if c.Full && err == nil {
			w.lists[k] = time.Now()
		}
		w.again[k] = w.again[k] || c.FilterIgnored
	}
	if errors.Is(err, mirrordb.ErrAway) {
		_ = w.DB.Close() // whose connection is lost
		w.DB = nil
	}
	if err == nil && w.Done != nil {
		err = w.Done(result)
	}
	return err
}

// onceNotes says a problem once as long as it stays.
type onceNotes struct {
	Notes
	before, now map[string]bool
}

// begin is called before each reading.
func (n *onceNotes) begin() {
	if n.now != nil {
		n.before = maps.Clone(n.now)
	}
	n.now = map[string]bool{}
}

// Problem says what was not said in the reading before.
func (n *onceNotes) Problem(format string, args ...any) {
	text := lang.English.Sprintf(format, args...)
	if n.now == nil {
		n.now = map[string]bool{}
	}
	n.now[text] = true
	if !n.before[text] {
		n.Notes.Problem(format, args...)
	}
}
