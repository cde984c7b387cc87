package pmpsmart

import (
	"net"
	"net/url"
	"strings"
)

// checkBaseURL gives the base URL without slashes at its end. source says where
// it is from.
func checkBaseURL(raw, source string, insecure bool) (string, *InputError) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case strings.Contains(raw, "@"): // which is not shown
		return "", bad(source, "holds a user or password; give them by WithCredentials")
	case strings.ContainsAny(raw, "\"'`"):
		return "", bad(source, "is %q; leave the quotes out", raw)
	case err != nil:
		return "", bad(source, "is %q, which is no URL; want an address like %s", raw, defaultBaseURL)
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return "", bad(source, "has a query or a fragment; want an address like %s", defaultBaseURL)
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return "", bad(source, "is %q; want an address like %s", raw, defaultBaseURL)
	case u.Scheme == "http" && !insecure && !isLoopback(u.Hostname()):
		return "", bad(source, "is %q, and http would show the password and the token to whoever listens; use https, or AllowInsecureHTTP where the way is safe", raw)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
