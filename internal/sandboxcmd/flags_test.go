package sandboxcmd

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// startJSON starts a sandbox whose first line is JSON.
func startJSON(t *testing.T, args ...string) (s *sandbox, first map[string]string, stderr *strings.Builder) {
	t.Helper()
	s = &sandbox{t: t, cmd: program(t, append([]string{"-addr", "127.0.0.1:0", "-json"}, args...)...), output: make(chan string, 1)}
	stdout, err := s.cmd.StdoutPipe()
	require.NoError(t, err)
	stderr = &strings.Builder{}
	s.cmd.Stderr = stderr
	require.NoError(t, s.cmd.Start())
	in := bufio.NewReader(stdout)
	line, err := in.ReadString('\n')
	require.NoError(t, err, stderr)
	require.NoError(t, json.Unmarshal([]byte(line), &first), line)
	go func() {
		rest, _ := io.ReadAll(in)
		s.output <- string(rest)
	}()
	s.url = first["base_url"]
	return s, first, stderr
}

// get gets a path of the control API.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}

// Each flag does what it says.
func TestFlags(t *testing.T) {
	t.Parallel()
	ready := filepath.Join(t.TempDir(), "ready")
	s, first, _ := startJSON(t, append([]string{"-quiet", "-ready-file", ready, "-seed", "50", "-style-for", "ListOrders=list=paginated",
		"-per-page", "7", "-unique-outlets", "-max-body", "300", "-now", "2031-01-02T03:04:05+07:00", "--delay", "0.001", "-rate-limit", "1000",
		"-fault", `{"op":"ListVisits","kind":"answer","status":418}`, "-fault", `{"op":"GetOrder","nth":99,"kind":"reset"}`,
		"-random-faults", "lost answer=0, reset=0", "-random-seed", "7", "-allow-host", "sandbox.test"}, account...)...)
	control := strings.TrimSuffix(s.url, "/api/v1") + "/_sandbox"
	assert.Equal(t, map[string]string{"base_url": s.url, "control_url": control, "email": "a@b.id", "password": "rahasia-b"}, first)
	require.Eventually(t, func() bool { _, err := os.Stat(ready); return err == nil }, 30*time.Second, time.Millisecond)
	text, err := os.ReadFile(ready)
	require.NoError(t, err)
	assert.Equal(t, s.url+"\n", string(text))

	c := s.client()
	orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{Date: pmpsmart.NewDate(2031, time.January, 2)})
	require.NoError(t, err)
	assert.NotEmpty(t, orders, "the sample data ends on the clock's day")
	_, err = c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
	assert.ErrorContains(t, err, "418")
	_, err = c.UpdateOutletCode(t.Context(), 1, "OUT-002")
	assert.ErrorIs(t, err, pmpsmart.ErrValidation)
	_, requests := get(t, control+"/requests?op=ListOrders")
	assert.Contains(t, requests, `\"per_page\":7`)
	_, unmet := get(t, control+"/faults")
	assert.Contains(t, unmet, `"nth":99`)

	output, err := s.end(syscall.SIGTERM)
	require.NoError(t, err, "a fault that nothing met is for the test to judge")
	assert.Empty(t, output, "-quiet")
	assert.NoFileExists(t, ready)
}

func TestWithoutControl(t *testing.T) {
	t.Parallel()
	s, first, _ := startJSON(t, append([]string{"-control=false", "-empty", "-seed-end", "2026-02-09"}, account...)...)
	assert.NotContains(t, first, "control_url")
	status, text := get(t, strings.TrimSuffix(s.url, "/api/v1")+"/_sandbox/health")
	assert.Equal(t, 404, status)
	assert.NotContains(t, text, `"error"`, "it is Laravel's")
	outlets, err := s.client().ListOutlets(t.Context())
	require.NoError(t, err)
	assert.Empty(t, outlets)
	output, err := s.end(os.Interrupt)
	require.NoError(t, err)
	assert.Regexp(t, `^\d\d:\d\d:\d\d 404 GET  /_sandbox/health .*\n(?s:.*)pmpsmart-sandbox: closed\n$`, output)
}

