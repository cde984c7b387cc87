package pmpsmarttest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Fault is something that goes wrong with one request, once. It is given to
// [WithFaults] or [Server.Fail], which refuse one with a field that its kind
// does not use.
type Fault struct {
	// Op is the client's method whose request it is, "InsertJSONOrder";
	// "" is any of the twelve.
	Op string
	// Page is the page of a list that the request asks for, 1 for the first;
	// 0 is any request. With list=cursor, pages after the first have no number:
	// there only 1 can be named.
	Page int
	// Nth is which of the requests of this Op and Page, counted from when the
	// fault was given: 1 is the next, and repeats count too. 0 is the next that
	// no other fault has. Of a list with pages, a client has the page ahead
	// under way beside the one before it ([pmpsmart.WithPagesAhead]), so that
	// nobody knows which comes first: name the Page there.
	Nth int
	// Kind says what goes wrong.
	Kind FaultKind
	// Wait is how long the server waits before anything else, whatever the
	// kind; for FaultDrip between the pieces. Default none, 10 ms for FaultDrip;
	// FaultDelay needs one. [Server.Close] ends the wait, and so does a client
	// that gives up: then nothing is done. FaultLostAnswer alone does its work
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

var faultKinds = []FaultKind{FaultReset, FaultLostAnswer, FaultDelay, FaultCut, FaultAnswer, FaultDrip, FaultWrongType}

// String tells of a fault as Close's error does.
func (f Fault) String() string {
	which := cmp.Or(f.Op, "any op")
	if f.Page > 0 {
		which += fmt.Sprintf(", page %d", f.Page)
	}
	if f.Nth > 0 {
		which += fmt.Sprintf(", request %d", f.Nth)
	} else {
		which += ", next request"
	}
	return fmt.Sprintf("%s (%s)", f.Kind, which)
}

func (f Fault) check() error {
	if err := f.Kind.check(); err != nil {
		return err
	}
	switch {
	case f.Op != "" && !isOp(f.Op):
		return unknownOp(f.Op)
	case f.Nth < 0 || f.Page < 0 || f.Wait < 0 || f.Bytes < 0 || f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("fault %s has an invalid number: Nth %d, Page %d, Wait %s, Bytes %d, Status %d", f, f.Nth, f.Page, f.Wait, f.Bytes, f.Status)
	case f.Page > 0 && f.Op != "" && !isList(f.Op):
		return fmt.Errorf("fault %s names a page, but %s is no list", f, f.Op)
	case f.Kind == FaultDelay && f.Wait == 0:
		return fmt.Errorf("fault %s needs a Wait", f)
	case f.Bytes > 0 && f.Kind != FaultCut && f.Kind != FaultDrip:
		return fmt.Errorf("fault %s has Bytes, which are for the kinds %s and %s", f, FaultCut, FaultDrip)
	case (f.Status > 0 || len(f.Header) > 0 || f.Body != "") && f.Kind != FaultAnswer:
		return fmt.Errorf("fault %s has a Status, Header or Body, which are for the kind %s", f, FaultAnswer)
	}
	return nil
}

func (k FaultKind) check() error {
	if !slices.Contains(faultKinds, k) {
		return fmt.Errorf("fault has the unknown kind %q, known are %s", k, joined(faultKinds))
	}
	return nil
}

func joined[T ~string](words []T) string {
	var b strings.Builder
	for i, word := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(word))
	}
	return b.String()
}
