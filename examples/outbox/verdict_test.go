package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/pmpsmart/pmpsmart-go"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	in := pmpsmart.JSONOrderInput{Code: "A", Data: []byte(`{"total":1.50}`), Status: "completed"}
	there := func(status pmpsmart.JSONOrderStatus, data string) *pmpsmart.JSONOrder {
		return &pmpsmart.JSONOrder{ID: 7, Code: "A", Status: status, Data: json.RawMessage(data)}
	}
	api := func(status int, wait time.Duration) error {
		return fmt.Errorf("somebody's: %w", &pmpsmart.APIError{Op: "FilterJSONOrders", HTTPStatus: status, RetryAfter: wait})
	}
	unknown := func(err error) error { return &pmpsmart.OutcomeUnknownError{Op: "EnsureJSONOrder", Err: err} }
	const hold = 30 * time.Second
	for _, test := range []struct {
		name    string
		found   *pmpsmart.JSONOrder
		created bool
		err     error
		end     error
		want    outcome
		wait    time.Duration
	}{
		{"created", there("completed", `{"total":1.50}`), true, nil, nil, isSent, 0},
		{"created, and PMP Smart rewrote it", there("completed", `{"total":1.5}`), true, nil, nil, isSent, 0},
		{"there before", there("completed", ` { "total" : 1.50 } `), false, nil, nil, isSent, 0},
		{"there with other data", there("completed", `{"total":2}`), false, nil, nil, isRefused, 0},
		{"there with another status", there("draft", `{"total":1.50}`), false, nil, nil, isRefused, 0},
		{"there without data", there("completed", ``), false, nil, nil, isRefused, 0},
		{"found after the job's time was up", there("completed", `{"total":1.50}`), false, nil, context.DeadlineExceeded, isSent, 0},
		{"validation", nil, false, api(422, 0), nil, isRefused, 0},
		{"conflict", nil, false, api(409, 0), nil, isRefused, 0},
		{"bad request", nil, false, api(400, 0), nil, isRefused, 0},
		{"too large", nil, false, api(413, 0), nil, isRefused, 0},
		{"refused in an HTTP 200", nil, false, api(200, 0), nil, isRefused, 0},
		{"server error", nil, false, api(500, 0), nil, hasFailed, 0},
		{"gateway", nil, false, api(502, 0), nil, hasFailed, 0},
		{"maintenance", nil, false, api(503, 0), nil, isHeld, hold},
		{"maintenance for 7 minutes", nil, false, api(503, 7*time.Minute), nil, isHeld, 7 * time.Minute},
		{"maintenance for a second", nil, false, api(503, time.Second), nil, isHeld, time.Second},
		{"maintenance for a year", nil, false, api(503, 365*24*time.Hour), nil, isHeld, time.Hour},
		{"maintenance after an insert", nil, false, unknown(api(503, 9*time.Second)), nil, isHeld, 9 * time.Second},
		{"rate limit", nil, false, api(429, time.Minute), nil, isHeld, time.Minute},
		{"rate limit without a time", nil, false, api(429, 0), nil, isHeld, hold},
		{"another 5xx that says when", nil, false, api(502, 3*time.Minute), nil, isHeld, 3 * time.Minute},
		{"wrong password", nil, false, api(401, 0), nil, isHeld, 10 * hold},
		{"not allowed", nil, false, api(403, 0), nil, isHeld, 10 * hold},
		{"unknown outcome", nil, false, unknown(errors.New("connection reset")), nil, hasFailed, 0},
		{"unknown outcome, then refused", nil, false, unknown(api(422, 0)), nil, hasFailed, 0},
		{"no lock", nil, false, fmt.Errorf("%w: away", errLocker), nil, hasFailed, 0},
		{"another attempt in this process", nil, false, &pmpsmart.InputError{Op: "EnsureJSONOrder", Field: "Data"}, nil, hasFailed, 0},
		{"an answer that makes no sense", nil, false, &pmpsmart.DecodeError{Op: "FilterJSONOrders", HTTPStatus: 200}, nil, hasFailed, 0},
		{"a full disk", nil, false, &fs.PathError{Op: "write", Err: errors.New("no space")}, nil, hasFailed, 0},
		{"no time left", nil, false, unknown(context.DeadlineExceeded), context.DeadlineExceeded, hasFailed, 0},
		{"the process ends", nil, false, unknown(context.Canceled), errors.New("stop"), isEnding, 0},
		{"its job was canceled", nil, false, unknown(context.Canceled), rivertype.ErrJobCancelledRemotely, isRefused, 0},
	} {
		v := judge(in, test.found, test.created, test.err, test.end, hold)
		if v.outcome != test.want || v.wait != test.wait {
			t.Errorf("%s: %d after %s; want %d after %s", test.name, v.outcome, v.wait, test.want, test.wait)
		}
		if (v.outcome == isSent) != (v.reason == "") {
			t.Errorf("%s: the reason is %q", test.name, v.reason)
		}
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	s := &sender{cfg: config{retryMin: 2 * time.Second, retryMax: 30 * time.Minute}}
	several := map[time.Duration]bool{}
	for job := range int64(100) {
		for attempt, most := range map[int]time.Duration{1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second, 20: 30 * time.Minute, 5000: 30 * time.Minute} {
			wait := s.backoff(job, attempt)
			if wait < most/2 || wait > most {
				t.Errorf("job %d waits %s after attempt %d; want %s to %s", job, wait, attempt, most/2, most)
			}
			if wait != s.backoff(job, attempt) {
				t.Error("the order's row and River would have two times")
			}
			if attempt == 5 {
				several[wait] = true
			}
		}
	}
	if len(several) < 90 {
		t.Errorf("100 jobs wait only %d times", len(several))
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	long := make([]byte, 5000)
	for text, want := range map[string]int{"a\x00b": 3, "a\xffb": 2, string(long): 2000} {
		if got := clean(text); len(got) != want {
			t.Errorf("%.10q became %d bytes; want %d", text, len(got), want)
		}
	}
}
