package main

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// What a process was sending when it was killed, another process sends, without waiting
// for River, which would take it for stuck half a minute later.
func TestKilledWhileSending(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		sandbox := pmpsmarttest.NewServer(pmpsmarttest.WithEmpty())
		defer sandbox.Close()
		env, args := account(sandbox.URL), []string{"-database=" + fresh(t), "-timeout=3s", "-sweep=200ms", "-retry-min=50ms", "-retry-max=100ms"}
		sandbox.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer, Wait: time.Minute})
		first := startProcess(t, env, args...)
		mustCall(t, http.StatusAccepted, "POST", first.url+"/orders", body("A", `{"v":1}`))
		eventually(t, "the insert is under way", func() bool {
			for _, r := range sandbox.Requests() {
				if r.Op == "FilterJSONOrders" {
					return true
				}
			}
			return false
		})
		first.kill()
		second := startProcess(t, env, args...)
		eventually(t, "it is sent", func() bool {
			return mustCall(t, http.StatusOK, "GET", second.url+"/orders/A", "").order.State == sent
		})
		if all := sandbox.JSONOrders(); len(all) != 1 {
			t.Errorf("PMP Smart has %+v", all)
		}
		if !strings.Contains(second.text(), `"msg":"forgotten"`) {
			t.Error("the sweep did not find it")
		}
	})
}

// A process that is told to end finishes what it is sending, and loses nothing that
// waits.
func TestEnds(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		sandbox := pmpsmarttest.NewServer(pmpsmarttest.WithEmpty())
		defer sandbox.Close()
		env, args := account(sandbox.URL), []string{"-database=" + fresh(t), "-workers=1"}
		sandbox.Fail(pmpsmarttest.Fault{Op: "FilterJSONOrders", Kind: pmpsmarttest.FaultDelay, Wait: time.Second})
		first := startProcess(t, env, args...)
		for _, code := range []string{"A", "B", "C"} {
			mustCall(t, http.StatusAccepted, "POST", first.url+"/orders", body(code, `{"v":1}`))
		}
		eventually(t, "one is sent", func() bool { return len(sandbox.Requests()) > 0 })
		first.end()
		if n := len(sandbox.JSONOrders()); n == 0 {
			t.Error("the order that was being sent was cut off")
		}
		second := startProcess(t, env, args...)
		for _, code := range []string{"A", "B", "C"} {
			eventually(t, code+" is sent", func() bool {
				return mustCall(t, http.StatusOK, "GET", second.url+"/orders/"+code, "").order.State == sent
			})
		}
		if all := sandbox.JSONOrders(); len(all) != 3 {
			t.Errorf("PMP Smart has %+v", all)
		}
		second.end()
	})
}

// A process that is stopped in the middle keeps its lock, so that what it does when it
// goes on is not done twice.
func TestStoppedWhileSending(t *testing.T) {
	t.Parallel()
	if !long {
		t.Skip("PMPSMART_LONG is not set")
	}
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		sandbox := pmpsmarttest.NewServer(pmpsmarttest.WithEmpty())
		defer sandbox.Close()
		env, args := account(sandbox.URL), []string{"-database=" + fresh(t), "-timeout=4s", "-sweep=200ms", "-retry-min=100ms", "-retry-max=200ms", "-max-attempts=100"}
		sandbox.Fail(pmpsmarttest.Fault{Op: "FilterJSONOrders", Kind: pmpsmarttest.FaultDelay, Wait: time.Second})
		first := startProcess(t, env, args...)
		mustCall(t, http.StatusAccepted, "POST", first.url+"/orders", body("A", `{"v":1}`))
		eventually(t, "it has logged in and looks", func() bool { return sandbox.Logins() == 1 })
		second := startProcess(t, env, args...)
		signal := func(s syscall.Signal) {
			if err := first.cmd.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
		}
		signal(syscall.SIGSTOP)
		defer signal(syscall.SIGCONT)
		eventually(t, "the other process tries", func() bool { return strings.Contains(second.text(), `"msg":"failed"`) })
		if all := sandbox.JSONOrders(); len(all) != 0 {
			t.Errorf("the other process did not wait: %+v", all)
		}
		signal(syscall.SIGCONT)
		eventually(t, "it is sent", func() bool {
			return mustCall(t, http.StatusOK, "GET", second.url+"/orders/A", "").order.State == sent
		})
		if all := sandbox.JSONOrders(); len(all) != 1 {
			t.Errorf("PMP Smart has %+v", all)
		}
	})
}
