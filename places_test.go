package pmpsmart_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// places are responses that show a text at a place from which an error, a drift, a
// log line or a Response takes it: names as well as values.
var places = map[string]func(text string) http.HandlerFunc{
	"a message":           inBody(200, `{"status":"error","message":`, `}`),
	"a nested message":    inBody(500, `{"error":{"message":`, `}}`),
	"a status":            inBody(200, `{"success":false,"status":`, `}`),
	"an unknown status":   inBody(200, `{"data":[{"id":1}],"status":`, `}`),
	"a validator's text":  inBody(422, `{"errors":{"email":[`, `]}}`),
	"a validator's name":  inBody(422, `{"errors":{`, `:["wajib diisi","salah"]}}`),
	"a name in a success": inBody(200, `{"status":"error","errors":{`, `:["wajib diisi","salah"]}}`),
	"a name in a message": inBody(400, `{"message":{`, `:"salah"}}`),
	"a name in data":      inBody(200, `{"status":"success","data":{`, `:[{"id":"abc"}]}}`),
	"a name in a drift":   inBody(200, `{"data":[{"id":1,"user_id":{`, `:1}}]}`),
	"a name of a member":  inBody(200, `{"data":[{"id":1,`, `:{}}]}`),
	"a name of a record":  inBody(200, `{"data":{"x":{`, `:{"id":"abc"}}}}`),
	"a value in a drift":  inBody(200, `{"data":[{"id":1,"user_id":`, `}]}`),
	"data":                inBody(200, `{"data":`, `}`),
	"an element":          inBody(200, `{"data":[`, `]}`),
	"a link":              inBody(200, `{"data":[{"id":1}],"next_page_url":`, `}`),
	"a cursor":            inBody(200, `{"data":[{"id":1}],"next_cursor":`, `}`),
	"a second value":      inBody(200, `{"data":[]} {"x":`, `}`),
	"what is no JSON":     inBody(200, `{"data":[{"id":x`, `}]}`),
	"a title":             func(text string) http.HandlerFunc { return respond(500, "<html><title>"+text+"</title></html>") },
	"a page":              func(text string) http.HandlerFunc { return respond(200, "<html><title>x</title>"+text+"</html>") },
	"a text":              func(text string) http.HandlerFunc { return respond(503, text) },
	"noise":               func(text string) http.HandlerFunc { return respond(200, "Warning: "+text+"\n"+`{"data":[{"id":1}]}`) },
	"a tail":              func(text string) http.HandlerFunc { return respond(200, `{"data":[{"id":1}]}`+"\n<br />"+text) },
	"a location":          inHeader(302, "Location"),
	"a content type":      inHeader(200, "Content-Type"),
	"an encoding":         inHeader(200, "Content-Encoding"),
	"a header":            inHeader(500, "X-Debug"),
	"a retry-after":       inHeader(429, "Retry-After"),
	"an authenticate":     inHeader(401, "WWW-Authenticate"),
	"a header's name": func(text string) http.HandlerFunc {
		return raw("HTTP/1.1 500 X\r\nX-" + headerSafe(text) + ": 1\r\n\r\n{}")
	},
	"a malformed header": func(text string) http.HandlerFunc { return raw("HTTP/1.1 200 X\r\nbad " + text + "\r\n\r\n{}") },
	"a status line":      func(text string) http.HandlerFunc { return raw("HTTP/1.1 2x " + text + "\r\n\r\n{}") },
	"a trailer": func(text string) http.HandlerFunc {
		return raw("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nbad " + text + "\r\n\r\n")
	},
	"the length of a chunk": func(text string) http.HandlerFunc {
		return raw("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n" + text + "\r\n")
	},
}

// inBody puts a text, as JSON, between two parts of a body.
func inBody(status int, before, after string) func(string) http.HandlerFunc {
	return func(text string) http.HandlerFunc {
		quoted, _ := json.Marshal(text)
		return respond(status, before+string(quoted)+after)
	}
}

