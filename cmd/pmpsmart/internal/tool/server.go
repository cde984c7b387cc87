package tool

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/patience"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// errAccount is an account that can't be used.
var errAccount = lang.Errorf("no account")

var errNoAccount = lang.Errorf("%w: pmpsmart login keeps one for this machine; or set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN; or try it with -sandbox", errAccount)

// IsSandbox reports whether the program talks to the server inside it.
func (t *Tool) IsSandbox() bool { return t.Global.Sandbox }

// Where returns the server and the account that Client found.
func (t *Tool) Where() string { return t.where }

// UseProfile takes what the flags don't say from the profile that they or the
// environment name, or the default one.
func (t *Tool) UseProfile(given func(flag string) bool) error {
	name := t.Global.Profile
	if name == "" {
		name = t.Getenv("PMPSMART_PROFILE")
	}
	if t.Global.Sandbox || name == "" && t.hasAccountInEnvironment() {
		return nil
	}
	all, err := t.LoadProfiles()
	if err != nil {
		return err
	}
	if t.profile, err = all.Find(name); err != nil {
		return err
	}
	p := t.profile
	if p.Rate > 0 && !given("rate") {
		t.Global.Rate = p.Rate
	}
	t.Global.Insecure = t.Global.Insecure || p.Insecure
	for _, d := range []struct {
		flag, text string
		to         *time.Duration
	}{{"patience", p.Patience, &t.Global.Patience}, {"timeout", p.Timeout, &t.Global.Timeout}} {
		if d.text == "" || given(d.flag) {
			continue
		}
		if *d.to, err = ParseDuration(d.text); err != nil {
			return Usagef("%s: %s is %q; %w", all.Path(), d.flag, d.text, err)
		}
	}
	return nil
}

// ProfileLanguage returns the language that a profile names, "" where it names none.
// Without a name it is the one that UseProfile takes. What is wrong with the profiles is
// UseProfile's to say.
func (t *Tool) ProfileLanguage(name string) string {
	if name == "" {
		name = t.Getenv("PMPSMART_PROFILE")
	}
	all, err := t.LoadProfiles()
	if err != nil {
		return ""
	}
	profile, err := all.Find(name)
	if err != nil {
		return ""
	}
	return profile.Lang
}

// ProfileEnvironment returns the environment of a program that knows no profiles: in the
// place of its own account it has that of the profile, if there is one.
func (t *Tool) ProfileEnvironment(ctx context.Context) (getenv func(string) string, err error) {
	if err := t.UseProfile(func(string) bool { return false }); err != nil || t.profile.Email == "" {
		return t.Getenv, err
	}
	account := map[string]string{
		"PMPSMART_BASE_URL": t.baseURL(), "PMPSMART_EMAIL": "", "PMPSMART_PASSWORD": "", "PMPSMART_PASSWORD_FILE": "", "PMPSMART_TOKEN": "",
	}
	if t.profile.Insecure {
		account["PMPSMART_INSECURE_HTTP"] = "1"
	}
	if t.profile.PasswordFile != "" {
		account["PMPSMART_EMAIL"], account["PMPSMART_PASSWORD_FILE"] = t.profile.Email, t.profile.PasswordFile
	} else {
		token, err := t.keptToken(ctx)
		if err != nil {
			return nil, err
		}
		account["PMPSMART_TOKEN"] = string(token)
	}
	return func(name string) string {
		if value, ok := account[name]; ok {
			return value
		}
		return t.Getenv(name)
	}, nil
}

// keptToken returns the token that login has kept for the profile.
func (t *Tool) keptToken(ctx context.Context) (pmpsmart.Token, error) {
	store, err := t.TokenStore()
	if err != nil {
		return "", err
	}
	if store == nil {
		return "", lang.Errorf("%w; the token of %s is in no folder that can be used", errNoAccount, t.profile.Email)
	}
	account := pmpsmart.Account{BaseURL: t.baseURL(), Email: t.profile.Email}
	return keptTokens{store}.Replace(ctx, account, "", nil)
}

// hasAccountInEnvironment reports whether the environment names an account.
func (t *Tool) hasAccountInEnvironment() bool {
	for _, name := range []string{"PMPSMART_EMAIL", "PMPSMART_PASSWORD", "PMPSMART_PASSWORD_FILE", "PMPSMART_TOKEN"} {
		if t.Getenv(name) != "" {
			return true
		}
	}
	return false
}

// Client connects to the server that the flags, the environment or the profile name,
// and says which it is. A command may add options.
func (t *Tool) Client(opts ...pmpsmart.Option) (*pmpsmart.Client, error) {
	opts = append(opts, t.Options()...)
	if t.Global.Sandbox {
		return t.sandboxClient(opts)
	}
	account, email, err := t.account()
	if err != nil {
		return nil, err
	}
	client, err := pmpsmart.New(append(opts, account...)...)
	if err != nil {
		return nil, err
	}
	t.where = t.baseURL()
	if email == "" {
		t.Note("on %s", t.where)
		return client, nil
	}
	t.Note("on %s as %s", t.where, email)
	t.where += " as " + email
	return client, nil
}

