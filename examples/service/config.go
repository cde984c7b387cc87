package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// A config holds the settings from the flags and the environment.
type config struct {
	addr       string
	sandbox    bool
	redis      *redis.Options // nil for tokens in memory
	telemetry  string
	metrics    string // address of the listener for Prometheus, "" for none
	timeout    time.Duration
	drain      time.Duration
	drainDelay time.Duration
	json       bool
}

const usage = `Service serves the orders of PMP Smart over HTTP. Run as many as you like: with
-redis they share one login, which matters since a server that keeps one token an
account ends the others' with each login.

  PMPSMART_EMAIL, PMPSMART_PASSWORD   the account to log in with (or
  PMPSMART_PASSWORD_FILE              the file of its password), or
  PMPSMART_TOKEN                      a token that is good already
  PMPSMART_BASE_URL                   another server than the vendor's

With none of them set it serves a sandbox in its own process.

Usage: service [flags]
`

// A usageError is an error in the arguments: the exit status is 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// parseConfig parses and checks the flags. An error in them is a usageError.
func parseConfig(args []string, stdout io.Writer) (c config, err error) {
	f := flag.NewFlagSet("service", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&c.addr, "addr", "127.0.0.1:8080", "listen on this `address`; port 0 is any free one")
	f.BoolVar(&c.sandbox, "sandbox", false, "serve a sandbox in this process, whatever the environment says")
	store := f.String("redis", "", "share the token through this Redis: `host:port` or a redis:// URL; without it the token is in memory")
	f.StringVar(&c.telemetry, "telemetry", nowhere, "`where` traces and metrics go: none, stdout, otlp (the collector that OTEL_EXPORTER_OTLP_ENDPOINT names), or memory, which /debug/telemetry shows to whoever can ask")
	f.StringVar(&c.metrics, "metrics", "", "serve /metrics to Prometheus on this `address`, another than -addr so that the public can't reach it")
	f.DurationVar(&c.timeout, "timeout", 20*time.Second, "how long a request may take, logins and retries included")
	f.DurationVar(&c.drain, "drain", 30*time.Second, "how long requests under way may take at the end")
	f.DurationVar(&c.drainDelay, "drain-delay", 0, "how long /readyz says no before the end: longer than your load balancer takes to see it")
	f.BoolVar(&c.json, "json", false, "log JSON, and nothing else")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		f.SetOutput(stdout)
		f.PrintDefaults()
		return c, err
	} else if err != nil {
		return c, usagef("%s; -h lists the flags", strings.Replace(err.Error(), ": parse error", ": want a value like the default, a duration with its unit (30s)", 1))
	}
	if c.redis, err = parseRedis(*store); err != nil {
		return c, err
	}
	if !isSet("PMPSMART_BASE_URL", "PMPSMART_EMAIL", "PMPSMART_PASSWORD", "PMPSMART_PASSWORD_FILE", "PMPSMART_TOKEN") {
		c.sandbox = true
	}
	return c, c.check(f.Args())
}

// check checks the flags together with the environment. rest holds the arguments
// after the flags.
func (c config) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return usagef("unexpected argument %q; -h lists the flags", rest[0])
	case !slices.Contains([]string{nowhere, inMemory, toStdout, toCollector}, c.telemetry):
		return usagef("-telemetry is %q; want %s, %s, %s or %s", c.telemetry, nowhere, inMemory, toStdout, toCollector)
	case !c.sandbox && !isSet("PMPSMART_EMAIL", "PMPSMART_PASSWORD", "PMPSMART_PASSWORD_FILE", "PMPSMART_TOKEN"):
		return errors.New("PMPSMART_BASE_URL is set and no account; set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN")
	case c.timeout <= 0 || c.drain <= 0 || c.drainDelay < 0:
		return usagef("-timeout and -drain want a positive duration, -drain-delay one that is not negative")
	}
	return nil
}

// isSet reports whether any of the environment variables is set.
func isSet(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return os.Getenv(name) != "" })
}

// parseRedis parses the address of a Redis; it returns nil for "". Its errors do
// not show text, which may hold a password.
func parseRedis(text string) (*redis.Options, error) {
	if text == "" {
		return nil, nil
	}
	if strings.Contains(text, "://") {
		o, err := redis.ParseURL(text)
		if err != nil {
			return nil, usagef("-redis is no URL like redis://user:password@host:6379/0")
		}
		return o, nil
	}
	host, port, err := net.SplitHostPort(text)
	if n, portErr := strconv.ParseUint(port, 10, 16); err != nil || portErr != nil || n == 0 || strings.ContainsAny(host, "@/ ") {
		return nil, usagef("-redis wants host:port, such as localhost:6379 or [::1]:6379, or a URL like redis://user:password@host:6379/0")
	}
	return &redis.Options{Addr: text}, nil
}
