package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

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
	for deadline := time.Now().Add(30 * time.Second); !met(); <-tick.C {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// newPostgres returns the URL of an empty database on a PostgreSQL that the tests share.
func newPostgres(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.start(t) })
	if shared.url == "" {
		t.Skip("PostgreSQL did not start: see the test before")
	}
	admin, err := pgx.Connect(t.Context(), shared.url)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.WithoutCancel(t.Context()))
	name := fmt.Sprintf("t%d", shared.databases.Add(1))
	if _, err := admin.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return strings.Replace(shared.url, "/postgres?", "/"+name+"?", 1)
}

// shared is the PostgreSQL that Debian has. It listens on nothing but a socket in a
// folder of its own. As it refuses to run as root, it runs as the user that Debian made
// for it if the tests do.
var shared postgresServer

type postgresServer struct {
	once      sync.Once
	url, dir  string
	server    *exec.Cmd
	databases atomic.Int64
}

func (s *postgresServer) start(t testing.TB) {
	t.Helper()
	servers, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(servers) == 0 {
		if os.Getenv("PMPSMART_REQUIRE_POSTGRES") != "" {
			t.Fatal("PostgreSQL is not installed")
		}
		t.Skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
	}
	slices.Sort(servers)
	bin := filepath.Dir(servers[len(servers)-1])
	var err error
	if s.dir, err = os.MkdirTemp("", "pg"); err != nil { // a socket's path must be short
		t.Fatal(err)
	}
	as := credential(t, s.dir)
	run := func(name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
		var output bytes.Buffer
		c := exec.Command(filepath.Join(bin, name), args...)
		c.Dir, c.Stdout, c.Stderr = s.dir, &output, &output
		c.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
		c.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		return c, &output
	}
	data := filepath.Join(s.dir, "data")
	initdb, output := run("initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-sync")
	if err := initdb.Run(); err != nil {
		t.Fatal(err, output)
	}
	server, _ := run("postgres", "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=400")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	s.server = server
	url := fmt.Sprintf("postgres://postgres@/postgres?host=%s", s.dir)
	eventually(t, "PostgreSQL answers", func() bool {
		c, err := pgx.Connect(t.Context(), url)
		return err == nil && c.Close(t.Context()) == nil
	})
	s.url = url
}

// stop ends the server, if one was started.
func (s *postgresServer) stop() {
	if s.server != nil {
		_ = s.server.Process.Signal(syscall.SIGINT) // a fast shutdown
		_ = s.server.Wait()
	}
	if s.dir != "" {
		os.RemoveAll(s.dir)
	}
}

// credential returns the user that PostgreSQL runs as, who may use dir, or nil for the
// test's own.
func credential(t testing.TB, dir string) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
