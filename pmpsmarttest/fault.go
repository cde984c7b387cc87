package pmpsmarttest

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Fault is something that goes wrong with one request, once. It is given to
// [WithFaults] or [Server.Fail].
type Fault struct {
	// Op is the client's method whose request it is, "InsertJSONOrder";
	// "" is any of the twelve.
	Op string
	// Nth is which of Op's requests, counted from when the fault was given:
	// 1 is the next, and repeats count too. 0 is the next that no other fault
	// has.
	Nth int
	// Kind says what goes wrong.
	Kind FaultKind
	// Wait is how long the server waits before anything else, whatever the
	// kind; for FaultDrip between the pieces. Default none, 10 ms for FaultDrip.
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
	// FaultLostAnswer does the work, commits it, and then resets the connection.
	FaultLostAnswer FaultKind = "lost answer"
	// FaultDelay does the work after a wait.
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
	op, which := cmp.Or(f.Op, "any op"), "next request"
	if f.Nth > 0 {
		which = fmt.Sprintf("request %d", f.Nth)
	}
	return fmt.Sprintf("%s (%s, %s)", f.Kind, op, which)
}

func (f Fault) check() error {
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return fmt.Errorf("fault has the unknown kind %q, known are %s", f.Kind, joined(faultKinds))
	case f.Op != "" && !isOp(f.Op):
		return unknownOp(f.Op)
	case f.Nth < 0 || f.Wait < 0 || f.Bytes < 0 || f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("fault %s has a number that can't be: Nth %d, Wait %s, Bytes %d, Status %d", f, f.Nth, f.Wait, f.Bytes, f.Status)
	}
	return nil
}

// faults are those that are to come.
type faults struct {
	mu       sync.Mutex
	calls    map[string]int // by op; "" counts all
	scripted []*scripted
	seed     uint64
	chances  map[FaultKind]float64
}

type scripted struct {
	Fault
	since int // requests of its op before it was given
}

func (fs *faults) add(all ...Fault) error {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range all {
		if err := f.check(); err != nil {
			return err
		}
		fs.scripted = append(fs.scripted, &scripted{Fault: f, since: fs.calls[f.Op]})
	}
	return nil
}

// next gives the fault of the next request of an op, nil where all goes well.
func (fs *faults) next(op string) *Fault {
	if op == "" {
		return nil
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.calls[op]++
	fs.calls[""]++
	for i, f := range fs.scripted {
		if (f.Op == "" || f.Op == op) && (f.Nth == 0 || f.since+f.Nth == fs.calls[f.Op]) {
			fs.scripted = slices.Delete(fs.scripted, i, i+1)
			return &f.Fault
		}
	}
	return fs.random(op)
}

// random draws a fault by the seed, the op and how many requests it had: so that
// concurrent requests of other ops change nothing.
func (fs *faults) random(op string) *Fault {
	if len(fs.chances) == 0 {
		return nil
	}
	hash := fnv.New64a()
	fmt.Fprint(hash, op, fs.calls[op])
	dice := rand.New(rand.NewPCG(fs.seed, hash.Sum64()))
	draw := dice.Float64()
	for _, kind := range faultKinds {
		if draw -= fs.chances[kind]; draw < 0 {
			statuses := []int{500, 502, 503, 504}
			f := &Fault{Op: op, Kind: kind, Bytes: 1 + dice.IntN(512), Status: statuses[dice.IntN(len(statuses))]}
			if kind == FaultDelay || kind == FaultDrip {
				f.Wait = time.Duration(1+dice.IntN(20)) * time.Millisecond
			}
			return f
		}
	}
	return nil
}

// unused is an error that names each scripted fault that no request met.
func (fs *faults) unused() error {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var errs []error
	for _, f := range fs.scripted {
		errs = append(errs, fmt.Errorf("pmpsmarttest: no request met the fault: %s", f.Fault))
	}
	return errors.Join(errs...)
}

func (x *exchange) is(kind FaultKind) bool { return x.fault != nil && x.fault.Kind == kind }

// pass waits as the fault wants, and reports whether the request gets through.
func (x *exchange) pass() bool {
	if x.fault != nil && !x.is(FaultDrip) && !x.s.wait(x.r.Context(), x.fault.Wait) || x.is(FaultReset) {
		x.hangUp(true)
		return false
	}
	return true
}

// spoil prepares the wire for a fault.
func (x *exchange) spoil() {
	switch {
	case x.is(FaultCut):
		x.w.cut, x.w.left = true, int64(x.fault.Bytes)
	case x.is(FaultDrip):
		x.w.piece = cmp.Or(x.fault.Bytes, 64)
		pause := cmp.Or(x.fault.Wait, 10*time.Millisecond)
		x.w.pause = func() bool { return x.s.wait(x.r.Context(), pause) }
	}
}

// faultAnswer is the answer of a FaultAnswer.
func (x *exchange) faultAnswer() answer {
	f := x.fault
	status := cmp.Or(f.Status, http.StatusInternalServerError)
	switch {
	case f.Body != "":
		a := answer{status: status, header: f.Header, page: f.Body}
		if f.Header.Get("Content-Type") == "" && strings.ContainsAny(f.Body[:1], "{[") {
			a.header = a.header.Clone()
			if a.header == nil {
				a.header = http.Header{}
			}
			a.header.Set("Content-Type", jsonType)
		}
		return a
	case status < 300:
		return answer{status: status, header: f.Header}
	case status == http.StatusBadGateway || status == http.StatusGatewayTimeout:
		return answer{status: status, header: f.Header, page: nginxPage(status)}
	}
	refused := laravelFailure(status)
	refused.header = f.Header
	return x.fail(refused)
}

// laravelFailure is Laravel's own failure of a status.
func laravelFailure(status int) failure {
	switch status {
	case 401:
		return unauthenticated
	case 403:
		return forbidden
	case 404:
		return unknownRoute
	case 413:
		return tooLarge
	case 422:
		return invalid(object{{"kode_order", []any{say(requiredMessage, "kode_order", "")}}})
	case 429:
		return failure{status: status, message: "Too Many Attempts.", class: throttleClass}
	case 500:
		return serverError
	}
	return failure{status: status, message: http.StatusText(status), class: httpClass}
}

func nginxPage(status int) string {
	title := fmt.Sprintf("%d %s", status, strings.Replace(http.StatusText(status), "Gateway Timeout", "Gateway Time-out", 1))
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
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
