package sandboxcmd

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// The test's own program is the sandbox where this is set, so that a test can
// start it, and kill it, as the process that it is.
const asSandbox = "PMPSMART_SANDBOX_TEST"

func TestMain(m *testing.M) {
	if os.Getenv(asSandbox) != "" {
		command.Main("pmpsmart-sandbox", Run)
	}
	os.Exit(m.Run())
}

func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), asSandbox+"=1", "GORACE=atexit_sleep_ms=0")
	return cmd
}

// A sandbox is a process that serves.
type sandbox struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	output chan string // all that it printed, once it has ended
}

func start(t *testing.T, args ...string) *sandbox {
	t.Helper()
	s := &sandbox{t: t, cmd: program(t, append([]string{"-addr", "127.0.0.1:0"}, args...)...), output: make(chan string, 1)}
	stdout, err := s.cmd.StdoutPipe()
	require.NoError(t, err)
	var stderr bytes.Buffer
	s.cmd.Stderr = &stderr
	require.NoError(t, s.cmd.Start())
	url := make(chan string, 1)
	go func() {
		var all strings.Builder
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			all.WriteString(lines.Text() + "\n")
			if address, found := strings.CutPrefix(lines.Text(), "  URL "); found {
				url <- strings.TrimSpace(address)
			}
		}
		close(url)
		s.output <- all.String()
	}()
	s.url = <-url
	require.NotEmpty(t, s.url, "the sandbox did not start: %s", &stderr)
	return s
}

// end ends the process by a signal and gives what it printed.
func (s *sandbox) end(signal os.Signal) (string, error) {
	s.t.Helper()
	require.NoError(s.t, s.cmd.Process.Signal(signal))
	output := <-s.output
	return output, s.cmd.Wait()
}

func (s *sandbox) client(opts ...pmpsmart.Option) *pmpsmart.Client {
	s.t.Helper()
	c, err := pmpsmart.New(append([]pmpsmart.Option{
		pmpsmart.WithBaseURL(s.url), pmpsmart.WithCredentials("a@b.id", "rahasia-b"),
		pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}),
	}, opts...)...)
	require.NoError(s.t, err)
	return c
}

var account = []string{"-email", "a@b.id", "-password", "rahasia-b"}

// Whatever ends the process, and whenever: what it has acknowledged is there
// when it starts again.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			args := append([]string{"-data", filepath.Join(t.TempDir(), "data")}, account...)
			acknowledged := map[string]int{}
			for round := range 3 {
				s := start(t, args...)
				for _, code := range s.writeUntilKilled(signal, round) {
					acknowledged[code]++
				}
			}
			s := start(t, args...)
			orders, err := s.client().FilterJSONOrders(t.Context(), pmpsmart.JSONOrderFilter{})
			require.NoError(t, err)
			found := map[string]int{}
			for _, order := range orders {
				if found[order.Code]++; acknowledged[order.Code] == 0 {
					acknowledged[order.Code]++ // it was written, but the answer never came
				}
			}
			assert.Equal(t, acknowledged, found)
			order, err := s.client().GetOrder(t.Context(), 198)
			require.NoError(t, err)
			assert.Equal(t, pmpsmart.OrderCancel, order.Status)
			_, err = s.end(syscall.SIGTERM)
			assert.NoError(t, err)
		})
	}
}

