package main_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// Every command waits out a maintenance that begins before it, and says until when.
func TestEveryProgramWaitsOutAMaintenance(t *testing.T) {
	t.Parallel()
	for _, program := range programs {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t)
			srv.Down(2 * time.Second)
			time.AfterFunc(time.Second, srv.Up)
			out := run(t, t.TempDir(), environment(srv), program, arguments(t, program)...)
			assert.Zero(t, out.status, out.stderr)
			assert.Regexp(t, `the server asks to wait \(503\); going on at \d\d:\d\d:\d\d\n`, out.stderr)
		})
	}
}

// Without patience, or with a patience that is over, a busy server is exit status 4.
func TestPatienceThatIsOver(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithRateLimit(1), pmpsmarttest.WithStyle(pmpsmarttest.Paginated))
	out := run(t, t.TempDir(), environment(srv), "export", "-patience", "5s", "-quiet")
	assert.Equal(t, 4, out.status)
	assert.Contains(t, out.stderr, "429")
}
