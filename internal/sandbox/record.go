package sandbox

import (
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
)

// record adds the exchange to the log, once: before the client can know that it
// has ended.
func (x *exchange) record() {
	if x.recorded {
		return
	}
	x.recorded = true
	plain := x.secrets()
	secrets := redact.New(plain...)
	r := Request{
		Op: x.route.op, Method: x.r.Method, Path: secrets.Text(x.r.URL.Path), Query: secrets.Text(redactQuery(x.r.URL.RawQuery)),
		Header: redactHeader(x.r.Header, plain, secrets), Body: string(secrets.Head(x.body[:min(len(x.body), MaxBody)], MaxBody)),
		Status: x.w.Status, Answer: string(secrets.Head(x.w.Head, MaxAnswer)), Sent: x.w.Sent,
		Note: x.note, Duration: time.Since(x.began),
		Began: x.began, Received: len(x.body), Bearer: illuminate.BearerToken(x.r) != "",
	}
	if x.fault != nil {
		r.Fault = x.fault.Kind
	}
	x.s.log.add(r)
}

// secrets returns the request's and the response's tokens and passwords.
func (x *exchange) secrets() []string {
	secrets := []string{x.secret, illuminate.BearerToken(x.r)}
	input := x.input
	if input == nil && len(x.body) <= MaxBody {
		input = illuminate.ReadInput(x.r, x.body)
	}
	for name := range input {
		if redact.SecretName(name) {
			secrets = append(secrets, input.Text(name))
		}
	}
	return secrets
}

// redactHeader returns a header without those that are secrets, and without secrets in
// the others.
func redactHeader(header http.Header, plain []string, secrets *redact.Secrets) http.Header {
	shortest := math.MaxInt
	for _, secret := range plain {
		if secret != "" {
			shortest = min(shortest, len(secret))
		}
	}
	var none *redact.Secrets // looks for what looks like one
	blank := func(text string) string {
		if len(text) < shortest {
			return none.Text(text) // most are, and to look for secrets takes a while
		}
		return secrets.Text(text)
	}
	clean := make(http.Header, len(header))
	for name, values := range header {
		if name == "Proxy-Authorization" || name == "Cookie" || redact.SecretName(name) {
			continue
		}
		name = blank(name)
		for _, value := range values {
			clean[name] = append(clean[name], blank(value))
		}
	}
	return clean
}

// redactQuery blanks the values that have a secret's name. All else stays as it
// came.
func redactQuery(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, _, found := strings.Cut(pair, "=")
		plain, _ := url.QueryUnescape(name) // "" if it is malformed
		if found && (redact.SecretName(name) || redact.SecretName(plain)) {
			pairs[i] = name + "=" + redact.Mark
		}
	}
	return strings.Join(pairs, "&")
}
