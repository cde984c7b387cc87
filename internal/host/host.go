// Package host checks and normalizes the hosts and ports of URLs.
package host

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// Normalize returns the host of a URL in lower case, without a port that is the scheme's
// default.
func Normalize(u *url.URL) string {
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

// IsValid reports whether a host may be one's name or address. Letters may be any: those
// that are not ASCII's are looked up as such.
func IsValid(host string) bool {
	name, zone, _ := strings.Cut(host, "%")
	if strings.Contains(name, ":") {
		return net.ParseIP(name) != nil
	}
	return zone == "" && strings.Trim(name, ".") != "" && !strings.Contains(name, "..") && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '.' && r != '-' && r != '_'
	})
}

// IsPort reports whether a port is a number that one may have, or absent.
func IsPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// IsLoopback reports whether a host is this machine by its name or address.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