// Others never reach the published password.
func TestBeyondLoopback(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"-addr 0.0.0.0:0 is reached by others and needs another -password: this one is published":             {"-addr", "0.0.0.0:0", "-password", "bukan-rahasia"},
		"-addr :0 is reached by others and needs a -password: -quiet would not tell a random one":             {"-addr", ":0", "-quiet"},
		"-addr [::]:0 is reached by others and needs another -password: this one is published":                {"-addr", "[::]:0", "-password", "bukan-rahasia"},
		"-addr sandbox.test:0 is reached by others and needs a -password: -quiet would not tell a random one": {"-addr", "sandbox.test:0", "-quiet"},
	} {
		out, err := program(t, args...).CombinedOutput()
		assert.Error(t, err)
		assert.Equal(t, "pmpsmart-sandbox: "+want+"\n", string(out))
	}
	passwords := map[string]bool{}
	for range 2 {
		s, first, stderr := startJSON(t, "-addr", "0.0.0.0:0")
		assert.Regexp(t, `^[a-z0-9]{26}$`, first["password"])
		passwords[first["password"]] = true
		c, err := pmpsmart.New(pmpsmart.WithBaseURL(s.url), pmpsmart.WithCredentials(first["email"], first["password"]))
		require.NoError(t, err)
		_, err = c.ListOutlets(t.Context())
		require.NoError(t, err)
		_, err = c.Login(t.Context(), "sandbox@pmpsmart.test", "bukan-rahasia")
		assert.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
		_, err = s.end(os.Interrupt)
		require.NoError(t, err)
		assert.Regexp(t, `^pmpsmart-sandbox: warning: 0\.0\.0\.0:0 is reached by others: .* \(-control=false leaves that out\)\n$`, stderr.String())
	}
	assert.Len(t, passwords, 2)
}

// A loopback address keeps the published password, however it is written.
func TestLoopback(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"127.0.0.1:0", "127.9.9.9:0", "localhost:0", "LocalHost:0", "[::1]:0", "no address"} {
		assert.True(t, isLoopback(addr), addr)
	}
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "localhost.example:0"} {
		assert.False(t, isLoopback(addr), addr)
	}
}

// Who reads the log may go.
func TestOutputThatIsClosed(t *testing.T) {
	t.Parallel()
	cmd := program(t, append([]string{"-addr", "127.0.0.1:0"}, account...)...)
	read, write, err := os.Pipe()
	require.NoError(t, err)
	cmd.Stdout = write
	require.NoError(t, cmd.Start())
	require.NoError(t, write.Close())
	s := &sandbox{t: t, cmd: cmd}
	lines := bufio.NewScanner(read)
	for s.url == "" && lines.Scan() {
		if address, found := strings.CutPrefix(lines.Text(), "  URL "); found {
			s.url = strings.TrimSpace(address)
		}
	}
	require.NoError(t, read.Close())
	for range 3 {
		_, err := s.client().ListOutlets(t.Context())
		require.NoError(t, err)
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	assert.NoError(t, cmd.Wait())
}

// A request that is being answered when the end comes is answered.
func TestGracefulEnd(t *testing.T) {
	t.Parallel()
	s := start(t, append([]string{"-seed", "20000"}, account...)...)
	ended := make(chan error, 1)
	hc := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil || !strings.HasSuffix(r.URL.Path, "/order") {
			return resp, err
		}
		go func() {
			_, err := s.end(syscall.SIGTERM)
			ended <- err
		}()
		require.Eventually(t, func() bool { // it takes no more
			_, err := http.Get(s.url)
			return err != nil
		}, 30*time.Second, 10*time.Millisecond)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body) // at once, since the end waits for some seconds only
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return resp, err
	})}
	orders, err := s.client(pmpsmart.WithHTTPClient(hc)).ListOrders(t.Context(), pmpsmart.OrderFilter{})
	assert.NoError(t, err)
	assert.Len(t, orders, 20000)
	assert.NoError(t, <-ended)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestReadyFileOfOthers(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	notes := filepath.Join(folder, "notes")
	require.NoError(t, os.WriteFile(notes, []byte("catatan"), 0o600))
	link := filepath.Join(folder, "link")
	require.NoError(t, os.Symlink(notes, link))
	bookmarks := filepath.Join(folder, "bookmarks")
	const addresses = "http://127.0.0.1/api/v1\nhttp://toko.test/\n"
	require.NoError(t, os.WriteFile(bookmarks, []byte(addresses), 0o600))
	address := filepath.Join(folder, "address")
	require.NoError(t, os.WriteFile(address, []byte("http://toko.test/alamat penting"), 0o600))
	for path, want := range map[string]string{
		notes: "it holds something else than a URL", bookmarks: "it holds something else than a URL", address: "it holds something else than a URL", link: "it is no regular file", folder: "it is no regular file", os.DevNull: "it is no regular file",
	} {
		out, err := program(t, "-addr", "127.0.0.1:0", "-json", "-quiet", "-ready-file", path).CombinedOutput()
		assert.Error(t, err)
		assert.Contains(t, string(out), "pmpsmart-sandbox: -ready-file "+path+": "+want+"\n")
	}
	text, err := os.ReadFile(notes)
	require.NoError(t, err)
	assert.Equal(t, "catatan", string(text))
	text, err = os.ReadFile(bookmarks)
	require.NoError(t, err)
	assert.Equal(t, addresses, string(text))
}

