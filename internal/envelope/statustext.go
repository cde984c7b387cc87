package envelope

import (
	"net/http"
	"strconv"
)

// StatusText is http.StatusText with the statuses of Laravel and Cloudflare
// that the standard does not know.
func StatusText(status int) string {
	switch status {
	case 419:
		return "Page Expired"
	case 520:
		return "Web Server Returned an Unknown Error"
	case 521:
		return "Web Server Is Down"
	case 522:
		return "Connection Timed Out"
	case 523:
		return "Origin Is Unreachable"
	case 524:
		return "A Timeout Occurred"
	case 525:
		return "SSL Handshake Failed"
	case 526:
		return "Invalid SSL Certificate"
	}
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "HTTP " + strconv.Itoa(status)
}