func inHeader(status int, name string) func(string) http.HandlerFunc {
	return func(text string) http.HandlerFunc {
		return raw(fmt.Sprintf("HTTP/1.1 %d X\r\n%s: %s\r\nContent-Length: 2\r\n\r\n{}", status, name, strings.NewReplacer("\r", " ", "\n", " ").Replace(text)))
	}
}

// headerSafe returns what a header's name can hold of a text.
func headerSafe(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x7f && (r == '-' || r == '|' || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '-'
	}, text)
}

// raw sends a response as it stands and closes the connection.
func raw(response string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, response)
	}
}

// everythingShown makes one call of each kind and returns all that a program may come
// to print: errors and what they wrap, drifts, Responses, the log.
func everythingShown(t *testing.T, h http.HandlerFunc, opts ...pmpsmart.Option) (errs []error, shown *seen) {
	t.Helper()
	s := serve(t, h)
	shown = new(seen)
	opts = append(opts, pmpsmart.WithLogger(slog.New(shown)), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}), drifts(&shown.drifts))
	for _, strict := range []pmpsmart.Option{nil, pmpsmart.WithStrictDecoding()} {
		c := s.client(append(opts, strict)...)
		for _, o := range []operation{reading, listing, creating, callingInto, loggingIn} {
			var response pmpsmart.Response
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			err := o.do(ctx, c, pmpsmart.WithResponse(&response))
			cancel()
			require.NotErrorIs(t, err, context.DeadlineExceeded)
			errs = append(errs, err)
			shown.responses = append(shown.responses, response)
		}
	}
	return errs, shown
}

// callingInto decodes data into a type of the caller's.
var callingInto = operation{"Call", "x", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
	var out map[string]struct {
		ID int `json:"id"`
	}
	return c.Call(ctx, "x", nil, &out, opts...)
}}

// A seen gathers what a client shows. As a slog.Handler it keeps the values as they
// were logged: another handler would escape them.
type seen struct {
	lines     []string
	drifts    []pmpsmart.Drift
	responses []pmpsmart.Response
}

func (s *seen) Enabled(context.Context, slog.Level) bool { return true }
func (s *seen) WithAttrs([]slog.Attr) slog.Handler       { return s }
func (s *seen) WithGroup(string) slog.Handler            { return s }
func (s *seen) Handle(_ context.Context, r slog.Record) error {
	s.lines = append(s.lines, r.Message)
	r.Attrs(func(a slog.Attr) bool {
		s.lines = append(s.lines, a.Key, a.Value.String())
		return true
	})
	return nil
}

// texts returns each text that is shown as a line.
func (s *seen) texts(errs []error) (texts []string) {
	texts = append(texts, s.lines...)
	for _, d := range s.drifts {
		texts = append(texts, d.Path, d.Want, string(d.Got))
	}
	for _, r := range s.responses {
		texts = append(texts, r.Status, r.Message)
	}
	for _, err := range errs {
		texts = append(texts, textsOf(err)...)
		if refusal, ok := errors.AsType[*pmpsmart.APIError](err); ok {
			texts = append(texts, refusal.Status, refusal.Message)
			for name, all := range refusal.Fields {
				texts = append(append(texts, name), all...)
			}
			for name, all := range refusal.Header {
				texts = append(append(texts, name), all...)
			}
		}
		if unreadable, ok := errors.AsType[*pmpsmart.DecodeError](err); ok {
			texts = append(texts, unreadable.ContentType)
		}
	}
	return texts
}

// textsOf returns the texts of an error and of all that it wraps.
func textsOf(err error) (texts []string) {
	if err == nil {
		return nil
	}
	texts = append(texts, err.Error())
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		texts = append(texts, textsOf(err.Unwrap())...)
	case interface{ Unwrap() []error }:
		for _, inner := range err.Unwrap() {
			texts = append(texts, textsOf(inner)...)
		}
	}
	return texts
}
