package sandboxcmd

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// patience is how long a sandbox may take to say that it serves.
const patience = 5 * time.Second

// checkHealth returns an error unless a sandbox serves at an address.
func checkHealth(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	status, err := ask(ctx, addr, http.MethodGet, "/_sandbox/health")
	if err == nil && status == http.StatusNotFound { // -control=false; the API wants a token
		status, err = ask(ctx, addr, http.MethodPost, "/api/v1/order")
		if err == nil && status == http.StatusUnauthorized {
			return nil
		}
	}
	switch {
	case err != nil:
		return fmt.Errorf("no sandbox serves at %s: %w", addr, err)
	case status != http.StatusOK:
		return fmt.Errorf("no sandbox serves at %s: HTTP %d", addr, status)
	}
	return nil
}

// ask returns the status of the answer to a request. The address may be one to listen
// at, such as ":8089", which is dialed as this machine.
func ask(ctx context.Context, addr, method, path string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+addr+path, nil)
	if err != nil {
		return 0, err
	}
	req.Host = "localhost" // by which it may be steered
	req.Header.Set("Accept", "application/json")
	transport := &http.Transport{DisableKeepAlives: true} // and no proxy
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}
