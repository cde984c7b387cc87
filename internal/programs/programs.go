// Package programs runs programs that ensure the same orders at the same time, each in
// a process of its own, on a server that loses answers, and kills some of them. A test
// binary is its own program: it starts itself again.
package programs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// The environment of a program.
const (
	baseVariable  = "PMPSMART_TEST_PROGRAM_BASE"
	codesVariable = "PMPSMART_TEST_PROGRAM_CODES"
)

// workers are the goroutines of a program, each with orders of its own at a time.
const workers = 4

// Options are what a test asks for.
type Options struct {
	Test   string        // the test that a program runs, which calls Main
	Env    []string      // of the programs, beside the test's own
	Count  int           // of the programs
	Codes  int           // of the orders, which each program ensures all
	Kills  int           // programs that are killed while they work
	During func(n int64) // called when the n-th order of all is ensured; nil for none
}

// An Outcome is what came of the orders.
type Outcome struct {
	Missing int // orders that are not there
	Twice   int // orders that are there more than once
	Created int // orders of which one program was told that it created them
	Doubled int // orders of which several were told so
	Unknown int // orders of which nobody was told so, and the outcome was unknown to somebody
	Killed  int // orders of which nobody was told so, and that a killed program was at
	Nobody  int // all other orders of which nobody was told so
	Errors  []string
	Took    time.Duration
}

// IsMain reports whether this process is a program.
func IsMain() bool { return os.Getenv(baseVariable) != "" }

// Main is what a program does.
func Main(ctx context.Context, opts ...pmpsmart.Option) error {
	codes, err := strconv.Atoi(os.Getenv(codesVariable))
	if err != nil {
		return err
	}
	c, err := pmpsmart.New(append([]pmpsmart.Option{
		pmpsmart.WithBaseURL(os.Getenv(baseVariable)), pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password),
		pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 8, MinWait: 2 * time.Millisecond, MaxWait: 20 * time.Millisecond}),
	}, opts...)...)
	if err != nil {
		return err
	}
	defer c.Close()
	say("ready", "")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	var next atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for n := next.Add(1) - 1; n < int64(codes); n = next.Add(1) - 1 {
				ensure(ctx, c, code(int(n)))
			}
		})
	}
	all.Wait()
	return nil
}

func code(n int) string { return fmt.Sprintf("PMP-%06d", n) }

var stdout sync.Mutex

// say tells the test of a code; a line is written at once, so that a program that is
// killed has said all.
func say(word, code string) {
	stdout.Lock()
	defer stdout.Unlock()
	fmt.Println(word, code)
}

// ensure makes sure of an order, however often that takes.
func ensure(ctx context.Context, c *pmpsmart.Client, code string) {
	in := pmpsmart.JSONOrderInput{Code: code, Data: map[string]string{"kode": code}, Status: pmpsmart.JSONOrderCompleted}
	say("begun", code)
	for range 200 {
		order, created, err := c.EnsureJSONOrder(ctx, in)
		var open *pmpsmart.OutcomeUnknownError
		switch {
		case err == nil && !order.Matches(in):
			say("error", code+" is another order")
			return
		case err == nil && created:
			say("created", code)
			return
		case err == nil:
			say("there", code)
			return
		case errors.As(err, &open):
			say("unknown", code)
		case mayPass(err):
			time.Sleep(5 * time.Millisecond)
		default:
			say("error", code+": "+err.Error())
			return
		}
	}
	say("error", code+" was not ensured")
}

// mayPass reports whether err may pass: the server's faults, and a lock that can't
// be had for a while.
func mayPass(err error) bool {
	var refused *pmpsmart.InputError
	return !errors.As(err, &refused) && !errors.Is(err, pmpsmart.ErrUnauthorized)
}

// A run is one run of the programs.
type run struct {
	options Options
	created map[string]int
	unknown map[string]bool
	at      map[string]bool // that a killed program was at
	ensured atomic.Int64
	mu      sync.Mutex
	errors  []string
}

