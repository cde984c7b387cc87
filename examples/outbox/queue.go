package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// queueName is River's queue of the orders.
const queueName = "pmpsmart_orders"

// A queue has the settings of River.
type queue struct {
	workers, maxAttempts int
	timeout              time.Duration
	lease                time.Duration
	logger               *slog.Logger
}

// config returns the configuration of a River client whose jobs s works. River's own
// rescue of jobs whose process has died comes after that of the sweep, which is the
// faster one: it needs no leader.
func (q queue) config(s *sender) *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, s)
	host, _ := os.Hostname()
	return &river.Config{
		ID:                   fmt.Sprintf("%.60s-%d-%.8s", host, os.Getpid(), rand.Text()),
		JobTimeout:           q.timeout,
		MaxAttempts:          q.maxAttempts,
		RescueStuckJobsAfter: q.lease + 30*time.Second,
		Logger:               q.logger,
		Queues:               map[string]river.QueueConfig{queueName: {MaxWorkers: q.workers}},
		Workers:              workers,
	}
}

// isGone reports whether a job that was to be completed or hurried is not there, or
// not running, any more.
func isGone(err error) bool { return errors.Is(err, rivertype.ErrNotFound) }

// jobIs reports whether a job has one of those states.
func jobIs(state string, among ...rivertype.JobState) bool {
	for _, s := range among {
		if state == string(s) {
			return true
		}
	}
	return false
}

// enqueueRiver inserts a job in a transaction.
func enqueueRiver[TTx any](ctx context.Context, c *river.Client[TTx], t TTx, args sendArgs, o *river.InsertOpts) (int64, error) {
	inserted, err := c.InsertTx(ctx, t, args, o)
	if err != nil {
		return 0, err
	}
	return inserted.Job.ID, nil
}

// stopRiver lets the running jobs finish until ctx ends; then they are canceled and
// given back to be sent at the next start.
func stopRiver[TTx any](ctx context.Context, c *river.Client[TTx]) error {
	if c == nil || c.Stop(ctx) == nil {
		return nil
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := c.StopAndCancel(ending); err != nil {
		return fmt.Errorf("River did not end: %w", err)
	}
	return nil
}

// stopTimeout is how long canceled jobs have to give their orders back.
const stopTimeout = 10 * time.Second
