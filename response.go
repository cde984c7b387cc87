package pmpsmart

import (
	"encoding/json"
	"net/http"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// A response is one to an operation, its body not yet read, and the secrets that it
// might show.
type response struct {
	*transport.Response
	attempt  attempt
	lease    session.Lease // of the token that the request carried
	known    []string      // the operation's secrets
	redactor *redact.Secrets
}

// hasNoContent reports whether the HTTP status says that there is no body.
func (r *response) hasNoContent() bool {
	return r.Status == http.StatusNoContent || r.Status == http.StatusResetContent
}

// isSuccess reports whether the HTTP status is a success.
func (r *response) isSuccess() bool { return r.Status >= 200 && r.Status <= 299 }

// secrets returns what is redacted in what is shown of the response.
func (r *response) secrets() *redact.Secrets {
	if r.redactor == nil {
		r.redactor = redact.New(append([]string{r.lease.Token}, r.known...)...)
	}
	return r.redactor
}

// addToken makes a token that the response holds one of its secrets.
func (r *response) addToken(token string) { r.lease.Token, r.redactor = token, nil }

// Cut redacts the start of a text and truncates it to most bytes.
func (r *response) Cut(start string, most int) string {
	return string(r.secrets().Head([]byte(start), most))
}

// redactValue returns a JSON value of the response without its secrets. One that is
// too long becomes a JSON string of its start.
func (r *response) redactValue(value []byte) json.RawMessage {
	const most = 8 << 10
	switch {
	case value == nil:
		return nil
	case len(value) <= most:
		return r.secrets().JSON(value)
	}
	return redact.AppendString(nil, r.Cut(string(value[:most]), most)+"…")
}

// close releases the connection. It may be called on nil.
func (r *response) close() {
	if r != nil {
		_ = r.Body.Close()
	}
}