// writeUntilKilled gives the codes whose insert was acknowledged.
func (s *sandbox) writeUntilKilled(signal syscall.Signal, round int) (codes []string) {
	c := s.client()
	_, err := c.UpdateOrderStatus(s.t.Context(), 198, pmpsmart.OrderCancel)
	require.NoError(s.t, err)
	var mu sync.Mutex
	var wg sync.WaitGroup
	enough := make(chan struct{})
	for writer := range 4 {
		wg.Go(func() {
			for n := 0; ; n++ {
				code := fmt.Sprintf("R%d-W%d-%d", round, writer, n)
				_, err := c.InsertJSONOrder(s.t.Context(), pmpsmart.JSONOrderInput{Code: code, Data: json.RawMessage(`{}`), Status: "completed"})
				if err != nil {
					return
				}
				mu.Lock()
				if codes = append(codes, code); len(codes) == 50 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	<-enough
	_, err = s.end(signal)
	assert.Equal(s.t, signal == syscall.SIGKILL, err != nil, "%v", err)
	wg.Wait()
	return codes
}

func TestServe(t *testing.T) {
	t.Parallel()
	s := start(t, append([]string{"-style", "loose,times=unix", "-seed", "1000", "-per-page", "20", "-unique", "-many-tokens"}, account...)...)
	c := s.client()
	orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	assert.Len(t, orders, 1000)
	_, err = c.GetOrder(t.Context(), 1001)
	assert.EqualError(t, err, "pmpsmart: GetOrder: refused with HTTP 200: Data tidak ditemukan")
	output, err := s.end(os.Interrupt)
	require.NoError(t, err)

	address := strings.TrimSuffix(s.url, "/api/v1")
	want := `^PMP Smart sandbox
  URL       ` + regexp.QuoteMeta(s.url) + `
  email     a@b\.id
  password  rahasia-b
  style     loose,times=unix
  data      1000 orders at first, kept in memory
  control   ` + regexp.QuoteMeta(address) + `/_sandbox
  page      ` + regexp.QuoteMeta(address) + `/_sandbox/

Try:  curl -X POST ` + regexp.QuoteMeta(address) + `/api/v1/auth/login .* -d '\{"email":"a@b\.id","password":"rahasia-b"\}'
Then: TOKEN=\.\.\.   # the token in the answer
      curl -X POST ` + regexp.QuoteMeta(address) + `/api/v1/order -H "Authorization: Bearer \$TOKEN" -H 'Accept: application/json'
Stop: Ctrl-C

\d\d:\d\d:\d\d 200 POST /api/v1/auth/login  +\d+ bytes +\S+s  Login
\d\d:\d\d:\d\d 200 POST /api/v1/order  +\d+ bytes +\S+s  ListOrders
\d\d:\d\d:\d\d 200 POST /api/v1/order/detail  +\d+ bytes +\S+s  GetOrder
pmpsmart-sandbox: closed
$`
	assert.Regexp(t, want, output)
}

// A report of the doctor makes the answers those of the server that it tells of.
func TestLike(t *testing.T) {
	t.Parallel()
	const file = "../../pmpsmarttest/testdata/report.json"
	s := start(t, append([]string{"-like", file, "-seed", "30"}, account...)...)
	orders, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	require.Len(t, orders, 30)
	assert.Regexp(t, `^"08\d{9}"$`, string(loadSales(t, orders[29])["telepon"]))
	output, err := s.end(os.Interrupt)
	require.NoError(t, err)
	assert.Contains(t, output, "\n  style     plain, and what "+file+" tells\n")
}

func loadSales(t *testing.T, o pmpsmart.Order) (sales map[string]json.RawMessage) {
	t.Helper()
	require.NoError(t, json.Unmarshal(o.Extra.Get("sales"), &sales))
	return sales
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	taken := start(t)
	defer taken.end(os.Interrupt)
	address := strings.TrimPrefix(strings.TrimSuffix(taken.url, "/api/v1"), "http://")
	data := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.WriteFile(data, []byte("catatan\n"), 0o600))
	usage := []string{"-ada", "banyak", "serve"}
	for want, args := range map[string][]string{
		`flag provided but not defined: -ada (-h tells the flags)`:                        {"-ada"},
		`invalid value "banyak" for flag -seed: want a whole number (-h tells the flags)`: {"-seed", "banyak"},
		`unexpected argument "serve" (-h tells the flags)`:                                {"serve"},
		`-seed is -5; want 0 to 2147483647 orders`:                                        {"-seed", "-5"},
		`-per-page is 0; want 1 to 1000000`:                                               {"-per-page", "0"},
		`-rate-limit is -3 a minute; want at least 1`:                                     {"-rate-limit", "-3"},
		`-email and -password need an email address and a password; the address is "a@b"`: {"-email", "a@b", "-password", ""},
		`listen tcp: address 8089: missing port in address`:                               {"-addr", "8089"},
		`listen tcp ` + address + `: bind: address already in use`:                        {"-addr", address},
		`-like: ` + data + ` is no report of the doctor`:                                  {"-like", data},
		`-like: open ` + data + `x: no such file or directory`:                            {"-like", data + "x"},
		`data file ` + data + `: line 1: this is no data file of a sandbox`:               {"-data", data},
	} {
		out, err := program(t, args...).CombinedOutput()
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit, "%v", args)
		status := 1
		if slices.Contains(usage, args[len(args)-1]) {
			status = 2
		}
		assert.Equal(t, status, exit.ExitCode(), "%v", args)
		assert.Equal(t, "pmpsmart-sandbox: "+want+"\n", string(out))
	}
	out, err := program(t, "-style", "plain,aneh").CombinedOutput()
	assert.Error(t, err)
	assert.Regexp(t, `^pmpsmart-sandbox: unknown style "aneh", known are plain, .*\n$`, string(out))
}

func TestHelp(t *testing.T) {
	t.Parallel()
	out, err := program(t, "-h").Output()
	require.NoError(t, err)
	for _, part := range []string{"Usage: pmpsmart-sandbox [flags]\n", "\n  -addr address\n", "\n  -data file\n", "\nStyles: plain strings ", "\n  list=paginated simple cursor "} {
		assert.Contains(t, string(out), part)
	}
}

// The vendor's page, run by a shell as it stands, but for host, token and
// password.
func TestCurl(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	s := start(t, "-email", "api@pmpsmart.com", "-password", "rahasia-b")
	defer s.end(os.Interrupt)
	curl := func(token, text string) string {
		text = strings.NewReplacer("https://api.pmpsmart.com/api/v1", s.url, "{token}", token, "*****", "rahasia-b").Replace(text)
		out, err := exec.CommandContext(t.Context(), "sh", "-c", text).Output()
		require.NoError(t, err, text)
		return string(out)
	}
	login := curl("", `curl --request POST \
"https://api.pmpsmart.com/api/v1/auth/login" \
--header "Content-Type: application/json" \
--header "Accept: application/json" \
--data "{
\"email\": \"api@pmpsmart.com\",
\"password\": \"*****\"
}"`)
	token := regexp.MustCompile(`[A-Za-z0-9]{60}`).FindString(login)
	require.NotEmpty(t, token, login)
	assert.Contains(t, curl(token, `curl --request POST \
"https://api.pmpsmart.com/api/v1/json/order" \
--header "Authorization: Bearer {token}" \
--header "Content-Type: application/json" \
--header "Accept: application/json" \
--data "{
\"kode_order\": \"PMP-3903001\",
\"json_data\": \"{\\\"key\\\": \\\"value\\\"}\",
\"status\": \"completed\"
}"`), `{"status":"success","message":"Kode outlet berhasil diperbarui","data":{"id":1,"kode_order":"PMP-3903001","json_data":"{\"key\": \"value\"}","status":"completed"`)
	assert.Contains(t, curl(token, `curl --request POST \
"https://api.pmpsmart.com/api/v1/master/outlet" \
--header "Authorization: Bearer {token}" \
--header "Content-Type: application/json" \
--header "Accept: application/json"`), `"message":"Logout berhasil","data":[{"id":1,`)
}

// However many orders are listed through the process, it stays small: a million in
// a long run, and fewer otherwise.
func TestManyOrders(t *testing.T) {
	manyOrders := fewerOrders
	if testserver.Long(t) {
		manyOrders = allOrders
	}
	s := start(t, append([]string{"-seed", strconv.Itoa(manyOrders)}, account...)...)
	n := 0
	for _, err := range s.client().ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, manyOrders, n)
	if status, err := os.Open(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid)); err == nil {
		text, err := io.ReadAll(status)
		require.NoError(t, err)
		require.NoError(t, status.Close())
		peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindStringSubmatch(string(text))
		require.NotNil(t, peak)
		kib, err := strconv.Atoi(peak[1])
		require.NoError(t, err)
		t.Logf("the process took %d KiB", kib)
		assert.Less(t, kib, mostKiB)
	}
	_, err := s.end(os.Interrupt)
	assert.NoError(t, err)
}
