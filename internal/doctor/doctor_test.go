package doctor

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// The tests' own program is the doctor where this is set, so that they can run it as
// the process that it is.
const asDoctor = "PMPSMART_DOCTOR_TEST"

func TestMain(m *testing.M) {
	if os.Getenv(asDoctor) != "" {
		command.Main("pmpsmart-doctor", Run)
	}
	os.Exit(m.Run())
}

// A result is what a run of the program came to.
type result struct {
	stdout, stderr string
	code           int
}

// program is the program with an environment of its own.
func program(env []string, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	c := exec.Command(self, args...)
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "PMPSMART_") {
			c.Env = append(c.Env, entry)
		}
	}
	c.Env = append(c.Env, asDoctor+"=1", "GORACE=atexit_sleep_ms=0") // or each run takes a second under -race
	c.Env = append(c.Env, env...)
	return c
}

func runBinary(t *testing.T, env []string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := program(env, args...)
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), c.ProcessState.ExitCode()}
}

// account is the environment for a sandbox at that address.
func account(url string) []string {
	return []string{"PMPSMART_BASE_URL=" + url, "PMPSMART_EMAIL=" + pmpsmarttest.Email, "PMPSMART_PASSWORD=" + pmpsmarttest.Password}
}

// start gives a sandbox with a JSON order in it; any style changes its answers.
func start(t *testing.T, opts ...pmpsmarttest.Option) *pmpsmarttest.Server {
	t.Helper()
	s := pmpsmarttest.NewServer(opts...)
	t.Cleanup(func() { s.Close() })
	s.AddJSONOrders(pmpsmart.JSONOrder{Code: "PMP-3903001", Data: json.RawMessage(`{"pelanggan":"Siti Rahayu"}`), Status: "completed"})
	return s
}

func parseReport(t *testing.T, text string) *report.Report {
	t.Helper()
	r := new(report.Report)
	require.NoError(t, json.Unmarshal([]byte(text), r), text)
	return r
}

func kindsOf(e *report.Endpoint, name string) string {
	for _, f := range e.Fields {
		if f.Name == name {
			return f.Counts()
		}
	}
	return ""
}

const fast = "-rate=100000"

func TestWholeApplications(t *testing.T) {
	t.Parallel()
	const one, many = "{status:string,message:string,data:record}", "{status:string,message:string,data:[record]}"
	for _, test := range []struct {
		style                pmpsmarttest.Style
		login, order, detail string // shapes
		id, created          string // kinds
	}{
		{pmpsmarttest.Plain, one, many, one, "integer", "iso-time"},
		{pmpsmarttest.Strings, "{status:string,message:string,data:{access_token:string,token_type:string,user:record}}", many, one, "integer-in-string", "iso-time"},
		{pmpsmarttest.Paginated, one, "{status:string,message:string,data:{paginator,data:[record]}}", one, "integer", "iso-time"},
		{pmpsmarttest.Simple, one, "{status:string,message:string,data:{simple-paginator,data:[record]}}", one, "integer", "iso-time"},
		{pmpsmarttest.Cursor, one, "{status:string,message:string,data:{data:[record],cursor-paginator}}", one, "integer", "iso-time"},
		{pmpsmarttest.Resources, "{data:{user:record},status:string,message:string}", "{data:[record],paginator,status:string,message:string}", "{data:record,status:string,message:string}", "integer", "iso-time"},
		{pmpsmarttest.TopLevel, "{access_token:string,token_type:string,expires_in:null}", "{paginator,data:[record]}", "{data:record}", "integer", "iso-time"},
		{pmpsmarttest.Keyed, "{status:string,message:string,data:{token:string,user:record}}", "{status:string,message:string,data:{*:record}}", "{status:string,message:string,data:{order:record}}", "integer", "iso-time"},
		{pmpsmarttest.Bare, "record", "[record]", "record", "integer", "iso-time"},
		{pmpsmarttest.Loose, "{status:bool,message:string,data:record,token:string,token_type:string}", "{status:bool,message:string,data:[record]}", "{status:bool,message:string,data:record}", "integer", "iso-time"},
		{pmpsmarttest.Rows, "{status:string,message:string,data:string}", many, many, "integer", "iso-time"},
		{pmpsmarttest.Carbon, one, many, one, "integer", "sql-time"},
	} {
		t.Run(string(test.style), func(t *testing.T) {
			t.Parallel()
			s := start(t, pmpsmarttest.WithStyle(test.style), pmpsmarttest.WithSeed(40))
			run := runBinary(t, account(s.URL), "-json", fast)
			require.Equal(t, exitDone, run.code, run.stderr)
			r := parseReport(t, run.stdout)
			order, detail := r.Of("order"), r.Of("order/detail")
			assert.Equal(t, []string{test.login, test.order, test.detail, test.id, test.created},
				[]string{r.Of("auth/login").Answers[0].Shape, order.Answers[0].Shape, detail.Answers[0].Shape, kindsOf(order, "id"), kindsOf(order, "created_at")})
			assert.Equal(t, 40, order.Records)
			assert.NotEmpty(t, kindsOf(detail, "items.*.nama_produk"))
			for _, e := range r.Endpoints {
				assert.Equal(t, report.OK, e.Outcome, e.Path)
			}
		})
	}
}