// Ensure has the programs ensure the orders on a sandbox of which a fifth of the
// requests goes wrong, half of those after the work is done.
func Ensure(t testing.TB, o Options, opts ...pmpsmarttest.Option) Outcome {
	t.Helper()
	srv := pmpsmarttest.NewServer(append([]pmpsmarttest.Option{pmpsmarttest.WithEmpty(), pmpsmarttest.WithManyTokens(), pmpsmarttest.WithRandomFaults(7, map[pmpsmarttest.FaultKind]float64{
		pmpsmarttest.FaultLostAnswer: 0.05, pmpsmarttest.FaultCut: 0.05, pmpsmarttest.FaultReset: 0.05, pmpsmarttest.FaultAnswer: 0.05,
	})}, opts...)...)
	defer srv.Close()
	r := &run{options: o, created: map[string]int{}, unknown: map[string]bool{}, at: map[string]bool{}}
	var all []*program
	for range o.Count {
		all = append(all, r.start(t, srv.URL))
	}
	began := time.Now()
	var ended sync.WaitGroup
	for n, p := range all {
		ended.Go(func() { r.follow(p, n < o.Kills, int64(n+1)) })
	}
	ended.Wait()
	return r.outcome(srv, time.Since(began))
}

// A program is a process under way.
type program struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	begin func()
}

func (r *run) start(t testing.TB, base string) *program {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+r.options.Test+"$")
	cmd.Env = append(append(os.Environ(), r.options.Env...), baseVariable+"="+base, codesVariable+"="+strconv.Itoa(r.options.Codes))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	p := &program{cmd, bufio.NewScanner(out), func() { _, _ = in.Write([]byte("\n")) }}
	if !p.lines.Scan() || strings.TrimSpace(p.lines.Text()) != "ready" {
		t.Fatalf("a program said %q", p.lines.Text())
	}
	return p
}

// follow notes what a program says. One that is to be killed is killed when it has
// ensured its share of the orders.
func (r *run) follow(p *program, kill bool, nth int64) {
	p.begin()
	killAt := int64(r.options.Codes) * nth / int64(r.options.Kills+2)
	begun, mine := map[string]bool{}, int64(0)
	for p.lines.Scan() {
		word, code, _ := strings.Cut(p.lines.Text(), " ")
		switch word {
		case "begun":
			begun[code] = true
		case "created", "there":
			delete(begun, code)
			if mine++; kill && mine == killAt {
				_ = p.cmd.Process.Kill()
			}
			if n := r.ensured.Add(1); r.options.During != nil {
				r.options.During(n)
			}
		}
		r.note(word, code)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !kill && len(begun) > 0 {
		r.errors = append(r.errors, fmt.Sprintf("a program ended before %d orders", len(begun)))
	}
	for code := range begun {
		r.at[code] = true
	}
}

func (r *run) note(word, code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch word {
	case "created":
		r.created[code]++
	case "unknown":
		r.unknown[code] = true
	case "error":
		r.errors = append(r.errors, code)
	}
}

func (r *run) outcome(srv *pmpsmarttest.Server, took time.Duration) Outcome {
	o := Outcome{Errors: r.errors, Took: took}
	rows := map[string]int{}
	for _, order := range srv.JSONOrders() {
		rows[order.Code]++
	}
	for n := range r.options.Codes {
		code := code(n)
		switch {
		case rows[code] == 0:
			o.Missing++
		case rows[code] > 1:
			o.Twice++
		}
		switch {
		case r.created[code] > 1:
			o.Doubled++
		case r.created[code] == 1:
			o.Created++
		case r.at[code]:
			o.Killed++
		case r.unknown[code]:
			o.Unknown++
		default:
			o.Nobody++
		}
	}
	return o
}

// Check fails the test unless each order is there once, and one program was told that
// it created it, but for orders that a killed program was at, or of which an outcome
// was unknown.
func (o Outcome) Check(t testing.TB) {
	t.Helper()
	t.Log(o)
	if o.Missing+o.Twice+o.Doubled+o.Nobody+len(o.Errors) > 0 {
		t.Errorf("%d missing, %d twice, %d told created to several, %d to nobody; errors: %.3q", o.Missing, o.Twice, o.Doubled, o.Nobody, o.Errors)
	}
}

// String returns the numbers on a line.
func (o Outcome) String() string {
	return fmt.Sprintf("%d missing, %d twice; created told to one: %d, to several: %d, to nobody: %d, since a program was killed: %d, since an outcome was unknown: %d; %s",
		o.Missing, o.Twice, o.Created, o.Doubled, o.Nobody, o.Killed, o.Unknown, o.Took.Round(time.Millisecond))
}
