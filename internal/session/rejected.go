package session

import (
	"bytes"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// The statuses that servers send for an expired token beside 401.
const (
	statusLoginTimeout = 440 // of IIS
	statusInvalidToken = 498 // of Esri
)

// RejectsToken reports whether an error response says that the token of its request has
// expired or is not valid, in whatever form: by its status, by WWW-Authenticate, by a
// redirect to a login page, or by a code or an exception's name in the body, of which
// the start is enough. A text for people is not read. A 419 is Laravel's CSRF check,
// which no login passes.
func RejectsToken(status int, h http.Header, body []byte) bool {
	switch {
	case isTokenStatus(status):
		return true
	case status >= 300 && status < 400:
		return isLoginPage(h.Get("Location"))
	case status >= 400 && status < 500 && hasInvalidToken(h):
		return true
	}
	return bodyRejectsToken(body, status)
}

func isTokenStatus(status int) bool {
	return status == http.StatusUnauthorized || status == statusLoginTimeout || status == statusInvalidToken
}

// isLoginPage reports whether a redirect leads to where people log in.
func isLoginPage(location string) bool {
	u, err := url.Parse(strings.TrimSpace(location))
	if err != nil {
		return false
	}
	page := path.Base(strings.TrimRight(u.Path, "/"))
	page = strings.TrimSuffix(page, path.Ext(page)) // login.php
	switch strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(page)) {
	case "login", "signin", "masuk":
		return true
	}
	return false
}

// hasInvalidToken reports whether a challenge of RFC 6750 has the error invalid_token.
func hasInvalidToken(h http.Header) bool {
	for _, challenge := range h.Values("WWW-Authenticate") {
		for _, parameter := range strings.FieldsFunc(challenge, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
			name, value, _ := strings.Cut(parameter, "=")
			if strings.EqualFold(name, "error") && strings.EqualFold(strings.Trim(value, `"`), "invalid_token") {
				return true
			}
		}
	}
	return false
}

// A role is what a member of an error response means.
type role uint8

const (
	noRole  role = iota
	ofCode       // a code of the response, or an object with one
	ofError      // a code of what went wrong, an exception's name, or objects of them
)

var roleNames, roles = func() (*loose.NameIndex, []role) {
	var names []string
	var roles []role
	for r, list := range map[role]string{
		ofCode: "code rc kode status status_code http_code http_status http_status_code response_code res_code resp_code result_code " +
			"return_code ret_code error_code err_code kode_status kode_error kode_respon kode_response",
		ofError: "error errors exception exception_class type error_type reason meta metadata extensions diagnostic response_status result_status",
	} {
		for name := range strings.FieldsSeq(list) {
			names, roles = append(names, name), append(roles, r)
		}
	}
	return loose.NewNameIndex(names...), roles
}()

// bodyRejectsToken looks for a code in the outermost object, as far as there is one, or
// in the first of an array.
func bodyRejectsToken(body []byte, status int) bool {
	start := bytes.IndexAny(body, "{[")
	if start < 0 {
		return false
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(body[start:]), envelope.Lenient)
	first, err := d.ReadToken()
	if err != nil {
		return false
	}
	if first.Kind() == '[' {
		value, err := d.ReadValue()
		return err == nil && loose.Kind(value) == '{' && valueRejectsToken(ofError, value, status, 0)
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadValue()
		if err != nil {
			return false
		}
		name = bytes.Clone(name)
		value, err := d.ReadValue()
		if err != nil {
			return false
		}
		if memberRejectsToken(name, value, status, 0) {
			return true
		}
	}
	return false
}

func memberRejectsToken(name, value []byte, status, depth int) bool {
	if depth == 0 && loose.NameIs(name, "data") { // a refusal that Yii wraps
		return hasMessage(value) && valueRejectsToken(ofError, value, status, 1)
	}
	at := roleNames.Find(name)
	return at >= 0 && valueRejectsToken(roles[at], value, status, depth)
}

