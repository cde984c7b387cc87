package mirror

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"hash/fnv"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
)

// How much is read before it is stored, so that little is lost when a long list breaks
// off, and little is held.
const (
	mostRows  = 5000
	mostBytes = 8 << 20
	mostWait  = 10 * time.Second
)

// errMoved is a page that no longer has the records that it had when the pass broke off.
var errMoved = errors.New("the list has moved")

// A spool holds what was read of one list until it is stored.
type spool struct {
	*reading
	ctx  context.Context
	seen idSet
	rows []mirrordb.Row
	size int
	last time.Time // when something was stored last

	// Of a whole list.
	known mirrordb.Page // what the first page has to be, if the pass goes on from it
	ended mirrordb.Page // the last page that was read to its end
	ids   hash.Hash64   // of the page that is being read
	count int64         // of the list's records so far, those of a run that broke off too
	err   error         // of storing at the end of a page
}

// store reads one list and stores it.
func (r *reading) store(ctx context.Context, w window, next pmpsmart.Date, response *pmpsmart.Response) (*pmpsmart.Drift, error) {
	s := &spool{reading: r, ctx: ctx, seen: idSet{}, last: time.Now(), ids: fnv.New64a()}
	l := &listener{}
	if w.isWhole() {
		s.known, s.count = r.pass.Page, r.pass.Page.Before
		l.first, l.before, l.ended = s.known.Number, s.count, s.endPage
	}
	for it, err := range r.list.read(context.WithValue(ctx, listenerKey{}, l), w, l.first, pmpsmart.WithResponse(response)) {
		switch {
		case s.err != nil:
			return nil, s.err
		case err != nil:
			return nil, errors.Join(err, s.keep())
		case it.outside:
			return nil, &ignoredError{r.pass.Kind, w, it.row.Code}
		}
		s.add(it.row)
		if s.known.Number == 0 && (len(s.rows) >= 2*mostRows || s.size >= 2*mostBytes) { // no page has ended
			if err := s.flush(mirrordb.Cursor{}); err != nil {
				return nil, err
			}
		}
	}
	if s.err != nil {
		return nil, s.err
	}
	return l.drift, s.flush(mirrordb.Cursor{Next: next})
}

// add adds a record.
func (s *spool) add(row mirrordb.Row) {
	s.counts.Read++
	if s.Progress != nil {
		s.Progress(1)
	}
	s.count++
	_ = binary.Write(s.ids, binary.LittleEndian, row.ID) // a hash takes all
	if row.ID == 0 {
		s.counts.WithoutID++
		return
	}
	if len(s.without) > 0 {
		row.Drop(s.without)
	}
	row.Repeat = !s.seen.add(row.ID)
	s.rows, s.size = append(s.rows, row), s.size+row.Size()
}

// endPage is told of each page of a whole list that was read to its end. It stores what
// there is if that is much, or if it took long.
func (s *spool) endPage(number int) {
	if s.err != nil {
		return
	}
	before := s.ended.Before + s.ended.Count
	if s.known.Number != 0 {
		before = s.known.Before
	}
	s.ended = mirrordb.Page{Number: number, IDs: hex.EncodeToString(s.ids.Sum(nil)), Before: before, Count: s.count - before}
	s.ids.Reset()
	if s.known.Number != 0 && (s.ended.IDs != s.known.IDs || s.ended.Number != s.known.Number) {
		s.err = errMoved
		return
	}
	s.known, s.pages = mirrordb.Page{}, number
	if len(s.rows) >= mostRows || s.size >= mostBytes || time.Since(s.last) >= mostWait {
		s.err = s.flush(mirrordb.Cursor{Page: s.ended})
	}
}

// keep stores what a list had before it broke off, for the run that goes on from there.
func (s *spool) keep() error {
	if s.ended.Number == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), mostWait)
	defer cancel()
	s.ctx = ctx
	return s.flush(mirrordb.Cursor{Page: s.ended})
}

// flush stores what there is.
func (s *spool) flush(to mirrordb.Cursor) error {
	if err := s.save(s.ctx, s.rows, to); err != nil {
		return err
	}
	clear(s.rows)
	s.rows, s.size, s.last = s.rows[:0], 0, time.Now()
	return nil
}
