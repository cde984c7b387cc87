package otelpmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testctx"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A silent server is not the caller's deadline.
func TestSilence(t *testing.T) {
	t.Parallel()
	for kind, idle := range map[string]time.Duration{"no_answer": time.Second, "deadline_exceeded": time.Minute} {
		_, server, patient := newServer(t)
		session, err := patient.Login(t.Context(), pmpsmarttest.Email, pmpsmarttest.Password)
		if err != nil {
			t.Fatal(err)
		}
		r := newRecorder(t)
		client := server.Client(r.client(pmpsmart.WithTimeout(idle), pmpsmart.WithToken(string(session.Token)), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))...)
		server.Fail(pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultDelay, Wait: time.Minute})
		ctx := t.Context()
		if kind == "deadline_exceeded" {
			ctx = testctx.When(t, func() bool { return len(server.Unmet()) == 0 })
		}
		if _, err := client.GetOrder(ctx, 7); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		text := strings.Join(r.points(), "\n")
		for _, part := range []string{
			"http.client.request.duration{error.type=" + kind + ",http.request.method=POST,pmpsmart.operation.name=GetOrder,",
			"pmpsmart.client.call.duration{error.type=" + kind + ",pmpsmart.operation.name=GetOrder} 1",
		} {
			if !strings.Contains(text, part) {
				t.Errorf("%s\nlacks %s", text, part)
			}
		}
	}
}

// What has an error.type of its own, as the client makes it.
func TestErrorTypesOfAClient(t *testing.T) {
	t.Parallel()
	for kind, fault := range map[string]pmpsmarttest.Fault{
		"truncated":    {Kind: pmpsmarttest.FaultCut, Bytes: 40},
		"no_answer":    {Kind: pmpsmarttest.FaultReset},
		"decode":       {Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: "<html>hello</html>"},
		"refused":      {Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"error","message":"PMP-RAHASIA"}`},
		"not_found":    {Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"error","code":404,"message":"PMP-RAHASIA"}`},
		"conflict":     {Kind: pmpsmarttest.FaultAnswer, Status: 409},
		"rate_limited": {Kind: pmpsmarttest.FaultAnswer, Status: 429},
		"input":        {},
	} {
		r, server, client := newServer(t, pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
		id := int64(7)
		if fault.Op = "GetOrder"; kind == "input" {
			id = 0
		} else {
			server.Fail(fault)
		}
		if _, err := client.GetOrder(t.Context(), id); err == nil {
			t.Error("no error")
		}
		text := strings.Join(r.points(), "\n") + r.tree()
		if part := "pmpsmart.client.call.duration{error.type=" + kind + ",pmpsmart.operation.name=GetOrder} 1"; !strings.Contains(text, part) || strings.Contains(text, "RAHASIA") {
			t.Errorf("%s\nlacks %s", text, part)
		}
	}
}

// A badStore is a token store that fails.
type badStore struct {
	pmpsmart.TokenStore
	err error
}

func (s badStore) Load(context.Context, pmpsmart.Account) (pmpsmart.Token, error) { return "", s.err }

// What the program itself brings, and that fails, is not the server's fault, whatever
// its error is.
func TestWhatIsNotTheServers(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{&net.OpError{Op: "dial", Err: errors.New("refused")}, io.ErrUnexpectedEOF, context.DeadlineExceeded, errors.New("x")} {
		for name, option := range map[string]pmpsmart.Option{
			"token store": pmpsmart.WithTokenStore(badStore{err: cause}),
			"credentials": pmpsmart.WithCredentialSource(func(context.Context) (string, string, error) { return "", "", cause }),
		} {
			r, server, client := newServer(t, option)
			if _, err := client.GetOrder(t.Context(), 7); !strings.Contains(fmt.Sprint(err), ": "+name+": ") {
				t.Errorf("the error is %v", err)
			}
			want(t, name+": "+cause.Error(), r.outline(), "\ninternal PMPSmart/GetOrder Error(_OTHER)")
			if len(server.Requests()) > 0 {
				t.Error("the server was asked")
			}
		}
	}
}

// A response that stops in the middle is the server's fault, also where it is the
// client's timeout that ends it.
func TestSilenceInAResponse(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(*http.Request){
		"silence": func(r *http.Request) { <-r.Context().Done() },
		"reset":   func(*http.Request) { panic(http.ErrAbortHandler) },
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"status":"success","data":{"id":7,`)
			_ = http.NewResponseController(w).Flush()
			stop(r)
		}))
		defer server.Close()
		r := newRecorder(t)
		client, err := pmpsmart.New(r.client(pmpsmart.WithBaseURL(server.URL), pmpsmart.WithToken("x"),
			pmpsmart.WithTimeout(time.Second), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.GetOrder(t.Context(), 7); err == nil {
			t.Error("no error")
		}
		want(t, name, r.outline(), `
internal PMPSmart/GetOrder Error(truncated)
  client POST /order/detail Error(truncated)`)
		_ = client.Close()
	}
}
