// Package redact blanks secrets out of what a person may come to read: bodies,
// messages and headers that are shown in an error.
package redact

import (
	"bytes"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// Mark stands where a secret stood.
const Mark = "[redacted]"

// shortest is the length from which a secret is blanked out wherever it stands.
// Anything shorter would blank out half of every word.
const shortest = 4

// SecretName tells the names of members that hold secrets.
func SecretName(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "token") || strings.Contains(name, "password") || strings.Contains(name, "secret")
}

// Secrets are the secrets of one request.
type Secrets []string

// Any of these may stand in a body that shows the request: a debug page prints
// its headers, a validator its input.
var (
	bearer        = regexp.MustCompile(`(?i)\b(bearer|basic)(\s|&nbsp;|%20|\+)+[^\s"'<>\\&,;]+`)
	authorization = regexp.MustCompile(`(?i)(authorization["']?(?:\s|</?[a-z][^>]*>|[:=>\[{("'])+)[^\s"'<>\\,;]+`)
	secretMember  = regexp.MustCompile(`(?i)("[a-z0-9_.\-]*(?:token|password|secret)[a-z0-9_.\-]*"\s*:\s*)"(?:[^"\\]|\\.)*("|$)`)
	secretInput   = regexp.MustCompile(`(?i)(\b[a-z0-9_\-]*(?:api_token|access_token|password|secret)=)[^&\s"'<>]+`)
)

// Text blanks the secrets out of text, and whatever looks like one.
func (s Secrets) Text(text string) string {
	for _, form := range s.forms() {
		text = strings.ReplaceAll(text, form, Mark)
	}
	text = bearer.ReplaceAllString(text, "$1 "+Mark)
	text = authorization.ReplaceAllStringFunc(text, func(found string) string {
		parts := authorization.FindStringSubmatch(found)
		rest := found[len(parts[1]):]
		if strings.EqualFold(rest, "bearer") || strings.EqualFold(rest, "basic") || strings.HasPrefix(rest, "[redact") {
			return found // the scheme alone: its value is blanked out already
		}
		return parts[1] + Mark
	})
	text = secretMember.ReplaceAllString(text, `$1"`+Mark+`$2`)
	return secretInput.ReplaceAllString(text, "${1}"+Mark)
}

// Head blanks the secrets out of the start of a body and cuts it to most bytes.
// The cut comes after, so that it leaves no half secret; for the same reason the
// last bytes of a start that is no longer than most are looked at for one.
func (s Secrets) Head(body []byte, most int) []byte {
	if len(body) == 0 {
		return nil
	}
	text := s.Text(string(body))
	text = s.trimPart(text)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	return []byte(text)
}

// trimPart takes the beginning of a secret off the end of text.
func (s Secrets) trimPart(text string) string {
	for _, form := range s.forms() {
		for n := len(form) - 1; n >= shortest; n-- {
			if strings.HasSuffix(text, form[:n]) {
				text = text[:len(text)-n] + Mark
				break
			}
		}
	}
	return text
}

// forms gives the secrets as they may be written.
func (s Secrets) forms() (forms []string) {
	for _, secret := range s {
		if len(secret) < shortest {
			continue
		}
		quoted, _ := json.Marshal(secret)
		inJSON := string(quoted[1 : len(quoted)-1])
		for _, form := range []string{
			secret, html.EscapeString(secret), url.QueryEscape(secret), url.PathEscape(secret),
			inJSON, strings.ReplaceAll(inJSON, "/", `\/`), strings.ReplaceAll(html.EscapeString(secret), "&#39;", "&#039;"),
		} {
			if !contains(forms, form) {
				forms = append(forms, form)
			}
		}
	}
	return forms
}

func contains(list []string, want string) bool {
	for _, s := range list {
		if s == want {
			return true
		}
	}
	return false
}

// JSON blanks out, in a valid JSON value, the members that hold secrets, at any
// depth.
func JSON(raw []byte) []byte {
	return appendJSON(nil, raw, 64)
}

func appendJSON(b, raw []byte, depth int) []byte {
	kind := loose.Kind(raw)
	if kind == '"' && !bytes.ContainsAny(raw, "{") || kind != '"' && kind != '{' && kind != '[' {
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
	switch kind {
	case '"': // a string that may hold JSON
		return append(b, secretMemberInString(raw)...)
	case '[':
		b = append(b, '[')
		for element := range loose.Elements(raw) {
			comma()
			b = appendJSON(b, element, depth-1)
		}
		return append(b, ']')
	default:
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
}

// secretMemberInString blanks out secrets in a string that holds JSON.
func secretMemberInString(raw []byte) []byte {
	text := loose.Unquote(raw)
	if !json.Valid([]byte(text)) {
		return raw
	}
	quoted, _ := json.Marshal(string(JSON([]byte(text))))
	return quoted
}

// Header is a copy of h without secrets: cookies, and whatever looks like one.
func (s Secrets) Header(h http.Header) http.Header {
	clean := make(http.Header, len(h))
	for name, values := range h {
		for _, value := range values {
			if name == "Set-Cookie" || name == "Authorization" || SecretName(name) {
				value = Mark
			}
			clean[name] = append(clean[name], s.Text(value))
		}
	}
	return clean
}
