package tool

import (
	"net/http"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/internal/patience"
)

// waits tells people of the waits for the server.
type waits struct{ tool *Tool }

// Waiting says until when nothing is sent, once a wait.
func (w waits) Waiting(until time.Time, why patience.Why) {
	until = until.Add(time.Second - 1).Truncate(time.Second) // not before it is over
	w.tool.Note("%s; going on at %s", reason(why), lang.Clock(until))
	w.tool.waitUntil(until)
}

// GoingOn takes the wait off the progress.
func (w waits) GoingOn() { w.tool.waitUntil(time.Time{}) }

func (t *Tool) waitUntil(until time.Time) {
	t.mu.Lock()
	progress := t.progress
	t.mu.Unlock()
	progress.WaitUntil(until)
}

// reason returns Why's String, as a text that has translations.
func reason(why patience.Why) lang.Text {
	switch {
	case why.Err != nil:
		return lang.T("the server can't be reached (%s)", why.Cause())
	case why.Status == http.StatusTooManyRequests:
		return lang.T("the server asks to wait, since it had too many requests (429)")
	case why.Asked:
		return lang.T("the server asks to wait (%d)", why.Status)
	case why.Status == http.StatusServiceUnavailable:
		return lang.T("the server is in maintenance (503)")
	}
	return lang.T("the server is not well (%d)", why.Status)
}
