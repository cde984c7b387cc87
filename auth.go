package pmpsmart

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// Token is a bearer token. It prints as [redacted] in fmt, slog and JSON;
// string(t) is its value. (fmt can't be kept from printing the value under the
// verbs %w and %p, which go vet reports as mistakes.)
type Token string

// Format prints [redacted], or nothing for an empty token, whatever the verb.
func (t Token) Format(f fmt.State, _ rune) { fmt.Fprint(f, t.String()) }

// String gives [redacted], or "" for an empty token.
func (t Token) String() string {
	if t == "" {
		return ""
	}
	return redact.Mark
}

// GoString gives what String gives.
func (t Token) GoString() string { return t.String() }

// LogValue gives what String gives.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON writes what String gives.
func (t Token) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// MarshalText writes what String gives.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Session is what a login gives.
type Session struct {
	Token Token // api_token, access_token or token, wherever the server put it
	User  User  // who logged in; zero where the server does not say
	Extra Extra // what else came with it, such as expires_at; no token or password
}

// Format prints the session without its token, whatever the verb: fmt calls no
// methods of what is in a value that a verb does not fit.
func (s Session) Format(f fmt.State, verb rune) {
	type plain Session
	fmt.Fprintf(f, fmt.FormatString(f, verb), plain(s))
}

// Login logs in, puts the token into the client's store and makes the account
// the client's: its next calls carry that token. The password is not kept, and
// credentials given for another email are no longer used. A wrong password is
// [ErrUnauthorized], or the [*APIError] of whatever status the server gives it; a
// login that gives no token is a [*DecodeError].
// Vendor's page: Auth, "Login", POST auth/login. Class: auth.
func (c *Client) Login(ctx context.Context, email, password string, opts ...CallOption) (*Session, error) {
	k, err := c.begin(ctx, loginEndpoint, nil, opts, filled("email", email), filled("password", password))
	if err != nil {
		return nil, err
	}
	s, err := c.session.login(ctx, email, func(ctx context.Context) (*Session, error) {
		return c.login(ctx, k, email, password)
	})
	if err = k.end(ctx, err); err != nil {
		return nil, err
	}
	return s, nil
}

// login asks the server for a session.
func (c *Client) login(ctx context.Context, k *call, email, password string) (*Session, error) {
	in := struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}{email, password}
	body, err := jsonv2.Marshal(in)
	if err != nil {
		return nil, err
	}
	k.body, k.password = body, password
	k.own = new(held)
	var session *Session
	err = c.exchange(ctx, k, "", nil, func(r *reply) (bool, error) {
		a, answer, err := envelope.Value(r.body, k.options(r))
		if err = k.settle(r, a, err); err != nil {
			return false, err
		}
		session, err = c.readSession(k, r, answer)
		return false, err
	})
	return session, err
}

// loginFor is the login that a call makes for itself, and which tells of drift.
func (c *Client) loginFor(ctx context.Context, email, password string) (t Token, drifts []Drift, err error) {
	k, err := c.begin(ctx, loginEndpoint, nil, []CallOption{driftTo(&drifts)})
	if err != nil {
		return "", nil, err
	}
	s, err := c.login(ctx, k, email, password)
	if err = k.end(ctx, err); err != nil {
		return "", drifts, err
	}
	return s.Token, drifts, nil
}

// Logout ends the token. The client forgets it even when the server fails, and a
// 401 counts as done.
// Vendor's page: Auth, "Logout", POST auth/logout. Class: auth.
func (c *Client) Logout(ctx context.Context, opts ...CallOption) error {
	k, err := c.begin(ctx, logoutEndpoint, nil, opts)
	if err != nil {
		return err
	}
	token, err := c.session.forget(ctx)
	if err != nil || token == "" {
		return k.end(ctx, err)
	}
	k.own = &held{Token: token}
	err = c.exchange(ctx, k, "", nil, func(r *reply) (bool, error) {
		a, _, err := envelope.Value(r.body, k.options(r))
		if errors.Is(err, envelope.ErrEmpty) {
			return false, nil
		}
		return false, k.settle(r, a, err)
	})
	var refusal *APIError
	if errors.As(err, &refusal) && refusal.status() == http.StatusUnauthorized {
		err = nil
	}
	return k.end(ctx, err)
}

