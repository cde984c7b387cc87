package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// run serves a sandbox as args say until ctx ends.
func run(ctx context.Context, args []string, out io.Writer) error {
	s, err := parse(args, out)
	if err != nil {
		return err
	}
	log := &requestLog{out: out}
	srv, err := pmpsmarttest.Open(s.addr, append(s.options, pmpsmarttest.WithObserver(log.line))...)
	if err != nil {
		return errors.New(asFlags.Replace(err.Error()))
	}
	log.print("%s", s.welcome(srv.URL))
	<-ctx.Done()
	err = srv.Close()
	log.print("pmpsmart-sandbox: closed\n")
	return err
}

// asFlags makes the package's errors speak of flags.
var asFlags = strings.NewReplacer("pmpsmarttest: ", "", "WithSeed", "-seed", "WithPerPage", "-per-page", "WithRateLimit", "-rate-limit",
	"WithAccount needs", "-email and -password need")

// settings are what the flags say.
type settings struct {
	addr, email, password, style, like, data string
	seed                                     int
	options                                  []pmpsmarttest.Option
}

const usage = `Usage: pmpsmart-sandbox [flags]

Serves a PMP Smart API for tests: all twelve endpoints, with sample data.

`

// parse reads the flags. A mistake in them is an error of one line; a call for
// help prints it and is flag.ErrHelp.
func parse(args []string, out io.Writer) (s settings, err error) {
	flags := flag.NewFlagSet("pmpsmart-sandbox", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8089", "`address` to serve; port 0 is any free one")
	flags.StringVar(&s.email, "email", pmpsmarttest.Email, "`email` of the account that may log in")
	flags.StringVar(&s.password, "password", pmpsmarttest.Password, "its `password`")
	flags.StringVar(&s.style, "style", string(pmpsmarttest.Plain), "`styles` of the answers, commas between them, from the list below")
	flags.StringVar(&s.like, "like", "", "answer as the server does of which the `report` of pmpsmart-doctor in this file tells; what it can't tell is as -style has it")
	flags.IntVar(&s.seed, "seed", 240, "how many `orders` there are at first")
	flags.StringVar(&s.data, "data", "", "`file` that keeps what is written across restarts (default memory alone)")
	many := flags.Bool("many-tokens", false, "an account has many tokens; else a login ends the former one")
	unique := flags.Bool("unique", false, "a second JSON order of the same code is refused")
	perPage := flags.Int("per-page", 15, "`records` on a page, in styles with pages")
	rate := flags.Int("rate-limit", 0, "`requests` a minute that an account may make (default any number)")
	err = flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		help(flags, out)
		return s, err
	case err != nil:
		return s, fmt.Errorf("%w (-h tells the flags)", err)
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q (-h tells the flags)", flags.Arg(0))
	}
	s.options = []pmpsmarttest.Option{
		pmpsmarttest.WithAccount(s.email, s.password), pmpsmarttest.WithSeed(s.seed), pmpsmarttest.WithPerPage(*perPage),
	}
	for style := range strings.SplitSeq(s.style, ",") {
		s.options = append(s.options, pmpsmarttest.WithStyle(pmpsmarttest.Style(strings.TrimSpace(style))))
	}
	if *many {
		s.options = append(s.options, pmpsmarttest.WithManyTokens())
	}
	if *unique {
		s.options = append(s.options, pmpsmarttest.WithUnique())
	}
	if *rate != 0 {
		s.options = append(s.options, pmpsmarttest.WithRateLimit(*rate))
	}
	if s.data != "" {
		s.options = append(s.options, pmpsmarttest.WithDataFile(s.data))
	}
	return s, s.readReport()
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
func help(flags *flag.FlagSet, out io.Writer) {
	fmt.Fprint(out, usage)
	flags.SetOutput(out)
	flags.PrintDefaults()
	fmt.Fprint(out, "\nStyles: ")
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

// welcome tells how to use a server.
func (s settings) welcome(url string) string {
	kept := "in memory"
	if s.data != "" {
		kept = "in " + s.data
	}
	likeText := ""
	if s.like != "" {
		likeText = ", and what " + s.like + " tells"
	}
	return fmt.Sprintf(`PMP Smart sandbox
  URL       %[1]s
  email     %[2]s
  password  %[3]s
  style     %[4]s%[8]s
  data      %[5]d orders at first, kept %[6]s

Try:  curl -X POST %[1]s/auth/login -H 'Content-Type: application/json' -H 'Accept: application/json' -d %[7]s
Then: TOKEN=...   # the token in the answer
      curl -X POST %[1]s/order -H "Authorization: Bearer $TOKEN" -H 'Accept: application/json'
Stop: Ctrl-C

`, url, s.email, s.password, s.style, s.seed, kept, shellQuoted(s.login()), likeText)
}

// login is the body of a login.
func (s settings) login() string {
	var body strings.Builder
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	_ = e.Encode(struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}{s.email, s.password}) // two strings always can be
	return strings.TrimSuffix(body.String(), "\n")
}

// shellQuoted makes one word of a text, whatever stands in it.
func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// A requestLog prints a line for each request.
type requestLog struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *requestLog) print(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, format, args...)
}

func (l *requestLog) line(r pmpsmarttest.Request) {
	path := (&url.URL{Path: r.Path}).EscapedPath() // on one line, whatever stands in it
	if r.Query != "" {
		path += "?" + redact.SingleLine(r.Query)
	}
	l.print("%s %3d %-4s %-36s %8d bytes %10s  %s\n",
		time.Now().Format(time.TimeOnly), r.Status, r.Method, path, r.Sent, r.Duration.Round(time.Microsecond), r.Op)
}
