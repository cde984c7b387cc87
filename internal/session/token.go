package session

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// NoToken says what is wrong with a response in which [ReadAnswer] finds no token.
const NoToken = "want a token named api_token, access_token, plainTextToken, auth_token, jwt or token, or an Authorization header, of at most 8192 bytes, and there is none"

// tokenNames are the names of a token, whatever their case and separators, the
// surest first.
var tokenNames = loose.NewNameIndex("api_token", "access_token", "plain_text_token", "auth_token", "jwt", "token",
	"jwt_token", "bearer_token", "token_access", "user_token", "session_token", "api_key")

// The rank of a token is twice the place of its name among tokenNames; the lowest is
// taken.
const (
	rankOfAccess = 2*5 - 1 // a token inside a member named access, before any other
	rankOfToken  = 2 * 5
	rankOfNone   = 2 * 12
)

// valueNames are the names of a token inside a member that is named as one.
var valueNames = loose.NewNameIndex("value", "access", "key", "string", "text", "plain_text", "raw", "hash", "bearer")

// tokenHolders are the members in which those are looked for.
var tokenHolders = loose.NewNameIndex("token", "tokens", "access", "access_token", "api_token", "auth_token", "jwt", "bearer", "jwt_token", "bearer_token",
	"user_token", "session_token")

// lonelyAccess is how long a text named access must be to be a token where nothing else
// says so, as SimpleJWT sends it: a role or a right is shorter.
const lonelyAccess = 40

// tokenHeaders are the headers in which a login returns a token, the surest first.
var tokenHeaders = []string{"Authorization", "X-Auth-Token", "X-Access-Token", "X-Api-Token", "Access-Token", "Auth-Token", "X-Authorization", "X-Session-Token", "X-Token"}

// HeaderToken returns the text of the first header that holds a token, or "".
func HeaderToken(h http.Header) string {
	for _, name := range tokenHeaders {
		if _, ok := candidate(h.Get(name)); ok {
			return h.Get(name)
		}
	}
	return ""
}

// The words of which a text consists that stands in a token's place and says why there is
// none. It says so by one of noTokenWords at least.
var (
	noTokenWords = []string{"null", "nil", "none", "undefined", "nan", "false", "expired", "expire", "invalid", "unauthorized", "unauthorised",
		"unauthenticated", "forbidden", "denied", "error", "failed", "failure", "fail", "revoked", "blocked", "inactive", "disabled", "missing", "empty", "not", "no", "wrong",
		"gagal", "kosong", "kadaluarsa", "kadaluwarsa", "kedaluwarsa", "tidak", "salah", "ditolak", "diblokir", "nonaktif"}
	otherWords = []string{"token", "access", "user", "password", "credentials", "credential", "is", "has", "been", "was", "valid", "found", "login", "auth", "jwt", "session",
		"ada", "sah", "ditemukan", "sandi", "api", "key", "bearer", "available", "allowed", "active", "set", "account", "akun", "akses"}
	words = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)
)

// isReason reports whether a text says why there is no token.
func isReason(text string) bool {
	const longest = 40
	if len(text) > longest || len(text) < len("no") || strings.ContainsAny(text, "0123456789|") {
		return false
	}
	why := false
	for _, word := range words.FindAllString(text, -1) {
		word = strings.ToLower(word)
		isWhy := slices.Contains(noTokenWords, word)
		if !isWhy && !slices.Contains(otherWords, word) {
			return false
		}
		why = why || isWhy && word != "no" // which alone is too short to say
	}
	return why
}

// accessNames are the members in which a token is the one for access.
var accessNames = loose.NewNameIndex("access", "access_token")

// otherTokens are parts of the names of members that hold tokens for something else:
// nothing inside them is looked at.
var otherTokens = []string{"refresh", "device", "fcm", "firebase", "push", "otp", "reset", "remember", "csrf", "xsrf"}

// csrfToken is the name of Laravel's token of forms.
const csrfToken = `"_token"`

// isForSomethingElse reports whether a member's name, in quotes, is one of those.
func isForSomethingElse(quoted []byte) bool {
	name := loose.NormalName(loose.Name(quoted))
	return slices.ContainsFunc(otherTokens, func(part string) bool { return strings.Contains(name, part) })
}

