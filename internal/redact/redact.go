// Package redact blanks secrets out of what a person may come to read: bodies,
// messages and headers that are shown in an error.
package redact

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// Mark stands where a secret stood.
const Mark = "[redacted]"

// SecretName reports whether members of that name hold secrets: those that hold one of
// secretParts, and those of secretNames, in any case.
func SecretName(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains(secretNames, name) ||
		slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(name, part) })
}

var (
	secretParts = []string{"token", "password", "secret"}
	// secretNames are whole names. Words that also mean something else are not
	// among them: "pass" is a result, and a "bearer" may be a person.
	secretNames = []string{"authorization", "pwd", "passwd", "api_key", "apikey"}
)

// Secrets are the secrets of one request.
type Secrets []string

// Text blanks the secrets out of text, however they are written there, and
// whatever looks like one.
func (s Secrets) Text(text string) string {
	for _, secret := range s.longestFirst() {
		text = blank(text, secret)
	}
	return blankPatterns(text)
}

// Head blanks the secrets out of the start of a body and cuts it to most bytes.
// The cut comes after, so that it leaves no half secret; for the same reason the
// last bytes of the start are looked at for one.
func (s Secrets) Head(body []byte, most int) []byte {
	if len(body) == 0 {
		return nil
	}
	text := s.Text(string(body))
	for _, secret := range s.longestFirst() {
		text = blankPart(text, secret)
	}
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	return []byte(text)
}

// Header is a copy of h without secrets: cookies, and whatever looks like one.
func (s Secrets) Header(h http.Header) http.Header {
	clean := make(http.Header, len(h))
	for name, values := range h {
		for _, value := range values {
			if isSecretHeader(name) {
				value = Mark
			}
			clean[name] = append(clean[name], s.Text(value))
		}
	}
	return clean
}

func isSecretHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie":
		return true
	}
	return SecretName(name)
}

// JSON blanks out, in a valid JSON value, the members that hold secrets, at any
// depth, also in strings that hold JSON.
func JSON(raw []byte) []byte { return appendJSON(nil, raw, 64) }

func appendJSON(b, raw []byte, depth int) []byte {
	kind := loose.Kind(raw)
	if kind == '"' {
		return append(b, inString(raw)...)
	}
	if kind != '{' && kind != '[' {
		return append(b, raw...)
	}
	if depth == 0 {
		return append(b, `"…"`...)
	}
	first := true
	comma := func() {
		if !first {
			b = append(b, ',')
		}
		first = false
	}
	if kind == '[' {
		b = append(b, '[')
		for element := range loose.Elements(raw) {
			comma()
			b = appendJSON(b, element, depth-1)
		}
		return append(b, ']')
	}
	b = append(b, '{')
	for name, value := range loose.Members(raw) {
		comma()
		b = append(append(b, name...), ':')
		if SecretName(loose.Name(name)) {
			b = append(b, `"`+Mark+`"`...)
		} else {
			b = appendJSON(b, value, depth-1)
		}
	}
	return append(b, '}')
}

// inString blanks out secrets in a string that holds JSON; any other stays as it
// is.
func inString(raw []byte) []byte {
	if bytes.IndexByte(raw, '{') < 0 {
		return raw
	}
	text := bytes.TrimSpace([]byte(loose.Unquote(raw)))
	if !json.Valid(text) {
		return raw
	}
	clean := JSON(text)
	if bytes.Equal(clean, text) {
		return raw
	}
	quoted, _ := json.Marshal(string(clean))
	return quoted
}
