package doctor

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func TestBadInputIsOneLine(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	noReport := filepath.Join(folder, "no-report.json")
	require.NoError(t, os.WriteFile(noReport, []byte(`{"a":1}`), 0o600))
	damaged := filepath.Join(folder, "damaged.json")
	require.NoError(t, os.WriteFile(damaged, []byte(`{"pmpsmart_doctor":1,"endpoints":[{"answers":[null]}]}`), 0o600))
	future := filepath.Join(folder, "future.json")
	require.NoError(t, os.WriteFile(future, []byte(`{"pmpsmart_doctor":3}`), 0o600))
	for _, test := range []struct {
		env, args []string
		want      string
	}{
		{nil, nil, "set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN"},
		{[]string{"PMPSMART_EMAIL=a@b.id"}, nil, "PMPSMART_EMAIL is set without PMPSMART_PASSWORD"},
		{[]string{"PMPSMART_TOKEN=abcdef", "PMPSMART_BASE_URL=http://example.com"}, nil,
			`pmpsmart-doctor: PMPSMART_BASE_URL is "http://example.com", and http would show the password and the token to whoever listens; use https, or give -insecure if the network is trusted`},
		{nil, []string{"-nonsense"}, "-nonsense; -h lists the flags"},
		{nil, []string{"-sandbox", "order"}, `unexpected argument "order"`},
		{nil, []string{"-sandbox", "-max-records=0"}, "-max-records is 0; want 1 or more"},
		{nil, []string{"-sandbox", "-rate=NaN"}, "-rate is NaN; want more than 0"},
		{nil, []string{"-sandbox", "-timeout=-1s"}, "-timeout is -1s"},
		{nil, []string{"-sandbox", "-o", filepath.Join(folder, "none", "r.json")}, "there is no folder"},
		{nil, []string{"-sandbox", "-o", filepath.Join(noReport, "r.json")}, "there is no folder " + noReport},
		{nil, []string{"-sandbox", "-o", "-"}, "-o - is the standard output; for the report there give -json"},
		{nil, []string{"-sandbox", "-diff", filepath.Join(folder, "none.json")}, "no such file"},
		{nil, []string{"-in", noReport}, "is no report of the doctor"},
		{nil, []string{"-in", damaged}, "is no report of the doctor"},
		{nil, []string{"-in", future}, "is a report of form 3"},
		{nil, []string{"-in", noReport, "-sandbox"}, "exclude each other"},
	} {
		t.Run(strings.Join(append(test.env, test.args...), " "), func(t *testing.T) {
			t.Parallel()
			run := runBinary(t, test.env, test.args...)
			assert.Equal(t, exitFailed, run.code)
			assert.Empty(t, run.stdout)
			assert.Contains(t, run.stderr, test.want)
			assert.Equal(t, 1, strings.Count(run.stderr, "\n"), run.stderr)
		})
	}
}

// A report is saved by a rename, which would put a file where a device was: what
// can't be is refused before the server is asked.
func TestOutputThatIsNoFile(t *testing.T) {
	t.Parallel()
	s := start(t)
	folder := t.TempDir()
	link := filepath.Join(folder, "link")
	require.NoError(t, os.Symlink(folder, link))
	socket := filepath.Join(folder, "socket") // no real device: whoever breaks this should lose none
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	defer listener.Close()
	alias := filepath.Join(folder, "alias")
	require.NoError(t, os.Symlink(socket, alias))
	for name, want := range map[string]string{
		folder:                        "-o " + folder + ": it is a folder",
		folder + "/":                  "it is a folder",
		link:                          "it is a folder",
		socket:                        "-o " + socket + ": it is no regular file",
		alias:                         "it is no regular file",
		filepath.Join(socket, "file"): "there is no folder " + socket,
	} {
		run := runBinary(t, account(s.URL), fast, "-o", name)
		assert.Equal(t, exitFailed, run.code, name)
		assert.Empty(t, run.stdout, name)
		assert.Contains(t, run.stderr, want)
		assert.Equal(t, 1, strings.Count(run.stderr, "\n"), run.stderr)
	}
	assert.Zero(t, len(s.Requests()))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 3)
}

