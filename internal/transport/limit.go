package transport

import (
	"fmt"
	"math"
	"time"
)

// MinRate is how many bytes a second keep a request from its limit: whoever is sent that
// many waits on.
const MinRate = 4 << 10

// A waitLimit bounds how long a server is waited for in one request, all waits together:
// by a byte now and then it would never be idle.
type waitLimit struct {
	length time.Duration
	fixed  bool // bytes that come or go do not extend it

	// Where it was last extended.
	waited time.Duration
	moved  int64
}

// left returns how much is left after such a wait, in which so many bytes were sent or
// came.
func (l *waitLimit) left(waited time.Duration, moved int64) time.Duration {
	left := l.length - (waited - l.waited)
	if left > 0 || l.fixed || float64(moved-l.moved) < MinRate*l.length.Seconds() {
		return left
	}
	l.waited, l.moved = waited, moved
	return l.length
}

// limitOf returns the limit of a request.
func (t *Transport) limitOf(r Request) waitLimit {
	switch {
	case r.MaxWait > 0:
		return waitLimit{length: r.MaxWait, fixed: true}
	case t.maxWait > 0:
		return waitLimit{length: t.maxWait}
	}
	return waitLimit{length: math.MaxInt64}
}

// A waitError is the cause of a request that was given up at its limit.
type waitError struct {
	deadlineExceeded
	limit time.Duration
	begun bool  // the answer had
	came  int64 // bytes of it
}

func (e *waitError) Error() string {
	switch {
	case !e.begun:
		return fmt.Sprintf("there was none within %s of waiting", e.limit)
	case e.came == 1:
		return fmt.Sprintf("it did not end within %s of waiting; 1 byte came", e.limit)
	}
	return fmt.Sprintf("it did not end within %s of waiting; %d bytes came", e.limit, e.came)
}
