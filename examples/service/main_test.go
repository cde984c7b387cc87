package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
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

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "pmpsmart-service")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(folder, "service")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// command is the program with an environment of its own.
func command(env []string, args ...string) *exec.Cmd {
	c := exec.Command(binary, args...)
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "PMPSMART_") {
			c.Env = append(c.Env, entry)
		}
	}
	c.Env = append(c.Env, env...)
	return c
}

// A replica is the program as it runs.
type replica struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	out  bytes.Buffer  // to be read when it has ended
	done chan struct{} // closed when its log has ended

	mu  sync.Mutex
	log bytes.Buffer
}

// startReplica starts the program on a free port and waits until it listens. Its
// log is shown when the test fails.
func startReplica(t *testing.T, env []string, args ...string) *replica {
	t.Helper()
	r := &replica{t: t, cmd: command(env, append([]string{"-json", "-addr", "127.0.0.1:0"}, args...)...), done: make(chan struct{})}
	pipe, err := r.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.cmd.Stdout = &r.out
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	go r.read(pipe, listening)
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait()
		if t.Failed() {
			t.Logf("the replica at %s logged:\n%s", r.url, r.tail())
		}
	})
	select {
	case r.url = <-listening:
	case <-r.done:
		t.Fatalf("the replica ended:\n%s", r.tail())
	}
	return r
}

func (r *replica) read(log io.Reader, listening chan<- string) {
	defer close(r.done)
	for lines := bufio.NewScanner(log); lines.Scan(); {
		r.mu.Lock()
		r.log.Write(append(lines.Bytes(), '\n'))
		r.mu.Unlock()
		var line struct{ Msg, URL string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			listening <- line.URL
		}
	}
}

func (r *replica) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

// tail is the end of the log.
func (r *replica) tail() string {
	text := r.text()
	return text[max(0, len(text)-4000):]
}

// get asks the replica; an answer that can't be read is status 0.
func (r *replica) get(path string) (status int, body string) {
	answer, err := http.Get(r.url + path)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err.Error()
	}
	return answer.StatusCode, string(text)
}

