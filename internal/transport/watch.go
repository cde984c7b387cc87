package transport

import (
	"sync"
	"time"
)

// A watch looks at the idleTimers of a Transport when one of them may be over. A timer of
// the runtime's for each request would take longer than all else that is done for it
// here, and nearly none of them would ever fire.
type watch struct {
	mu    sync.Mutex
	first *idleTimer // of a list, in no order
	set   time.Time  // when the timer that fires next was set
	due   time.Time  // when it fires
}

// A watched is an idleTimer's place in the list of its watch.
type watched struct {
	before, behind *idleTimer
	isIn           bool
}

// add has the watch look at t, which has just begun.
func (w *watch) add(t *idleTimer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t.watched = watched{behind: w.first, isIn: true}
	if w.first != nil {
		w.first.watched.before = t
	}
	w.first = t
	w.lookAfter(t.began, min(t.timeout, t.limit.length))
}

// remove ends that. It may be called more than once.
func (w *watch) remove(t *idleTimer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(t)
}

// drop takes t out of the list. The mutex is locked.
func (w *watch) drop(t *idleTimer) {
	at := t.watched
	switch {
	case !at.isIn:
		return
	case at.before == nil:
		w.first = at.behind
	default:
		at.before.watched.behind = at.behind
	}
	if at.behind != nil {
		at.behind.watched.before = at.before
	}
	t.watched = watched{}
}

// lookAfter arranges for look to be called after wait, unless it is to be called earlier.
// A timer that nothing is watched for any more fires once, in vain. Timers are never
// reset: one may belong to the bubble of a test (testing/synctest) that has ended, and a
// reset from outside the bubble would be fatal. If now is not between the time when the
// timer was set and the time when it fires, it is of another clock, and a new one is
// started. The mutex is locked.
func (w *watch) lookAfter(now time.Time, wait time.Duration) {
	due := now.Add(wait)
	if now.After(w.set) && now.Before(w.due) && !due.Before(w.due) {
		return
	}
	w.set, w.due = now, due
	time.AfterFunc(wait, w.look)
}

// look looks at all that are watched, and drops those that are over.
func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	for t := w.first; t != nil; {
		behind := t.watched.behind
		if left := t.look(); left > 0 {
			w.lookAfter(now, left)
		} else {
			w.drop(t)
		}
		t = behind
	}
}
