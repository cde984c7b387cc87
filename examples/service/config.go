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

	"github.com/redis/go-redis/v9"
)

// A config is what flags and environment say.
type config struct {
	addr       string
	sandbox    bool
	redis      *redis.Options // nil for tokens in memory
	telemetry  string
	timeout    time.Duration
	drain      time.Duration
	drainDelay time.Duration
	json       bool
}

const usage = `Service serves the orders of PMP Smart over HTTP. Run as many as you like: with
-redis they share one login, which matters since a server that keeps one token an
account ends the others' with each login.

  PMPSMART_EMAIL, PMPSMART_PASSWORD   the account to log in with, or
  PMPSMART_TOKEN                      a token that is good already
  PMPSMART_BASE_URL                   another server than the vendor's

With none of them set it serves a sandbox in its own process.

Usage: service [flags]
`

// parseConfig reads the flags and refuses what can't be right.
func parseConfig(args []string, stdout io.Writer) (c config, err error) {
	f := flag.NewFlagSet("service", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&c.addr, "addr", "127.0.0.1:8080", "listen on this `address`; port 0 is any free one")
	f.BoolVar(&c.sandbox, "sandbox", false, "serve a sandbox in this process, whatever the environment says")
	store := f.String("redis", "", "share the token through this Redis: `host:port` or a redis:// URL; without it the token is in memory")
	f.StringVar(&c.telemetry, "telemetry", nowhere, "`where` traces and metrics go: none, stdout, or memory, which /debug/telemetry shows to whoever can ask")
	f.DurationVar(&c.timeout, "timeout", 20*time.Second, "how long a request may take, logins and repeats included")
	f.DurationVar(&c.drain, "drain", 30*time.Second, "how long requests under way may take at the end")
	f.DurationVar(&c.drainDelay, "drain-delay", 0, "how long /readyz says no before the end: longer than your load balancer takes to see it")
	f.BoolVar(&c.json, "json", false, "log JSON, and nothing else")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		f.SetOutput(stdout)
		f.PrintDefaults()
		return c, err
	} else if err != nil {
		return c, fmt.Errorf("%w; -h lists the flags", err)
	}
	if c.redis, err = parseRedis(*store); err != nil {
		return c, err
	}
	if !isSet("PMPSMART_BASE_URL", "PMPSMART_EMAIL", "PMPSMART_PASSWORD", "PMPSMART_TOKEN") {
		c.sandbox = true
	}
	return c, c.check(f.Args())
}

func (c config) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q; -h lists the flags", rest[0])
	case !slices.Contains([]string{nowhere, inMemory, toStdout}, c.telemetry):
		return fmt.Errorf("-telemetry is %q; want %s, %s or %s", c.telemetry, nowhere, inMemory, toStdout)
	case !c.sandbox && !isSet("PMPSMART_EMAIL", "PMPSMART_PASSWORD", "PMPSMART_TOKEN"):
		return errors.New("PMPSMART_BASE_URL is set and no account; set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN")
	case c.timeout <= 0 || c.drain <= 0 || c.drainDelay < 0:
		return errors.New("-timeout and -drain want a positive duration, -drain-delay one that is not negative")
	}
	return nil
}

// isSet reports whether the environment has any of these.
func isSet(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return os.Getenv(name) != "" })
}

func parseRedis(text string) (*redis.Options, error) {
	switch {
	case text == "":
		return nil, nil
	case strings.Contains(text, "://"):
		o, err := redis.ParseURL(text)
		if err != nil {
			return nil, errors.New("-redis is no URL like redis://user:password@host:6379/0") // err would show the password
		}
		return o, nil
	}
	return &redis.Options{Addr: text}, nil
}