// A link in the report's place goes on leading to it.
func TestOutputByALink(t *testing.T) {
	t.Parallel()
	s := start(t)
	folder := t.TempDir()
	file, link := filepath.Join(folder, "report.json"), filepath.Join(folder, "link")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.NoError(t, os.Symlink(file, link))
	require.Equal(t, exitDone, runBinary(t, account(s.URL), fast, "-o", link).code)
	saved, err := readReport(file)
	require.NoError(t, err)
	assert.Equal(t, report.OK, saved.Of("order").Outcome)
}

func TestHelp(t *testing.T) {
	t.Parallel()
	run := runBinary(t, nil, "-h")
	assert.Equal(t, exitDone, run.code)
	assert.Empty(t, run.stderr)
	for _, word := range []string{"It never writes", "PMPSMART_TOKEN", "-max-records", "-diff", "-sandbox", "-json"} {
		assert.Contains(t, run.stdout, word)
	}
}

func TestSandboxNeedsNoEnvironment(t *testing.T) {
	t.Parallel()
	run := runBinary(t, nil, "-sandbox", fast, "-max-records=5", "-quiet")
	assert.Equal(t, exitDone, run.code)
	assert.Empty(t, run.stderr)
	assert.Contains(t, run.stdout, "data:[record…")
	assert.Contains(t, run.stdout, "5+")
}

// The password may be in a file.
func TestPasswordOfAFile(t *testing.T) {
	t.Parallel()
	s := start(t)
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte(pmpsmarttest.Password+"\r\n"), 0o600))
	env := []string{"PMPSMART_BASE_URL=" + s.URL, "PMPSMART_EMAIL=" + pmpsmarttest.Email, "PMPSMART_PASSWORD_FILE=" + file}
	run := runBinary(t, env, fast)
	assert.Zero(t, run.code, run.stderr)
	assert.Equal(t, 1, s.Logins())
	env[2] += ".old"
	run = runBinary(t, env, fast)
	assert.Equal(t, exitFailed, run.code)
	assert.Contains(t, run.stderr, "pmpsmart-doctor: PMPSMART_PASSWORD_FILE is ")
}

func TestWrongPasswordIsTriedOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	run := runBinary(t, []string{"PMPSMART_BASE_URL=" + s.URL, "PMPSMART_EMAIL=" + pmpsmarttest.Email, "PMPSMART_PASSWORD=salah-sekali"}, fast)
	assert.Equal(t, exitFailed, run.code)
	assert.Len(t, s.Requests(), 1)
	assert.Contains(t, run.stdout, "auth/login: 401 Unauthorized: Email atau password salah\n")
	assert.Contains(t, run.stdout, "not asked: there was no login")
	assert.NotContains(t, run.stdout+run.stderr, "salah-sekali")
}

func TestFailuresAreTold(t *testing.T) {
	t.Parallel()
	s := start(t, pmpsmarttest.WithStyleFor("ListVisits", "body=html"), pmpsmarttest.WithStyleFor("ListOutlets", "body=cut"),
		pmpsmarttest.WithStyleFor("ListOrders", "noise=html", "type=html"))
	s.Fail(pmpsmarttest.Fault{Op: "ListSalesUsers", Kind: pmpsmarttest.FaultAnswer, Status: 502})
	run := runBinary(t, account(s.URL), fast, "-json")
	assert.Equal(t, exitFailed, run.code)
	r := parseReport(t, run.stdout)
	assert.Equal(t, "unreadable", r.Of("visit").Outcome)
	assert.Equal(t, report.IsHTML, r.Of("visit").Answers[0].Shape)
	outlets := r.Of("master/outlet")
	assert.NotEqual(t, report.OK, outlets.Outcome)
	assert.Contains(t, outlets.Answers[0].Shape, report.IsCut)
	users := r.Of("user/sales")
	assert.Equal(t, report.OK, users.Outcome) // repeated
	assert.Equal(t, []int{502, 200}, []int{users.Answers[0].HTTP, users.Answers[1].HTTP})
	order := r.Of("order")
	assert.Equal(t, "html", order.Answers[0].Noise)
	assert.Equal(t, "text/html", order.Answers[0].Media)
	assert.NotEmpty(t, order.Drift)
}

