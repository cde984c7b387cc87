package pmpsmart

// WaitingForLogin is how many calls wait for the renewal that is under way.
func (c *Client) WaitingForLogin() int {
	return c.session().Waiting()
}
