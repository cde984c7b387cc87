package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// program is the quickstart, built once as a user builds it.
var program string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "quickstart-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "quickstart")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		return 1
	}
	return m.Run()
}

// command is the quickstart with nothing of PMP Smart in its environment but what is given.
func command(t *testing.T, env ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	cmd, stdout, stderr = exec.CommandContext(t.Context(), program), new(bytes.Buffer), new(bytes.Buffer)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

func on(url, email, password string) []string {
	return []string{"PMPSMART_BASE_URL=" + url, "PMPSMART_EMAIL=" + email, "PMPSMART_PASSWORD=" + password}
}

func server(t *testing.T, opts ...pmpsmarttest.Option) *pmpsmarttest.Server {
	s := pmpsmarttest.NewServer(opts...)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func TestOnSandbox(t *testing.T) {
	t.Parallel()
	cmd, stdout, stderr := command(t)
	require.NoError(t, cmd.Run(), stderr)
	assert.Empty(t, stderr.String())
	text := regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(stdout.String(), "HOST")
	for _, want := range []string{
		"This is a sandbox in this process, http://HOST/api/v1. Its data is made up.",
		"Logged in as sandbox@pmpsmart.test. The token prints as [redacted].",
		"  ID  CODE     NAME                   ADDRESS\n  1   OUT-001  Warung Sumber Urip     Jl. Kartini No. 127, Tegal\n",
		"  1   Ferryanto       19      2026-01-01 09:15 WIB\n",
		"  2    PMP-0000002  2026-01-01  3      25      Rp 896.000\n",
		"Order 2, PMP-0000002, in detail:\n  PRODUCT              QTY  PRICE\n  Sampo Sachet isi 12  2    Rp 11.000\n",
		"Order 2 was pending and now is complete; 40 are left.",
		"now has the code OUT-JKT-88.",
		"JSON order PMP-3903001 (id 1) was inserted: {",
		"JSON order PMP-3903001 (id 1) was there already: {",
		"  pmpsmart: GetOrder: 404 Not Found: ",
		"Logged out.",
	} {
		assert.Contains(t, text, want)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	assert.Contains(t, lines[len(lines)-1], "PMPSMART_EMAIL=you@example.com PMPSMART_PASSWORD=secret go run ./examples/quickstart")
}

func TestOnLiveServerReadsOnly(t *testing.T) {
	t.Parallel()
	s := server(t, pmpsmarttest.WithAccount("ada@toko.id", "rahasia"), pmpsmarttest.WithStyle(pmpsmarttest.Paginated))
	cmd, stdout, stderr := command(t, on(s.URL, "ada@toko.id", "rahasia")...)
	require.NoError(t, cmd.Run(), stderr)
	assert.Empty(t, stderr.String())
	assert.Contains(t, stdout.String(), "This is "+s.URL+", as ada@toko.id. Nothing is written to it.\n")
	assert.Contains(t, stdout.String(), "Order 2, PMP-0000002, in detail:")
	assert.NotContains(t, stdout.String(), "rahasia")

	reads := []string{"Login", "ListOutlets", "ListSalesUsers", "ListVisits", "ListOrders", "GetOrder"}
	for _, request := range s.Requests() {
		assert.Contains(t, reads, request.Op)
		assert.Contains(t, request.Header.Get("User-Agent"), "pmpsmart-quickstart")
	}
}

func TestOnLiveServerWithAToken(t *testing.T) {
	t.Parallel()
	s := server(t)
	session, err := s.Client().Login(t.Context(), pmpsmarttest.Email, pmpsmarttest.Password)
	require.NoError(t, err)
	cmd, stdout, stderr := command(t, "PMPSMART_BASE_URL="+s.URL, "PMPSMART_TOKEN="+string(session.Token))
	require.NoError(t, cmd.Run(), stderr)
	assert.Contains(t, stdout.String(), "This is "+s.URL+", as the token's account. Nothing is written to it.\n")
	assert.Equal(t, 1, s.Logins())
}

func TestOnEmptyServer(t *testing.T) {
	t.Parallel()
	s := server(t, pmpsmarttest.WithEmpty())
	cmd, stdout, stderr := command(t, on(s.URL, pmpsmarttest.Email, pmpsmarttest.Password)...)
	require.NoError(t, cmd.Run(), stderr)
	assert.Equal(t, 4, strings.Count(stdout.String(), "  none\n"))
}

// What goes wrong is one line and exit status 1.
func TestFailures(t *testing.T) {
	s := server(t)
	nobody := unusedAddress(t)
	vendors := append(on("", "a@b.id", "p"), "HTTPS_PROXY=http://"+nobody) // so that the test reaches no further
	for name, tt := range map[string]struct {
		env  []string
		want string
	}{
		"wrong password": {on(s.URL, pmpsmarttest.Email, "keliru"),
			"pmpsmart: ListOutlets: login: 401 Unauthorized: Email atau password salah"},
		"unreachable host": {on("http://"+nobody+"/api/v1", "a@b.id", "p"),
			"pmpsmart: ListOutlets: login: can't reach http://" + nobody + ": dial tcp " + nobody + ": connect: connection refused"},
		"http":          {on("http://api.pmpsmart.com/api/v1", "a@b.id", "p"), `pmpsmart: New: PMPSMART_BASE_URL is "http://api.pmpsmart.com/api/v1", and http would show`},
		"no address":    {on("api.pmpsmart.com", "a@b.id", "p"), `pmpsmart: New: PMPSMART_BASE_URL is "api.pmpsmart.com"; want an address like https://`},
		"only a URL":    {on(s.URL, "", ""), "pmpsmart: ListOutlets: not sent, unauthorized: no token and no credentials; "},
		"no password":   {on(s.URL, "a@b.id", ""), "pmpsmart: New: FromEnv found PMPSMART_EMAIL without PMPSMART_PASSWORD; "},
		"only an email": {on("", "a@b.id", ""), "pmpsmart: New: FromEnv found PMPSMART_EMAIL without PMPSMART_PASSWORD; "},
		"no email":      {on("", "", "p"), "pmpsmart: New: FromEnv found PMPSMART_PASSWORD without PMPSMART_EMAIL; "},
		"no good token": {[]string{"PMPSMART_TOKEN=two words"}, "pmpsmart: New: PMPSMART_TOKEN "},
		"no URL":        {vendors, "pmpsmart: ListOutlets: login: can't reach https://api.pmpsmart.com: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd, stdout, stderr := command(t, tt.env...)
			err := cmd.Run()
			require.Error(t, err)
			if name == "only a URL" {
				assert.Empty(t, stdout.String(), "there is no account to speak of")
			}
			assert.Equal(t, 1, cmd.ProcessState.ExitCode())
			assert.True(t, strings.HasPrefix(stderr.String(), "quickstart: "+tt.want), stderr)
			assert.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr)
		})
	}
}

// Whoever asks for help gets it, and what is not understood is not passed over.
func TestArguments(t *testing.T) {
	t.Parallel()
	cmd, stdout, stderr := command(t)
	cmd.Args = append(cmd.Args, "-h")
	require.NoError(t, cmd.Run(), stderr)
	assert.True(t, strings.HasPrefix(stdout.String(), "usage: quickstart\n"), stdout)
	assert.Contains(t, stdout.String(), "PMPSMART_TOKEN")
	for argument, want := range map[string]string{
		"orders":  "quickstart: unexpected argument \"orders\"; -h tells more\n",
		"-orders": "quickstart: flag provided but not defined: -orders; -h tells more\n",
	} {
		cmd, stdout, stderr := command(t)
		cmd.Args = append(cmd.Args, argument)
		require.Error(t, cmd.Run())
		assert.Equal(t, 1, cmd.ProcessState.ExitCode())
		assert.Empty(t, stdout.String())
		assert.Equal(t, want, stderr.String())
	}
}

// unusedAddress is one where nobody listens.
func unusedAddress(t *testing.T) string {
	u, err := url.Parse(testserver.Unreachable(t))
	require.NoError(t, err)
	return u.Host
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	var once sync.Once
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // else the server does not see the client go
		once.Do(func() { close(arrived) })
		<-r.Context().Done()
	}))
	defer silent.Close()
	cmd, _, stderr := command(t, on(silent.URL, "a@b.id", "p")...)
	require.NoError(t, cmd.Start())
	<-arrived
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	assert.Equal(t, 130, cmd.ProcessState.ExitCode())
	assert.Equal(t, "quickstart: interrupted\n", stderr.String())
}
