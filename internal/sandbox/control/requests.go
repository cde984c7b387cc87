package control

import (
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
)

// A requestJSON is a request that was answered, without its secrets.
type requestJSON struct {
	Op       string  `json:"op"`
	Method   string  `json:"method"`
	Path     string  `json:"path"`
	Query    string  `json:"query"`
	Status   int     `json:"status"`
	Body     string  `json:"body"`
	Answer   string  `json:"answer"`
	Fault    string  `json:"fault"`
	Duration float64 `json:"duration_ms"`
	Note     string  `json:"note,omitempty"` // why it was answered so, where that may surprise
}

// requests returns the latest requests, or those of the op that the query names.
func (c *call) requests() (any, error) {
	op, err := c.op()
	if err != nil {
		return nil, err
	}
	all := []requestJSON{}
	for _, r := range c.world.box.Requests() {
		if op == "" || r.Op == op {
			all = append(all, asJSON(r))
		}
	}
	return map[string][]requestJSON{"requests": all}, nil
}

func asJSON(r sandbox.Request) requestJSON {
	return requestJSON{
		Op: r.Op, Method: r.Method, Path: r.Path, Query: r.Query, Status: r.Status, Body: r.Body, Answer: r.Answer,
		Fault: string(r.Fault), Duration: float64(r.Duration) / float64(time.Millisecond), Note: r.Note,
	}
}

// clearRequests forgets all requests, or those of the op that the query names.
func (c *call) clearRequests() (any, error) {
	op, err := c.op()
	if err != nil {
		return nil, err
	}
	c.world.box.ClearRequests(op)
	return nil, nil
}

// op returns the op that the query names, "" if it names none.
func (c *call) op() (string, error) {
	ops := c.r.URL.Query()["op"]
	switch {
	case len(ops) == 0 || len(ops) == 1 && ops[0] == "":
		return "", nil
	case len(ops) > 1:
		return "", badRequest("the query names %d ops; want one, or none for all", len(ops))
	}
	if err := sandbox.Ops().Check(ops[0]); err != nil {
		return "", badRequest("%v", err)
	}
	return ops[0], nil
}
