// Package sandboxcmd is the command that serves a PMP Smart sandbox, for programs in any
// language.
package sandboxcmd

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// The exit statuses.
const (
	exitDone   = 0
	exitFailed = 1 // it can't serve
	exitUsage  = 2 // a mistake in the flags
)

// A usageError is a mistake in the flags.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Run serves a sandbox as the flags say until ctx ends, and returns the exit status. The
// process has to survive that nobody reads its output any more, as command.Main sees to.
func Run(ctx context.Context, env command.Env) int {
	err := run(ctx, env)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.As(err, new(usageError)):
		env.Problem("%v", err)
		return exitUsage
	}
	env.Problem("%v", err)
	return exitFailed
}

// run serves a sandbox until ctx ends.
func run(ctx context.Context, env command.Env) error {
	s, err := parse(env)
	switch {
	case err != nil:
		return usageError{err}
	case s.version:
		fmt.Fprintln(env.Stdout, env.Name, command.Version(), runtime.Version())
		return nil
	case s.health:
		return checkHealth(ctx, s.addr)
	}
	if err := s.readReport(); err != nil {
		return err
	}
	log, warnings := newLog(env.Name, env.Stdout), newLog(env.Name, env.Stderr)
	defer warnings.end()
	defer log.end()
	observe := log.line
	if s.quiet {
		observe = warnings.notKept
	}
	s.options = append(s.options, pmpsmarttest.WithObserver(observe))
	srv, err := pmpsmarttest.Open(s.addr, s.options...)
	if err != nil {
		return errors.New(asFlags.Replace(err.Error()))
	}
	if s.isPublic {
		warnings.say("warning: %s", s.publicWarning())
	}
	s.announce(log, srv)
	if s.readyFile != "" {
		if err := writeReady(s.readyFile, srv.URL); err != nil {
			return errors.Join(err, srv.Close())
		}
		defer removeReady(s.readyFile, srv.URL)
	}
	if s.untilEOF {
		ctx = untilEOF(ctx, env.Stdin)
	}
	<-ctx.Done()
	err = s.end(srv, log)
	if !s.quiet {
		log.say("%s", env.In("closed"))
	}
	return err
}

// untilEOF returns a context that ends when ctx does or when in can't be read any more.
func untilEOF(ctx context.Context, in io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel()
	}()
	return ctx
}

// grace is how long the requests that are being answered have when the server ends.
const grace = 5 * time.Second

// end lets the requests that are being answered end, and tells of faults that no
// request has met: that is for a test to judge.
func (s settings) end(srv *pmpsmarttest.Server, log *requestLog) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	_ = srv.Shutdown(ctx) // Close ends the rest
	if !s.quiet {
		for _, f := range srv.Unmet() {
			log.say("no request met the fault: %s", f)
		}
	}
	srv.ClearFaults()
	return srv.Close()
}

// announce tells that the server serves, and how it is used.
func (s settings) announce(log *requestLog, srv *pmpsmarttest.Server) {
	switch {
	case s.json:
		log.print("%s\n", encode(struct {
			BaseURL    string `json:"base_url"`
			ControlURL string `json:"control_url,omitempty"`
			Email      string `json:"email"`
			Password   string `json:"password"`
		}{srv.URL, srv.ControlURL(), s.email, s.password}))
	case !s.quiet:
		log.print("%s", s.welcome(srv.URL, srv.ControlURL()))
	}
}

// publicWarning says what it means that others reach the server.
func (s settings) publicWarning() string {
	text := s.addr + " is reached by others: who has the password can log in"
	if s.control {
		text += ", and any program that reaches it can steer it without one (-control=false leaves that out)"
	}
	return text
}

// asFlags makes the package's errors speak of flags.
var asFlags = strings.NewReplacer("pmpsmarttest: ", "", "WithSeed", "-seed", "WithPerPage", "-per-page", "WithRateLimit", "-rate-limit",
	"WithMaxBody", "-max-body", "WithControl", "-allow-host", "WithDelay", "-delay", "WithRandomFaults", "-random-faults", "WithAccount needs", "-email and -password need")

// welcome tells how to use a server.
func (s settings) welcome(url, control string) string {
	kept := s.env.In("in memory")
	if s.data != "" {
		kept = fmt.Sprintf(s.env.In("in %s"), redact.SingleLine(s.data))
	}
	seed := s.seed
	if s.empty {
		seed = 0
	}
	steering := s.env.In("none")
	if control != "" {
		steering = fmt.Sprintf(s.env.In("%s\n  page      %s/"), control, control)
	}
	likeText := ""
	if s.like != "" {
		likeText = fmt.Sprintf(s.env.In(", and what %s tells"), redact.SingleLine(s.like))
	}
	return fmt.Sprintf(s.env.In(welcome), url, s.email, s.password, s.style, seed, kept, shellQuoted(s.login()), likeText, steering)
}

const welcome = `PMP Smart sandbox
  URL       %[1]s
  email     %[2]s
  password  %[3]s
  style     %[4]s%[8]s
  data      %[5]d orders at first, kept %[6]s
  control   %[9]s

Try:  curl -X POST %[1]s/auth/login -H 'Content-Type: application/json' -H 'Accept: application/json' -d %[7]s
Then: TOKEN=...   # the token in the answer
      curl -X POST %[1]s/order -H "Authorization: Bearer $TOKEN" -H 'Accept: application/json'
Stop: Ctrl-C

`

// login is the body of a login.
func (s settings) login() string {
	return encode(struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}{s.email, s.password})
}

// encode returns strings as JSON on one line.
func encode(value any) string {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // strings always can be
	return strings.TrimSuffix(text.String(), "\n")
}

// shellQuoted makes one word of a text, whatever stands in it.
func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
