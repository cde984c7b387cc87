package push

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
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
	held []order           // were under way when the last run ended

	mu     sync.Mutex
	counts counts
	inARow int // failures since the last success

	lines    int64        // of the input that hold something
	underWay atomic.Int64 // orders

	stop       context.CancelCauseFunc // ends the run, with the reason
	isStopping func() bool
}

// grace is how long an order that is under way may take after Ctrl-C.
const grace = 15 * time.Second

// mostInARow is how many failures without a success between them end a run: the
// trouble is not theirs.
const mostInARow = 10

func newPusher(t *tool.Tool, client *pmpsmart.Client, j *journal, known map[string]event, o options) *pusher {
	return &pusher{t: t, client: client, journal: j, known: known, options: o, seen: map[string]string{}}
}

// run pushes all orders of the input, n at a time. A run that is stopped lets
// those that are under way finish.
func (p *pusher) run(ctx context.Context, in io.Reader) error {
	feeding, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	p.stop, p.isStopping = stop, func() bool { return feeding.Err() != nil }
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, cancel)
		if n := p.underWay.Load(); n > 0 {
			p.t.Note("finishing %s under way, which takes %s at most; a second Ctrl-C does not wait", tool.Count(n, "order"), grace)
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

// feed hands out the orders that are to be pushed. Those that were under way
// when the last run ended come last: the server may still be at work on them,
// and would not be found to have them.
func (p *pusher) feed(ctx context.Context, in io.Reader, out chan<- order) error {
	settled := time.After(p.options.settle)
	orders := readOrders(ctx, in)
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
		} else if p.known[o.in.Code].State == begun {
			p.held = append(p.held, o)
		} else if !give(ctx, out, o) {
			break
		}
	}
	if len(p.held) == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	p.t.Note("%s under way when the last run ended; looking for them when the server has had %s", tool.Count(int64(len(p.held)), "order"), p.options.settle)
	select {
	case <-settled:
	case <-ctx.Done():
	}
	for _, o := range p.held {
		if !give(ctx, out, o) {
			break
		}
	}
	return ctx.Err()
}

// isDue tells an order that is to be pushed from one that is not, and counts the
// latter.
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
	case twice:
		p.refuse(o, errors.New("the code stands on an earlier line, with other data"))
	case (before.State == begun || before.State == done) && before.Sum != o.sum:
		p.refuse(o, errors.New("an earlier run sent this code with other data"))
	case before.State == done:
		p.count(&p.counts.Earlier)
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
	found, created, err := p.client.EnsureJSONOrder(ctx, o.in)
	switch {
	case err != nil:
		p.fail(o, err)
	case created:
		p.succeed(o, &p.counts.Created)
	case found.Matches(o.in):
		p.succeed(o, &p.counts.There)
	default:
		p.note(o, failed)
		p.refuse(o, fmt.Errorf("the server has this code with %s, as id %d", difference(found, o.in), found.ID))
	}
}

// difference says in what the order that was found is another than the one to push.
func difference(found *pmpsmart.JSONOrder, in pmpsmart.JSONOrderInput) string {
	switch {
	case found.Status != in.Status:
		return fmt.Sprintf("the status %q", found.Status)
	case found.Data == nil:
		return "no data, which the list may leave out"
	}
	return "other data"
}

// note writes into the journal. Without one there is no going on.
func (p *pusher) note(o order, s state) bool {
	err := p.journal.add(event{Code: o.in.Code, Sum: o.sum, State: s})
	if err != nil {
		p.stop(fmt.Errorf("journal: %w", err))
	}
	return err == nil
}

func (p *pusher) succeed(o order, counter *int64) {
	if !p.note(o, done) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	*counter++
	p.inARow = 0
}

// fail tells what went wrong with an order, and ends the run where the next one
// would fare no better.
func (p *pusher) fail(o order, err error) {
	var unknown *pmpsmart.OutcomeUnknownError
	isOpen := errors.As(err, &unknown)
	if !isOpen {
		p.note(o, failed)
	}
	var dial *net.OpError
	switch {
	case p.isStopping():
		return // why was said, and the next run tries again
	case errors.Is(err, pmpsmart.ErrUnauthorized), errors.As(err, &dial) && dial.Op == "dial":
		p.stop(err)
		return
	case isRefusal(err) && !isOpen:
		p.refuse(o, err)
		return
	}
	p.tell(o, err)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts.Failed++
	if p.inARow++; p.inARow == mostInARow {
		p.stop(fmt.Errorf("%d failures in a row", mostInARow))
	}
}

// isRefusal tells what is wrong with one order from trouble that passes.
func isRefusal(err error) bool {
	return errors.Is(err, pmpsmart.ErrInvalidInput) || errors.Is(err, pmpsmart.ErrValidation)
}

func (p *pusher) refuse(o order, why error) {
	p.tell(o, why)
	p.count(&p.counts.Refused)
}

func (p *pusher) tell(o order, why error) {
	where := fmt.Sprintf("line %d", o.line)
	if o.in.Code != "" {
		where += ", " + o.in.Code
	}
	p.t.Problem("%s: %v", where, why)
}

func (p *pusher) count(counter *int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*counter++
}
