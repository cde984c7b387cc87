package transport

import (
	"net/http"
	"net/url"
	"sync"
)

// A urls keeps the URLs of the paths that are used most.
type urls struct {
	mu    sync.RWMutex
	known map[string]*url.URL // by path
}

// maxURLs is more than the API has endpoints. Paths with a query, which are many, may
// take up the rest.
const maxURLs = 64

// of returns the URL of a path under base, as net/http makes it. It must not be changed.
func (u *urls) of(base, path string) (*url.URL, error) {
	u.mu.RLock()
	known := u.known[path]
	u.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	made, err := http.NewRequest(http.MethodPost, base+"/"+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.known == nil {
		u.known = make(map[string]*url.URL)
	}
	if len(u.known) < maxURLs {
		u.known[path] = made.URL
	}
	return made.URL, nil
}
