package pmpsmart

import (
	"net/http"
	"sync/atomic"
)

// A headers makes the headers of the vendor's page, and remembers them for the
// token in use: resty clones what it is given.
type headers struct {
	agent string
	last  atomic.Pointer[tokenHeaders]
}

type tokenHeaders struct {
	token  Token
	header http.Header
}

// of gives the headers of a request that carries token, which must not be
// changed.
func (h *headers) of(token Token) http.Header {
	last := h.last.Load()
	if last == nil || last.token != token {
		last = &tokenHeaders{token, http.Header{
			"Accept":          {"application/json"},
			"Accept-Encoding": {"gzip"},
			"Content-Type":    {"application/json"},
			"User-Agent":      {h.agent},
		}}
		if token != "" {
			last.header["Authorization"] = []string{"Bearer " + string(token)}
		}
		h.last.Store(last)
	}
	return last.header
}
