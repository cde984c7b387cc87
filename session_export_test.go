package pmpsmart

import "time"

// WithClock replaces the clock of the pause after a refused login.
func WithClock(now func() time.Time) Option {
	return func(c *config) *InputError {
		c.now = now
		return nil
	}
}

// WaitingForLogin is how many calls wait for the renewal that is under way.
func (c *Client) WaitingForLogin() int {
	return c.session().Waiting()
}
