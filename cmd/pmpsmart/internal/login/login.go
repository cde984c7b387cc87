// Package login is the commands that keep a token for this machine and give it back.
package login

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// options are the flags of login.
type options struct {
	email, baseURL string
	passwordFile   string
	isDefault      bool
	list           bool
}

// result is what -json prints.
type result struct {
	Profile string `json:"profile"`
	BaseURL string `json:"base_url"`
	Email   string `json:"email"`
	Default bool   `json:"default"`
}

// Command returns the command login.
func Command() tool.Command {
	var o options
	return tool.Command{
		Name:          "login",
		MakesProfiles: true,
		Usage:         "[flags]",
		Short:         lang.T("keep a token for this machine, so that no password stands in a shell's history"),
		Long: lang.T(`Login asks for the account's email and password, logs in and keeps the token in the
user's folder of settings, not the password. The other commands use it until the
server no longer takes it. With -profile NAME it keeps one account of several; the
first one is the default. The password can also come through a pipe.`),
		Flags: func(f *tool.Flags) {
			f.String(&o.email, "email", "", "`EMAIL` of the account; asked for where it is not given")
			f.String(&o.baseURL, "base-url", "", "`URL` of the server, by default PMPSMART_BASE_URL or https://api.pmpsmart.com/api/v1")
			f.String(&o.passwordFile, "password-file", "", "`FILE` that holds the password; the profile keeps its name and logs in by itself")
			f.Bool(&o.isDefault, "default", false, "make the profile the one that commands use without -profile")
			f.Bool(&o.list, "list", false, "list the profiles")
		},
		Run: func(ctx context.Context, t *tool.Tool, _ []string) error { return o.run(ctx, t) },
	}
}

func (o *options) run(ctx context.Context, t *tool.Tool) error {
	profiles, err := t.LoadProfiles()
	if err != nil {
		return err
	}
	if o.list {
		return list(t, profiles)
	}
	name := t.Global.Profile
	if name == "" {
		name = profiles.Default
	}
	if name == "" {
		name = "default"
	}
	profile := profiles.Profiles[name]
	password, err := o.ask(ctx, t, &profile)
	if err != nil {
		return err
	}
	if err := logIn(ctx, t, &profile, password); err != nil {
		return err
	}
	if err := profiles.Put(name, profile); err != nil {
		return err
	}
	if o.isDefault {
		profiles.Default = name
	}
	if err := profiles.Save(); err != nil {
		return err
	}
	r := result{name, profile.BaseURL, profile.Email, profiles.Default == name}
	return t.Result(r, t.Sprintf("logged in on %s as %s; the profile is %s", profile.BaseURL, profile.Email, name))
}

// ask fills the profile in, and returns the password.
func (o *options) ask(ctx context.Context, t *tool.Tool, profile *tool.Profile) (string, error) {
	profile.BaseURL = first(o.baseURL, profile.BaseURL, t.Getenv("PMPSMART_BASE_URL"), command.VendorURL)
	profile.Email = first(o.email, profile.Email, t.Getenv("PMPSMART_EMAIL"))
	profile.Insecure = profile.Insecure || t.Global.Insecure
	if profile.Email == "" {
		email, err := t.Ask(ctx, t.Sprintf("Email: "))
		if err != nil {
			return "", err
		}
		if profile.Email = email; email == "" {
			return "", tool.Usagef("which account? give its -email")
		}
	}
	if o.passwordFile != "" {
		path, err := filepath.Abs(o.passwordFile) // later commands run elsewhere
		if err != nil {
			return "", tool.Usage(err)
		}
		profile.PasswordFile = path
		password, err := tool.ReadPassword(o.passwordFile)
		return password, tool.Usage(err)
	}
	profile.PasswordFile = ""
	if password := t.Getenv("PMPSMART_PASSWORD"); password != "" {
		return password, nil
	}
	password, err := t.AskPassword(ctx, t.Sprintf("Password of %s: ", profile.Email))
	return password, tool.Usage(err)
}

func first(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return strings.TrimRight(text, "/")
		}
	}
	return ""
}

// logIn makes a new token and puts it in the place of what is kept.
func logIn(ctx context.Context, t *tool.Tool, profile *tool.Profile, password string) error {
	store, err := t.TokenStore()
	if err != nil {
		return err
	}
	if store == nil {
		return tool.Usagef("there is no folder that can keep a token; -tokens FOLDER names one")
	}
	opts := append(t.Options(), pmpsmart.WithBaseURL(profile.BaseURL), pmpsmart.WithTokenStore(store))
	if profile.Insecure {
		opts = append(opts, pmpsmart.AllowInsecureHTTP())
	}
	client, err := pmpsmart.New(opts...)
	if err != nil {
		return err
	}
	defer client.Close()
	_, err = client.Login(ctx, profile.Email, password)
	return err
}

// list prints the profiles.
func list(t *tool.Tool, profiles *tool.Profiles) error {
	all := []result{}
	table := tool.NewTable(t.Sprintf("profile"), t.Sprintf("account"), t.Sprintf("server"), "")
	for _, name := range profiles.Names() {
		p := profiles.Profiles[name]
		r := result{name, first(p.BaseURL, command.VendorURL), p.Email, profiles.Default == name}
		all = append(all, r)
		mark := ""
		if r.Default {
			mark = t.Sprintf("(default)")
		}
		table.Row(r.Profile, r.Email, r.BaseURL, mark)
	}
	return t.Result(all, table.String())
}

// LogoutCommand returns the command logout.
func LogoutCommand() tool.Command {
	return tool.Command{
		Name:  "logout",
		Usage: "[flags]",
		Short: lang.T("end the token that login has kept, and forget the profile"),
		Run:   logout,
	}
}

func logout(ctx context.Context, t *tool.Tool, _ []string) error {
	profiles, err := t.LoadProfiles()
	if err != nil {
		return err
	}
	name := t.Global.Profile
	if name == "" {
		name = profiles.Default
	}
	if _, ok := profiles.Profiles[name]; !ok {
		return tool.Usagef("there is no profile to log out of; pmpsmart login -list lists them")
	}
	problem := end(ctx, t)
	delete(profiles.Profiles, name)
	if profiles.Default == name {
		profiles.Default = ""
		if left := profiles.Names(); len(left) == 1 {
			profiles.Default = left[0]
		}
	}
	if err := profiles.Save(); err != nil {
		return errors.Join(problem, err)
	}
	if problem != nil {
		return lang.Errorf("the profile %s is forgotten, but the server did not end its token: %w", name, problem)
	}
	return t.Result(map[string]string{"profile": name}, t.Sprintf("logged out; the profile %s is forgotten", name))
}

// end ends the profile's token on the server. One that is gone already is no error.
func end(ctx context.Context, t *tool.Tool) error {
	client, err := t.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	if err := client.Logout(ctx); err != nil && !errors.Is(err, pmpsmart.ErrUnauthorized) && !tool.IsAccountError(err) {
		return err
	}
	return nil
}
