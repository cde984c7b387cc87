package pmpsmart

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// Session is the result of a login.
type Session struct {
	Token Token // api_token, access_token, token and the like, wherever the server put it
	User  User  // who logged in; zero if the server does not say
	Extra Extra // what else came with it, such as expires_at; no token or password
}

// Format prints the session without its token, whatever the verb: fmt calls no
// methods of what is in a value that a verb does not fit.
func (s Session) Format(f fmt.State, verb rune) {
	type plain Session
	fmt.Fprintf(f, fmt.FormatString(f, verb), plain(s))
}

// Login logs in, puts the token into the client's store and makes the account
// the client's: its next calls carry that token. It always asks the server. If the client
// has credentials for that email, it uses the new password in later logins of its own; a
// source of credentials is called as before. Otherwise the password is not kept, and
// credentials for another email are no longer used. A Login that fails changes nothing.
// White space around the email is dropped, as by [WithCredentials]. A wrong password is
// [ErrUnauthorized], or the [*APIError] of whatever status the server responds with.
// An HTTP success without a token is ErrUnauthorized too, unless the server says that
// the login succeeded: then it is a [*DecodeError] that names the members that came.
// Vendor's page: Auth, "Login", POST auth/login. Class: auth.
func (c *Client) Login(ctx context.Context, email, password string, opts ...CallOption) (*Session, error) {
	email = trimEmail(email)
	ctx, op, err := c.newOperation(ctx, loginEndpoint, nil, opts, filled("email", email), filled("password", password))
	if err != nil {
		return nil, err
	}
	defer op.abandon()
	var s *Session
	err = c.session().Login(ctx, &op.tell, email, password, func(ctx context.Context) (string, error) {
		var err error
		if s, err = c.login(ctx, op, email, password); err != nil {
			return "", err
		}
		return string(s.Token), nil
	})
	if err = op.finish(ctx, sessionError(err)); err != nil {
		return nil, err
	}
	return s, nil
}

// login asks the server for a session.
func (c *Client) login(ctx context.Context, op *operation, email, password string) (*Session, error) {
	in := struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}{email, password}
	body, err := jsonv2.Marshal(in)
	if err != nil {
		return nil, err
	}
	op.body, op.secrets = body, append(op.secrets, password, c.session().Current())
	op.lease = new(session.Lease)
	var s *Session
	err = c.do(ctx, op, target{}, nil, func(r *response) (bool, error) {
		answer, err := c.readLogin(op, r)
		if err == nil {
			s, err = c.readSession(op, r, answer, email)
		}
		if err == nil {
			c.session().SetEnd(answer.Token, answer.End, session.ServerTime(r.Header))
		}
		return false, err
	})
	return s, err
}

// loginFor is the login of the session, whose drift is reported by one of the calls
// that wait for it.
func (c *Client) loginFor(ctx context.Context, email, password string) (token string, drifts []Drift, err error) {
	var inner innerOperations
	ctx, op, err := c.newOperation(ctx, loginEndpoint, nil, []CallOption{within(&inner)})
	if err != nil {
		return "", nil, err
	}
	defer op.abandon()
	s, err := c.login(ctx, op, email, password)
	if err = op.finish(ctx, err); err != nil {
		return "", inner.drifts, err
	}
	return string(s.Token), inner.drifts, nil
}

// Logout ends the token. The client forgets it even if the server fails, and a 401
// counts as success.
// Vendor's page: Auth, "Logout", POST auth/logout. Class: auth.
func (c *Client) Logout(ctx context.Context, opts ...CallOption) error {
	ctx, op, err := c.newOperation(ctx, logoutEndpoint, nil, opts)
	if err != nil {
		return err
	}
	defer op.abandon()
	token, err := c.session().Forget(ctx, &op.tell)
	if err != nil || token == "" {
		return op.finish(ctx, sessionError(err))
	}
	op.lease = &session.Lease{Token: token}
	err = c.do(ctx, op, target{}, nil, func(r *response) (bool, error) {
		a, _, err := envelope.Value(r.Body, op.options(r))
		if errors.Is(err, envelope.ErrEmpty) {
			return false, nil
		}
		return false, op.result(r, a, err)
	})
	var refusal *APIError
	if errors.As(err, &refusal) && refusal.status() == http.StatusUnauthorized {
		err = nil
	}
	return op.finish(ctx, err)
}