func TestDiff(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "old.json")
	s := start(t, pmpsmarttest.WithSeed(30))
	require.Equal(t, exitDone, runBinary(t, account(s.URL), fast, "-o", file).code)

	run := runBinary(t, account(s.URL), fast, "-diff", file)
	assert.Equal(t, exitDone, run.code)
	assert.Contains(t, run.stdout, "Nothing changed since "+file)

	s = start(t, pmpsmarttest.WithStyle("numbers=text", "list=paginated"), pmpsmarttest.WithSeed(30))
	var extra pmpsmart.Extra
	require.NoError(t, extra.UnmarshalJSON([]byte(`{"checkin":"2026-02-02 08:00:00"}`)))
	s.AddVisits(pmpsmart.Visit{Name: "Kunjungan", UserID: 1, OutletID: 1, Extra: extra})
	run = runBinary(t, account(s.URL), fast, "-diff", file)
	require.Equal(t, exitChanged, run.code, run.stderr)
	for _, want := range []string{
		"order kinds user_id integer → integer-in-string",
		"visit new field checkin sql-time",
		"data:{paginator,data:[record]}}",
	} {
		assert.Contains(t, strings.Join(strings.Fields(run.stdout), " "), want)
	}

	again := filepath.Join(t.TempDir(), "new.json")
	require.Equal(t, exitDone, runBinary(t, account(s.URL), fast, "-o", again).code)
	run = runBinary(t, nil, "-in", file, "-diff", again, "-json")
	assert.Equal(t, exitChanged, run.code, run.stderr)
	assert.Contains(t, parseReport(t, run.stdout).Changes, report.Change{Path: "visit", What: "lost field", Name: "checkin", Was: "sql-time"})
}

// TestInterrupt has one endpoint that never answers.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	sandbox := start(t)
	arrived := make(chan bool, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/master/outlet") {
			arrived <- true
			<-r.Context().Done()
		}
		sandbox.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	file := filepath.Join(t.TempDir(), "report.json")
	var stdout, stderr bytes.Buffer
	c := program(account(s.URL+"/api/v1"), fast, "-o", file)
	c.Stdout, c.Stderr = &stdout, &stderr
	require.NoError(t, c.Start())
	<-arrived
	require.NoError(t, c.Process.Signal(os.Interrupt))
	assert.Error(t, c.Wait())
	assert.Equal(t, exitInterrupted, c.ProcessState.ExitCode())
	assert.Contains(t, stderr.String(), "interrupted; 4 of 7 endpoints gave a good answer, nothing was written to the server")
	assert.Contains(t, stdout.String(), "visit                  -     not asked: interrupted")
	saved, err := readReport(file)
	require.NoError(t, err)
	assert.True(t, saved.Interrupted)
	assert.Equal(t, "interrupted", saved.Of("master/outlet").Outcome)
}

func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &progress{w: &out, terminal: true, count: 3}
	p.begin("order")
	p.records("order", 7)
	p.finish("order", &endpoint{Endpoint: &report.Endpoint{Outcome: report.OK}})
	p.begin("visit")
	p.end()
	assert.Equal(t, "\r\x1b[K[---] order\r\x1b[K[---] order: 7 records\r\x1b[K[#--] visit\r\x1b[K", out.String())
}
