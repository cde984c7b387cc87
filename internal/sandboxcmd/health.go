package sandboxcmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// patience is how long a sandbox may take to say that it serves.
const patience = 5 * time.Second

// checkHealth returns an error unless a sandbox serves at an address.
func checkHealth(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	status, problem, err := ask(ctx, addr, http.MethodGet, "/_sandbox/health")
	if err == nil && status == http.StatusNotFound { // -control=false; the API wants a token
		status, _, err = ask(ctx, addr, http.MethodPost, "/api/v1/order")
		if err == nil && status == http.StatusUnauthorized {
			return nil
		}
	}
	switch {
	case err != nil:
		return fmt.Errorf("no sandbox serves at %s: %w", addr, err)
	case problem != "":
		return fmt.Errorf("the sandbox at %s is not well: %s", addr, problem)
	case status != http.StatusOK:
		return fmt.Errorf("no sandbox serves at %s: HTTP %d", addr, status)
	}
	return nil
}

// ask returns the status of the answer to a request, and the problem that it tells, if
// any. The address may be one to listen at, such as ":8089", which is dialed as this
// machine.
func ask(ctx context.Context, addr, method, path string) (status int, problem string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+addr+path, nil)
	if err != nil {
		return 0, "", err
	}
	req.Host = "localhost" // by which it may be steered
	req.Header.Set("Accept", "application/json")
	transport := &http.Transport{DisableKeepAlives: true} // and no proxy
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	var body struct{ Status, Error string }
	if json.NewDecoder(io.LimitReader(resp.Body, maxHealth)).Decode(&body) == nil && body.Status != "" {
		problem = body.Error
	}
	return resp.StatusCode, problem, nil
}

// maxHealth limits what is read of an answer, which may be another program's.
const maxHealth = 64 << 10
