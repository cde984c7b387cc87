package mirror

import (
	"context"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
)

// How much is read before it is stored, so that little is lost when a long list breaks
// off, and little is held.
const (
	mostRows  = 5000
	mostBytes = 8 << 20
	mostWait  = 10 * time.Second
)

// A reading is a pass over the list of a kind.
type reading struct {
	*Mirror
	list   list
	pass   *mirrordb.Pass
	counts *Counts
	whole  bool // every list was, as far as the client can tell
}

// pass reads a list, whole or by days, and marks what is no longer in it.
func (m *Mirror) pass(ctx context.Context, plan Plan, kind mirrordb.Kind, days window, counts *Counts) error {
	p, err := m.DB.StartPass(ctx, kind, days.from, days.to)
	if err != nil {
		return err
	}
	r := &reading{Mirror: m, list: listOf(m.Client, kind), pass: p, counts: counts, whole: true}
	counts.Full = days.isWhole()
	if p.Resumed {
		m.Notes.Note("%s: going on with the run of %s, at %s", lang.T(string(kind)), lang.Time(p.At.In(pmpsmart.WIB)), p.Next)
	}
	if days.isWhole() {
		err = r.window(ctx, days, pmpsmart.Date{})
	} else {
		err = r.windows(ctx, days)
	}
	if err != nil {
		return err
	}
	return r.finish(ctx, plan.AllowVanish)
}

// windows reads the days that the pass has not yet read, a list for each window.
func (r *reading) windows(ctx context.Context, days window) error {
	for from := r.pass.Next; !from.After(days.to); {
		w := window{from, from.AddDays(r.list.days - 1)}
		if w.to.After(days.to) {
			w.to = days.to
		}
		from = w.to.AddDays(1)
		if from.IsZero() { // after the last day of all
			break
		}
		if err := r.window(ctx, w, from); err != nil {
			return err
		}
	}
	return nil
}

// window reads one list and stores it; next is the day that is read then.
func (r *reading) window(ctx context.Context, w window, next pmpsmart.Date) error {
	r.counts.Windows++
	_, _ = r.Drifts.take(r.list.op) // of somebody else's
	var response pmpsmart.Response
	err := r.store(ctx, w, next, &response)
	r.counts.Requests += int64(response.Attempts)
	if drift, found := r.Drifts.take(r.list.op); found && err == nil {
		r.whole = false
		r.Notes.Problem("%s: the list was not whole: want %s, got %s", lang.T(string(r.pass.Kind)), drift.Want, string(drift.Got))
	}
	return err
}

func (r *reading) store(ctx context.Context, w window, next pmpsmart.Date, response *pmpsmart.Response) error {
	seen := idSet{}
	var rows []mirrordb.Row
	size, last := 0, time.Now()
	for it, err := range r.list.read(ctx, w, pmpsmart.WithResponse(response)) {
		switch {
		case err != nil:
			return err
		case it.outside:
			return &ignoredError{r.pass.Kind, w, it.row.Code}
		}
		r.counts.Read++
		if r.Progress != nil {
			r.Progress(1)
		}
		if it.row.ID == 0 {
			r.counts.WithoutID++
			continue
		}
		it.row.Repeat = !seen.add(it.row.ID)
		rows, size = append(rows, it.row), size+it.row.Size()
		if len(rows) < mostRows && size < mostBytes && time.Since(last) < mostWait {
			continue
		}
		if err := r.save(ctx, rows, pmpsmart.Date{}); err != nil {
			return err
		}
		clear(rows)
		rows, size, last = rows[:0], 0, time.Now()
	}
	return r.save(ctx, rows, next)
}

// save stores rows, counts what is new of them and tells of it.
func (r *reading) save(ctx context.Context, rows []mirrordb.Row, next pmpsmart.Date) error {
	changes, err := r.pass.Store(ctx, rows, next, r.Changes != nil)
	if err != nil {
		return err
	}
	for _, c := range changes {
		switch c.What {
		case mirrordb.New:
			r.counts.New++
		case mirrordb.Changed:
			r.counts.Changed++
		case mirrordb.Back:
			r.counts.Back++
		}
		if c.Repeat {
			r.counts.Conflicts++
			r.Notes.Problem("the server listed %s twice, with different fields (id %d); the later one is kept", c.Code, c.ID)
		}
	}
	return r.tell(changes)
}

func (r *reading) tell(changes []mirrordb.Change) error {
	if r.Changes == nil || len(changes) == 0 {
		return nil
	}
	return r.Changes(changes)
}

// finish ends a pass that was read to its end. What is missing is marked as vanished,
// unless so much is that the server is more likely to be at fault.
func (r *reading) finish(ctx context.Context, allow bool) error {
	kind, counts := r.pass.Kind, r.counts
	if counts.WithoutID > 0 {
		r.Notes.Problem("%s have no id, or one that is no number, and are not in the mirror", lang.Count(counts.WithoutID, kind.Noun()))
	}
	if err := r.lookUp(ctx); err != nil {
		return err
	}
	missing, before, err := r.pass.Missing(ctx)
	if err != nil {
		return err
	}
	vanish := true
	switch {
	case missing == 0:
	case !r.whole || counts.WithoutID > 0:
		vanish = false
		r.Notes.Problem("%s are missing in a list that was not whole, and are not marked as vanished", lang.Count(missing, kind.Noun()))
	case !allow && isSuspicious(missing, before):
		vanish = false
		r.Notes.Problem("%s of %s are not in the server's list any more: too many to believe it, and none is marked as vanished; -allow-vanish marks them", lang.Number(missing), lang.Count(before, kind.Noun()))
	}
	if !vanish {
		counts.NotMarked = missing
	}
	changes, err := r.pass.Finish(ctx, vanish)
	if err != nil {
		return err
	}
	counts.Vanished += int64(len(changes))
	return r.tell(changes)
}

// isSuspicious reports whether more than half of the records are missing, or all of
// them where there were several.
func isSuspicious(missing, before int64) bool {
	return missing*2 > before && (missing > 3 || missing == before && missing > 1)
}