// readLogin reads the response to a login. One without a token is a refusal unless it
// says in known words that the login succeeded.
func (c *Client) readLogin(op *operation, r *response) (session.Answer, error) {
	a, v, err := envelope.Value(r.Body, op.options(r))
	login := session.Response{Loose: v, Authorization: session.HeaderToken(r.Header), UnknownStatus: a.Unclear}
	answer, ok := session.ReadAnswer(login)
	hint := ""
	switch {
	case ok:
		r.addToken(answer.Token) // before anything of the response is shown
		op.noteHeader(r)
		if errors.Is(err, envelope.ErrEmpty) {
			err = nil // it is in the header
		}
	case (err == nil || isDrift(err)) && refusesLogin(a):
		a.Failed, a.Head = true, nil // the body may hold a token by another name
		if a.Message == "" && loose.Kind(v.Data) == '{' {
			a.Message = envelope.Failure(bytes.NewReader(v.Whole), op.options(r)).Message
		}
		a.Message = cmp.Or(a.Message, a.Status)
		if !loose.IsEmpty(v.Data) {
			hint = "it holds no token; " + membersOf(r, login)
		}
	}
	if err = op.result(r, a, err); err == nil && !ok {
		err = op.decodeError(r, nil, &envelope.Problem{Text: session.NoToken + "; " + membersOf(r, login)})
	}
	if hint != "" {
		err = hinted(err, hint)
	}
	if err == nil {
		answer.End = session.StatedEnd(v, session.ServerTime(r.Header), c.location)
	}
	return answer, err
}

// refusesLogin reports whether a response without a token says anything, and does not
// say that the login succeeded.
func refusesLogin(a *envelope.Answer) bool {
	says := a.Status != "" || a.Message != ""
	return !a.Failed && (a.Payload == envelope.No || says && !a.Success)
}

