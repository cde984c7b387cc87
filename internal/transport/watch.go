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
	first *idleTimer  // of a list, in no order
	timer *time.Timer // nil before the first one
	due   time.Time   // when timer fires; zero if it doesn't
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

// lookAfter sets the timer to that time after now, unless it fires earlier. A timer that
// nothing is left to look at for fires once more in vain. The mutex is locked.
func (w *watch) lookAfter(now time.Time, wait time.Duration) {
	due := now.Add(wait)
	switch {
	case !w.due.IsZero() && !due.Before(w.due):
		return
	case w.timer == nil:
		w.timer = time.AfterFunc(wait, w.look)
	default:
		w.timer.Reset(wait)
	}
	w.due = due
}

// look looks at all that are watched, and drops those that are over.
func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.due = time.Time{}
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
