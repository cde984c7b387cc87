// Package main_test builds the program and runs it as people do: as a process, against
// a sandbox.
package main_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	_ "github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/app" // all of the program: a change of it makes go test forget its results
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// programs are the commands that talk to a server and need little else.
var programs = []string{"export", "outlets", "push", "report"}

// built is the program.
var built string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "pmpsmart")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	built = filepath.Join(dir, "pmpsmart")
	if runtime.GOOS == "windows" {
		built += ".exe"
	}
	args := []string{"build", "-o", built}
	if underRace {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "can't build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// newServer starts a sandbox that ends with the test.
func newServer(t *testing.T, opts ...pmpsmarttest.Option) *pmpsmarttest.Server {
	t.Helper()
	opts = append([]pmpsmarttest.Option{pmpsmarttest.WithSeedEnd(pmpsmart.NewDate(2026, time.February, 9))}, opts...)
	srv := pmpsmarttest.NewServer(opts...)
	t.Cleanup(func() { srv.Close() })
	return srv
}

// environment is that of a person who works with the server.
func environment(srv *pmpsmarttest.Server) []string {
	return []string{"PMPSMART_BASE_URL=" + srv.URL, "PMPSMART_EMAIL=" + pmpsmarttest.Email, "PMPSMART_PASSWORD=" + pmpsmarttest.Password}
}

// newGate stands before a server and keeps the nth request of a path for ever,
// or until who made it gives up. It gives the environment for the way through
// the gate, and a channel that is closed when the request is there.
func newGate(t *testing.T, srv *pmpsmarttest.Server, path string, nth int64) (env []string, reached <-chan struct{}) {
	t.Helper()
	there, requests := make(chan struct{}), atomic.Int64{}
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/"+path && requests.Add(1) == nth {
			io.Copy(io.Discard, r.Body) // the context ends with the connection only then
			close(there)
			<-r.Context().Done()
			return
		}
		srv.ServeHTTP(w, r)
	}))
	t.Cleanup(gate.Close)
	return append(environment(srv), "PMPSMART_BASE_URL="+gate.URL+"/api/v1"), there
}

// isClosed is for until.
func isClosed(c <-chan struct{}) func() bool {
	return func() bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
}

// A process is a program that runs.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout lockedBuffer
	stderr lockedBuffer
	ended  chan struct{}
}

// An outcome is what a program left behind.
type outcome struct {
	stdout, stderr string
	status         int // -1 where a signal ended it
	peak           int64
}

// patience is how long anything may take that a test waits for.
const patience = time.Minute

// start runs a command in a folder.
func start(t *testing.T, dir string, env []string, stdin io.Reader, program string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(built, append([]string{program}, args...)...), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = dir, stdin, &p.stdout, &p.stderr
	p.cmd.Env = append([]string{"TMPDIR=" + t.TempDir(), "GORACE=halt_on_error=1 atexit_sleep_ms=0"}, env...)
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.ended)
		p.cmd.Wait()
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.ended
	})
	return p
}

// run runs a program to its end.
func run(t *testing.T, dir string, env []string, program string, args ...string) outcome {
	t.Helper()
	return start(t, dir, env, nil, program, args...).wait()
}

func (p *process) wait() outcome {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatalf("%s does not end; it said %s", p.cmd, p.stderr.String())
	}
	return outcome{p.stdout.String(), p.stderr.String(), p.cmd.ProcessState.ExitCode(), peakMemory(p.cmd.ProcessState)}
}

// signal sends a signal and waits for the program's end.
func (p *process) signal(sig os.Signal) outcome {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(sig))
	return p.wait()
}

// until waits until something has happened.
func (p *process) until(what string, happened func() bool) {
	p.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !happened() {
		select {
		case <-tick.C:
		case <-p.ended:
			if !happened() {
				p.t.Fatalf("%s ended before %s; it said %s", p.cmd, what, p.stderr.String())
			}
			return
		case <-deadline:
			p.t.Fatalf("%s: waited in vain until %s; it said %s", p.cmd, what, p.stderr.String())
		}
	}
}

// lines are those of what was printed.
func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

// write makes a file in a new folder and gives both.
func write(t *testing.T, name, text string) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return dir, path
}

func read(t *testing.T, elem ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(elem...))
	require.NoError(t, err)
	return string(text)
}

// holds reports whether the file is there and holds a text.
func holds(path, text string) bool {
	content, err := os.ReadFile(path)
	return err == nil && bytes.Contains(content, []byte(text))
}

// answered counts the requests of an op that the server has answered.
func answered(srv *pmpsmarttest.Server, op string) (n int) {
	for _, r := range srv.Requests() {
		if r.Op == op {
			n++
		}
	}
	return n
}

type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
