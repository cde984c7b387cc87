// Package fault says what goes wrong on purpose, and with which request.
package fault

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Fault is something that goes wrong with one request, once. The fields are
// those of pmpsmarttest.Fault, which describes them.
type Fault struct {
	Op     string
	Page   int
	Nth    int
	Kind   Kind
	Wait   time.Duration
	Bytes  int
	Status int
	Header http.Header
	Body   string
}

// A Kind says what goes wrong.
type Kind string

// The kinds, which pmpsmarttest describes.
const (
	Reset      Kind = "reset"
	LostAnswer Kind = "lost answer"
	Delay      Kind = "delay"
	Cut        Kind = "cut"
	Answer     Kind = "answer"
	Drip       Kind = "drip"
	WrongType  Kind = "wrong type"
)

var kinds = []Kind{Reset, LostAnswer, Delay, Cut, Answer, Drip, WrongType}

// Kinds returns all kinds.
func Kinds() []Kind { return slices.Clone(kinds) }

// shortNames are other names that people give a kind.
var shortNames = map[string]Kind{"lost": LostAnswer, "status": Answer}

// ParseKind returns the kind of a name as people of other languages write it:
// lost_answer, lost-answer, lostAnswer, or lost alone. An unknown one is returned as it
// is, for [Kind.Check].
func ParseKind(name string) Kind {
	plain := func(name string) string {
		return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(name))
	}
	for _, kind := range kinds {
		if plain(string(kind)) == plain(name) {
			return kind
		}
	}
	return cmp.Or(shortNames[plain(name)], Kind(name))
}

// Ops are the operations of an API, named as the client's methods, each with
// whether it lists records, which may come in pages.
type Ops map[string]bool

// Check returns an error if there is no operation of a name.
func (o Ops) Check(name string) error {
	if _, ok := o[name]; ok {
		return nil
	}
	var names []string
	for known := range o {
		names = append(names, known)
	}
	slices.Sort(names)
	return fmt.Errorf("unknown op %q, known are %s", name, strings.Join(names, ", "))
}

// String describes a fault and the request that it is for.
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

func (f Fault) check(ops Ops) error {
	if err := f.Kind.Check(); err != nil {
		return err
	}
	if f.Op != "" {
		if err := ops.Check(f.Op); err != nil {
			return err
		}
	}
	if err := f.checkNumbers(); err != nil {
		return err
	}
	switch {
	case f.Page > 0 && f.Op != "" && !ops[f.Op]:
		return fmt.Errorf("fault %s names a page, but %s is no list", f, f.Op)
	case f.Kind == Delay && f.Wait == 0:
		return fmt.Errorf("fault %s needs a Wait", f)
	case f.Bytes > 0 && f.Kind != Cut && f.Kind != Drip:
		return fmt.Errorf("fault %s has Bytes, which are for the kinds %s and %s", f, Cut, Drip)
	case (f.Status > 0 || len(f.Header) > 0 || f.Body != "") && f.Kind != Answer:
		return fmt.Errorf("fault %s has a Status, Header or Body, which are for the kind %s", f, Answer)
	}
	for name, values := range f.Header {
		if !isToken(name) || slices.ContainsFunc(values, hasLineBreak) {
			return fmt.Errorf("fault %s has a Header that HTTP can't send: %.100q", f, name)
		}
	}
	return nil
}

func (f Fault) checkNumbers() error {
	for _, n := range []struct {
		name  string
		value int
	}{{"Nth", f.Nth}, {"Page", f.Page}, {"Bytes", f.Bytes}} {
		if n.value < 0 {
			return fmt.Errorf("fault %s has the %s %d; want 0 or more", f, n.name, n.value)
		}
	}
	switch {
	case f.Wait < 0:
		return fmt.Errorf("fault %s has the Wait %s; want none or more", f, f.Wait)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("fault %s has the Status %d; want 200 to 599", f, f.Status)
	}
	return nil
}

// CheckChances returns an error that begins with a name if the chances of what goes
// wrong at random are none.
func CheckChances(name string, chances map[Kind]float64) error {
	sum := 0.0
	for kind, chance := range chances {
		if err := kind.Check(); err != nil {
			return err
		}
		if sum += chance; !(chance >= 0) || sum > 1 {
			return fmt.Errorf("%s has invalid chances: %v", name, chances)
		}
	}
	return nil
}

// isToken reports whether a text can be the name of a header.
func isToken(text string) bool {
	const marks = "!#$%&'*+-.^_`|~"
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(marks, r))
	})
}

func hasLineBreak(text string) bool { return strings.ContainsAny(text, "\r\n") }

// Check returns an error if there is no such kind.
func (k Kind) Check() error {
	if slices.Contains(kinds, k) {
		return nil
	}
	var names []string
	for _, known := range kinds {
		names = append(names, string(known))
	}
	return fmt.Errorf("fault has the unknown kind %q, known are %s", k, strings.Join(names, ", "))
}
