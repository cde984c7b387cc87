package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/patience"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A doctor asks one server.
type doctor struct {
	client   *pmpsmart.Client
	sandbox  *pmpsmarttest.Server // nil but with -sandbox
	email    string               // "" where there is a token alone
	password string
	hasToken bool
	max      int
	base     string // the path that all others follow, "/api/v1"
	origin   string // scheme and host
	progress *progress

	sample sample // of the orders
	locked bool   // the login failed

	mu        sync.Mutex // answers and drift may come from other goroutines
	report    *report.Report
	endpoints []*endpoint // those of the report
}

// newDoctor makes a doctor of the server that the environment, or -sandbox,
// names.
func newDoctor(o options, env command.Env) (*doctor, error) {
	stderr := env.Stderr
	if o.quiet {
		stderr = io.Discard
	}
	d := &doctor{max: o.max, progress: newProgress(stderr, len(probes))}
	d.report = &report.Report{Format: report.Format, Date: today(), Version: command.LibraryVersion(), MaxRecords: o.max}
	var paths []string
	for _, p := range probes {
		paths = append(paths, p.path)
		e := &report.Endpoint{Path: p.path, Method: p.method, Outcome: report.NotAsked, Answers: []*report.Answer{}, Fields: []*report.Field{}}
		d.report.Endpoints = append(d.report.Endpoints, e)
		d.endpoints = append(d.endpoints, &endpoint{Endpoint: e, census: newCensus(o.max), want: &p.want})
	}
	base, settings, err := d.server(o, env.Getenv)
	if err != nil {
		return nil, err
	}
	d.base, d.origin = pathOf(base), originOf(base)
	keeper := patience.New(patience.Config{Patience: o.patience, Timeout: o.timeout, AskedOnly: true, Listener: d.progress})
	settings = append(settings, keeper.Options()...)
	d.client, err = pmpsmart.New(append(settings,
		pmpsmart.WithHTTPClient(&http.Client{Transport: &tap{next: http.DefaultTransport, base: d.base, paths: paths, see: d.see}}),
		pmpsmart.WithPagesAhead(0), // nothing is asked for that is not read
		pmpsmart.WithRateLimit(o.rate, 1),
		pmpsmart.WithDriftHandler(d.drift),
		pmpsmart.WithUserAgent("pmpsmart-doctor"))...)
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

var errNoAccount = errors.New("set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN (and PMPSMART_BASE_URL for another server than the vendor's); or try it with -sandbox")

// server returns the address and the account, and starts the sandbox.
func (d *doctor) server(o options, getenv func(string) string) (base string, settings []pmpsmart.Option, err error) {
	if o.sandbox {
		d.sandbox = pmpsmarttest.NewServer()
		d.sandbox.AddJSONOrders(pmpsmart.JSONOrder{Code: "PMP-3903001", Data: json.RawMessage(`{"key":"value"}`), Status: pmpsmart.JSONOrderCompleted})
		d.email, d.password = pmpsmarttest.Email, pmpsmarttest.Password
		return d.sandbox.URL, []pmpsmart.Option{pmpsmart.WithBaseURL(d.sandbox.URL), pmpsmart.WithCredentials(d.email, d.password)}, nil
	}
	account, err := readAccount(o, getenv)
	if err != nil {
		return "", nil, err
	}
	if d.password, err = account.ReadPassword(); err != nil { // which the doctor logs in with itself
		return "", nil, err
	}
	d.email, d.hasToken = account.Email, account.Token != ""
	return account.BaseURL, account.Options(), nil
}

// readAccount reads the account of the environment and the flags.
func readAccount(o options, getenv func(string) string) (command.Account, error) {
	account, err := command.ReadAccount(func(name string) string {
		switch {
		case o.password != "" && name == "PMPSMART_PASSWORD":
			return ""
		case o.password != "" && name == "PMPSMART_PASSWORD_FILE":
			return o.password
		}
		return getenv(name)
	})
	if err != nil && o.password != "" {
		err = errors.New(strings.ReplaceAll(err.Error(), "PMPSMART_PASSWORD_FILE", "-password-file"))
	}
	if err == nil && account.IsZero() {
		err = errNoAccount
	}
	account.InsecureHTTP = account.InsecureHTTP || o.insecure
	return account, err
}

// pathOf returns the path of an address, which the client checks.
func pathOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.Path, "/")
}

func (d *doctor) close() {
	if d.client != nil {
		d.client.Close()
	}
	if d.sandbox != nil {
		d.sandbox.Close()
	}
}

// examine asks the endpoints one after the other, until the context ends.
func (d *doctor) examine(ctx context.Context) *report.Report {
	d.progress.say("%s %d endpoints that read; nothing is written to the server", d.begins(), len(probes)-1)
	for i, p := range probes {
		d.examineOne(ctx, p, d.endpoints[i])
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.countFields()
	d.report.Interrupted = ctx.Err() != nil
	return d.report
}

// countFields takes the fields of all endpoints from their censuses. An object that
// is keyed by data at one endpoint is so at all.
func (d *doctor) countFields() {
	keyed := make(map[string]bool)
	for _, e := range d.endpoints {
		e.census.findKeyed(keyed)
	}
	for i, e := range d.endpoints {
		e.Counted, e.Fields = e.census.seen, e.census.result(probes[i].names, keyed)
	}
}

// problems returns the errors' texts by endpoint.
func (d *doctor) problems() map[string]string {
	texts := make(map[string]string)
	for _, e := range d.endpoints {
		texts[e.Path] = e.problem
	}
	return texts
}

// begins says what is done first: a login may end the token of another program.
func (d *doctor) begins() string {
	if d.makesLogin() {
		return "logging in and asking"
	}
	return "asking, with the token of PMPSMART_TOKEN,"
}

// makesLogin reports whether the doctor logs in.
func (d *doctor) makesLogin() bool { return d.email != "" && !d.hasToken }

func (d *doctor) examineOne(ctx context.Context, p probe, e *endpoint) {
	d.progress.begin(p.path)
	err := d.obstacle(ctx)
	if err == nil {
		err = p.ask(d, ctx, e)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	e.Milliseconds = e.took.Milliseconds()
	e.judge(err)
	d.progress.finish(p.path, e)
}

// obstacle returns why the next endpoint is not asked.
func (d *doctor) obstacle(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return skipped("interrupted")
	case d.locked:
		return skipped("there was no login")
	}
	return nil
}

// see takes note of an answer.
func (d *doctor) see(a answer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.endpoints {
		if e.Path == a.path {
			e.answered(a)
		}
	}
}

// drift takes note of a drift, its value left out.
func (d *doctor) drift(_ context.Context, drift pmpsmart.Drift) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.endpoints {
		if e.Method == drift.Op {
			got := read(drift.Got).top
			e.Drift = append(e.Drift, report.Drift{Path: report.ShownPath(drift.Path), Want: drift.Want, Got: kindOf("", &got), Count: drift.Count})
		}
	}
}
