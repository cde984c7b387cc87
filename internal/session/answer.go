package session

import (
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// An Answer is what the response to a login holds. Its values are raw JSON, as far as
// ReadAnswer sets them.
type Answer struct {
	Token string
	User  []byte    // the object of the user, nil if there is none
	Path  string    // of the user in the response
	Rest  string    // the object of everything else, or ""
	End   time.Time // of the token, by the response's own word; zero for none
}

// A Response is a response to a login.
type Response struct {
	envelope.Loose
	Authorization string // the HeaderToken
	UnknownStatus bool   // the envelope has a status that nobody knows
}

// ReadAnswer reads the response to a login. ok is false if it holds no token.
func ReadAnswer(r Response) (a Answer, ok bool) {
	if a.Token, ok = r.token(); !ok {
		return Answer{}, false
	}
	var siblings []byte
	a.User, a.Path, siblings = findUser(r.Loose)
	a.Rest = joinObjects(r.Beside, siblings)
	return a, true
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

// memberObject returns an object's member of that name, in whatever case, if it is an
// object.
func memberObject(object []byte, want string) (found []byte) {
	if loose.Kind(object) != '{' {
		return nil
	}
	for name, value := range loose.Unique(object) {
		if value = unwrap(value); strings.EqualFold(name, want) && loose.Kind(value) == '{' {
			found = value
		}
	}
	return found
}

// isUser reports whether an object is a user, rather than one that only holds the token.
func isUser(object []byte) bool {
	if loose.Kind(object) != '{' {
		return false
	}
	for name := range loose.Unique(object) {
		switch strings.ToLower(name) {
		case "id", "name", "email":
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
