package pmpsmart

import (
	"net/http"
	"time"
)

// CallOption is a choice made for one call.
type CallOption func(*callConfig)

type callConfig struct {
	response *Response
	once     bool
	driftsTo *[]Drift
}

// driftTo is the option of a call inside another, which tells of its drift.
func driftTo(drifts *[]Drift) CallOption {
	return func(c *callConfig) { c.driftsTo = drifts }
}

// notRepeated is the option of a call whose caller repeats it.
func notRepeated(c *callConfig) { c.once = true }

// WithResponse fills dst with what is known of the call's last answer, on success
// and on failure alike; for a Seq when the range ends. Default none.
func WithResponse(dst *Response) CallOption {
	return func(c *callConfig) { c.response = dst }
}

// Response tells of a call's last answer. The zero fields are those of a call
// that got none.
type Response struct {
	HTTPStatus int         // of the last answer
	Header     http.Header // of the last answer, as it came
	Status     string      // the envelope's status as the server wrote it, "success", "true", "200"
	Message    string      // the envelope's message, a readable line
	// Attempts counts all requests of the call, pages and repeats included,
	// logins not.
	Attempts int
	Duration time.Duration // from the call to its end
}
