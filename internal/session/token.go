package session

import (
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
	"jwt_token", "bearer_token")

// The rank of a token is twice the place of its name among tokenNames; the lowest is
// taken.
const (
	rankOfAccess = 2*5 - 1 // a token inside a member named access, before any other
	rankOfNone   = 2 * 8
)

// accessNames are the members in which a token is the one for access.
var accessNames = loose.NewNameIndex("access", "access_token")

// otherTokens are parts of the names of members that hold tokens for something else:
// nothing inside them is looked at.
var otherTokens = []string{"refresh", "device", "fcm", "firebase", "push", "otp", "reset", "remember", "csrf", "xsrf"}

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
	return token, ok && len(token) <= MaxToken
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
					next = append(next, holder{value, accessNames.Find(name) >= 0})
				}
			case '"', '0':
				s.consider(name, value, h.access)
			}
		}
	}
	return next
}

// consider takes a member that is a better token than the one so far, or comes after
// that in the same object: of a name that comes twice the last counts.
func (s *tokenSearch) consider(name, value []byte, access bool) {
	rank := 2 * tokenNames.Find(name)
	if access && rank > rankOfAccess {
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
