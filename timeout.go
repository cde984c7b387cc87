package pmpsmart

import (
	"math"
	"time"
)

// How long an attempt may wait for the server in all by default, in timeouts.
const (
	attemptTimeouts = 10
	minAttempt      = time.Minute // at least, for those of a short timeout
	loginTimeouts   = 2           // of a login or logout
)

// WithAttemptTimeout sets how long an attempt may wait for the server in all, which a
// server that sends a byte now and then would otherwise hold for ever: the time until the
// header, writing the request included, and the waits in all reads of the body, but not
// the time of a loop over a Seq. It is counted anew as long as 4 KiB a second come or go
// on average: a large list on a slow line is not cut. The attempts of a login or logout
// have no more than twice [WithTimeout], whatever comes. A call may make several
// attempts: see [WithRetry]. The error matches [context.DeadlineExceeded]. Less than a
// millisecond is refused, as by WithTimeout. Default ten times WithTimeout but at least a
// minute, so 5 minutes, which 0 also means.
func WithAttemptTimeout(d time.Duration) Option {
	return func(c *config) *InputError {
		if problem := checkTimeout("WithAttemptTimeout", d); problem != nil {
			return problem
		}
		c.attemptTimeout = d
		return nil
	}
}

// maxWait returns how long an attempt may wait for the server in all, whatever comes, 0
// for the client's own limit, which what comes extends: a token is not worth more.
func (op *operation) maxWait() time.Duration {
	if op.class != auth {
		return 0
	}
	return min(times(loginTimeouts, op.config.timeout), op.config.attemptTimeout)
}

// times returns a multiple of a duration, at most the longest.
func times(n int64, d time.Duration) time.Duration {
	if d > math.MaxInt64/time.Duration(n) {
		return math.MaxInt64
	}
	return time.Duration(n) * d
}
