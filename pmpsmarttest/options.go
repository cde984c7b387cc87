package pmpsmarttest

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// An Option is a choice made when a server is made.
type Option func(*config) error

// config is what the options say.
type config struct {
	form            form
	forms           map[string]form // by op
	styles          []styleFor
	email, password string
	many, unique    bool
	uniqueOutlets   bool
	data            seed.Data
	perPage         int64
	perMinute       int
	maxBody         int64
	now             func() time.Time
	script          []Fault
	randomSeed      uint64
	chances         map[FaultKind]float64
	dataFile        string
	observe         func(Request)
}

// defaults are a real Laravel's where it has any.
func defaults() config {
	return config{
		form: defaultForm(), email: Email, password: Password, data: seed.New(seed.DefaultOrders),
		perPage: 15, maxBody: 8 << 20, now: time.Now,
	}
}

// styleFor is a style that one endpoint has.
type styleFor struct {
	op     string
	styles []Style
}

// WithStyle changes the way of answering of all endpoints; styles add up.
// Default [Plain].
func WithStyle(styles ...Style) Option {
	return func(c *config) (err error) {
		c.form, err = c.form.with(styles...)
		return err
	}
}

// WithStyleFor changes the way of answering of one endpoint, named as the
// client's method, on top of what [WithStyle] says.
func WithStyleFor(op string, styles ...Style) Option {
	return func(c *config) error {
		if !isOp(op) {
			return unknownOp(op)
		}
		c.styles = append(c.styles, styleFor{op, styles})
		return nil
	}
}

// WithAccount names the account that may log in, in place of [Email] and
// [Password]. [Server.AddAccount] adds others.
func WithAccount(email, password string) Option {
	return func(c *config) error {
		if !isEmail(nil, email, "") || password == "" {
			return fmt.Errorf("WithAccount needs an email address and a password; the address is %q", email)
		}
		c.email, c.password = email, password
		return nil
	}
}

// WithManyTokens lets an account have any number of tokens. Default one: a login
// ends the account's former token, as it does where Laravel keeps an api_token
// beside each user.
func WithManyTokens() Option {
	return func(c *config) error {
		c.many = true
		return nil
	}
}

// WithSeed begins with that many orders, of ids from 1, and with the outlets (at
// least 120), salespeople (at least 12) and visits (at least 60) of a business
// of that size. However many there are, they take no memory. Default 240.
func WithSeed(orders int) Option {
	return func(c *config) error {
		if orders < 0 || orders > math.MaxInt32 {
			return fmt.Errorf("WithSeed is %d; want 0 to %d orders", orders, math.MaxInt32)
		}
		c.data = seed.New(int64(orders))
		return nil
	}
}

// WithEmpty begins with nothing but the account.
func WithEmpty() Option {
	return func(c *config) error {
		c.data = seed.Data{}
		return nil
	}
}

// WithPerPage says how many records are on a page, where lists have pages, at
// most a million. Default 15.
func WithPerPage(n int) Option {
	return func(c *config) error {
		if n < 1 || n > 1_000_000 {
			return fmt.Errorf("WithPerPage is %d; want 1 to 1000000", n)
		}
		c.perPage = int64(n)
		return nil
	}
}

// WithUnique refuses to insert a JSON order whose code is there already. Default
// off: the vendor's page does not say.
func WithUnique() Option {
	return func(c *config) error {
		c.unique = true
		return nil
	}
}

// WithUniqueOutletCodes refuses to give an outlet a code that another outlet has:
// it answers 422, "The kode outlet has already been taken." What is added by
// [Server.AddOutlets] is not checked. Default off: the vendor's page does not
// say.
func WithUniqueOutletCodes() Option {
	return func(c *config) error {
		c.uniqueOutlets = true
		return nil
	}
}

// WithRateLimit lets an account make that many requests in a minute, and answers
// 429 to the others; each answer tells in its headers how many are left. Default
// any number.
func WithRateLimit(perMinute int) Option {
	return func(c *config) error {
		if perMinute < 1 {
			return fmt.Errorf("WithRateLimit is %d a minute; want at least 1", perMinute)
		}
		c.perMinute = perMinute
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
		c.maxBody = int64(bytes)
		return nil
	}
}

// WithClock makes the server call now for the time, of what is written and of the
// rate limit. Many goroutines call it at once. Default [time.Now].
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("WithClock needs a function")
		}
		c.now = now
		return nil
	}
}

// WithFaults makes requests go wrong from the start, as [Server.Fail] does later.
// An invalid fault is an error.
func WithFaults(faults ...Fault) Option {
	return func(c *config) error {
		c.script = append(c.script, faults...)
		return nil
	}
}

// WithRandomFaults makes each request go wrong with this probability, 0 to 1, for
// each kind of fault; together they are at most 1. Whether one does is decided by
// the seed, the op and how many requests of that op there were, so that a test
// can be run again. A FaultDelay waits 1 to 20 ms. Default none.
func WithRandomFaults(seed uint64, chances map[FaultKind]float64) Option {
	return func(c *config) error {
		sum := 0.0
		for kind, chance := range chances {
			if err := kind.check(); err != nil {
				return err
			}
			if sum += chance; !(chance >= 0) || sum > 1 {
				return fmt.Errorf("WithRandomFaults has invalid chances: %v", chances)
			}
		}
		c.randomSeed, c.chances = seed, maps.Clone(chances)
		return nil
	}
}

// WithDataFile keeps what is written in a file, so that a server that is begun
// with the same file goes on where this one was, however it ended: a change is
// on the disk before it is answered. Tokens live on too; accounts do not. One
// server can use a file at a time. Default memory alone.
func WithDataFile(path string) Option {
	return func(c *config) error {
		if path == "" {
			return errors.New("WithDataFile needs a path")
		}
		c.dataFile = path
		return nil
	}
}

// WithObserver makes the server call f with each request as it is answered,
// before the client has read the end of the answer. Many goroutines call it at
// once. Default none.
func WithObserver(f func(Request)) Option {
	return func(c *config) error {
		c.observe = f
		return nil
	}
}