// membersOf names the members of a response to a login, of which nothing else may be
// shown.
func membersOf(r *response, login session.Response) string {
	const most, longest = 20, 60
	names, more := login.Members(most)
	if len(names) == 0 {
		return "the response has no members"
	}
	for i, name := range names {
		names[i] = r.secrets().Word(name, longest)
	}
	text := "the response has " + strings.Join(names, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// readSession makes a session of the response to a login.
func (c *Client) readSession(op *operation, r *response, answer session.Answer, email string) (*Session, error) {
	token := Token(answer.Token)
	s := &Session{Token: token}
	var strict error
	if answer.User != nil {
		strict = c.readUser(op, r, answer.User, answer.Path, &s.User)
		s.User.Extra = s.User.Extra.withoutSecrets(token, op.secrets)
	}
	if strict == nil {
		strict = op.checkAccount(r, answer.Path, email, s.User.Email)
	}
	if strict != nil {
		return nil, strict
	}
	s.Extra = newExtra(answer.Rest, c.location).withoutSecrets(token, op.secrets)
	return s, nil
}

// checkAccount reports a login that returned another user than the one that logged in:
// the token may be of another account.
func (op *operation) checkAccount(r *response, path, email, got string) error {
	got = strings.TrimSpace(got)
	if !strings.Contains(email, "@") || !strings.Contains(got, "@") || strings.EqualFold(email, got) {
		return nil
	}
	const most = 200
	d := envelope.Drift{Path: path + ".email", Want: "the email of the account that logged in", Got: redact.AppendString(nil, r.secrets().Line(got, most)), Count: 1}
	return op.mismatch(r, new(envelope.Answer), d)
}

// readUser reads a login's user. A value that its field can't hold is drift, and in
// strict mode an error.
func (c *Client) readUser(op *operation, r *response, user []byte, path string, into *User) (strict error) {
	userModel.Decode(user, into, &envelope.Scope{Location: c.location}, func(f *envelope.Field[User], raw []byte) {
		at := path + "." + f.Name
		switch {
		case !c.strict:
			op.recordDrift(r, []envelope.Drift{{Path: at, Want: f.Want, Got: raw, Count: 1}})
		case strict == nil:
			strict = op.decodeError(r, nil, &envelope.Problem{Text: at + ": want " + f.Want, Drift: true})
		}
	})
	return strict
}

// newSession returns the session of a client.
func (c *Client) newSession() *session.Session[Drift] {
	return session.New(session.Config[Drift]{
		BaseURL: c.baseURL, Store: sessionStore{c.store}, Credentials: c.account, Token: string(c.token),
		Login: c.loginFor, Now: c.now,
		IsFinal: func(err error) bool {
			var refusal *APIError
			return errors.As(err, &refusal) && isFinal(refusal.status())
		},
	})
}

// lease returns the token for an attempt of op.
func (c *Client) lease(ctx context.Context, op *operation) (session.Lease, error) {
	lease, drifts, err := c.session().Token(ctx, &op.tell)
	op.addDrift(drifts...)
	return lease, sessionError(err)
}

// maxRenewals bounds how often one request is sent again with another token: the
// store's may have expired as well, that of a login made for the call is the last.
const maxRenewals = 2

// hasEnded reports whether err is a refusal that may be due to the token's end: an error
// of the request on a token that has expired by the server's own word.
func (c *Client) hasEnded(r *response, err error) bool {
	refusal, ok := errors.AsType[*APIError](err)
	if !ok || refusal == nil || refusal.absent || r == nil || r.lease.Fresh {
		return false
	}
	switch status := refusal.status(); status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests: // whatever the token
		return false
	default:
		return status >= 400 && status < 500 && !c.session().Ended(r.lease.Token, session.ServerTime(r.Header)).IsZero()
	}
}

// renew returns the token for the next attempt after one that was rejected or had
// expired, or the error that the call ends with. renewals counts those of the request.
func (c *Client) renew(ctx context.Context, op *operation, r *response, renewals *int, rejected error) (session.Lease, error) {
	switch {
	case r == nil || *renewals == maxRenewals && !isUnauthorized(rejected):
		return session.Lease{}, rejected
	case r.lease.Fresh || *renewals == maxRenewals:
		return session.Lease{}, hinted(rejected, "a token fresh from a login was refused: where an account has one token, another program's login ends it, and programs that share an account need to share a TokenStore")
	}
	*renewals++
	lease, drifts, err := c.session().Renew(ctx, &op.tell, r.lease.Token)
	op.addDrift(drifts...)
	if errors.Is(err, session.ErrNoToken) {
		what := "was refused"
		if !isUnauthorized(rejected) {
			what = "has expired"
		}
		return session.Lease{}, hinted(rejected, "the token "+what+" and there are no credentials to log in again with")
	}
	return lease, sessionError(err)
}

// sessionError converts an error of the session to the one for the caller.
func sessionError(err error) error {
	switch e := err.(type) { //nolint:errorlint // as the session made it
	case *session.StoreError:
		return &loginError{atStore, e.Err}
	case *session.SourceError:
		return &loginError{atSource, e.Err}
	case *session.PausedError:
		if refusal, ok := errors.AsType[*APIError](e.Err); ok {
			return &loginError{atLogin, pausedLogin{loginRefusal{refusal, e.Err}, e.Left}}
		}
	case *session.LoginError:
		if refusal, ok := errors.AsType[*APIError](e.Err); ok && isFinal(refusal.status()) {
			return &loginError{atLogin, loginRefusal{refusal, e.Err}}
		}
		return &loginError{atLogin, e.Err}
	}
	if err == session.ErrNoToken { //nolint:errorlint // as the session returned it
		return errNoToken
	}
	return err
}

// isFinal reports whether a login would meet that status again.
func isFinal(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return status < 500
}