// maxTokenDepth is how many levels below data, or below the top, are looked at.
const maxTokenDepth = 5

// token returns the token of a response: the one with the surest name and, of several
// of that name, the nearest: in data, in a member of data, at the top, in a member of
// the top, further inside. The header comes after the names, and data itself last.
func (r Response) token() (token string, ok bool) {
	data, text := r.Data, ""
	if loose.Kind(data) == '"' {
		text = strings.TrimSpace(loose.Unquote(data))
		data = encodedTwice(text)
	}
	s := tokenSearch{rank: rankOfNone}
	near, top := []holder{{value: data}}, []holder{{value: r.Whole}}
	near = s.level(s.level(near))
	top = s.level(s.level(top))
	for range maxTokenDepth - 1 {
		near, top = s.level(near), s.level(top)
	}
	if s.rank < rankOfNone {
		return s.token, true
	}
	if token, ok = candidate(r.Authorization); ok {
		return token, true
	}
	if r.UnknownStatus || data != nil { // {"status": "Unauthorized", "data": "Unauthorized"}
		return "", false
	}
	return candidate(text)
}

// candidate returns a text as a token if it can be one.
func candidate(text string) (token string, ok bool) {
	token, ok = NormalizeToken(text)
	return token, ok && len(token) <= MaxToken && !isReason(token)
}

// encodedTwice returns the object or array that a text holds, nil if it holds none.
func encodedTwice(text string) []byte {
	if kind := loose.Kind([]byte(text)); kind == '{' || kind == '[' {
		if value := jsontext.Value(text); value.IsValid(envelope.Lenient) {
			return value
		}
	}
	return nil
}

// A holder is a value in which a token may be.
type holder struct {
	value  []byte
	access bool // its name says that it holds the token for access
	token  bool // its name is that of a token
}

// A tokenSearch is the search for a token, with the best one so far.
type tokenSearch struct {
	token string
	rank  int
	in    int // the object that it stands in
	count int // of the objects that were looked into
}

// level looks into the holders of one level and returns those of the next.
func (s *tokenSearch) level(holders []holder) (next []holder) {
	for _, h := range holders {
		object := unwrap(h.value)
		if loose.Kind(object) != '{' {
			continue
		}
		s.count++
		for name, value := range loose.Members(object) {
			switch loose.Kind(value) {
			case '{', '[':
				if !isForSomethingElse(name) {
					next = append(next, holder{value, accessNames.Find(name) >= 0, tokenHolders.Find(name) >= 0})
				}
			case '"', '0':
				if string(name) != csrfToken {
					s.consider(name, value, h)
				}
			}
		}
	}
	return next
}

// consider takes a member that is a better token than the one so far, or comes after
// that in the same object: of a name that comes twice the last counts.
func (s *tokenSearch) consider(name, value []byte, h holder) {
	rank := 2 * tokenNames.Find(name)
	if rank < 0 && valueNames.Find(name) >= 0 && (h.token || accessNames.Find(name) >= 0 && len(value) > lonelyAccess) {
		rank = rankOfToken
	}
	if h.access && rank > rankOfAccess {
		rank = rankOfAccess
	}
	if rank < 0 || rank > s.rank || rank == s.rank && s.in != s.count {
		return
	}
	text, _ := loose.String(value)
	if token, ok := candidate(text); ok {
		s.token, s.rank, s.in = token, rank, s.count
	}
}

// Members returns the names of a response's members by their paths, as many as limit,
// and how many more there are. Those of data, and of what else holds others, follow
// the dot behind its name.
func (r Response) Members(limit int) (paths []string, more int) {
	var list func(object []byte, path string, depth int)
	list = func(object []byte, path string, depth int) {
		for name, value := range loose.Unique(object) {
			if inner := unwrap(value); depth > 1 && loose.Kind(inner) == '{' && !loose.IsEmpty(inner) {
				list(inner, path+name+".", depth-1)
				continue
			}
			if len(paths) == limit {
				more++
				continue
			}
			paths = append(paths, path+name)
		}
	}
	if whole := unwrap(r.Whole); loose.Kind(whole) == '{' {
		list(whole, "", 3)
	}
	return paths, more
}
