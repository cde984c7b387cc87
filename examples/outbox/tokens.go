package main

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pmpsmart/pmpsmart-go"
)

// tokenSchema has the token of each account: where PMP Smart keeps one token an
// account, processes that shared none would log each other out.
const tokenSchema = `
CREATE TABLE IF NOT EXISTS outbox_tokens (base_url text, email text, token text NOT NULL, PRIMARY KEY (base_url, email));
`

// postgresTokens is a pmpsmart.TokenStore of the service's own database. Whoever reads
// the database reads the token.
type postgresTokens struct{ pool *pgxpool.Pool }

const selectToken = "SELECT token FROM outbox_tokens WHERE base_url = $1 AND email = $2"

// Load returns the token of an account, "" if there is none.
func (s postgresTokens) Load(ctx context.Context, a pmpsmart.Account) (pmpsmart.Token, error) {
	return readToken(s.pool.QueryRow(ctx, selectToken, a.BaseURL, a.Email))
}

// Replace stores the token that login returns in place of stale. Of several processes
// one logs in, and the others wait for its token.
func (s postgresTokens) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (token pmpsmart.Token, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(t pgx.Tx) error {
		if _, err := t.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", hash("token "+a.BaseURL+" "+a.Email)); err != nil {
			return err
		}
		if token, err = readToken(t.QueryRow(ctx, selectToken, a.BaseURL, a.Email)); err != nil || token != "" && token != stale {
			return err
		}
		if token, err = login(ctx); err != nil {
			return err
		}
		_, err = t.Exec(ctx, "INSERT INTO outbox_tokens VALUES ($1, $2, $3) ON CONFLICT (base_url, email) DO UPDATE SET token = EXCLUDED.token",
			a.BaseURL, a.Email, string(token))
		return err
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// Delete forgets a token, if it is still the one that is kept.
func (s postgresTokens) Delete(ctx context.Context, a pmpsmart.Account, token pmpsmart.Token) error {
	_, err := s.pool.Exec(ctx, "DELETE FROM outbox_tokens WHERE base_url = $1 AND email = $2 AND token = $3", a.BaseURL, a.Email, string(token))
	return err
}

func readToken(row pgx.Row) (pmpsmart.Token, error) {
	var token string
	if err := row.Scan(&token); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", err
	}
	return pmpsmart.Token(token), nil
}
