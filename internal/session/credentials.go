package session

import "context"

// Credentials are what a session logs in with. What is secret stands in a func, which
// fmt does not follow, whatever the verb and whatever it is a part of.
type Credentials struct {
	email    string // the account's, "" where only a source knows it
	isSource bool
	get      func(ctx context.Context) (pair, error) // nil for none
}

// NewCredentials returns credentials that do not change.
func NewCredentials(email, password string) Credentials {
	p := newPair(email, password)
	return Credentials{email: email, get: func(context.Context) (pair, error) { return p, nil }}
}

// NewSource returns credentials that ask is asked for before each login. email is what
// ask will return, "" if that is not known.
func NewSource(email string, ask func(ctx context.Context) (email, password string, err error)) Credentials {
	return Credentials{email: email, isSource: true, get: func(ctx context.Context) (pair, error) {
		email, password, err := ask(ctx)
		if err != nil {
			return nil, &SourceError{redacted(err, password)}
		}
		return newPair(email, password), nil
	}}
}

func (c Credentials) known() bool { return c.get != nil }

// A pair is an email and its password.
type pair func() (email, password string)

func newPair(email, password string) pair {
	return func() (string, string) { return email, password }
}

func (p pair) email() string {
	email, _ := p()
	return email
}

func (p pair) password() string {
	_, password := p()
	return password
}

// A SourceError is a source of credentials that failed, or that the caller did not wait
// for.
type SourceError struct{ Err error }

// Error returns "credentials: " before the source's error.
func (e *SourceError) Error() string { return "credentials: " + e.Err.Error() }

// Unwrap returns the source's error.
func (e *SourceError) Unwrap() error { return e.Err }

// A question asks a source for an email, for all who need to know it at one moment.
type question struct {
	creds Credentials

	email string
	err   error
}

// Run asks the source.
func (q *question) Run(ctx context.Context) {
	p, err := q.creds.get(ctx)
	if q.err = err; err == nil {
		q.email = p.email()
	}
}

// askEmail asks the source of the session's credentials for the account's email, and
// makes the account the session's. A source that is slow is left to itself when ctx
// ends.
func (s *Session[D]) askEmail(ctx context.Context, creds Credentials) (string, error) {
	f, err := s.questions.Join(ctx, struct{}{}, func() *question { return &question{creds: creds} })
	if err != nil {
		return "", err
	}
	if err := f.Wait(ctx); err != nil {
		return "", &SourceError{err}
	}
	if f.Job.err != nil {
		return "", f.Job.err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.account.Email == "" {
		s.account.Email = f.Job.email
	}
	return f.Job.email, nil
}
