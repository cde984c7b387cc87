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
	op := c.r.URL.Query().Get("op")
	if op != "" {
		if err := sandbox.Ops().Check(op); err != nil {
			return nil, badRequest("%v", err)
		}
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

func (c *call) clearRequests() (any, error) {
	c.world.box.ClearRequests()
	return nil, nil
}
