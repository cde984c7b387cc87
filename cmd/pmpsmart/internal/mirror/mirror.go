// Package mirror is the command mirror: it reads PMP Smart's data into a database of
// one's own, keeps it up to date, and tells what changed.
package mirror

import (
	"context"
	"errors"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
)

// Notes are told what goes on, in formats of package lang.
type Notes interface {
	Note(format string, args ...any)
	Problem(format string, args ...any)
}

// A Mirror reads from a server into a database.
type Mirror struct {
	Client   *pmpsmart.Client // made with ClientOptions
	DB       *mirrordb.DB
	Notes    Notes
	Progress func(records int64)           // may be nil
	Changes  func([]mirrordb.Change) error // told of what changed, after it is stored; may be nil
	Now      func() time.Time              // nil for the clock
}

// A Plan says what a run reads.
type Plan struct {
	Kinds       []mirrordb.Kind
	Full        bool          // whole lists, or all days from From on
	From, To    pmpsmart.Date // the days that are read, in place of Lookback; To is today if it is zero
	Lookback    int           // days before today that are read again
	Without     []string      // fields of the server that are not kept, since they change with each look
	AllowVanish bool          // marks records as vanished, however many
}

// Counts are what a run did with the records of a kind.
type Counts struct {
	Read     int64 `json:"read"`
	New      int64 `json:"new"`
	Changed  int64 `json:"changed"`
	Vanished int64 `json:"vanished"`
	Back     int64 `json:"back"`
	Windows  int64 `json:"windows"`  // lists that were asked for
	Requests int64 `json:"requests"` // that this took, pages and repeats included
	Full     bool  `json:"full"`     // the whole list was read

	NotMarked     int64 `json:"not_marked"`     // are not in the list, but were not marked as vanished
	WithoutID     int64 `json:"without_id"`     // can't be stored
	Conflicts     int64 `json:"conflicts"`      // stood in one list in two states
	FilterIgnored bool  `json:"filter_ignored"` // by the server, so that the whole list was read
}

// ok reports whether the mirror has all that the lists had.
func (c *Counts) ok() bool { return c.NotMarked == 0 && c.WithoutID == 0 && c.Conflicts == 0 }

// A Result is what a run did.
type Result struct {
	Database string                    `json:"database"`
	Source   string                    `json:"source"`
	Kinds    map[mirrordb.Kind]*Counts `json:"kinds"`
	Seconds  float64                   `json:"seconds"`
}

// OK reports whether nothing was left out.
func (r *Result) OK() bool {
	for _, c := range r.Kinds {
		if !c.ok() {
			return false
		}
	}
	return true
}

// Run reads all kinds of a plan once. A kind that the server refuses does not keep the
// others from being read; its error comes in the end. The result has what was done until
// an error.
func (m *Mirror) Run(ctx context.Context, plan Plan) (*Result, error) {
	began := time.Now()
	result := &Result{Database: m.DB.Name(), Kinds: map[mirrordb.Kind]*Counts{}}
	defer func() { result.Seconds = time.Since(began).Seconds() }()
	var errs []error
	for _, kind := range plan.Kinds {
		counts := new(Counts)
		result.Kinds[kind] = counts
		if err := m.readKind(ctx, plan, kind, counts); err != nil {
			errs = append(errs, err)
			if !isOfOneKind(ctx, err) {
				break
			}
			m.Notes.Problem("%s: %w; the others are read", lang.T(string(kind)), err)
		}
	}
	return result, errors.Join(errs...)
}

// isOfOneKind reports whether an error says nothing about the other kinds: the server
// refused this list, or it made no sense.
func isOfOneKind(ctx context.Context, err error) bool {
	var decode *pmpsmart.DecodeError
	return ctx.Err() == nil && (errors.Is(err, pmpsmart.ErrForbidden) || errors.Is(err, pmpsmart.ErrNotFound) || errors.As(err, &decode))
}

func (m *Mirror) today() pmpsmart.Date {
	now := m.Now
	if now == nil {
		now = time.Now
	}
	return pmpsmart.DateOf(now().In(pmpsmart.WIB))
}

// readKind brings the records of a kind up to date.
func (m *Mirror) readKind(ctx context.Context, plan Plan, kind mirrordb.Kind, counts *Counts) error {
	days, err := m.daysOf(ctx, plan, kind)
	if err != nil {
		return err
	}
	err = m.pass(ctx, plan, kind, days, counts)
	var ignored *ignoredError
	if !errors.As(err, &ignored) {
		return err
	}
	counts.FilterIgnored = true
	m.Notes.Problem("%w; the whole list is read instead", ignored)
	return m.pass(ctx, plan, kind, window{}, counts)
}

// daysOf returns the days that a plan reads of a kind, none for the whole list: where the
// server can't be asked for days, and where the mirror never had the whole list.
func (m *Mirror) daysOf(ctx context.Context, plan Plan, kind mirrordb.Kind) (window, error) {
	if listOf(m.Client, kind).days == 0 {
		return window{}, nil
	}
	today := m.today()
	if !plan.From.IsZero() {
		days := window{plan.From, plan.To}
		if days.to.IsZero() {
			days.to = today
		}
		return days, nil
	}
	state, err := m.DB.State(ctx, kind)
	if err != nil || plan.Full || state.FullAt.IsZero() {
		return window{}, err
	}
	return window{today.AddDays(-plan.Lookback), today}, nil
}

// ignoredError is a server that gives other days than it was asked for.
type ignoredError struct {
	kind mirrordb.Kind
	days window
	code string
}

func (e *ignoredError) Error() string { return e.In(lang.English) }

// In returns the message in a language.
func (e *ignoredError) In(l lang.Language) string {
	return l.Sprintf("asked for the %s of %s to %s the server gave others too (%s): it does not heed the days",
		lang.T(string(e.kind)), e.days.from, e.days.to, e.code)
}