func (r *replica) isReady() bool {
	status, _ := r.get("/readyz")
	return status == http.StatusOK
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, met func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(2 * time.Minute); !met(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// account is the environment for a sandbox at that address.
func account(url string) []string {
	return []string{"PMPSMART_BASE_URL=" + url, "PMPSMART_EMAIL=" + pmpsmarttest.Email, "PMPSMART_PASSWORD=" + pmpsmarttest.Password}
}

// TestRunsAsItStands starts the program with neither flags nor environment.
func TestRunsAsItStands(t *testing.T) {
	t.Parallel()
	c := command(nil, "-addr", "127.0.0.1:0")
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill() }()
	lines := bufio.NewScanner(pipe)
	var told []string
	for lines.Scan() {
		told = append(told, lines.Text())
		if lines.Text() == "Ctrl-C ends it." {
			break
		}
	}
	url := told[0][strings.LastIndexByte(told[0], ' ')+1:]
	if !strings.Contains(told[0], "a sandbox in this process") || !strings.Contains(strings.Join(told, "\n"), "curl '"+url+"/orders?status=open&limit=3'") {
		t.Errorf("it told:\n%s", strings.Join(told, "\n"))
	}
	if strings.Contains(strings.Join(told, "\n"), "/debug/telemetry") {
		t.Error("it tells of telemetry that is off")
	}
	r := &replica{url: url}
	if status, body := r.get("/orders?status=open&limit=3"); status != http.StatusOK || !strings.Contains(body, `"more":true`) {
		t.Errorf("got %d %s", status, body)
	}
	_ = c.Process.Signal(os.Interrupt)
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

func TestTelemetryOnStdout(t *testing.T) {
	t.Parallel()
	r := startReplica(t, nil, "-telemetry=stdout")
	eventually(t, "ready", r.isReady)
	if status, body := r.get("/orders/7"); status != http.StatusOK {
		t.Error(status, body)
	}
	if status, _ := r.get("/debug/telemetry"); status != http.StatusNotFound {
		t.Error("/debug/telemetry is there and holds nothing")
	}
	_ = r.cmd.Process.Signal(os.Interrupt)
	<-r.done
	if err := r.cmd.Wait(); err != nil {
		t.Error(err)
	}
	for _, want := range []string{`"Name":"POST /auth/login"`, `"Name":"PMPSmart/GetOrder"`, `"Name":"pmpsmart.client.call.duration"`, `"Name":"GET /orders/{id}"`, `"Name":"http.server.request.duration"`} {
		if !strings.Contains(r.out.String(), want) {
			t.Errorf("stdout lacks %s", want)
		}
	}
}

func TestBadInputIsOneLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		env, args []string
		exit      int
		want      string
	}{
		{nil, []string{"-nonsense"}, 2, "-nonsense; -h lists the flags"},
		{nil, []string{"-timeout=5"}, 2, `invalid value "5" for flag -timeout: want a value like the default, a duration with its unit (30s); -h`},
		{nil, []string{"orders"}, 2, `unexpected argument "orders"`},
		{nil, []string{"-telemetry=file"}, 2, `-telemetry is "file"; want none, memory, stdout or otlp`},
		{nil, []string{"-timeout=0s"}, 2, "-timeout and -drain want a positive duration"},
		{nil, []string{"-redis=redis://:geheim@[::1/0"}, 2, "-redis is no URL"},
		{nil, []string{"-redis=localhost"}, 2, "-redis wants host:port, such as localhost:6379"},
		{nil, []string{"-redis=6379"}, 2, "-redis wants host:port"},
		{nil, []string{"-redis=localhost:"}, 2, "-redis wants host:port"},
		{nil, []string{"-redis=localhost:0"}, 2, "-redis wants host:port"},
		{nil, []string{"-redis=localhost:65536"}, 2, "-redis wants host:port"},
		{nil, []string{"-redis=localhost:redis"}, 2, "-redis wants host:port"},
		{nil, []string{"-redis=::1"}, 2, "[::1]:6379"},
		{nil, []string{"-redis=geheim@localhost:6379"}, 2, "a URL like redis://user:password@host:6379/0"},
		{nil, []string{"-addr=127.0.0.1:99999"}, 1, "invalid port"},
		{[]string{"PMPSMART_EMAIL=a@b.id"}, nil, 1, "PMPSMART_EMAIL without PMPSMART_PASSWORD"},
		{[]string{"PMPSMART_BASE_URL=https://api.example/v1"}, nil, 1, "PMPSMART_BASE_URL is set and no account"},
	} {
		var stderr bytes.Buffer
		c := command(test.env, append([]string{"-json"}, test.args...)...)
		c.Stderr = &stderr
		var exit *exec.ExitError
		if err := c.Run(); !errors.As(err, &exit) || exit.ExitCode() != test.exit {
			t.Errorf("%v: %v", test.args, err)
		}
		if text := stderr.String(); !strings.Contains(text, test.want) || strings.Count(text, "\n") != 1 || strings.Contains(text, "geheim") {
			t.Errorf("%v %v said %q", test.env, test.args, text)
		}
	}
	if help, err := command(nil, "-h").Output(); err != nil || !strings.Contains(string(help), "-drain-delay") {
		t.Errorf("-h: %v\n%s", err, help)
	}
}

// TestEndsWithoutCuttingOff sends the signal while a request is under way.
func TestEndsWithoutCuttingOff(t *testing.T) {
	t.Parallel()
	sandbox := pmpsmarttest.NewServer()
	defer sandbox.Close()
	arrived, release := make(chan bool), make(chan bool)
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/order/detail") {
			arrived <- true
			<-release
		}
		sandbox.ServeHTTP(w, r)
	}))
	defer slow.Close()
	r := startReplica(t, account(slow.URL+"/api/v1"), "-drain-delay=2s")
	eventually(t, "ready", r.isReady)
	statuses := make(chan int)
	go func() {
		status, _ := r.get("/orders/7")
		statuses <- status
	}()
	<-arrived
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "/readyz says no", func() bool { _, body := r.get("/readyz"); return strings.Contains(body, "draining") })
	close(release)
	if status := <-statuses; status != http.StatusOK {
		t.Errorf("the request under way got %d", status)
	}
	<-r.done
	if err := r.cmd.Wait(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(r.text(), `"msg":"ended","served":1,"failed":0`) {
		t.Errorf("it did not say what was done:\n%s", r.tail())
	}
}
