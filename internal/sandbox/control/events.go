package control

import (
	"net/http"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
)

// How much one answer tells of what has happened.
const (
	maxEvents     = 200 // requests
	maxEventBytes = 1 << 20
	maxUnmet      = 50
)

// How much the sandbox keeps of a body.
const (
	keptBody   = sandbox.MaxBody
	keptAnswer = sandbox.MaxAnswer
)

// An eventJSON is a request that was answered, with what it takes to send it again.
type eventJSON struct {
	requestJSON
	Time      string      `json:"time"`
	Header    http.Header `json:"header"`
	Bearer    bool        `json:"bearer"`   // it had a token in its Authorization header
	Received  int         `json:"received"` // length of the body
	Sent      int64       `json:"sent"`     // and of the answer
	BodyCut   bool        `json:"body_cut"` // only its beginning is kept
	AnswerCut bool        `json:"answer_cut"`
}

// A statusJSON is how a sandbox stands.
type statusJSON struct {
	Now        string            `json:"now"`
	Clock      string            `json:"clock"` // "real", "ahead" or "stopped"
	Down       bool              `json:"down"`
	RetryAfter int64             `json:"retry_after_s"`
	Logins     int               `json:"logins"`
	Style      string            `json:"style"`
	Styles     map[string]string `json:"styles"`
	Faults     int               `json:"faults"` // that no request has met
	Unmet      []faultJSON       `json:"unmet"`  // the first of them
	Data       string            `json:"data"`
}

// events returns what has happened since the cursor that the query names, and how the
// sandbox stands.
func (c *call) events() (any, error) {
	news := c.world.box.Since(c.r.URL.Query().Get("after"), maxEvents, maxEventBytes)
	all := []eventJSON{}
	for _, r := range news.Requests {
		all = append(all, eventJSON{
			requestJSON: asJSON(r), Time: r.Began.UTC().Format(time.RFC3339Nano), Header: r.Header, Bearer: r.Bearer,
			Received: r.Received, Sent: r.Sent, BodyCut: r.Received > keptBody, AnswerCut: r.Sent > keptAnswer,
		})
	}
	return struct {
		Cursor   string      `json:"cursor"`
		Fresh    bool        `json:"fresh"`
		Skipped  int64       `json:"skipped"`
		Requests []eventJSON `json:"requests"`
		Status   statusJSON  `json:"status"`
	}{news.Cursor, news.Fresh, news.Skipped, all, c.status()}, nil
}

func (c *call) status() statusJSON {
	s := c.world.box.Status()
	clock := "real"
	switch {
	case s.Stopped:
		clock = "stopped"
	case s.Ahead != 0:
		clock = "ahead"
	}
	if s.Styles == nil {
		s.Styles = map[string]string{}
	}
	first := unmet(s.Unmet[:min(len(s.Unmet), maxUnmet)])["unmet"]
	for i := range first {
		first[i].Body = shown(first[i].Body)
	}
	return statusJSON{
		Now: s.Now.Format(time.RFC3339Nano), Clock: clock, Down: s.Down, RetryAfter: int64(s.RetryAfter.Seconds()),
		Logins: s.Logins, Style: s.Style, Styles: s.Styles, Faults: len(s.Unmet),
		Unmet: first, Data: s.Data,
	}
}

// options returns what there is to choose from.
func (c *call) options() (any, error) {
	return struct {
		BaseURL      string            `json:"base_url"`
		Ops          map[string]string `json:"ops"`   // path under the base URL, by name
		Lists        map[string]bool   `json:"lists"` // which of them list records
		Kinds        []fault.Kind      `json:"kinds"` // of faults
		Applications []string          `json:"applications"`
		Styles       []string          `json:"styles"` // the applications among them
	}{c.origin() + c.base + sandbox.Prefix, sandbox.Paths(), sandbox.Ops(), fault.Kinds(), shape.Applications(), shape.Styles()}, nil
}

// origin returns the server's, as the caller names it.
func (c *call) origin() string {
	if c.r.TLS != nil {
		return "https://" + c.r.Host
	}
	return "http://" + c.r.Host
}