// hasMessage reports whether a value is an object that speaks to people.
func hasMessage(value []byte) bool {
	if loose.Kind(value) == '{' {
		for name := range loose.Members(value) {
			if loose.NameIs(name, "message") {
				return true
			}
		}
	}
	return false
}

// valueRejectsToken looks for a code in a value: the value itself, or members of an
// object, or of the objects of an array.
func valueRejectsToken(r role, value []byte, status, depth int) bool {
	const maxDepth = 4
	switch loose.Kind(value) {
	case '"', '0':
		text, _ := loose.String(value)
		return isTokenCode(text) || isTokenException(text) || r == ofCode && isUnauthorized(text) && status != http.StatusForbidden
	case '{':
		if depth == maxDepth {
			return false
		}
		for name, inner := range loose.Members(value) {
			if memberRejectsToken(name, inner, status, depth+1) {
				return true
			}
		}
	case '[':
		for element := range loose.Elements(value) {
			if loose.Kind(element) == '{' && valueRejectsToken(r, element, status, depth) {
				return true
			}
		}
	}
	return false
}

// isUnauthorized reports whether a code is the name of the status 401, which many a 403
// has as well.
func isUnauthorized(code string) bool {
	switch normalCode(code) {
	case "unauthorized", "unauthorised":
		return true
	}
	return false
}

// isTokenCode reports whether a code is that of an expired token: a number, or a word of
// the kind that programs compare.
func isTokenCode(code string) bool {
	code = strings.TrimSpace(code)
	if number, ok := strings.CutSuffix(strings.ToLower(code), " unauthorized"); ok {
		code = number
	}
	switch code {
	case "401", "440", "498":
		return true
	}
	word := normalCode(code)
	for _, prefix := range [...]string{"error", "err", "jwtauth", "oauth", "rest"} {
		word = strings.TrimPrefix(word, prefix)
	}
	return tokenCodes[word]
}

var tokenCodes = func() map[string]bool {
	codes := map[string]bool{
		"unauthenticated": true, "notauthenticated": true, "authenticationrequired": true, "authrequired": true, "loginrequired": true,
		"autherror": true, "authenticationerror": true, "sessionexpired": true, "expiredsession": true, "tokennotprovided": true, "tokenabsent": true,
	}
	for _, token := range [...]string{"token", "accesstoken", "authtoken", "bearertoken", "apitoken", "jwt", "jwttoken"} {
		for _, state := range [...]string{"expired", "invalid", "missing", "revoked", "blacklisted"} {
			codes[token+state], codes[state+token], codes[token+"is"+state] = true, true, true
		}
	}
	return codes
}()

// normalCode returns a word in lower case without its separators, or "" if it has
// characters that no code has: a sentence is not read.
func normalCode(code string) string {
	const longest = 64
	if len(code) > longest {
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(code) {
		switch {
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteByte(c)
		case c != '_' && c != '-' && c != '.' && c != '/':
			return ""
		}
	}
	return b.String()
}

// isTokenException reports whether a class is that of an exception of an expired or
// wrong token, or of a request that nobody is logged in for.
func isTokenException(class string) bool {
	namespace, name := "", class
	if at := strings.LastIndexAny(class, `\./`); at >= 0 {
		namespace, name = class[:at], class[at+1:]
	}
	kind, ok := strings.CutSuffix(name, "Exception")
	if !ok {
		if kind, ok = strings.CutSuffix(name, "Error"); !ok {
			return false
		}
	}
	switch kind {
	case "TokenMismatch": // Laravel's CSRF check
		return false
	case "Authentication", "Unauthenticated", "UnauthorizedHttp":
		return true
	}
	if strings.Contains(namespace, "JWT") || strings.HasPrefix(kind, "Token") {
		return true
	}
	return tokenCodes[normalCode(kind)] || strings.HasPrefix(kind, "JWT") || strings.HasPrefix(kind, "JsonWebToken")
}
