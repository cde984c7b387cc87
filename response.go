package pmpsmart

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

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

// maxMessage limits a text of the server's in an error.
const maxMessage = 500

// end tells what came of the attempt, the first time that it is called.
func (r *response) end(err error) {
	a := &r.attempt
	if a.isOver {
		return
	}
	a.isOver = true
	if a.ends != nil {
		result := AttemptResult{Err: err}
		if r.Response != nil {
			result.HTTPStatus, result.Bytes = r.Status, r.BytesRead()
		}
		defer a.ends.call(result)
	}
	a.logAttempt(a.ctx, a.number, r.Response, err)
}

// discard throws the response of a page away that nobody needs.
func (r *response) discard() {
	r.close()
	r.end(context.Canceled)
}

// errTooManyValues is the error of data that would take many times its length in memory.
var errTooManyValues = fmt.Errorf("%w: it holds more values than memory should; a json.RawMessage takes them as they are", ErrResponseTooLarge)

// isText reports whether out takes data as it is.
func isText(out any) bool {
	if _, ok := out.(*jsontext.Value); ok { // from Go 1.27 on the same type as the next
		return true
	}
	switch out.(type) {
	case *json.RawMessage, *[]byte, *string:
		return true
	}
	return false
}
