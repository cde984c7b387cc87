package push

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A pusher takes orders from the input to the server.
type pusher struct {
	t        *tool.Tool
	client   *pmpsmart.Client
	journal  *journal
	known    map[string]event // what the journal knew at the start, by code
	options  options
	progress *tool.Progress

	seen map[string]string // the sums of the input's orders so far, by code
	late []order           // failed in an earlier run
	held []order           // were under way when the last run ended

	results *results

	mu     sync.Mutex
	counts counts
	inARow int // failures since the last success

	lines    int64        // of the input that hold something
	underWay atomic.Int64 // orders

	stop    context.CancelCauseFunc // ends the run, with the reason
	feeding context.Context         // ends with the run
}

// grace is how long an order that is under way may take after Ctrl-C.
const grace = 15 * time.Second

// mostInARow is how many failures without a success between them end a run: the
// trouble is not theirs.
const mostInARow = 10

func newPusher(t *tool.Tool, client *pmpsmart.Client, j *journal, known map[string]event, o options, r *results, progress *tool.Progress) *pusher {
	return &pusher{
		t: t, client: client, journal: j, known: known, options: o, seen: map[string]string{}, results: r, progress: progress,
	}
}

func (p *pusher) isStopping() bool { return p.feeding.Err() != nil }

// run pushes all orders of the input, n at a time. A run that is stopped lets
// those that are under way finish.
func (p *pusher) run(ctx context.Context, in *sheet.Reader) error {
	feeding, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	p.stop, p.feeding = stop, feeding
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, cancel)
		if n := p.underWay.Load(); n > 0 {
			p.t.Note("finishing %s under way, which takes %s at most; a second Ctrl-C does not wait", lang.Count(n, "order"), lang.Duration(grace))
		}
	})()

	orders := make(chan order)
	var workers sync.WaitGroup
	for range p.options.n {
		workers.Go(func() {
			for o := range orders {
				p.underWay.Add(1)
				p.push(work, o)
				p.underWay.Add(-1)
				p.progress.Add(1)
			}
		})
	}
	err := p.feed(feeding, in, orders)
	close(orders)
	workers.Wait()
	if feeding.Err() != nil {
		return context.Cause(feeding)
	}
	return err
}

// feed hands out the orders that are to be pushed. Those that failed in an earlier run
// come after the others, which they must not keep back for ever; and last those that
// were under way when it ended: the server may still be at work on them, and would not
// be found to have them.
func (p *pusher) feed(ctx context.Context, in *sheet.Reader, out chan<- order) error {
	settled := time.After(p.options.settle)
	orders := p.options.readOrders(ctx, in)
	for {
		o, ok := take(ctx, orders)
		if !ok {
			break
		}
		if o.end != nil {
			return o.end
		}
		p.lines++
		if !p.isDue(o) {
			p.progress.Add(1)
		} else if state := p.known[o.in.Code].State; state == begun {
			p.held = append(p.held, o)
		} else if state == failed {
			p.late = append(p.late, o)
		} else if !give(ctx, out, o) {
			break
		}
	}
	p.giveAll(ctx, out, p.late)
	if len(p.held) == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	p.t.Note("%s under way when the last run ended; looking for them when the server has had %s", lang.Count(int64(len(p.held)), "order"), lang.Duration(p.options.settle))
	select {
	case <-settled:
	case <-ctx.Done():
	}
	p.giveAll(ctx, out, p.held)
	return ctx.Err()
}

func (p *pusher) giveAll(ctx context.Context, out chan<- order, orders []order) {
	for _, o := range orders {
		if !give(ctx, out, o) {
			return
		}
	}
}

// isDue reports whether an order is to be pushed, and counts one that is not.
func (p *pusher) isDue(o order) bool {
	if o.broken != nil {
		p.refuse(o, o.broken)
		return false
	}
	code := o.in.Code
	former, twice := p.seen[code]
	if !twice {
		p.seen[code] = o.sum
	}
	before := p.known[code]
	switch {
	case twice && former == o.sum:
		p.count(&p.counts.Repeated)
		p.results.add(o, wasRepeated, 0, nil)
	case twice:
		p.refuse(o, lang.Errorf("the code stands on an earlier line, with other data"))
	case (before.State == begun || before.State == done) && before.Sum != o.sum:
		p.refuse(o, lang.Errorf("an earlier run sent this code with other data"))
	case before.State == done:
		p.count(&p.counts.Earlier)
		p.results.add(o, wasEarlier, 0, nil)
	default:
		return true
	}
	return false
}

// push makes sure that the server has one order.
func (p *pusher) push(ctx context.Context, o order) {
	if !p.note(o, begun) {
		return
	}
	found, created, err := p.ensure(ctx, o)
	switch {
	case err != nil:
		p.fail(o, err)
	case created:
		p.succeed(o, &p.counts.Created, wasCreated, found.ID)
	case found.Matches(o.in):
		p.succeed(o, &p.counts.There, wasThere, found.ID)
	default:
		p.note(o, failed)
		p.refuse(o, lang.Errorf("the server has this code with %s, as id %d", difference(found, o.in), found.ID))
	}
}

// difference says in what the order that was found is another than the one to push.
func difference(found *pmpsmart.JSONOrder, in pmpsmart.JSONOrderInput) lang.Text {
	switch {
	case found.Status != in.Status:
		return lang.T("the status %q", string(found.Status))
	case found.Data == nil:
		return lang.T("no data, which the list may leave out")
	}
	return lang.T("other data")
}

// note writes into the journal. Without one there is no going on.
func (p *pusher) note(o order, s state) bool {
	err := p.journal.add(event{Code: o.in.Code, Sum: o.sum, State: s})
	if err != nil {
		p.stop(lang.Errorf("the journal can't be written: %w", err))
	}
	return err == nil
}

func (p *pusher) succeed(o order, counter *int64, state string, id int64) {
	if !p.note(o, done) {
		return
	}
	p.results.add(o, state, id, nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	*counter++
	p.inARow = 0
}

// fail tells what went wrong with an order, and ends the run where the next one
// would fare no better.
func (p *pusher) fail(o order, err error) {
	if !isOpen(err) {
		p.note(o, failed)
	}
	switch {
	case p.isStopping():
		return // why was said, and the next run tries again
	case errors.Is(err, pmpsmart.ErrUnauthorized), isDial(err):
		p.stop(err)
		return
	case !mayPass(err) && !errors.Is(err, pmpsmart.ErrForbidden): // which may be all orders' trouble
		p.refuse(o, err)
		return
	}
	p.tell(o, err)
	p.results.add(o, wasFailed, 0, err)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts.Failed++
	if p.inARow++; p.inARow == mostInARow {
		p.stop(lang.Errorf("%d failures in a row: %w", mostInARow, err))
	}
}

// isDial reports whether the server could not even be reached, as no order could.
func isDial(err error) bool {
	dial, ok := errors.AsType[*net.OpError](err)
	return ok && dial.Op == "dial"
}

func (p *pusher) refuse(o order, why error) {
	p.tell(o, why)
	p.results.add(o, wasRefused, 0, why)
	p.count(&p.counts.Refused)
}

func (p *pusher) tell(o order, why error) {
	if o.in.Code == "" {
		p.t.Problem("line %d: %s", o.line, why)
		return
	}
	p.t.Problem("line %d, %s: %s", o.line, o.in.Code, why)
}

func (p *pusher) count(counter *int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*counter++
}
