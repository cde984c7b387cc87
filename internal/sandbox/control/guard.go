package control

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// admit returns an error if a request may not steer. A page of somebody else's must
// not: the browser names its origin, and one whose name was made to lead here, by DNS,
// names that as the host.
func (s *Server) admit(r *http.Request) error {
	if !s.isOwn(r, hostName(r.Host)) {
		return fmt.Errorf("the host %q is not this server's, which is steered at its own address, at localhost or at a host named by -allow-host", shown(r.Host))
	}
	for _, origin := range r.Header.Values("Origin") {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || !s.isOwn(r, hostName(u.Host)) {
			return fmt.Errorf("a page of the origin %q may not steer this server; one of its own address, of localhost or of a host named by -allow-host may", shown(origin))
		}
	}
	return nil
}

// isOwn reports whether a host is loopback, the address that the request came to, or
// one of those that are allowed.
func (s *Server) isOwn(r *http.Request, host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || s.hosts[host] {
		return true
	}
	ip := net.ParseIP(host)
	if ip == nil {
		return false
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ip.IsLoopback() || local != nil && local.IP.Equal(ip)
}

// hostName returns a host without its port, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// shown returns a text of which a person reads the beginning.
func shown(text string) string {
	const most = 100
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}

// allowOrigin lets the page that a request came from read the answer. It reports
// whether it has answered: a browser's question whether it may send another request.
func allowOrigin(w http.ResponseWriter, r *http.Request, methods string) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Add("Vary", "Origin")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", methods)
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	w.WriteHeader(http.StatusNoContent)
	return true
}
