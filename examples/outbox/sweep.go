package main

import (
	"context"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// A forgotten order is one that nobody works on, or nobody in time: its job is lost,
// or has ended without the order, or its process died, or River has no leader that
// wakes it.
type forgotten struct {
	order
	job string // its state, "" if there is none
}

const selectForgotten = "SELECT " + columns + `, job FROM (
	SELECT o.id AS id, o.code, o.data, o.status, o.state, o.reason, o.attempts, o.version, o.job_id, o.next_try, o.remote_id, o.created,
		o.created_at, o.updated_at, o.sent_at, coalesce(CAST(j.state AS text), '') AS job, j.attempted_at AS attempted_at
	FROM outbox_orders o LEFT JOIN river_job j ON j.id = o.job_id
	WHERE o.state IN ('waiting', 'sending')
) AS open
WHERE job IN ('', 'completed', 'cancelled', 'discarded')
	OR job = 'running' AND attempted_at < $1
	OR job IN ('scheduled', 'retryable', 'pending') AND next_try < $2
ORDER BY id LIMIT 500`

// sweeps sweeps until ctx ends, once a period in each process: whoever is first
// takes care of an order.
func (s *sender) sweeps(ctx context.Context) {
	for round := int64(0); ; round++ {
		timer := time.NewTimer(s.cfg.sweep - s.spread(now().UnixNano()+round, s.cfg.sweep))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if err := s.sweepOnce(ctx); err != nil && ctx.Err() == nil {
			s.logger.WarnContext(ctx, "the sweep failed, and is tried again", "error", err)
		}
	}
}

// sweepOnce takes care of the forgotten orders.
func (s *sender) sweepOnce(ctx context.Context) error {
	var found []forgotten
	err := s.db.read(ctx, func(t tx) (err error) {
		fields := func(f *forgotten) []any { return append(f.fields(), &f.job) }
		found, err = collect(ctx, t, fields, selectForgotten, now().Add(-s.cfg.lease()), now().Add(-2*s.cfg.sweep))
		return err
	})
	if err != nil {
		return err
	}
	for i := range found {
		if err := s.remember(ctx, &found[i]); err != nil {
			return err
		}
	}
	return nil
}

// remember has a forgotten order sent after all, or parks it. Whatever it does is for
// the version and the job that were found: if somebody else was faster, it is nothing.
func (s *sender) remember(ctx context.Context, f *forgotten) error {
	args := sendArgs{f.code, f.version}
	var done string
	err := s.db.inTx(ctx, func(t tx) (err error) {
		switch {
		case jobIs(f.job, rivertype.JobStateScheduled, rivertype.JobStateRetryable, rivertype.JobStatePending):
			done = "woken"
			if err = t.hurry(ctx, f.jobID); isGone(err) {
				return nil
			}
			return err
		case jobIs(f.job, rivertype.JobStateCancelled):
			done = "parked, since its job was canceled"
			return conclude(ctx, t, args, verdict{outcome: isRefused, reason: "its job was canceled" + lastOf(f.reason)})
		case jobIs(f.job, rivertype.JobStateDiscarded), f.attempts >= s.cfg.maxAttempts:
			done = "parked, since its attempts ended without a result"
			return conclude(ctx, t, args, verdict{outcome: isRefused, reason: "its last attempts ended without a result: a process died, or failed, each time" + lastOf(f.reason)})
		}
		done = "given a new job"
		_, err = resend(ctx, t, s.queue(), &f.order, f.input(), f.attempts)
		return err
	})
	if err == nil {
		s.telemetry.found(ctx, f.job)
		s.logger.WarnContext(ctx, "forgotten", "code", f.code, "state", f.state, "job", f.job, "and_now", done)
	}
	return err
}

func lastOf(reason string) string {
	if reason == "" {
		return ""
	}
	return "; before that: " + reason
}
