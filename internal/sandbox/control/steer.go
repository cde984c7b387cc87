package control

import (
	"math"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// health reports whether the sandbox takes requests, those that change something included.
func (c *call) health() (any, error) {
	if err := c.world.box.Problem(); err != nil {
		return unwell{map[string]string{"status": "failing", "error": "data file: " + err.Error()}}, nil
	}
	return map[string]string{"status": "ok"}, nil
}

// reset puts the sandbox back to its start, with other sample data or another style if
// the body says so.
func (c *call) reset() (any, error) {
	var in struct {
		Seed  *int64  `json:"seed"`
		Style *string `json:"style"`
	}
	if err := c.readIfAny(&in, `{"seed":240,"style":"plain"}`); err != nil {
		return nil, err
	}
	return nil, c.world.box.Reset(func(start *sandbox.Config) error {
		if err := applySeed(start, in.Seed); err != nil {
			return err
		}
		return applyStyle(start, in.Style)
	})
}

// applySeed sets the sample data of that many orders.
func applySeed(start *sandbox.Config, orders *int64) error {
	if orders == nil {
		return nil
	}
	if *orders < 0 || *orders > math.MaxInt32 {
		return badRequest("seed: %d; want 0 to %d orders", *orders, math.MaxInt32)
	}
	ends := start.Data.Ends
	start.Data = seed.New(*orders)
	start.Data.Ends = ends
	return nil
}

// applyStyle sets the styles of all endpoints, in place of those of the start.
func applyStyle(start *sandbox.Config, style *string) error {
	if style == nil {
		return nil
	}
	form, err := shape.Default().With(sandbox.SplitStyles(*style)...)
	if err != nil {
		return badRequest("style: %v", err)
	}
	start.Form, start.StylesFor = form, nil
	return nil
}

func (c *call) setStyle() (any, error) {
	var in struct {
		Style *string `json:"style"`
		Op    string  `json:"op"`
	}
	const example = `{"style":"loose","op":""}`
	if err := c.read(&in, example); err != nil {
		return nil, err
	}
	if in.Style == nil {
		return nil, badRequest("style is missing; want %s", example)
	}
	if err := c.world.box.SetStyle(in.Op, sandbox.SplitStyles(*in.Style)...); err != nil {
		return nil, badRequest("%v", err)
	}
	return nil, nil
}

// setClock stops the clock, puts it forward, or gives it the real time.
func (c *call) setClock() (any, error) {
	var in struct {
		Now     *string  `json:"now"`
		Advance *float64 `json:"advance_s"`
	}
	const example = `{"now":"2031-01-02T03:04:05+07:00"}, {"advance_s":60} or {}`
	if err := c.read(&in, example); err != nil {
		return nil, err
	}
	box := c.world.box
	switch {
	case in.Now != nil && in.Advance != nil:
		return nil, badRequest("now and advance_s exclude each other; want %s", example)
	case in.Now != nil:
		now, err := parseNow(*in.Now)
		if err != nil {
			return nil, err
		}
		return nil, box.SetClock(now)
	case in.Advance != nil:
		d, err := seconds("advance_s", *in.Advance, maxAdvance)
		if err != nil {
			return nil, err
		}
		return nil, box.AdvanceClock(d)
	}
	return nil, box.RealClock()
}

// maxAdvance is how far the clock can be put forward at once.
const maxAdvance = 100 * 365 * 24 * time.Hour

// parseNow reads a time that the clock is to have.
func parseNow(text string) (time.Time, error) {
	now, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || now.Year() < 1970 || now.Year() > 9000 {
		return now, badRequest("now: %q; want a time with its zone, in the years from 1970 to 9000, such as 2031-01-02T03:04:05+07:00", shown(text))
	}
	return now, nil
}

// seconds returns a number of seconds as a duration.
func seconds(name string, n float64, most time.Duration) (time.Duration, error) {
	if !(n >= 0) || n > most.Seconds() {
		return 0, badRequest("%s: %v; want 0 to %v seconds", name, n, int64(most.Seconds()))
	}
	return time.Duration(n * float64(time.Second)), nil
}

func (c *call) expireTokens() (any, error) {
	if err := c.readNothing(); err != nil {
		return nil, err
	}
	return nil, c.world.box.ExpireTokens()
}

func (c *call) logins() (any, error) {
	return map[string]int{"logins": c.world.box.Logins()}, nil
}

func (c *call) addAccount() (any, error) {
	var in struct {
		Email    string `json:"email"`
		Password string `json:"password"`
		Viewer   bool   `json:"viewer"`
	}
	if err := c.read(&in, `{"email":"gudang@toko.test","password":"rahasia","viewer":false}`); err != nil {
		return nil, err
	}
	if err := checkAccount(in.Email, in.Password); err != nil {
		return nil, err
	}
	if in.Viewer {
		c.world.box.AddViewer(in.Email, in.Password)
	} else {
		c.world.box.AddAccount(in.Email, in.Password)
	}
	return nil, nil
}

// checkAccount returns an error if nobody could log in: Laravel trims both.
func checkAccount(email, password string) error {
	switch {
	case !illuminate.IsEmail(email):
		return badRequest("email: %q is no email address", shown(email))
	case strings.TrimSpace(password) == "" || strings.TrimSpace(password) != password:
		return badRequest("password: want a text without white space around it")
	}
	return nil
}

func (c *call) down() (any, error) {
	var in struct {
		RetryAfter float64 `json:"retry_after_s"`
	}
	if err := c.readIfAny(&in, `{"retry_after_s":9}`); err != nil {
		return nil, err
	}
	d, err := seconds("retry_after_s", in.RetryAfter, maxAdvance)
	if err != nil {
		return nil, err
	}
	c.world.box.Down(d)
	return nil, nil
}

func (c *call) up() (any, error) {
	if err := c.readNothing(); err != nil {
		return nil, err
	}
	c.world.box.Up()
	return nil, nil
}

func (c *call) openAPI() (any, error) {
	if c.s.config.OpenAPI == nil {
		return nil, &mistake{404, "this server has no description of the API"}
	}
	c.s.config.OpenAPI.ServeHTTP(c.w, c.r)
	return handled{}, nil
}

func (c *call) page() (any, error) {
	if c.s.config.Page == nil {
		return nil, &mistake{404, "this server has no page; the paths of its control API are " + known()}
	}
	c.s.config.Page.ServeHTTP(c.w, c.r)
	return handled{}, nil
}