// readSession finds the token and the user in a login's answer.
func (c *Client) readSession(k *call, r *reply, answer envelope.Loose) (*Session, error) {
	token, ok := findToken(answer.Data, answer.Whole)
	if !ok {
		return nil, k.unreadable(r, nil, errors.New("want a token named api_token, access_token or token, and there is none"))
	}
	r.token.Token = token // a secret from here on
	s := &Session{Token: token}
	user, path, beside := findUser(answer)
	var odd error
	if user != nil {
		odd = c.readUser(k, r, user, path, &s.User)
		s.User.Extra = s.User.Extra.withoutSecrets(token, k.password)
	}
	s.Extra = newExtra(joinObjects(answer.Beside, beside), c.location).withoutSecrets(token, k.password)
	if odd != nil {
		return nil, odd
	}
	return s, nil
}

// findUser finds the user in a login's answer, and the path of it. beside is what
// else data holds.
func findUser(answer envelope.Loose) (user []byte, path string, beside []byte) {
	data := onlyElement(answer.Data)
	if user = memberObject(data, "user"); user != nil {
		return user, "data.user", data
	}
	if user = memberObject(answer.Beside, "user"); user != nil {
		return user, "user", data
	}
	if isUser(data) {
		return data, "data", nil
	}
	return nil, "", data
}

// readUser reads a login's user. What its fields can't hold is drift, and in
// strict mode an error.
func (c *Client) readUser(k *call, r *reply, user []byte, path string, into *User) (odd error) {
	userModel.Decode(user, into, &envelope.Scope{Location: c.location}, func(f *envelope.Field[User], raw []byte) {
		at := path + "." + f.Name
		switch {
		case !c.strict:
			k.meet(r, []envelope.Drift{{Path: at, Want: f.Want, Got: raw, Count: 1}})
		case odd == nil:
			odd = k.unreadable(r, nil, &envelope.Problem{Text: at + ": want " + f.Want, Drift: true})
		}
	})
	return odd
}

// joinObjects makes one object of the members of several.
func joinObjects(objects ...[]byte) string {
	var all []byte
	for _, object := range objects {
		if loose.Kind(object) == '{' && len(object) > 2 {
			all = append(append(all, ','), object[1:len(object)-1]...)
		}
	}
	if all == nil {
		return ""
	}
	all[0] = '{'
	return string(append(all, '}'))
}

// tokenNames are tried in this order.
var tokenNames = [...]string{"api_token", "access_token", "token"}

// findToken looks for the token where servers put it, the nearest place first:
// in data, in a member of data, at the top, in a member of the top.
func findToken(data, whole []byte) (Token, bool) {
	if loose.Kind(data) == '"' {
		text := loose.Unquote(data)
		if strings.HasPrefix(text, "{") && isJSON([]byte(text)) { // encoded twice
			return findToken([]byte(text), nil)
		}
		return cleanToken(text)
	}
	for _, object := range [][]byte{onlyElement(data), whole} {
		if loose.Kind(object) != '{' {
			continue
		}
		for _, name := range tokenNames {
			if t, ok := tokenIn(object, name); ok {
				return t, true
			}
		}
		for _, name := range tokenNames {
			for _, inner := range loose.Members(object) {
				if t, ok := tokenIn(onlyElement(inner), name); ok {
					return t, true
				}
			}
		}
	}
	return "", false
}

// tokenIn gives an object's member of that name where it can be a token.
func tokenIn(object []byte, name string) (Token, bool) {
	if loose.Kind(object) != '{' {
		return "", false
	}
	for member, value := range loose.Unique(object) {
		if kind := loose.Kind(value); member != name || kind != '"' && kind != '0' {
			continue
		}
		text, _ := loose.String(value)
		return cleanToken(text)
	}
	return "", false
}

// cleanToken drops the scheme before a token and refuses what no header can
// carry, and what a printed token is.
func cleanToken(text string) (Token, bool) {
	text = strings.TrimSpace(text)
	if scheme, rest, ok := strings.Cut(text, " "); ok && strings.EqualFold(scheme, "bearer") {
		text = strings.TrimSpace(rest)
	} else if strings.EqualFold(text, "bearer") {
		text = ""
	}
	bad := strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f })
	bad = bad || strings.HasPrefix(text, "{") || text == redact.Mark
	return Token(text), text != "" && !bad
}

// onlyElement unwraps an array of one.
func onlyElement(raw []byte) []byte {
	if loose.Kind(raw) == '[' {
		return onlyOf(raw)
	}
	return raw
}

// memberObject gives an object's member of that name where it is an object.
func memberObject(object []byte, want string) (found []byte) {
	if loose.Kind(object) != '{' {
		return nil
	}
	for name, value := range loose.Unique(object) {
		if value = onlyElement(value); name == want && loose.Kind(value) == '{' {
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
