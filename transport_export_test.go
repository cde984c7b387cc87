package pmpsmart

import (
	"context"
	"net"
)

// DialBy has the client's own transport, where it uses that, dial in another way.
// It goes before the client's first call.
func (c *Client) DialBy(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	if own := c.transport().Own(); own != nil {
		own.DialContext = dial
	}
}
