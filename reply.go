package pmpsmart

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// A reply is an answer whose head is there and whose body is not yet read.
type reply struct {
	number int // of the call's attempts
	status int
	header http.Header
	body   io.ReadCloser // decompressed
	wire   *transport.Response
	token  session.Lease // that the request carried
	secret string        // the password that the request held, if any
}

// secrets are those that the answer might show.
func (r *reply) secrets() redact.Secrets { return redact.Secrets{r.token.Token, r.secret} }

// Cut hides the secrets in the start of a text and cuts it to most bytes.
func (r *reply) Cut(start string, most int) string {
	return string(r.secrets().Head([]byte(start), most))
}

// shown is a value of the answer without its secrets; one that is too long to be
// looked through is a JSON string of how it starts.
func (r *reply) shown(value []byte) json.RawMessage {
	const most = 8 << 10
	if len(value) <= most {
		return json.RawMessage(r.secrets().Text(string(value)))
	}
	return envelope.AppendString(nil, r.Cut(string(value[:most]), most)+"…")
}

// isSuccess reports whether the HTTP status is a success.
func (r *reply) isSuccess() bool { return r.status >= 200 && r.status <= 299 }

// close gives the connection back.
func (r *reply) close() {
	if r != nil && r.body != nil {
		_ = r.body.Close()
	}
}
