package pmpsmart

// WaitingForLogin is how many calls wait for the renewal that is under way.
func (c *Client) WaitingForLogin() int {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	if c.session.renewal == nil {
		return 0
	}
	return c.session.renewal.waiting
}
