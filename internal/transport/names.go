package transport

import (
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// ownHeaders are the names that a caller's header can't have: of what this package
// decides, and of what says how a connection is used.
var ownHeaders = []string{
	"Authorization", "Content-Type", "Content-Length", "Host", "Accept-Encoding", "Content-Encoding",
	"Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
}

// HeaderProblem returns what is wrong with a header that a caller wants sent, "" for
// nothing. It does not show the value.
func HeaderProblem(name, value string) string {
	switch {
	case name == "":
		return "its name is empty"
	case strings.ContainsFunc(name, func(r rune) bool { return !isTokenRune(r) }):
		return "its name has characters that no header's has"
	case slices.Contains(ownHeaders, textproto.CanonicalMIMEHeaderKey(name)):
		return "the client sets it itself"
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return "its value has control characters, such as a line break"
	}
	return ""
}

// isTokenRune reports whether RFC 9110 allows r in a token.
func isTokenRune(r rune) bool {
	return r > ' ' && r < 0x7f && !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
}

// SetHeader sets a header of those that [Request] takes.
func SetHeader(h http.Header, name, value string) {
	name = textproto.CanonicalMIMEHeaderKey(name)
	switch name {
	case "Idempotency-Key", "X-Idempotency-Key":
		// net/http, which looks for them as they stand here, would send the request again
		// by itself when a response is lost.
		name = strings.ToLower(name)
	}
	h[name] = []string{value}
}

// with returns own with the headers of more in the place of those of the same name.
func with(own, more http.Header) http.Header {
	if len(more) == 0 {
		return own
	}
	all := make(http.Header, len(own)+len(more))
	maps.Copy(all, own)
	for name, values := range more {
		if own[name] == nil || values[0] != "" { // resty would put its own in the place of none
			all[name] = values
		}
	}
	return all
}