// TestNeverWrites has the sandbox say which endpoints were called.
func TestNeverWrites(t *testing.T) {
	t.Parallel()
	s := start(t, pmpsmarttest.WithStyle(pmpsmarttest.Paginated))
	require.Equal(t, exitDone, runBinary(t, account(s.URL), fast).code)
	var ops []string
	for _, r := range s.Requests() {
		if !slices.Contains(ops, r.Op) {
			ops = append(ops, r.Op)
		}
	}
	assert.Equal(t, []string{"Login", "ListOrders", "GetOrder", "FilterJSONOrders", "ListOutlets", "ListSalesUsers", "ListVisits"}, ops)
	assert.Equal(t, 1, s.Logins())
}

func TestTable(t *testing.T) {
	t.Parallel()
	s := start(t, pmpsmarttest.WithStyle("numbers=text", "fields=odd"), pmpsmarttest.WithSeed(9))
	run := runBinary(t, account(s.URL), fast)
	require.Equal(t, exitDone, run.code, run.stderr)
	for _, line := range []string{
		"ENDPOINT               HTTP  SHAPE",
		"order                  200   {status:string,message:string,data:[record]}  9 ",
		"order: drift at data.*.user_id: want integer, got string, 3 times",
		"order: 9 fields in 9 records, 1 that no struct names (*)",
		"  user_id     9  integer-in-string 6, string 3",
		"* total       9  integer-in-string",
		"* items.*.nama_produk  ",
	} {
		assert.Contains(t, run.stdout, line)
	}
	assert.Contains(t, run.stderr, "logging in and asking 6 endpoints that read; nothing is written to the server\n")
	assert.Contains(t, run.stderr, "2/7 order: ok, 9 records in 1 request")
}

func TestTokenMakesNoLogin(t *testing.T) {
	t.Parallel()
	s := start(t)
	session, err := s.Client().Login(t.Context(), pmpsmarttest.Email, pmpsmarttest.Password)
	require.NoError(t, err)
	run := runBinary(t, []string{"PMPSMART_BASE_URL=" + s.URL, "PMPSMART_TOKEN=" + string(session.Token)}, fast)
	assert.Equal(t, exitDone, run.code, run.stderr)
	assert.Contains(t, run.stderr, "asking, with the token of PMPSMART_TOKEN, 6 endpoints that read")
	assert.Contains(t, run.stdout, "auth/login             -     not asked: PMPSMART_TOKEN is set")
	assert.Equal(t, 1, s.Logins())
}

func TestMaxRecords(t *testing.T) {
	t.Parallel()
	s := start(t, pmpsmarttest.WithStyle(pmpsmarttest.Paginated), pmpsmarttest.WithSeed(1000))
	r := parseReport(t, runBinary(t, account(s.URL), fast, "-json", "-max-records=31").stdout)
	order := r.Of("order")
	assert.Equal(t, 31, order.Records)
	assert.True(t, order.More)
	assert.Equal(t, 3, order.Requests)
	assert.Equal(t, "integer", kindsOf(order, "id"))
	assert.Equal(t, 31, order.Fields[0].Count)
}
