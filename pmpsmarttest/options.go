package pmpsmarttest

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	reports "github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// An Option configures a server when it is made.
type Option func(*config) error

// config is what the options say.
type config struct {
	sandbox.Config
	seedEnd    pmpsmart.Date
	control    bool
	allowHosts []string
}

func newConfig(opts []Option) (config, error) {
	c := config{Config: sandbox.Default()}
	c.Email, c.Password, c.EndToday = Email, Password, true
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(&c); err != nil {
			return c, err
		}
	}
	if !c.seedEnd.IsZero() {
		c.Data, c.EndToday = c.Data.EndingOn(c.seedEnd.Time(pmpsmart.WIB)), false
	}
	return c, nil
}

// WithStyle sets the style of all endpoints; styles add up. Default [Plain].
func WithStyle(styles ...Style) Option {
	return func(c *config) (err error) {
		c.Form, err = c.Form.With(names(styles)...)
		return err
	}
}

// WithStyleFor sets the style of one endpoint, named as the client's method, on
// top of [WithStyle].
func WithStyleFor(op string, styles ...Style) Option {
	return func(c *config) error {
		c.StylesFor = append(c.StylesFor, sandbox.StylesFor{Op: op, Styles: names(styles)})
		return sandbox.Ops().Check(op)
	}
}

// WithReport has the endpoints that read answer as the server does of which a report
// of pmpsmart-doctor tells: in its envelope and pages, with each record's fields in
// their order and kinds, and plausible values. What was written through the API or by
// the server's methods stands as it was written. What the report can't tell, such as
// the responses to writes and errors, is as [WithStyle] has it, and so is the response
// to a request with a [StyleHeader]. Tables are empty at first where the server's were.
// A text that is no report is an error. Default none.
func WithReport(report []byte) Option {
	return func(c *config) (err error) {
		if c.Report, err = reports.Read(report); err != nil {
			err = fmt.Errorf("WithReport: the text %w", err)
		}
		return err
	}
}

// WithAccount sets the account that may log in, in place of [Email] and [Password].
// [Server.AddAccount] adds others.
func WithAccount(email, password string) Option {
	return func(c *config) error {
		if !illuminate.IsEmail(email) || password == "" {
			return fmt.Errorf("WithAccount needs an email address and a password; the address is %q", email)
		}
		c.Email, c.Password = email, password
		return nil
	}
}

// WithManyTokens lets an account have any number of tokens. Default one: a login
// ends the account's former token, as it does if Laravel keeps an api_token in
// the row of each user.
func WithManyTokens() Option {
	return func(c *config) error {
		c.ManyTokens = true
		return nil
	}
}

// WithSeed sets the sample data: that many orders, of ids from 1, and the outlets
// (at least 120), salespeople (at least 12) and visits (at least 60) of a business
// of that size. However many there are, they take no memory. The last week of orders
// and visits ends today by the server's clock ([WithClock]); all before it is of the
// first weeks of 2026; [WithSeedEnd] names another day. Default 240.
func WithSeed(orders int) Option {
	return func(c *config) error {
		if orders < 0 || orders > math.MaxInt32 {
			return fmt.Errorf("WithSeed is %d; want 0 to %d orders", orders, math.MaxInt32)
		}
		c.Data = seed.New(int64(orders))
		return nil
	}
}

// WithSeedEnd makes the last week of the sample data end on a day, whatever the clock,
// so that it is the same each day: 2026-02-09 leaves it where the weeks before it end.
// Default today.
func WithSeedEnd(day pmpsmart.Date) Option {
	return func(c *config) error {
		if day.IsZero() {
			return errors.New("WithSeedEnd needs a day")
		}
		c.seedEnd = day
		return nil
	}
}

// WithEmpty leaves out the sample data. Only the account is there.
func WithEmpty() Option {
	return func(c *config) error {
		c.Data = seed.Data{}
		return nil
	}
}

// WithPerPage sets how many records a page of a paginated list has, at most a
// million. Default 15.
func WithPerPage(n int) Option {
	return func(c *config) error {
		if n < 1 || n > 1_000_000 {
			return fmt.Errorf("WithPerPage is %d; want 1 to 1000000", n)
		}
		c.PerPage = int64(n)
		return nil
	}
}

