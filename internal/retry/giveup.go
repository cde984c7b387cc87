package retry

// A GiveUp is why a request that may be sent again is not. NoGiveUp says that it is.
type GiveUp string

// The reasons to give up.
const (
	NoGiveUp       GiveUp = ""
	AttemptsMade   GiveUp = "attempts"    // MaxAttempts requests were made
	BudgetSpent    GiveUp = "budget"      // the [Budget] is spent
	PastDeadline   GiveUp = "deadline"    // the wait would end after the context
	LongRetryAfter GiveUp = "retry-after" // the server asks for a wait longer than MaxWait
)
