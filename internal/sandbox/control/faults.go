package control

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
)

// A faultJSON is a fault as the control API has it.
type faultJSON struct {
	Op     string      `json:"op"`
	Page   int         `json:"page,omitempty"`
	Nth    int         `json:"nth,omitempty"`
	Kind   string      `json:"kind"`
	WaitMS float64     `json:"wait_ms,omitempty"`
	Bytes  int         `json:"bytes,omitempty"`
	Status int         `json:"status,omitempty"`
	Header http.Header `json:"header,omitempty"`
	Body   string      `json:"body,omitempty"`
}

const faultExample = `[{"op":"GetOrder","kind":"delay","wait_ms":2000}]`

// maxWait is how long a fault may wait.
const maxWait = 24 * time.Hour

// ParseFault reads one fault as the control API has it.
func ParseFault(text string) (fault.Fault, error) {
	var in faultJSON
	if err := decode(trim([]byte(text)), &in, strings.Trim(faultExample, "[]")); err != nil {
		return fault.Fault{}, err
	}
	return in.fault()
}

func (in faultJSON) fault() (fault.Fault, error) {
	f := fault.Fault{
		Op: in.Op, Page: in.Page, Nth: in.Nth, Kind: fault.ParseKind(in.Kind), Bytes: in.Bytes, Status: in.Status, Body: in.Body,
	}
	var err error
	if f.Wait, err = milliseconds("wait_ms", in.WaitMS); err != nil {
		return f, err
	}
	for name, values := range in.Header {
		if f.Header == nil {
			f.Header = http.Header{}
		}
		for _, value := range values {
			f.Header.Add(name, value)
		}
	}
	return f, nil
}

// milliseconds returns a number of them as a duration.
func milliseconds(name string, n float64) (time.Duration, error) {
	if !(n >= 0) || n > float64(maxWait.Milliseconds()) {
		return 0, badRequest("%s: %v; want 0 to %d", name, n, maxWait.Milliseconds())
	}
	return time.Duration(n * float64(time.Millisecond)), nil
}

func toFaults(all []faultJSON) (faults []fault.Fault, err error) {
	for _, in := range all {
		f, err := in.fault()
		if err != nil {
			return nil, err
		}
		faults = append(faults, f)
	}
	return faults, nil
}

// unmet returns faults as the control API shows them.
func unmet(faults []fault.Fault) map[string][]faultJSON {
	all := []faultJSON{}
	for _, f := range faults {
		all = append(all, faultJSON{
			Op: f.Op, Page: f.Page, Nth: f.Nth, Kind: string(f.Kind), WaitMS: float64(f.Wait) / float64(time.Millisecond),
			Bytes: f.Bytes, Status: f.Status, Header: f.Header, Body: f.Body,
		})
	}
	return map[string][]faultJSON{"unmet": all}
}

func (c *call) faults() (any, error) { return unmet(c.world.box.Unmet()), nil }

func (c *call) addFaults() (any, error) {
	var in []faultJSON
	if err := c.read(&in, faultExample); err != nil {
		return nil, err
	}
	faults, err := toFaults(in)
	if err != nil {
		return nil, err
	}
	return nil, faultMistake(c.world.box.Fail(faults...))
}

var fieldName = regexp.MustCompile(`\b(Nth|Page|Wait|Bytes|Status|Header|Body)\b`)

// faultMistake makes an error of package fault one of the control API, in which the
// fields have their names of JSON.
func faultMistake(err error) error {
	if err == nil {
		return nil
	}
	return badRequest("%s", fieldName.ReplaceAllStringFunc(err.Error(), func(name string) string {
		if name == "Wait" {
			return "wait_ms"
		}
		return strings.ToLower(name)
	}))
}

func (c *call) clearFaults() (any, error) {
	c.world.box.ClearFaults()
	return nil, nil
}
