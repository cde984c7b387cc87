package pmpsmart

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// checkBaseURL returns the base URL in the one spelling that it has as a part of an
// Account: without slashes at its end, its host in lower case, and without a port that
// is the scheme's default. source says where it is from.
func checkBaseURL(raw, source string, insecure bool) (string, *InputError) {
	u, err := url.Parse(strings.TrimSpace(raw))
	address, _, _ := strings.Cut(raw, "?") // what is behind may be secret
	address, _, _ = strings.Cut(address, "#")
	switch {
	case strings.Contains(raw, "@"), strings.Contains(raw, "%40"): // which is not shown
		return "", bad(source, "holds a user or password; %s", orEnv(source, "give them by WithCredentials", "set them as PMPSMART_EMAIL and PMPSMART_PASSWORD"))
	case strings.ContainsAny(raw, "\"'`"):
		return "", bad(source, "is %q; leave the quotes out", address)
	case err != nil:
		return "", bad(source, "is %q, which is no URL; want an address like %s", address, defaultBaseURL)
	case strings.ContainsFunc(strings.TrimSpace(address), isUnseen):
		return "", bad(source, "is %+q, which holds a space or a character that can't be seen", address)
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return "", bad(source, "has a query or a fragment; want an address like %s", defaultBaseURL)
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return "", bad(source, "is %q; want an address like %s", address, defaultBaseURL)
	case !isHost(u.Hostname()) || !isPort(u.Port()):
		return "", bad(source, "is %q, whose host or port none can have; want an address like %s", address, defaultBaseURL)
	case u.Scheme == "http" && !insecure && !isLoopback(u.Hostname()):
		return "", bad(source, "is %q, and http would show the password and the token to whoever listens; use https, or %s", address,
			orEnv(source, "AllowInsecureHTTP where the way is safe", "set PMPSMART_INSECURE_HTTP=1 if the network is trusted"))
	}
	u.Host = normalizeHost(u)
	return strings.TrimRight(u.String(), "/"), nil
}

// orEnv returns what to do about a base URL, which is the environment's or an option's.
func orEnv(source, option, environment string) string {
	if source == envBaseURL {
		return environment
	}
	return option
}

func normalizeHost(u *url.URL) string {
	host, zone, hasZone := strings.Cut(u.Hostname(), "%") // the zone of an IPv6 address
	if host = strings.ToLower(host); hasZone {
		host += "%" + zone
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host += ":" + port
	}
	return host
}

// isUnseen reports whether a character is a space, or one that text copied from elsewhere
// may hold and nobody sees.
func isUnseen(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }

// isHost reports whether a host may be one's name or address. Letters may be any: those
// that are not ASCII's are looked up as such.
func isHost(host string) bool {
	name, zone, _ := strings.Cut(host, "%")
	if strings.Contains(name, ":") {
		return net.ParseIP(name) != nil
	}
	return zone == "" && strings.Trim(name, ".") != "" && !strings.Contains(name, "..") && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '.' && r != '-' && r != '_'
	})
}

func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
