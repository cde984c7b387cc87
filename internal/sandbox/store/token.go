package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// PutAccount adds an account, or changes the one of that email.
func (s *Store) PutAccount(name, email, password, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.account(email); a != nil {
		a.Name, a.Password, a.Role = name, password, role
		return
	}
	now := s.stamp()
	s.accounts = append(s.accounts, &seed.Account{
		ID: int64(len(s.accounts)) + 1, Name: name, Email: email, Password: password, Role: role, CreatedAt: now, UpdatedAt: now,
	})
}

func (s *Store) account(email string) *seed.Account {
	for _, a := range s.accounts {
		if a.Email == email {
			return a
		}
	}
	return nil
}

// Login returns an account and a new token of it. ok is false if email and
// password are not those of an account.
func (s *Store) Login(email, password string) (a seed.Account, token string, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(email)
	if account == nil || account.Password != password {
		return a, "", false, nil
	}
	token = newToken()
	if err := s.changeTokens(tokenChange{email, digest(token)}); err != nil {
		return a, "", false, err
	}
	s.logins++
	account.UpdatedAt = s.stamp()
	return *account, token, true, nil
}

// Logins returns the number of logins that have succeeded.
func (s *Store) Logins() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.logins
}

// Logout ends one token.
func (s *Store) Logout(token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changeTokens(tokenChange{Digest: digest(token)})
}

// ExpireTokens ends all tokens.
func (s *Store) ExpireTokens() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changeTokens(tokenChange{})
}

// Authenticate returns the account of a token.
func (s *Store) Authenticate(token string) (seed.Account, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	email, ok := s.tokens[digest(token)]
	if account := s.account(email); ok && account != nil {
		return *account, true
	}
	return seed.Account{}, false
}

// A tokenChange is a login, a logout (of a token without an account) or the end
// of all tokens. Tokens themselves are not kept.
type tokenChange struct {
	Email  string `json:"email,omitempty"`
	Digest string `json:"digest,omitempty"`
}

func (s *Store) changeTokens(c tokenChange) error {
	if err := s.journal.add(tokensTable, c); err != nil {
		return err
	}
	s.applyTokens(c)
	return nil
}

func (s *Store) applyTokens(c tokenChange) {
	switch {
	case c.Digest == "":
		clear(s.tokens)
	case c.Email == "":
		delete(s.tokens, c.Digest)
	default:
		if s.single {
			maps.DeleteFunc(s.tokens, func(_, email string) bool { return email == c.Email })
		}
		s.tokens[c.Digest] = c.Email
	}
}

// newToken returns 60 letters and digits, as Laravel's Str::random does.
func newToken() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	random := make([]byte, 60)
	rand.Read(random)
	for i, b := range random {
		random[i] = letters[int(b)%len(letters)]
	}
	return string(random)
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
