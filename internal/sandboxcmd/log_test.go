package sandboxcmd

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A request is one line of the log, whatever it holds, and no command to the CI that
// keeps the log.
func TestARequestIsOneLine(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]pmpsmarttest.Request{
		`404 POST /api/v1/x%0A::error::forged%1B%5B31m%E2%80%AE\?a=%E2%80%A8%C2%9B +0 bytes +0s  \n`: {
			Method: "POST", Path: "/api/v1/x\n::error::forged\x1b[31m\u202e", Query: "a=\u2028\u009b", Status: 404},
		`404 A%0A::b /%23%23vso%5Bx%5D\?%23%23\[error\] +0 bytes +0s  \n`: {Method: "A\n::b", Path: "/##vso[x]", Query: "##[error]", Status: 404},
		`  0 POST /api/v1/order +0 bytes +0s  ListOrders  fault: lost answer\n`: {
			Method: "POST", Path: "/api/v1/order", Op: "ListOrders", Fault: pmpsmarttest.FaultLostAnswer},
		`500 POST /api/v1/order +0 bytes +0s  ListOrders  data file: write a b: full\n`: {
			Method: "POST", Path: "/api/v1/order", Op: "ListOrders", Status: 500, Note: "data file: write a\nb: full"},
	} {
		var out strings.Builder
		log := newLog("pmpsmart-sandbox", &out)
		log.line(r)
		log.end()
		require.Regexp(t, `^\d\d:\d\d:\d\d `+want+"$", out.String())
	}
}

// A log that nobody reads keeps requests waiting once and not for long, and says later
// what is missing.
func TestLogThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, in := io.Pipe()
		log := newLog("pmpsmart-sandbox", in)
		log.print("%s", `{"base_url":"…"}`+"\n")
		synctest.Wait() // one line is being written, and never is
		began := time.Now()
		for range queued + 7 {
			log.print("a request\n")
		}
		assert.Equal(t, slowest, time.Since(began))
		text := make(chan string)
		go func() {
			all, _ := io.ReadAll(out)
			text <- string(all)
		}()
		log.end()
		require.NoError(t, in.Close())
		want := `{"base_url":"…"}` + "\npmpsmart-sandbox: nobody read this log, and 7 lines were left out\n" + strings.Repeat("a request\n", queued)
		assert.Equal(t, want, <-text)
	})
}
