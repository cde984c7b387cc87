package pmpsmarttest

import (
	"net/http"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
)

// A Fault is something that goes wrong with one request, once. [WithFaults] and
// [Server.Fail] refuse one with a field that its kind does not use.
type Fault struct {
	// Op is the client's method whose request it is, "InsertJSONOrder";
	// "" is any of the twelve.
	Op string
	// Page is the page of a list that the request asks for, 1 for the first;
	// 0 is any request. With list=cursor, pages after the first have no number,
	// so that only 1 can be named.
	Page int
	// Nth is which of the requests of this Op and Page, counted from when the
	// fault was added: 1 is the next, and retries count too. 0 is the next that
	// meets no other fault. A client prefetches the pages of a list
	// ([pmpsmart.WithPagesAhead]), so that their order is not certain: there,
	// name the Page.
	Nth int
	// Kind says what goes wrong.
	Kind FaultKind
	// Wait is how long the server waits before anything else, whatever the
	// kind; for FaultDrip between the pieces. Default none, 10 ms for FaultDrip;
	// FaultDelay needs one. [Server.Close] ends the wait, and so does a client
	// that gives up: then nothing is done. Only FaultLostAnswer does its work
	// without the client too.
	Wait time.Duration
	// Bytes is how many bytes of the body arrive before a FaultCut, and how
	// many at once in a FaultDrip. Default none, 64 for FaultDrip.
	Bytes int
	// Status, Header and Body are those of a FaultAnswer. Default 500, none,
	// and what Laravel, or for a 502 and 504 nginx, answers with that status.
	Status int
	Header http.Header
	Body   string
}

// FaultKind says what goes wrong.
type FaultKind string

const (
	// FaultReset resets the connection before anything is done.
	FaultReset FaultKind = "reset"
	// FaultLostAnswer does the work, commits it, and then resets the
	// connection. With a Wait the work is done after it, even if the client
	// gave up meanwhile, as PHP does, which learns of that when it answers: a
	// row can appear when nobody waits for it any more. Only [Server.Close]
	// ends such a wait, without the work.
	FaultLostAnswer FaultKind = "lost answer"
	// FaultDelay waits, does the work and answers. If the client gives up during
	// the wait, the work is never done, as if the request had still stood in a
	// queue; a FaultLostAnswer with a Wait is a server that does it all the same.
	FaultDelay FaultKind = "delay"
	// FaultCut does the work and closes the connection after some bytes of the
	// answer's body.
	FaultCut FaultKind = "cut"
	// FaultAnswer answers in the application's place. Nothing is done.
	FaultAnswer FaultKind = "answer"
	// FaultDrip does the work and sends the answer in small pieces.
	FaultDrip FaultKind = "drip"
	// FaultWrongType does the work and sends JSON as text/html, or HTML as JSON.
	FaultWrongType FaultKind = "wrong type"
)

// String describes a fault as the error of [Server.Close] does.
func (f Fault) String() string { return f.internal().String() }

func (f Fault) internal() fault.Fault {
	return fault.Fault{
		Op: f.Op, Page: f.Page, Nth: f.Nth, Kind: fault.Kind(f.Kind), Wait: f.Wait, Bytes: f.Bytes,
		Status: f.Status, Header: f.Header, Body: f.Body,
	}
}

func internalFaults(faults []Fault) []fault.Fault {
	all := make([]fault.Fault, len(faults))
	for i, f := range faults {
		all[i] = f.internal()
	}
	return all
}
