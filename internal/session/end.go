package session

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A stated end is when a token expires by the word of who issued it. It is no reason to
// send no request, since clocks differ and servers err, but explains a refusal.

// SetEnd notes when a token ends that a login returned. An end that has passed already
// is a mistake and is not noted.
func (s *Session[D]) SetEnd(token string, end, now time.Time) {
	if !end.After(now) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ending, s.end = func() string { return token }, end
}

// Ended returns the stated end of a token if it is not after now, and else the zero
// time.
func (s *Session[D]) Ended(token string, now time.Time) time.Time {
	s.mu.Lock()
	end := time.Time{}
	if s.ending != nil && s.ending() == token {
		end = s.end
	}
	s.mu.Unlock()
	for _, end := range [...]time.Time{end, jwtEnd(token)} {
		if !end.IsZero() && !end.After(now) {
			return end
		}
	}
	return time.Time{}
}

// ServerTime returns when a response was sent: by the server's clock if it tells, by
// which it also judges tokens.
func ServerTime(h http.Header) time.Time {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		return date
	}
	return time.Now()
}

// jwtEnd returns the exp of a JSON Web Token, or the zero time.
func jwtEnd(token string) time.Time {
	_, rest, _ := strings.Cut(token, ".")
	claims, _, ok := strings.Cut(rest, ".")
	if !ok {
		return time.Time{}
	}
	object, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(claims, "="))
	if err != nil || !isObject(object) {
		return time.Time{}
	}
	for name, value := range loose.Members(object) {
		if seconds, ok := loose.Float(value); ok && loose.NameIs(name, "exp") && seconds > 0 && seconds < 1e11 {
			return time.Unix(int64(seconds), 0)
		}
	}
	return time.Time{}
}

func isObject(raw []byte) bool {
	return loose.Kind(raw) == '{' && jsontext.Value(raw).IsValid(envelope.Lenient)
}

// endNames are the names of a token's end, as a time or in seconds from its login; an
// "access_" or "token_" before them is dropped.
var endNames = loose.NewNameIndex(
	"expires_in", "expire_in", "expired_in", "expires_at", "expire_at", "expired_at", "expires", "expiry", "exp",
	"expiration", "expiration_time", "expires_on", "expired_on", "expiry_date", "expired_date", "valid_until")

// holderNames are the names of objects that hold a token and what belongs to it.
var holderNames = loose.NewNameIndex("token", "tokens", "access", "access_token", "auth", "authorization", "authorisation", "authentication", "session", "jwt")

// StatedEnd returns when the token of a response to a login ends by the response's own
// word, or the zero time. now is when the response was sent; loc is the zone of times
// that name none.
func StatedEnd(v envelope.Loose, now time.Time, loc *time.Location) time.Time {
	for _, object := range [][]byte{unwrap(v.Data), v.Whole} {
		if loose.Kind(object) != '{' {
			continue
		}
		if end := endIn(object, now, loc); !end.IsZero() {
			return end
		}
		for name, inner := range loose.Members(object) {
			if inner = unwrap(inner); loose.Kind(inner) != '{' || holderNames.Find(name) < 0 {
				continue
			}
			if end := endIn(inner, now, loc); !end.IsZero() {
				return end
			}
		}
	}
	return time.Time{}
}

// endIn returns the end that an object states.
func endIn(object []byte, now time.Time, loc *time.Location) time.Time {
	for name, value := range loose.Members(object) {
		if !isEndName(name) {
			continue
		}
		if end := readEnd(value, now, loc); !end.IsZero() {
			return end
		}
	}
	return time.Time{}
}

func isEndName(quoted []byte) bool {
	if endNames.Find(quoted) >= 0 {
		return true
	}
	name := strings.ToLower(loose.Name(quoted))
	for _, prefix := range [...]string{"access", "api", "token"} {
		name = strings.TrimLeft(strings.TrimPrefix(name, prefix), "_- ")
	}
	return endNames.Find(strconv.AppendQuote(nil, name)) >= 0
}

// readEnd reads an end: a time, or a number of seconds that is too small to be one.
func readEnd(value []byte, now time.Time, loc *time.Location) time.Time {
	const longest = 1e8 // three years; from there on a number is Unix time
	if kind := loose.Kind(value); kind == '"' || kind == '0' {
		if seconds, ok := loose.Float(value); ok && seconds < longest {
			if seconds <= 0 {
				return time.Time{}
			}
			return now.Add(time.Duration(seconds * float64(time.Second)))
		}
	}
	var zones loose.Zones
	if number, ok := loose.Float(value); ok && number >= longest { // also in a string
		value = strconv.AppendFloat(nil, number, 'f', -1, 64)
	}
	end, ok := zones.Time(value, loc)
	if !ok || end.Before(time.Unix(longest, 0)) {
		return time.Time{}
	}
	return end
}