// Options returns what the global flags say of a client, but for its account. Each call
// is for a client of its own.
func (t *Tool) Options() []pmpsmart.Option {
	opts := []pmpsmart.Option{pmpsmart.WithUserAgent(strings.ReplaceAll(t.name, " ", "-"))}
	if t.Global.Rate > 0 {
		opts = append(opts, pmpsmart.WithRateLimit(t.Global.Rate, 1))
	}
	if t.Global.Insecure {
		opts = append(opts, pmpsmart.AllowInsecureHTTP())
	}
	keeper := patience.New(patience.Config{Patience: t.Global.Patience, Timeout: t.Global.Timeout, Listener: waits{t}})
	return append(opts, keeper.Options()...)
}

// account returns the options that say who the client is, and its email if that is
// known.
func (t *Tool) account() ([]pmpsmart.Option, string, error) {
	store, err := t.TokenStore()
	if err != nil {
		return nil, "", err
	}
	if t.profile.Email == "" {
		if !t.hasAccountInEnvironment() {
			return nil, "", errNoAccount
		}
		opts := []pmpsmart.Option{pmpsmart.WithTokenStore(store), pmpsmart.FromEnv()}
		if t.profile.BaseURL != "" && t.Getenv("PMPSMART_BASE_URL") == "" {
			opts = append(opts, pmpsmart.WithBaseURL(t.profile.BaseURL))
		}
		return opts, strings.TrimSpace(t.Getenv("PMPSMART_EMAIL")), nil
	}
	opts, err := t.profileAccount(store)
	return opts, t.profile.Email, err
}

// profileAccount returns the options of a profile: its password's file, or the token
// that a login has kept.
func (t *Tool) profileAccount(store pmpsmart.TokenStore) ([]pmpsmart.Option, error) {
	opts := []pmpsmart.Option{pmpsmart.WithBaseURL(t.baseURL())}
	if t.profile.PasswordFile != "" {
		source := func(context.Context) (string, string, error) {
			password, err := ReadPassword(t.profile.PasswordFile)
			return t.profile.Email, password, err
		}
		return append(opts, pmpsmart.WithTokenStore(store), pmpsmart.WithCredentialSource(source)), nil
	}
	if store == nil {
		return nil, lang.Errorf("%w; the token of %s is in no folder that can be used", errNoAccount, t.profile.Email)
	}
	const neverSent = "the token is kept, the password is not"
	return append(opts, pmpsmart.WithTokenStore(keptTokens{store}), pmpsmart.WithCredentials(t.profile.Email, neverSent)), nil
}

// keptTokens has the tokens that pmpsmart login has put there, and makes no others.
type keptTokens struct{ pmpsmart.TokenStore }

// Replace returns the token that a later login has put in the place of stale.
func (s keptTokens) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, _ func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	switch token, err := s.Load(ctx, a); {
	case err != nil:
		return "", err
	case token == "":
		return "", lang.Errorf("%w; %s is not logged in on this machine: run pmpsmart login", errAccount, a.Email)
	case token == stale:
		return "", lang.Errorf("%w; the token of %s is no longer good: run pmpsmart login", errAccount, a.Email)
	default:
		return token, nil
	}
}

// TokenStore returns where tokens are kept, nil for this program's memory. Without
// -tokens that is the user's folder of settings, if there is one that can be used.
func (t *Tool) TokenStore() (pmpsmart.TokenStore, error) {
	switch t.Global.Tokens {
	case "none":
		return nil, nil
	case "":
	default:
		store, err := pmpsmart.NewFileTokenStore(t.Global.Tokens)
		if err != nil {
			return nil, Usagef("-tokens: %w", err)
		}
		return store, nil
	}
	dir, err := t.ConfigDir()
	if err != nil {
		return nil, nil //nolint:nilerr // no home, as under some schedulers
	}
	store, err := pmpsmart.NewFileTokenStore(filepath.Join(dir, "tokens"))
	if err != nil {
		t.Note("the account's token is not kept for the next run: %v", err)
		return nil, nil
	}
	return store, nil
}

// sandboxEnd is the last day of the sandbox's data, so that examples stay true.
var sandboxEnd = pmpsmart.NewDate(2026, time.February, 9)

func (t *Tool) sandboxClient(opts []pmpsmart.Option) (*pmpsmart.Client, error) {
	server, err := pmpsmarttest.Open("127.0.0.1:0", pmpsmarttest.WithSeed(t.Global.SandboxOrders), pmpsmarttest.WithSeedEnd(sandboxEnd))
	if err != nil {
		return nil, Usagef("-sandbox-orders: %w", err)
	}
	t.server, t.where = server, "the sandbox"
	t.Note("on the sandbox, a made-up server with %s that ends with this program", lang.Count(int64(t.Global.SandboxOrders), "order"))
	return server.Client(opts...), nil
}

// baseURL returns the address of the server.
func (t *Tool) baseURL() string {
	if t.profile.BaseURL != "" {
		return strings.TrimRight(t.profile.BaseURL, "/")
	}
	return command.BaseURL(t.Getenv)
}
