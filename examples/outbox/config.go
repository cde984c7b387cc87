package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// A config holds the settings from the flags and the environment.
type config struct {
	addr     string
	host     string // the name by which a proxy of this machine asks for the service
	database string // a postgres:// URL, the path of a SQLite file, or "" for a temporary one
	sandbox  bool
	json     bool
	collect  bool
	drain    time.Duration

	workers     int           // orders that a process sends at once
	maxAttempts int           // before an order is parked
	timeout     time.Duration // of an attempt
	retryMin    time.Duration // the wait after the first attempt that failed
	retryMax    time.Duration
	hold        time.Duration // the shortest time that nothing is sent when PMP Smart wants nothing
	sweep       time.Duration // between two looks for forgotten orders
}

const usage = `Outbox takes JSON orders over HTTP and brings each to PMP Smart exactly once. Run as
many as you like: those with one -database share the work.

  PMPSMART_EMAIL, PMPSMART_PASSWORD   the account to log in with (or
  PMPSMART_PASSWORD_FILE              the file of its password), or
  PMPSMART_TOKEN                      a token that is good already
  PMPSMART_BASE_URL                   another server than the vendor's
  DATABASE_URL                        the default of -database

With no PMPSMART_ variable set it sends to a sandbox in its own process.

Usage: outbox [flags]
`

// A usageError is an error in the arguments: the exit status is 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// parseConfig parses and checks the flags. An error in them is a usageError.
func parseConfig(args []string, stdout io.Writer) (c config, err error) {
	f := flag.NewFlagSet("outbox", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&c.addr, "addr", "127.0.0.1:8080", "listen on this `address`; port 0 is any free one")
	f.StringVar(&c.host, "host", "", "the `name` that requests may be for beside localhost, as they come from a proxy on this machine")
	f.StringVar(&c.database, "database", "", "keep the orders in a SQLite `file`, or in PostgreSQL, a postgres:// URL; default DATABASE_URL, else outbox.db, and with the sandbox a temporary file")
	f.BoolVar(&c.sandbox, "sandbox", false, "send to a sandbox in this process, whatever the environment says")
	f.IntVar(&c.workers, "workers", 8, "how many orders this process sends at once")
	f.IntVar(&c.maxAttempts, "max-attempts", 25, "park an order after so many failed attempts")
	f.DurationVar(&c.timeout, "timeout", time.Minute, "how long an attempt may take, retries of the client included")
	f.DurationVar(&c.retryMin, "retry-min", 2*time.Second, "the wait after the first failed attempt; it doubles with each")
	f.DurationVar(&c.retryMax, "retry-max", 30*time.Minute, "the longest such wait")
	f.DurationVar(&c.hold, "hold", 30*time.Second, "send nothing for so long when PMP Smart is in maintenance or limits the rate, unless it says how long; ten times as long when it does not let the account in")
	f.DurationVar(&c.sweep, "sweep", 15*time.Second, "look so often for orders that nobody works on")
	f.DurationVar(&c.drain, "drain", 30*time.Second, "how long requests and orders under way may take at the end")
	f.BoolVar(&c.collect, "otlp", false, "send traces and metrics to a collector; OTEL_EXPORTER_OTLP_ENDPOINT says where it is")
	f.BoolVar(&c.json, "json", false, "log JSON, and nothing else")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		f.SetOutput(stdout)
		f.PrintDefaults()
		return c, err
	} else if err != nil {
		return c, usagef("%s; -h lists the flags", strings.Replace(err.Error(), ": parse error", ": want a value like the default, a duration with its unit (30s)", 1))
	}
	if !isSet("PMPSMART_BASE_URL") && !hasAccount() {
		c.sandbox = true
	}
	if c.database == "" {
		c.database = os.Getenv("DATABASE_URL")
	}
	if c.database == "" && !c.sandbox {
		c.database = "outbox.db"
	}
	return c, c.check(f.Args())
}

// check checks the flags together with the environment. rest holds the arguments
// after the flags.
func (c config) check(rest []string) error {
	scheme, _, isURL := strings.Cut(c.database, "://")
	switch {
	case len(rest) > 0:
		return usagef("unexpected argument %q; -h lists the flags", rest[0])
	case isURL && !c.isPostgres():
		return usagef("the database is a %s:// URL; want postgres://user:password@host/name or the path of a SQLite file", scheme)
	case strings.ContainsAny(c.database, "?#%") && !isURL:
		return usagef("the path of the SQLite file holds ?, # or %%, which would be read as part of a URL")
	case !c.sandbox && !hasAccount():
		return errors.New("PMPSMART_BASE_URL is set and no account; set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN")
	case c.workers < 1 || c.workers > 100 || c.maxAttempts < 1 || c.maxAttempts > 1000:
		return usagef("-workers is from 1 to 100, -max-attempts from 1 to 1000")
	case min(c.timeout, c.retryMin, c.retryMax, c.hold, c.sweep, c.drain) <= 0 || c.retryMax < c.retryMin:
		return usagef("-timeout, -retry-min, -retry-max, -hold, -sweep and -drain want a positive duration, and -retry-max at least -retry-min")
	}
	return nil
}

// isPostgres reports whether the database is PostgreSQL.
func (c config) isPostgres() bool {
	return strings.HasPrefix(c.database, "postgres://") || strings.HasPrefix(c.database, "postgresql://")
}

// lease returns how long an attempt is trusted to be under way. An attempt ends
// before that or its process has died, or sleeps.
func (c config) lease() time.Duration { return c.timeout + min(c.timeout, 15*time.Second) }

// hasAccount reports whether the environment names an account, or a part of one.
func hasAccount() bool {
	return isSet("PMPSMART_EMAIL", "PMPSMART_PASSWORD", "PMPSMART_PASSWORD_FILE", "PMPSMART_TOKEN")
}

// isSet reports whether any of the environment variables is set.
func isSet(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return os.Getenv(name) != "" })
}
