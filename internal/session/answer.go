package session

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// An Answer is what the response to a login holds. Its values are raw JSON.
type Answer struct {
	Token string
	User  []byte // the object of the user, nil if there is none
	Path  string // of the user in the response
	Rest  string // the object of everything else, or ""
}

// ReadAnswer reads the response to a login. ok is false if it holds no token.
func ReadAnswer(v envelope.Loose) (a Answer, ok bool) {
	if a.Token, ok = findToken(v.Data, v.Whole); !ok {
		return Answer{}, false
	}
	var siblings []byte
	a.User, a.Path, siblings = findUser(v)
	a.Rest = joinObjects(v.Beside, siblings)
	return a, true
}

// NoToken says what is wrong with a response in which [ReadAnswer] finds no token.
const NoToken = "want a token named api_token, access_token or token, of at most 8192 bytes, and there is none"

// tokenNames are tried in this order.
var tokenNames = [...]string{"api_token", "access_token", "token"}

// findToken looks for the token where servers put it, the nearest place first: in
// data, in a member of data, at the top, in a member of the top.
func findToken(data, whole []byte) (token string, ok bool) {
	if loose.Kind(data) == '"' {
		text := loose.Unquote(data)
		if strings.HasPrefix(text, "{") && jsontext.Value(text).IsValid(envelope.Lenient) { // encoded twice
			return findToken([]byte(text), nil)
		}
		return candidate(text)
	}
	for _, object := range [][]byte{unwrap(data), whole} {
		if loose.Kind(object) != '{' {
			continue
		}
		for _, name := range tokenNames {
			if token, ok := tokenIn(object, name); ok {
				return token, true
			}
		}
		for _, name := range tokenNames {
			for _, inner := range loose.Members(object) {
				if token, ok := tokenIn(unwrap(inner), name); ok {
					return token, true
				}
			}
		}
	}
	return "", false
}

// tokenIn returns an object's member of that name if it can be a token.
func tokenIn(object []byte, name string) (token string, ok bool) {
	if loose.Kind(object) != '{' {
		return "", false
	}
	for member, value := range loose.Unique(object) {
		if kind := loose.Kind(value); member != name || kind != '"' && kind != '0' {
			continue
		}
		text, _ := loose.String(value)
		return candidate(text)
	}
	return "", false
}

// candidate returns a text as a token if it can be one.
func candidate(text string) (token string, ok bool) {
	token, ok = NormalizeToken(text)
	return token, ok && len(token) <= MaxToken
}

// findUser finds the user and its path. siblings is what else data holds.
func findUser(v envelope.Loose) (user []byte, path string, siblings []byte) {
	data := unwrap(v.Data)
	if user = memberObject(data, "user"); user != nil {
		return user, "data.user", data
	}
	if user = memberObject(v.Beside, "user"); user != nil {
		return user, "user", data
	}
	if isUser(data) {
		return data, "data", nil
	}
	return nil, "", data
}

// memberObject returns an object's member of that name if it is an object.
func memberObject(object []byte, want string) (found []byte) {
	if loose.Kind(object) != '{' {
		return nil
	}
	for name, value := range loose.Unique(object) {
		if value = unwrap(value); name == want && loose.Kind(value) == '{' {
			found = value
		}
	}
	return found
}

// isUser tells a user from an object that only holds the token.
func isUser(object []byte) bool {
	if loose.Kind(object) != '{' {
		return false
	}
	for name := range loose.Unique(object) {
		if name == "id" || name == "name" || name == "email" {
			return true
		}
	}
	return false
}

// unwrap returns the element of an array of one, and anything else as it is.
func unwrap(raw []byte) []byte {
	if loose.Kind(raw) == '[' {
		if only := loose.Only(raw); only != nil {
			return only
		}
	}
	return raw
}

// joinObjects makes one object of the members of several.
func joinObjects(objects ...[]byte) string {
	var all []byte
	for _, object := range objects {
		if loose.Kind(object) == '{' && !loose.IsEmpty(object) {
			all = append(append(all, ','), object[1:len(object)-1]...)
		}
	}
	if all == nil {
		return ""
	}
	all[0] = '{'
	return string(append(all, '}'))
}