func TestVersion(t *testing.T) {
	t.Parallel()
	out, err := program(t, "-version").Output()
	require.NoError(t, err)
	assert.Regexp(t, `^pmpsmart-sandbox \S+ go1\.\S+\n$`, string(out))
}

// An error is one line, whatever a path holds.
func TestErrorIsOneLine(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-data", "none/a\n::error::forged"}, {"-like", "a\n::error::forged"}, {"-style", "a\n::error::forged"}} {
		out, err := program(t, append(args, "-addr", "127.0.0.1:0")...).CombinedOutput()
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
		assert.NotRegexp(t, regexp.MustCompile(`(?m)^::error`), string(out))
		assert.Equal(t, 1, strings.Count(string(out), "\n"), string(out))
	}
}

func TestFlagMistakes(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		`-empty and -seed exclude each other`:                                                                  {"-empty", "-seed", "3"},
		`-style-for is "ListOrders"; want an op and styles, such as ListOrders=loose`:                          {"-style-for", "ListOrders"},
		`-now is "besok"; want a time with its zone, such as 2031-01-02T03:04:05+07:00`:                        {"-now", "besok"},
		`-seed-end is "besok"; want a day such as 2026-02-09`:                                                  {"-seed-end", "besok"},
		`-fault: unknown member knd, known are op, page, nth, kind, wait_ms, bytes, status, header, body`:      {"-fault", `{"knd":"reset"}`},
		`-fault: the body is an array; want an object such as {"op":"GetOrder","kind":"delay","wait_ms":2000}`: {"-fault", `[]`},
		`-random-faults has "reset"; want a kind and its chance, such as reset=0.05`:                           {"-random-faults", "reset"},
		`-random-faults has invalid chances: map[reset:2]`:                                                     {"-random-faults", "reset=2"},
		`-delay is -1s; want none or more`:                                                                     {"-delay", "-1s"},
		`-allow-host has "http://uji/"; want the name or address of a host, such as sandbox`:                   {"-allow-host", "sandbox,http://uji/"},
		`invalid value "lama" for flag -delay: want a time such as 30s, 5m or 2h (-h tells the flags)`:         {"-delay", "lama"},
		`-max-body is 0 bytes; want at least 1`:                                                                {"-max-body", "0"},
	} {
		out, err := program(t, append(args, "-addr", "127.0.0.1:0")...).CombinedOutput()
		assert.Error(t, err)
		assert.Equal(t, "pmpsmart-sandbox: "+want+"\n", string(out))
	}
}
