package doctor

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// outcomes name what went wrong; the first that matches counts.
var outcomes = []struct {
	err  error
	name string
}{
	{context.Canceled, "interrupted"},
	{pmpsmart.ErrUnauthorized, "unauthorized"},
	{pmpsmart.ErrForbidden, "forbidden"},
	{pmpsmart.ErrNotFound, "not found"},
	{pmpsmart.ErrValidation, "refused by validation"},
	{pmpsmart.ErrRateLimited, "rate limited"},
	{pmpsmart.ErrMaintenance, "in maintenance"},
	{pmpsmart.ErrServer, "server error"},
	{pmpsmart.ErrResponseTooLarge, "too large"},
	{context.DeadlineExceeded, "silent"},
}

// skipped is why an endpoint was not asked.
type skipped string

func (s skipped) Error() string { return string(s) }

// judge takes note of what a call came to: in words of ours for the report, in
// the error's for the person.
func (e *endpoint) judge(err error) {
	var why skipped
	if errors.As(err, &why) {
		e.Outcome, e.Why = report.NotAsked, string(why)
		return
	}
	e.Outcome = outcome(err)
	if err == nil {
		return
	}
	e.problem = command.Words{Bare: true}.Explain(err)
	var refusal *pmpsmart.APIError
	if errors.As(err, &refusal) {
		for _, name := range slices.Sorted(maps.Keys(refusal.Fields)) {
			e.Refused = append(e.Refused, report.ShownPath(name))
		}
	}
}

func outcome(err error) string {
	if err == nil {
		return report.OK
	}
	for _, o := range outcomes {
		if errors.Is(err, o.err) {
			return o.name
		}
	}
	var refusal *pmpsmart.APIError
	var unreadable *pmpsmart.DecodeError
	switch {
	case errors.As(err, &refusal):
		return "refused"
	case errors.As(err, &unreadable):
		return "unreadable"
	}
	return "no answer"
}
