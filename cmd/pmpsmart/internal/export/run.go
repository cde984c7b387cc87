package export

import (
	"context"
	"errors"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// An exporter reads the lists of a query into a spool.
type exporter struct {
	query    *query
	source   source
	spool    *spool
	progress *tool.Progress
	fetcher  *fetcher
}

// Why the reading of a list is not gone on with.
var (
	errShifted = lang.Errorf("the pages of the list change all the time; try it when less is done on the server")
	errIgnores = errors.New("the server does not heed the day that it is asked for")
)

// run reads all lists that are not yet complete.
func (e *exporter) run(ctx context.Context, parallel int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e.fetcher = &fetcher{source: e.source, query: e.query, ahead: parallel, lists: map[int]*fetch{}}
	defer func() { e.fetcher.stop() }()
	if e.spool.Ignores {
		e.query.split = false
	}
	for e.spool.Lists < e.query.windows() {
		if err := e.list(ctx, e.spool.Lists); errors.Is(err, errIgnores) {
			e.readAsOne()
		} else if err != nil {
			return err
		}
	}
	return nil
}

// readAsOne goes over to one list in place of one a day, each of which would have all the
// records. What has come so far is known again.
func (e *exporter) readAsOne() {
	e.fetcher.stop()
	e.query.split = false
	s := e.spool
	s.Ignores, s.Lists = true, 0
	s.noPage()
	s.ListRows, s.ListSize = s.Rows, s.Size
	s.FromRows, s.FromSize = s.Rows, s.Size
}

// list reads the i-th list. One that breaks off is gone on with as long as that leads
// anywhere.
func (e *exporter) list(ctx context.Context, i int) error {
	const most = 4 // attempts without another page, and times that pages may have shifted
	shifts := 0
	for tries := 1; ; tries++ {
		page, got := e.spool.Page, int64(0)
		err := e.read(ctx, i, &got)
		e.fetcher.drop(i)
		switch {
		case err == nil:
			return e.spool.listEnded()
		case errors.Is(err, errShifted) && shifts < most:
			shifts++
			if err := e.spool.anew(); err != nil {
				return err
			}
			continue
		case ctx.Err() != nil, errors.Is(err, errIgnores), got == 0, tries == most && page == e.spool.Page, !pmpsmart.Retryable(err):
			return err
		case page != e.spool.Page:
			tries = 0
		}
		before := e.spool.Rows
		if err := e.spool.back(); err != nil {
			return err
		}
		e.progress.Add(e.spool.Rows - before)
	}
}

// read reads the i-th list from where it is to go on. It counts in got the records that
// the server sent.
func (e *exporter) read(ctx context.Context, i int, got *int64) error {
	page, isKnown := max(e.spool.Page, 1), e.spool.Page > 0
	ask := e.query.ask(i)
	for part := range e.fetcher.take(ctx, i, page, e.spool.Before) {
		for n := range part.records {
			r := &part.records[n]
			*got++
			key := keyOf(r.line)
			e.spool.listed(key)
			if isKnown {
				continue // of the page that is there already
			}
			if err := e.take(ask, r, key); err != nil {
				return err
			}
		}
		if part.err != nil {
			return part.err
		}
		if part.page == 0 {
			continue
		}
		if isKnown && (part.page != e.spool.Page || e.spool.pageID() != e.spool.PageIDs) {
			return errShifted
		}
		isKnown = false
		if err := e.spool.pageEnded(part.page); err != nil {
			return err
		}
	}
	if isKnown && ctx.Err() == nil {
		return errShifted
	}
	return ctx.Err()
}

// take writes a record if it is one that was asked for.
func (e *exporter) take(ask asked, r *record, key recordKey) error {
	counts := &e.spool.Counts
	switch e.query.judge(ask, r) {
	case misfit:
		if counts.Misfits++; e.query.split && !r.day.IsZero() && !ask.window.Has(r.day) {
			return errIgnores
		}
		return nil
	case unwanted:
		if e.spool.Ignores {
			counts.Misfits++
		} else if r.day.IsZero() && !e.query.days.IsZero() {
			counts.Undated++
		}
		return nil
	case unsure:
		if counts.Misfits > 0 || e.spool.Ignores { // it is most likely another of these
			counts.Misfits++
			return nil
		}
		counts.Unsure++
	}
	added, err := e.spool.add(r.line, key)
	if e.spool.Ignores {
		counts.Repeats = 0 // what was listed by days is listed once more
	}
	if added {
		e.progress.Add(1)
	}
	return err
}