// WithUnique refuses to insert a JSON order whose code is taken. Default off: the
// vendor's page does not say.
func WithUnique() Option {
	return func(c *config) error {
		c.UniqueCodes = true
		return nil
	}
}

// WithUniqueOutletCodes refuses to give an outlet a code that another outlet has:
// it answers 422, "The kode outlet has already been taken." What is added by
// [Server.AddOutlets] is not checked. Default off: the vendor's page does not
// say.
func WithUniqueOutletCodes() Option {
	return func(c *config) error {
		c.UniqueOutlets = true
		return nil
	}
}

// WithRateLimit limits an account to that many requests a minute and answers 429
// to the others; the headers of each response state how many are left. Default no
// limit.
func WithRateLimit(perMinute int) Option {
	return func(c *config) error {
		if perMinute < 1 {
			return fmt.Errorf("WithRateLimit is %d a minute; want at least 1", perMinute)
		}
		c.PerMinute = perMinute
		return nil
	}
}

// WithMaxBody answers 413 to a request whose body is larger. Default 8 MiB, as
// PHP has it.
func WithMaxBody(bytes int) Option {
	return func(c *config) error {
		if bytes < 1 {
			return fmt.Errorf("WithMaxBody is %d bytes; want at least 1", bytes)
		}
		c.MaxBody = int64(bytes)
		return nil
	}
}

// WithClock sets the clock of the server: the times of what is written, the rate
// limit, and the day on which the sample data ends. Many goroutines call now at once.
// Default [time.Now].
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("WithClock needs a function")
		}
		c.Now = now
		return nil
	}
}

// WithFaults makes requests go wrong from the start, as [Server.Fail] does later.
// An invalid fault is an error.
func WithFaults(faults ...Fault) Option {
	return func(c *config) error {
		c.Faults = append(c.Faults, internalFaults(faults)...)
		return nil
	}
}

// WithRandomFaults makes each request go wrong with this probability, 0 to 1, for
// each kind of fault; together they are at most 1. Whether one does follows from
// the seed, the op and how many requests of that op there were, so that a test
// can be repeated. A FaultDelay waits 1 to 20 ms. Default none.
func WithRandomFaults(seed uint64, chances map[FaultKind]float64) Option {
	return func(c *config) error {
		c.RandomSeed, c.Chances = seed, map[fault.Kind]float64{}
		for kind, chance := range chances {
			c.Chances[fault.Kind(kind)] = chance
		}
		return fault.CheckChances("WithRandomFaults", c.Chances)
	}
}

// WithDelay makes the server wait before it handles each request, as one far away or
// a slow one does. [Server.Close] ends the wait. Default none.
func WithDelay(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return fmt.Errorf("WithDelay is %s; want none or more", d)
		}
		c.Delay = d
		return nil
	}
}

// WithControl serves the control API too, by which programs in other languages steer
// the server, at [Server.ControlURL], and with a "/" behind it a page on which people
// watch and steer it; docs/testing.md describes both. A request to them is a 403 if its
// Host or Origin is neither the server's address, loopback nor one of these hosts.
// Default off.
func WithControl(hosts ...string) Option {
	return func(c *config) error {
		c.control, c.allowHosts = true, hosts
		for _, host := range hosts {
			if strings.ContainsAny(host, "/*?#@ ") {
				return fmt.Errorf("WithControl has %q; want the name or address of a host, such as sandbox", host)
			}
		}
		return nil
	}
}

// WithDataFile keeps what is written in a file, so that another server with the
// same file continues where this one ended, however it ended: a change is on the
// disk before it is answered. Tokens are kept too; accounts are not. One server
// can use a file at a time. A file that is not empty and no data file of a server,
// one that is damaged, and what is no regular file are an error and stay as they are.
// While the disk is full a change is answered by 500. Default memory alone.
func WithDataFile(path string) Option {
	return func(c *config) error {
		if path == "" {
			return errors.New("WithDataFile needs a path")
		}
		c.DataFile = path
		return nil
	}
}

// WithObserver makes the server call f with each request as it is answered, before
// the client has read the end of the response. Many goroutines call it at
// once. Default none.
func WithObserver(f func(Request)) Option {
	return func(c *config) error {
		c.Observe = func(r sandbox.Request) { f(request(r)) }
		return nil
	}
}
