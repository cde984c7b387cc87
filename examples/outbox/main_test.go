package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// binary is the program, built once.
var binary string

// long adds what takes minutes.
var long = os.Getenv("PMPSMART_LONG") != ""

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil { // they wait, more than they work
		panic(err)
	}
	folder, err := os.MkdirTemp("", "pmpsmart-outbox-test")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(folder, "outbox")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	shared.stop()
	os.RemoveAll(folder)
	os.Exit(code)
}

// command is the program with an environment of its own.
func command(env []string, args ...string) *exec.Cmd {
	c := exec.Command(binary, args...)
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "PMPSMART_") && !strings.HasPrefix(entry, "DATABASE_URL=") {
			c.Env = append(c.Env, entry)
		}
	}
	c.Env = append(c.Env, env...)
	return c
}

// account is the environment for a sandbox at that address.
func account(url string) []string {
	return []string{"PMPSMART_BASE_URL=" + url, "PMPSMART_EMAIL=" + pmpsmarttest.Email, "PMPSMART_PASSWORD=" + pmpsmarttest.Password}
}

// A process is the program as it runs.
type process struct {
	t    testing.TB
	cmd  *exec.Cmd
	url  string
	done chan struct{} // closed when its log has ended

	mu  sync.Mutex
	log bytes.Buffer
}

// startProcess starts the program on a free port and waits until it listens. Its log
// is shown when the test fails.
func startProcess(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: command(env, append([]string{"-json", "-addr", "127.0.0.1:0"}, args...)...), done: make(chan struct{})}
	pipe, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	go p.read(pipe, listening)
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the log of %s:\n%s", p.url, p.tail())
		}
	})
	select {
	case p.url = <-listening:
	case <-p.done:
		t.Fatalf("it has ended:\n%s", p.text())
	case <-time.After(time.Minute):
		t.Fatalf("it does not listen:\n%s", p.text())
	}
	return p
}

func (p *process) read(pipe io.Reader, listening chan<- string) {
	defer close(p.done)
	d := json.NewDecoder(io.TeeReader(pipe, p))
	for {
		var line struct{ Msg, URL string }
		if d.Decode(&line) != nil {
			_, _ = io.Copy(p, pipe)
			return
		}
		if line.Msg == "listening" {
			listening <- line.URL
		}
	}
}

// Write keeps the log.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

func (p *process) tail() string {
	text := p.text()
	return text[max(0, len(text)-3000):]
}

// kill is a SIGKILL.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
	_ = p.cmd.Wait()
}

// end is a SIGTERM, after which the program ends by itself.
func (p *process) end() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(time.Minute):
		p.t.Fatal("it does not end")
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Error(err)
	}
}

// A response is what came of a request.
type response struct {
	status   int
	location string
	kind     string
	body     string
	order    orderResponse
}

// call sends a request to a service. The error is that of the connection.
func call(ctx context.Context, method, url, body string) (response, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return response{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	got := response{status: answer.StatusCode, location: answer.Header.Get("Location"), kind: answer.Header.Get("Content-Type"), body: string(text)}
	if answer.StatusCode < 300 {
		_ = json.Unmarshal(text, &got.order)
	}
	return got, err
}

// mustCall is call with a status that is expected.
func mustCall(t testing.TB, status int, method, url, body string) response {
	t.Helper()
	got, err := call(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	if got.status != status {
		t.Fatalf("%s %s: %d %s; want %d", method, url, got.status, got.body, status)
	}
	return got
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, met func() bool) {
	t.Helper()
	if !soon(met) {
		t.Fatalf("waited in vain: %s", what)
	}
}

// soon waits until something is so, and reports whether it became so.
func soon(met func() bool) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(2 * time.Minute); !met(); <-tick.C {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}
