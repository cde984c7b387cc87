package transport

import "sync"

// A urls keeps the URLs of the paths that are used most.
type urls struct {
	mu    sync.RWMutex
	known map[string]string // by path
}

// maxURLs is more than the API has endpoints. Paths with a query, which are many, may
// take up the rest.
const maxURLs = 64

// of returns the URL of a path under base.
func (u *urls) of(base, path string) string {
	u.mu.RLock()
	url, ok := u.known[path]
	u.mu.RUnlock()
	if ok {
		return url
	}
	url = base + "/" + path
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.known == nil {
		u.known = make(map[string]string)
	}
	if len(u.known) < maxURLs {
		u.known[path] = url
	}
	return url
}
