package main

import (
	"context"
	"hash/fnv"
	"log/slog"
	"math"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"github.com/pmpsmart/pmpsmart-go"
)

// sendArgs are the arguments of a job: which order, and which of its versions. The
// order itself is in its table alone.
type sendArgs struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
}

// Kind names the job to River.
func (sendArgs) Kind() string { return "pmpsmart_send_order" }

// A sender brings orders to PMP Smart. It is the worker of River's jobs.
type sender struct {
	river.WorkerDefaults[sendArgs]

	cfg    config
	db     database
	client *pmpsmart.Client
	logger *slog.Logger
	held   hold

	telemetry *telemetry
}

func newSender(cfg config, db database, client *pmpsmart.Client, logger *slog.Logger, t *telemetry) *sender {
	return &sender{cfg: cfg, db: db, client: client, logger: logger, telemetry: t}
}

func (s *sender) queue() queue {
	return queue{workers: s.cfg.workers, maxAttempts: s.cfg.maxAttempts, timeout: s.cfg.timeout, lease: s.cfg.lease(), logger: s.logger}
}

// Work sends the order of a job. Each step may be the last one of the process: what
// the next process finds is either that nobody has begun, or a job that has been
// running for longer than one does. EnsureJSONOrder makes a second attempt harmless.
func (s *sender) Work(ctx context.Context, job *river.Job[sendArgs]) error {
	if wait, reason := s.held.left(); wait > 0 {
		return s.conclude(ctx, job, nil, verdict{outcome: isHeld, reason: reason, wait: wait})
	}
	var o *order
	err := s.db.inTx(ctx, func(t tx) (err error) {
		o, err = claim(ctx, t, job.Args)
		return err
	})
	if err != nil || o == nil {
		return err
	}
	attempt, span := s.telemetry.attempt(ctx)
	found, created, err := s.client.EnsureJSONOrder(attempt, o.input())
	var end error
	if ctx.Err() != nil {
		end = context.Cause(ctx)
	}
	v := s.holdOrders(o, judge(o.input(), found, created, err, end, s.cfg.hold))
	s.telemetry.concluded(ctx, span, v.outcome)
	return s.conclude(ctx, job, o, v)
}

// holdOrders holds all orders if an attempt at o says so, unless the trouble is o's own.
func (s *sender) holdOrders(o *order, v verdict) verdict {
	switch v.outcome {
	case isSent:
		s.held.wasSent(o.code)
	case isHeld:
		var isOwn bool
		if v.wait, isOwn = s.held.begin(o.code, v.wait, v.reason); isOwn {
			v.outcome, v.reason = hasFailed, v.reason+"; other orders were sent meanwhile"
		}
	}
	return v
}

// conclude notes what came of an attempt and tells River. An order that is done with
// and its job change in one transaction.
func (s *sender) conclude(ctx context.Context, job *river.Job[sendArgs], o *order, v verdict) error {
	if v.outcome == hasFailed {
		v.wait = s.backoff(job.ID, job.Attempt)
		if o.attempts >= s.cfg.maxAttempts || job.Attempt >= job.MaxAttempts {
			v.outcome, v.reason = isRefused, strconv.Itoa(o.attempts)+" attempts have failed; the last: "+v.reason
		}
	}
	if v.outcome == isHeld {
		v.wait += s.spread(job.ID, v.wait) // they need not all come back at once
	}
	done := v.outcome == isSent || v.outcome == isRefused
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // ctx may be why it ended
	defer cancel()
	err := s.db.inTx(noting, func(t tx) error {
		if err := conclude(noting, t, job.Args, v); err != nil || !done {
			return err
		}
		if err := t.complete(noting, job); err != nil && !isGone(err) {
			return err
		}
		return nil
	})
	s.log(ctx, job, v, err)
	switch {
	case err != nil:
		return err // the job runs again, and finds the order if it is there
	case done:
		return nil
	case v.outcome == isHeld:
		return river.JobSnooze(v.wait)
	case v.outcome == isEnding:
		return ctx.Err() // River gives the job back
	}
	return v.err
}

// log logs what came of an attempt.
func (s *sender) log(ctx context.Context, job *river.Job[sendArgs], v verdict, err error) {
	args := []any{"code", job.Args.Code, "version", job.Args.Version, "attempt", job.Attempt}
	switch {
	case err != nil:
		s.logger.ErrorContext(ctx, "the outcome can't be noted; the order will be tried again", append(args, "error", err, "outcome", v.reason)...)
	case v.outcome == isSent:
		s.logger.InfoContext(ctx, "sent", append(args, "id", v.remoteID, "created", v.created)...)
	case v.outcome == isRefused:
		s.logger.ErrorContext(ctx, "parked", append(args, "reason", v.reason)...)
	case v.outcome == hasFailed:
		s.logger.WarnContext(ctx, "failed", append(args, "reason", v.reason, "again_in", v.wait)...)
	case v.outcome == isHeld && v.attempted:
		s.logger.WarnContext(ctx, "held", append(args, "reason", v.reason, "again_in", v.wait)...)
	}
}

// NextRetry returns when River runs a job again that failed. The order has the same
// time in its row.
func (s *sender) NextRetry(job *river.Job[sendArgs]) time.Time {
	return time.Now().Add(s.backoff(job.ID, job.Attempt))
}

// backoff returns the wait after an attempt: it doubles with each, and is random
// between half of that and all of it.
func (s *sender) backoff(jobID int64, attempt int) time.Duration {
	wait := min(float64(s.cfg.retryMin)*math.Pow(2, float64(attempt-1)), float64(s.cfg.retryMax))
	return time.Duration(wait/2) + s.spread(jobID+int64(attempt)<<40, time.Duration(wait*2))
}

// spread returns up to a quarter of d, the same for the same seed.
func (s *sender) spread(seed int64, d time.Duration) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write(strconv.AppendInt(nil, seed, 10))
	return time.Duration(float64(d) / 4 * float64(h.Sum64()>>11) / (1 << 53))
}
