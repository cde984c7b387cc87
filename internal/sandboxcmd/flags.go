package sandboxcmd

import (
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/host"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/control"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// settings are what the flags say.
type settings struct {
	addr, email, password, style, like, data, readyFile string
	seed                                                int
	empty, quiet, json, control, untilEOF               bool
	health, version                                     bool
	isPublic                                            bool // addr is not loopback
	env                                                 command.Env
	options                                             []pmpsmarttest.Option
}

const usage = `Usage: %s [flags]

Serves a PMP Smart API for tests: all twelve endpoints, with sample data, and under
/_sandbox an API that steers it, for programs in any language, and a page on which
people do. A flag that is not given is taken from the environment, -per-page from
PMPSMART_SANDBOX_PER_PAGE.

`

// A list is a flag that may be given many times.
type list []string

func (l *list) String() string { return strings.Join(*l, " ") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

// given are the flags that become options.
type given struct {
	styleFor, faults, allowHosts list
	many, unique, uniqueOutlets  bool
	perPage, rate, maxBody       int
	now, seedEnd, randomFaults   string
	randomSeed                   uint64
	delay                        time.Duration
}

// parse reads the flags. A mistake in them is an error of one line; a call for
// help prints it and is flag.ErrHelp.
func parse(env command.Env) (s settings, err error) {
	s.env = env
	flags := flag.NewFlagSet(env.Name, flag.ContinueOnError)
	var g given
	s.define(flags)
	g.define(flags)
	err = command.ParseFlags(flags, env.Args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		help(env, flags)
		return s, err
	case err != nil:
		return s, fmt.Errorf("%w (-h tells the flags)", err)
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q (-h tells the flags)", flags.Arg(0))
	case s.version:
		return s, nil
	}
	if err := readEnvironment(flags, env.Getenv); err != nil || s.health {
		return s, err
	}
	isGiven := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { isGiven[f.Name] = true })
	if s.empty && isGiven["seed"] {
		return s, errors.New("-empty and -seed exclude each other")
	}
	if err := s.choosePassword(isGiven["password"]); err != nil {
		return s, err
	}
	return s, s.addOptions(g, isGiven)
}

// define defines the flags of how it is served.
func (s *settings) define(flags *flag.FlagSet) {
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8089", "`address` to serve; port 0 is any free one. Beyond loopback the account needs a password of its own: without -password it gets a random one")
	flags.StringVar(&s.email, "email", pmpsmarttest.Email, "`email` of the account that may log in")
	flags.StringVar(&s.password, "password", pmpsmarttest.Password, "its `password`")
	flags.StringVar(&s.style, "style", string(pmpsmarttest.Plain), "`styles` of the answers, commas between them, from the list below")
	flags.StringVar(&s.like, "like", "", "answer as the server does of which the `report` of pmpsmart-doctor in this file tells; what it can't tell is as -style has it")
	flags.IntVar(&s.seed, "seed", 240, "how many `orders` there are at first; those of the last week end today")
	flags.BoolVar(&s.empty, "empty", false, "no sample data")
	flags.StringVar(&s.data, "data", "", "`file` that keeps what is written across restarts (default memory alone)")
	flags.StringVar(&s.readyFile, "ready-file", "", "write the URL into this `file` once it is served; the end removes it")
	flags.BoolVar(&s.json, "json", false, `the first line of the output is JSON: {"base_url","control_url","email","password"}`)
	flags.BoolVar(&s.quiet, "quiet", false, "print no line for each request, and without -json nothing at all")
	flags.BoolVar(&s.control, "control", true, "serve the control API under /_sandbox; -control=false leaves it out")
	flags.BoolVar(&s.untilEOF, "until-eof", false, "end also when the standard input ends, as it does when the program that started it is gone")
	flags.BoolVar(&s.health, "health", false, "start nothing, but ask whether a sandbox serves at -addr: if not, the exit status is 1")
	flags.BoolVar(&s.version, "version", false, "print the version and end")
}

// define defines the flags that are options of pmpsmarttest.
func (g *given) define(flags *flag.FlagSet) {
	flags.Var(&g.styleFor, "style-for", "`op=styles` of one endpoint, such as ListOrders=list=cursor; may be given many times")
	flags.StringVar(&g.seedEnd, "seed-end", "", "`day` on which the sample data ends, such as 2026-02-09 (default today by its clock)")
	flags.BoolVar(&g.many, "many-tokens", false, "an account has many tokens; else a login ends the former one")
	flags.BoolVar(&g.unique, "unique", false, "a second JSON order of the same code is refused")
	flags.BoolVar(&g.uniqueOutlets, "unique-outlets", false, "an outlet is refused the code of another")
	flags.IntVar(&g.perPage, "per-page", 15, "`records` on a page, in styles with pages")
	flags.IntVar(&g.rate, "rate-limit", 0, "`requests` a minute that an account may make (default any number)")
	flags.IntVar(&g.maxBody, "max-body", 8<<20, "`bytes` of a request's body; a larger one is answered by 413")
	flags.StringVar(&g.now, "now", "", "`time` at which its clock stands, such as 2031-01-02T03:04:05+07:00 (default the real time)")
	command.DurationVar(flags, &g.delay, "delay", 0, "`wait` before each request is handled, such as 200ms, or a number of seconds")
	flags.Var(&g.faults, "fault", `what goes wrong with one request, in the `+"`JSON`"+` of the control API: {"op":"GetOrder","kind":"reset"}; may be given many times`)
	flags.StringVar(&g.randomFaults, "random-faults", "", "`kind=chance` of what goes wrong with each request, commas between them: reset=0.05,lost answer=0.05")
	flags.Uint64Var(&g.randomSeed, "random-seed", 1, "`number` that the random faults follow from")
	flags.Var(&g.allowHosts, "allow-host", "`host` by which it may be steered, beside localhost and its own address; commas between several")
}

// addOptions makes options of the flags.
func (s *settings) addOptions(g given, isGiven map[string]bool) error {
	add := func(when bool, option pmpsmarttest.Option) {
		if when {
			s.options = append(s.options, option)
		}
	}
	add(true, pmpsmarttest.WithAccount(s.email, s.password))
	add(!s.empty, pmpsmarttest.WithSeed(s.seed))
	add(s.empty, pmpsmarttest.WithEmpty())
	add(true, pmpsmarttest.WithPerPage(g.perPage))
	add(true, pmpsmarttest.WithStyle(styles(s.style)...))
	add(g.many, pmpsmarttest.WithManyTokens())
	add(g.unique, pmpsmarttest.WithUnique())
	add(g.uniqueOutlets, pmpsmarttest.WithUniqueOutletCodes())
	add(g.rate != 0, pmpsmarttest.WithRateLimit(g.rate))
	add(isGiven["max-body"], pmpsmarttest.WithMaxBody(g.maxBody))
	add(g.delay != 0, pmpsmarttest.WithDelay(g.delay))
	add(s.data != "", pmpsmarttest.WithDataFile(s.data))
	add(s.control, pmpsmarttest.WithControl(g.hosts()...))
	for _, read := range []func(given) error{s.readStylesFor, s.readDays, s.readFaults, s.readRandomFaults} {
		if err := read(g); err != nil {
			return err
		}
	}
	return nil
}

// hosts returns the hosts of all -allow-host.
func (g given) hosts() (all []string) {
	for _, text := range g.allowHosts {
		for host := range strings.SplitSeq(text, ",") {
			all = append(all, strings.TrimSpace(host))
		}
	}
	return all
}

// styles returns the styles of a text that has commas between them.
func styles(text string) (all []pmpsmarttest.Style) {
	for style := range strings.SplitSeq(text, ",") {
		all = append(all, pmpsmarttest.Style(strings.TrimSpace(style)))
	}
	return all
}

func (s *settings) readStylesFor(g given) error {
	for _, text := range g.styleFor {
		op, names, found := strings.Cut(text, "=")
		if !found {
			return fmt.Errorf("-style-for is %q; want an op and styles, such as ListOrders=loose", text)
		}
		s.options = append(s.options, pmpsmarttest.WithStyleFor(op, styles(names)...))
	}
	return nil
}

// readDays reads the clock and the last day.
func (s *settings) readDays(g given) error {
	if g.now != "" {
		now, err := time.Parse(time.RFC3339Nano, g.now)
		if err != nil {
			return fmt.Errorf("-now is %q; want a time with its zone, such as 2031-01-02T03:04:05+07:00", g.now)
		}
		s.options = append(s.options, pmpsmarttest.WithClock(func() time.Time { return now }))
	}
	if g.seedEnd != "" {
		day, err := pmpsmart.ParseDate(g.seedEnd)
		if err != nil {
			return fmt.Errorf("-seed-end is %q; want a day such as 2026-02-09", g.seedEnd)
		}
		s.options = append(s.options, pmpsmarttest.WithSeedEnd(day))
	}
	return nil
}

func (s *settings) readFaults(g given) error {
	for _, text := range g.faults {
		f, err := control.ParseFault(text)
		if err != nil {
			return fmt.Errorf("-fault: %w", err)
		}
		s.options = append(s.options, pmpsmarttest.WithFaults(pmpsmarttest.Fault{
			Op: f.Op, Page: f.Page, Nth: f.Nth, Kind: pmpsmarttest.FaultKind(f.Kind), Wait: f.Wait, Bytes: f.Bytes,
			Status: f.Status, Header: f.Header, Body: f.Body,
		}))
	}
	return nil
}

func (s *settings) readRandomFaults(g given) error {
	if g.randomFaults == "" {
		return nil
	}
	chances := map[pmpsmarttest.FaultKind]float64{}
	for part := range strings.SplitSeq(g.randomFaults, ",") {
		kind, text, found := strings.Cut(part, "=")
		chance, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if !found || err != nil {
			return fmt.Errorf("-random-faults has %q; want a kind and its chance, such as reset=0.05", part)
		}
		chances[pmpsmarttest.FaultKind(fault.ParseKind(strings.TrimSpace(kind)))] = chance
	}
	s.options = append(s.options, pmpsmarttest.WithRandomFaults(g.randomSeed, chances))
	return nil
}

// choosePassword sees to it that a server that others reach does not have the
// published password.
func (s *settings) choosePassword(isGiven bool) error {
	s.isPublic = !isLoopback(s.addr)
	switch {
	case !s.isPublic:
	case !isGiven && s.quiet && !s.json:
		return fmt.Errorf("-addr %s is reached by others and needs a -password: -quiet would not tell a random one", s.addr)
	case !isGiven:
		s.password = strings.ToLower(rand.Text())
	case s.password == pmpsmarttest.Password:
		return fmt.Errorf("-addr %s is reached by others and needs another -password: this one is published", s.addr)
	}
	return nil
}

// isLoopback reports whether an address is reached from this machine alone.
func isLoopback(addr string) bool {
	name, _, err := net.SplitHostPort(addr)
	return err != nil || host.IsLoopback(name) // no address at all, as net.Listen will say
}

// readReport reads the report of -like.
func (s *settings) readReport() error {
	if s.like == "" {
		return nil
	}
	_, text, err := report.ReadFile(s.like)
	if err != nil {
		return fmt.Errorf("-like: %w", err)
	}
	s.options = append(s.options, pmpsmarttest.WithReport(text))
	return nil
}

// help prints the flags and the styles.
func help(env command.Env, flags *flag.FlagSet) {
	env.PrintHelp(usage, flags)
	out := env.Stdout
	fmt.Fprint(out, "\n"+env.In("Styles:")+" ")
	aspect := ""
	for _, style := range pmpsmarttest.Styles() {
		name, way, _ := strings.Cut(string(style), "=")
		switch {
		case way == "":
			fmt.Fprintf(out, "%s ", name)
		case name != aspect:
			fmt.Fprintf(out, "\n  %s=%s", name, way)
		default:
			fmt.Fprintf(out, " %s", way)
		}
		aspect = name
	}
	fmt.Fprintln(out)
}
