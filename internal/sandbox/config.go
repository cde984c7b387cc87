package sandbox

import (
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// Prefix is the path of the API.
const Prefix = "/api/v1"

// StyleHeader is a request header that names the styles of that one response.
const StyleHeader = "X-Style"

// Config says what a Sandbox is at first. The options of pmpsmarttest describe
// its fields.
type Config struct {
	Form            shape.Form
	StylesFor       []StylesFor
	Report          *report.Report // tells how the endpoints that read answer; nil is as Form has it
	Email, Password string         // of the account that may log in
	ManyTokens      bool
	UniqueCodes     bool // of JSON orders
	UniqueOutlets   bool // their codes
	Data            seed.Data
	EndToday        bool // the last week of Data ends on the clock's day
	PerPage         int64
	PerMinute       int // requests of an account; 0 is any number
	MaxBody         int64
	Now             func() time.Time
	Faults          []fault.Fault
	RandomSeed      uint64
	Chances         map[fault.Kind]float64
	Delay           time.Duration // of each response
	BodyTimeout     time.Duration // how long a request's body may bring nothing
	MaxRequests     int           // that are kept for [Sandbox.Requests]
	MaxKept         int           // their bytes
	DataFile        string
	Observe         func(Request) // is called for each request; nil is nobody
}

// StylesFor are styles of one endpoint.
type StylesFor struct {
	Op     string
	Styles []string
}

// Default returns a Config without an account, with a real Laravel's values where
// it has any.
func Default() Config {
	return Config{
		Form: shape.Default(), Data: seed.New(seed.DefaultOrders),
		PerPage: 15, MaxBody: 8 << 20, BodyTimeout: 30 * time.Second, Now: time.Now,
		MaxRequests: 10_000, MaxKept: 16 << 20,
	}
}
