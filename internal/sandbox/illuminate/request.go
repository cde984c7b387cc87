package illuminate

import (
	"net/http"
	"strconv"
	"strings"
)

// BearerToken returns a request's token as Request::bearerToken does.
func BearerToken(r *http.Request) string {
	header := r.Header.Get("Authorization")
	i := strings.LastIndex(header, "Bearer ")
	if i < 0 {
		return ""
	}
	token, _, _ := strings.Cut(header[i+len("Bearer "):], ",")
	return token
}

// WantsJSON reports whether an error is answered in JSON: that is if the Accept
// header prefers JSON, or if the request is a script's that takes anything.
func WantsJSON(r *http.Request) bool {
	first, best := "", -1.0
	for entry := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		kind, params, _ := strings.Cut(entry, ";")
		if q := quality(params); q > best {
			first, best = strings.TrimSpace(kind), q
		}
	}
	if strings.Contains(first, "/json") || strings.Contains(first, "+json") {
		return true
	}
	anything := first == "" || first == "*/*" || first == "*"
	return anything && r.Header.Get("X-Requested-With") == "XMLHttpRequest" && r.Header.Get("X-PJAX") == ""
}

// quality returns the q of an entry of an Accept header, 1 if it has none.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		if value, found := strings.CutPrefix(strings.TrimSpace(param), "q="); found {
			q, _ := strconv.ParseFloat(value, 64)
			return q
		}
	}
	return 1
}
