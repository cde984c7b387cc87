// Package redact blanks secrets out of what a person may come to read: bodies,
// messages and headers that are shown in an error.
package redact

import (
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
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

// shortest is the length from which a secret is blanked out wherever it stands.
// Anything shorter would blank out half of every word.
const shortest = 4

// Secrets are the secrets of one request, prepared to be searched for. It is safe
// for concurrent use; a nil one holds none.
type Secrets struct {
	patterns func() [noManner][]*pattern // in a func, which nothing that prints by reflection follows
	names    func() [noManner][]*pattern // in lower case
	least    int                         // no text that is shorter holds one
}

// New prepares secrets; empty ones are left out.
func New(secrets ...string) *Secrets {
	kept := make([]string, 0, len(secrets))
	least := math.MaxInt
	for _, secret := range secrets {
		if len(secret) < shortest {
			continue
		}
		kept = append(kept, secret)
		if least = min(least, len(secret)); strings.ContainsAny(secret, escapes) {
			least = shortest // where it is read as an escape
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return &Secrets{
		patterns: sync.OnceValue(func() [noManner][]*pattern { return prepare(kept, false) }),
		names:    sync.OnceValue(func() [noManner][]*pattern { return prepare(kept, true) }),
		least:    least,
	}
}

func prepare(secrets []string, lower bool) (patterns [noManner][]*pattern) {
	for m := range noManner {
		for _, secret := range secrets {
			if text := readSecret(secret, m, lower); len(text) >= shortest {
				patterns[m] = append(patterns[m], newPattern(text))
			}
		}
	}
	return patterns
}

// Text blanks the secrets out of text, however they are written there, and
// whatever looks like one. The time that it takes grows as the text and the
// secrets, whatever they are.
func (s *Secrets) Text(text string) string {
	if s != nil {
		text = blank(text, s.patterns(), false)
	}
	return blankPatterns(text)
}

// name blanks the secrets out of a header's name, whose case is not the secret's.
func (s *Secrets) name(name string) string {
	if s == nil || len(name) < s.least {
		return name
	}
	return blank(name, s.names(), true)
}

// blank puts Mark in the place of each writing of a secret.
func blank(text string, patterns [noManner][]*pattern, lower bool) string {
	var spans []span
	for m := range manners(text) {
		if len(patterns[m]) == 0 {
			continue
		}
		r := read(text, m, lower)
		for _, p := range patterns[m] {
			spans = p.find(spans, r)
		}
	}
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	done := 0
	for _, s := range merge(spans) {
		b.WriteString(text[done:s.start])
		b.WriteString(Mark)
		done = s.end
	}
	b.WriteString(text[done:])
	return b.String()
}

// manners returns how many manners differ for a text.
func manners(text string) manner {
	if strings.ContainsAny(text, escapes) {
		return noManner
	}
	return asItIs + 1
}

// Head blanks the secrets out of the start of a body and cuts it to most bytes.
// The cut comes after, so that it leaves no half secret; for the same reason the
// last bytes of the start are looked at for one.
func (s *Secrets) Head(body []byte, most int) []byte {
	if len(body) == 0 {
		return nil
	}
	text := s.blankStart(s.Text(string(body)))
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	return []byte(text)
}

// blankStart puts Mark in the place of a beginning of a secret that text ends with.
func (s *Secrets) blankStart(text string) string {
	if s == nil {
		return text
	}
	start := len(text)
	patterns := s.patterns()
	for m := range manners(text) {
		r := read(text, m, false)
		for _, p := range patterns[m] {
			if at := p.findStart(r); at >= 0 {
				start = min(start, at)
			}
		}
	}
	if start == len(text) {
		return text
	}
	return text[:start] + Mark
}

// Limits of a header that is shown. Servers' own headers are far below them.
const (
	maxHeader      = 64 << 10 // names and values together
	maxHeaderValue = 8 << 10
	maxHeaderName  = 256
)

// Header returns a copy of h without secrets: cookies, and whatever looks like one.
// Of a header larger than 64 KiB it returns as much as that, by the order of the
// names; longer values than 8 KiB are truncated.
func (s *Secrets) Header(h http.Header) http.Header {
	clean := make(http.Header, min(len(h), 64))
	room := maxHeader
	for _, name := range slices.Sorted(maps.Keys(h)) {
		shown := s.headerName(name)
		for _, value := range h[name] {
			if room -= len(shown) + min(len(value), maxHeaderValue); room < 0 {
				return clean
			}
			if SecretHeader(name) {
				value = Mark
			}
			clean[shown] = append(clean[shown], s.headerValue(value))
		}
	}
	return clean
}

func (s *Secrets) headerName(name string) string {
	if len(name) > maxHeaderName {
		return "…"
	}
	return SingleLine(s.name(name))
}

func (s *Secrets) headerValue(value string) string {
	if len(value) <= maxHeaderValue && isSingleLine(value) {
		return s.Text(value)
	}
	return s.Line(value, maxHeaderValue)
}

// SecretHeader reports whether headers of that name hold secrets.
func SecretHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie":
		return true
	}
	plain := strings.ToLower(strings.ReplaceAll(name, "-", ""))
	return SecretName(name) || strings.Contains(plain, "apikey") || strings.Contains(plain, "accesskey") || strings.Contains(plain, "credential")
}

// Blank returns h without the secrets themselves, whatever else looks like one. It
// is h if it holds none.
func (s *Secrets) Blank(h http.Header) http.Header {
	if s == nil {
		return h
	}
	if !s.isIn(h) {
		return h
	}
	clean := make(http.Header, len(h))
	for name, values := range h {
		shown := s.name(name)
		for _, value := range values {
			clean[shown] = append(clean[shown], s.blank(value))
		}
	}
	return clean
}

// isIn reports whether a header holds one of the secrets.
func (s *Secrets) isIn(h http.Header) bool {
	for name, values := range h {
		if s.name(name) != name {
			return true
		}
		for _, value := range values {
			if s.blank(value) != value {
				return true
			}
		}
	}
	return false
}

// blank blanks the secrets out of text, and nothing else.
func (s *Secrets) blank(text string) string {
	if len(text) < s.least {
		return text
	}
	return blank(text, s.patterns(), false)
}
