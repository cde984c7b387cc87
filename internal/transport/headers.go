package transport

import (
	"net/http"
	"sync/atomic"
)

// A headers makes the headers of a request and caches those of the token in use.
type headers struct {
	userAgent string
	last      atomic.Pointer[tokenHeaders]
}

type tokenHeaders struct {
	token  string
	header http.Header
}

// withToken returns the headers of a request that carries token. They must not be
// changed; resty clones them.
func (h *headers) withToken(token string) http.Header {
	last := h.last.Load()
	if last == nil || last.token != token {
		last = &tokenHeaders{token, http.Header{
			"Accept":          {"application/json"},
			"Accept-Encoding": {"gzip"},
			"Content-Type":    {"application/json"},
			"User-Agent":      {h.userAgent},
		}}
		if token != "" {
			last.header["Authorization"] = []string{"Bearer " + token}
		}
		h.last.Store(last)
	}
	return last.header
}
