package tool

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// A Profile is an account that the user has a name for, and what goes with it. Flags
// and the environment win over it. It has no password and no token: a token is in the
// token folder.
type Profile struct {
	BaseURL      string  `toml:"base_url,omitempty"`
	Email        string  `toml:"email,omitempty"`
	PasswordFile string  `toml:"password_file,omitempty"`
	Insecure     bool    `toml:"insecure,omitempty"`
	Rate         float64 `toml:"rate,omitzero"`
	Patience     string  `toml:"patience,omitempty"`
	Timeout      string  `toml:"timeout,omitempty"`
	Lang         string  `toml:"lang,omitempty"`
}

// Profiles is the user's file of profiles.
type Profiles struct {
	Default  string             `toml:"default,omitempty"`
	Profiles map[string]Profile `toml:"profiles"`

	path string
}

// ConfigDir returns the folder of the user's settings. PMPSMART_CONFIG_DIR names another
// one.
func (t *Tool) ConfigDir() (string, error) {
	if dir := t.Getenv("PMPSMART_CONFIG_DIR"); dir != "" {
		return dir, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", lang.Errorf("no folder for settings: %w", err)
	}
	return filepath.Join(dir, "pmpsmart"), nil
}

// maxProfiles bounds the file of profiles, in bytes.
const maxProfiles = 1 << 20

// LoadProfiles returns the user's profiles, read once. Without a file there are none.
func (t *Tool) LoadProfiles() (*Profiles, error) { return t.profiles() }

func (t *Tool) readProfiles() (*Profiles, error) {
	p := &Profiles{Profiles: map[string]Profile{}}
	dir, err := t.ConfigDir()
	if err != nil { // no home, as under some schedulers
		return p, nil //nolint:nilerr // then there are no profiles
	}
	p.path = filepath.Join(dir, "profiles.toml")
	file, err := os.Open(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, nil
	case err != nil:
		return p, Usage(err)
	}
	defer file.Close() //nolint:errcheck // only read
	meta, err := toml.NewDecoder(io.LimitReader(file, maxProfiles)).Decode(p)
	if err != nil {
		return p, Usagef("%s can't be read: %w", p.path, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return p, Usagef("%s: %s is no setting", p.path, unknown[0])
	}
	if p.Profiles == nil {
		p.Profiles = map[string]Profile{}
	}
	return p, nil
}

// Path returns where the profiles are.
func (p *Profiles) Path() string { return p.path }

// Names returns the profiles' names in alphabetical order.
func (p *Profiles) Names() []string { return slices.Sorted(maps.Keys(p.Profiles)) }

// Find returns the profile of that name; "" is the default one, which may be none.
func (p *Profiles) Find(name string) (Profile, error) {
	if name == "" {
		name = p.Default
	}
	if name == "" {
		return Profile{}, nil
	}
	found, ok := p.Profiles[name]
	switch {
	case ok:
		return found, nil
	case len(p.Profiles) == 0:
		return found, Usagef("-profile is %q, and there are no profiles; pmpsmart login -profile %s makes it", name, name)
	}
	return found, Usagef("-profile is %q; there are %s, and pmpsmart login -profile %s makes it", name, strings.Join(p.Names(), ", "), name)
}

// Save writes the file of profiles, which only the user can read.
func (p *Profiles) Save() error {
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		return err
	}
	return writeFile(p.path, command.ReplacePrivate, func(w io.Writer) error { return toml.NewEncoder(w).Encode(p) })
}

// checkProfileName refuses a name that could not be typed.
func checkProfileName(name string) error {
	if name == "" || len(name) > 64 || strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
	}) {
		return Usagef("-profile is %q; want a name of letters, digits and - _ .", name)
	}
	return nil
}

// Put adds or replaces a profile; the first one is the default.
func (p *Profiles) Put(name string, profile Profile) error {
	if err := checkProfileName(name); err != nil {
		return err
	}
	if len(p.Profiles) == 0 && p.Default == "" {
		p.Default = name
	}
	p.Profiles[name] = profile
	return nil
}
