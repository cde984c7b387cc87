package main

import (
	"strings"
	"testing"
	"time"
)

// The sweep finds what nobody works on, and leaves alone what somebody does.
func TestSweep(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t)))
		job := func(code, change string) {
			f.exec("UPDATE river_job SET "+change+" WHERE id = (SELECT job_id FROM outbox_orders WHERE code = $1)", code)
		}
		old := "'2026-01-02 03:04:05.000'"
		finalized := ", finalized_at = " + old
		steps := []struct {
			code      string
			state     string // of the order
			attempts  int
			job       string // what becomes of its job
			wantState string
			version   int    // afterwards
			wantJob   string // the state of its job then
		}{
			{"lost", waiting, 0, "", waiting, 2, "available"},
			{"lost while sending", sending, 1, "", waiting, 2, "available"},
			{"completed", waiting, 1, "state = 'completed'" + finalized, waiting, 2, "available"},
			{"discarded", waiting, 2, "state = 'discarded'" + finalized, parked, 1, "discarded"},
			{"canceled", waiting, 0, "state = 'cancelled'" + finalized, parked, 1, "cancelled"},
			{"died", sending, 1, "state = 'running', attempted_at = " + old, waiting, 2, "available"},
			{"died before it began", waiting, 0, "state = 'running', attempted_at = " + old, waiting, 2, "available"},
			{"died each time", sending, 3, "state = 'running', attempted_at = " + old, parked, 1, "running"},
			{"late", waiting, 1, "state = 'scheduled', scheduled_at = " + old, waiting, 1, "available"},
			{"failed and late", waiting, 1, "state = 'retryable', scheduled_at = " + old, waiting, 1, "available"},
			{"running", sending, 1, "state = 'running', attempted_at = CURRENT_TIMESTAMP", sending, 1, "running"},
			{"in the queue", waiting, 0, "state = 'available'", waiting, 1, "available"},
			{"sent", sent, 1, "state = 'completed'" + finalized, sent, 1, "completed"},
			{"parked", parked, 1, "state = 'completed'" + finalized, parked, 1, "completed"},
		}
		for _, s := range steps {
			f.post(s.code, `{"v":1}`)
			f.exec("UPDATE outbox_orders SET state = $2, attempts = $3, next_try = "+old+" WHERE code = $1", s.code, s.state, s.attempts)
			if s.job == "" {
				f.exec("DELETE FROM river_job WHERE id = (SELECT job_id FROM outbox_orders WHERE code = $1)", s.code)
				continue
			}
			job(s.code, s.job)
		}
		f.post("soon", `{"v":1}`)
		f.exec("UPDATE outbox_orders SET next_try = $1 WHERE code = 'soon'", time.Now().Add(time.Hour).UTC())
		job("soon", "state = 'scheduled'")
		for range 2 { // the second time there is nothing more to do
			if err := f.sender.sweepOnce(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, s := range steps {
				if o := f.row(s.code); o.state != s.wantState || o.version != s.version || f.jobState(s.code) != s.wantJob {
					t.Errorf("%s: %s, version %d, its job %s; want %s, %d, %s", s.code, o.state, o.version, f.jobState(s.code), s.wantState, s.version, s.wantJob)
				}
			}
			if got := f.jobState("soon"); got != "scheduled" {
				t.Errorf("the order whose time has not come has a job that is %s", got)
			}
		}
		f.start()
		for _, s := range steps {
			if s.wantState == waiting {
				f.becomes(sent, f.url+"/orders/"+strings.ReplaceAll(s.code, " ", "%20"))
			}
		}
	})
}
