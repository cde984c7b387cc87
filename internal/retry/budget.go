package retry

import "sync"

// A Budget bounds the retries of a client: while a server is down, calls fail at
// their first attempt instead of multiplying its load. It is a token bucket of the
// sizes that the AWS SDKs' standard mode has. It is safe for concurrent use.
type Budget struct {
	mu   sync.Mutex
	left int
}

const (
	budgetSize    = 500
	retryCost     = 5
	successRefund = 1
)

// NewBudget returns a full Budget.
func NewBudget() *Budget { return &Budget{left: budgetSize} }

// Spend takes the cost of one retry. It reports whether the budget had it.
func (b *Budget) Spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < retryCost {
		return false
	}
	b.left -= retryCost
	return true
}

// Refund gives back for a success: the cost of a retry if it took any, else less.
func (b *Budget) Refund(retried bool) {
	refund := successRefund
	if retried {
		refund = retryCost
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.left+refund, budgetSize)
}
