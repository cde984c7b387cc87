package pmpsmarttest

import (
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
)

// Reset puts the server back to its start: data, tokens, accounts, styles, faults,
// requests, clock and maintenance are as the options made them. What waits on purpose
// ends, and a request of before changes nothing any more. It panics if the file of
// [WithDataFile] can't be written.
func (s *Server) Reset() { must("Reset", s.sandbox.Reset(nil)) }

// SetStyle sets the style of all endpoints in place of those of [WithStyle] and
// [WithStyleFor]; several add up. It panics if there is no such style.
func (s *Server) SetStyle(styles ...Style) {
	must("SetStyle", s.sandbox.SetStyle("", names(styles)...))
}

// SetStyleFor sets the style of one endpoint, named as the client's method, in place of
// the one that it has. It panics if there is no such endpoint or style.
func (s *Server) SetStyleFor(op string, styles ...Style) {
	must("SetStyleFor", sandbox.Ops().Check(op))
	must("SetStyleFor", s.sandbox.SetStyle(op, names(styles)...))
}

// SetClock stops the server's clock at a time, and makes the sample data end on its
// day. It panics if the file of [WithDataFile] can't be written.
func (s *Server) SetClock(now time.Time) { must("SetClock", s.sandbox.SetClock(now)) }

// AdvanceClock puts the server's clock forward: one that stands stands again, one that
// goes goes on. The sample data ends on its day. It panics as [Server.SetClock] does.
func (s *Server) AdvanceClock(d time.Duration) { must("AdvanceClock", s.sandbox.AdvanceClock(d)) }

// RealClock gives the server the real time, and makes the sample data end today. It
// panics as [Server.SetClock] does.
func (s *Server) RealClock() { must("RealClock", s.sandbox.RealClock()) }

// ExpireTokens ends all tokens, as if each had run out. It panics if the file of
// [WithDataFile] can't be written.
func (s *Server) ExpireTokens() { must("ExpireTokens", s.sandbox.ExpireTokens()) }

// Logins returns the number of logins that have succeeded.
func (s *Server) Logins() int { return s.sandbox.Logins() }

// Fail makes coming requests go wrong. It panics if a fault is invalid, and then none
// is added.
func (s *Server) Fail(faults ...Fault) { must("Fail", s.sandbox.Fail(internalFaults(faults)...)) }

// Unmet returns the faults that no request has met so far.
func (s *Server) Unmet() []Fault {
	var faults []Fault
	for _, f := range s.sandbox.Unmet() {
		faults = append(faults, Fault{
			Op: f.Op, Page: f.Page, Nth: f.Nth, Kind: FaultKind(f.Kind), Wait: f.Wait, Bytes: f.Bytes,
			Status: f.Status, Header: f.Header, Body: f.Body,
		})
	}
	return faults
}

// ClearFaults drops the faults that no request has met. Those of [WithRandomFaults] go
// on.
func (s *Server) ClearFaults() { s.sandbox.ClearFaults() }

// AddAccount lets somebody log in with that email and password; the account of
// an email that is there gets the password.
func (s *Server) AddAccount(email, password string) { s.sandbox.AddAccount(email, password) }

// AddViewer adds an account that may only read: what it writes is a 403.
func (s *Server) AddViewer(email, password string) { s.sandbox.AddViewer(email, password) }

// Down puts the server into maintenance, as "php artisan down" does: it answers
// 503 until [Server.Up]. A retryAfter of a second or more is the header
// Retry-After, in whole seconds.
func (s *Server) Down(retryAfter time.Duration) { s.sandbox.Down(retryAfter) }

// Up ends the maintenance.
func (s *Server) Up() { s.sandbox.Up() }
