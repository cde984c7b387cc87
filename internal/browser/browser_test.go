package browser

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// requireVariable is the environment variable that makes it a failure that Chromium is
// not installed.
const requireVariable = "PMPSMART_REQUIRE_CHROMIUM"

// patience is how long anything may take on a machine with much else to do.
const patience = 30 * time.Second

// tick is how long is waited between two looks whether something has come true.
const tick = 25 * time.Millisecond

var errNotInstalled = errors.New("chromium is not installed")

// chromium is the one browser, in which each test has tabs of its own.
var chromium = sync.OnceValues(func() (context.Context, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, errNotInstalled
	}
	temporary, err := os.MkdirTemp("", "pmpsmart-browser") // where it leaves files behind
	if err != nil {
		return nil, err
	}
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.DisableGPU,
		chromedp.NoSandbox,                      // which it refuses to have for root
		chromedp.Flag("process-per-site", true), // a process for each tab takes longer than most tests
		chromedp.Env("TZ=Asia/Jakarta", "TMPDIR="+temporary), chromedp.WSURLReadTimeout(patience))...)
	browser, cancelBrowser := chromedp.NewContext(allocator)
	closeChromium = func() {
		_ = chromedp.Cancel(browser) // and waits for it
		cancelBrowser()
		cancelAllocator()
		os.RemoveAll(temporary)
	}
	return browser, chromedp.Do(browser)
})

var closeChromium = func() {}

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "4") // they wait for the browser more than they work
	code := m.Run()
	closeChromium()
	os.Exit(code)
}

// A tab shows the page of a sandbox.
type tab struct {
	t      *testing.T
	ctx    context.Context
	close  func()
	server *pmpsmarttest.Server

	mayComplain bool // the browser, at last
	mu          sync.Mutex
	problems    []string // what the browser complained about
}

// A reader is who looks at the page, and with what.
type reader struct {
	language string // "en-US"
	width    int64  // of the window, 1360
	dark     bool
	query    string // "?lang=id"
	agent    string // "test", the browser's name
}

// open opens the page of a new sandbox. What the browser complains about fails the test.
func open(t *testing.T, who reader, options ...pmpsmarttest.Option) *tab {
	t.Helper()
	server := pmpsmarttest.NewServer(append([]pmpsmarttest.Option{pmpsmarttest.WithControl()}, options...)...)
	t.Cleanup(func() {
		server.ClearFaults()
		assert.NoError(t, server.Close())
	})
	return openAt(t, server, server.ControlURL(), who)
}

// openAt opens the page of a control API.
func openAt(t *testing.T, server *pmpsmarttest.Server, controlURL string, who reader) *tab {
	t.Helper()
	browser, err := chromium()
	if errors.Is(err, errNotInstalled) && os.Getenv(requireVariable) == "" {
		t.Skip(err)
	}
	require.NoError(t, err)
	ctx, cancel := chromedp.NewContext(browser)
	tb := &tab{t: t, ctx: ctx, server: server, close: sync.OnceFunc(cancel)}
	messages := chromedp.Console(ctx)
	read := make(chan struct{})
	go func() {
		defer close(read)
		tb.read(messages)
	}()
	t.Cleanup(func() {
		tb.close()
		<-read
		if !tb.mayComplain {
			assert.Empty(t, tb.problems, "what the browser complained about")
		}
	})
	tb.emulate(who)
	tb.visit(controlURL + "/" + who.query)
	return tb
}

// visit opens a page of a sandbox, and returns when it is complete.
func (tb *tab) visit(url string) {
	tb.t.Helper()
	tb.run(chromedp.Navigate(url))
	tb.wait(`document.documentElement.dataset.ready && document.querySelector("#fact-style").textContent !== "–" && document.querySelector("#style-form select option")`)
}

// read notes what the browser complains about.
func (tb *tab) read(messages func(func(chromedp.ConsoleMessage, error) bool)) {
	for m, err := range messages {
		if err != nil {
			return // the tab is closed
		}
		switch m.Type {
		case chromedp.ConsoleWarning, chromedp.ConsoleError, chromedp.ConsoleException:
			tb.mu.Lock()
			tb.problems = append(tb.problems, m.String()+" "+m.URL)
			tb.mu.Unlock()
		}
	}
}

// waitProblem waits until the browser has complained about something.
func (tb *tab) waitProblem(what string) {
	tb.t.Helper()
	require.Eventually(tb.t, func() bool {
		tb.mu.Lock()
		defer tb.mu.Unlock()
		return slices.ContainsFunc(tb.problems, func(problem string) bool { return strings.Contains(problem, what) })
	}, patience, tick, "the browser does not complain about %s", what)
}

// expectProblems waits until the browser has complained about something, and returns
// all of its complaints, which then are forgotten.
func (tb *tab) expectProblems(what string) []string {
	tb.t.Helper()
	tb.waitProblem(what)
	tb.mu.Lock()
	defer tb.mu.Unlock()
	problems := tb.problems
	tb.problems = nil
	return problems
}

// emulate makes the tab the reader's.
func (tb *tab) emulate(who reader) {
	tb.t.Helper()
	scheme := "light"
	if who.dark {
		scheme = "dark"
	}
	tb.run(chromedp.EmulateViewport(cmp.Or(who.width, 1360), 860))
	call(tb, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: cmp.Or(who.agent, "test"), AcceptLanguage: cmp.Or(who.language, "en-US")})
	call(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	call(tb, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	call(tb, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `addEventListener("securitypolicyviolation", (e) => console.error("policy: " + e.violatedDirective + " " + e.blockedURI))`,
	})
}

// client returns a client of the sandbox that repeats nothing.
func (tb *tab) client() *pmpsmart.Client {
	return tb.server.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
}

// screenshot writes what the tab shows, if the environment names a folder for that;
// docs/sandbox.png is page-1360-false of TestLook.
func (tb *tab) screenshot(name string) {
	tb.t.Helper()
	folder := os.Getenv("PMPSMART_SCREENSHOTS")
	if folder == "" {
		return
	}
	image, err := chromedp.Run(tb.ctx, chromedp.CaptureScreenshot())
	require.NoError(tb.t, err)
	require.NoError(tb.t, os.WriteFile(folder+"/"+name+".png", image, 0o644))
}

// lines returns a text's lines without white space around them.
func lines(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func call[P, R any](tb *tab, command cdp.Command[P, R], params P) {
	tb.t.Helper()
	_, err := chromedp.Call(tb.ctx, command, params)
	require.NoError(tb.t, err)
}
