package shape

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// applications are the aspects that the styles of whole applications change.
var applications = []struct {
	name    string
	aspects []string
}{
	{"plain", nil},
	{"strings", []string{"numbers=text", "login=access_token"}},
	{"paginated", []string{"list=paginated"}},
	{"simple", []string{"list=simple"}},
	{"cursor", []string{"list=cursor"}},
	{"resources", []string{"list=resources", "one=resource", "login=resource"}},
	{"toplevel", []string{"list=toplevel", "one=toplevel", "login=toplevel", "logout=message"}},
	{"keyed", []string{"list=keyed", "one=named", "login=token", "logout=array"}},
	{"bare", []string{"list=bare", "one=bare", "login=bare", "logout=204"}},
	{"loose", []string{"status=true", "failure=mixed", "message=fields", "empty=null", "login=beside"}},
	{"rows", []string{"one=array", "write=true", "login=text", "logout=true"}},
	{"carbon", []string{"times=mixed", "dates=instant"}},
	{"debug", []string{"errors=debug"}},
	{"jsonapi", []string{"list=meta-page", "elements=attributes", "one=toplevel"}},
	{"indonesian", []string{"status=berhasil", "list=halaman"}},
	{"grouped", []string{"list=by-day"}},
}

// Styles returns all styles that have a name: the whole applications, then each
// way of each aspect but the first, which is plain's.
func Styles() []string {
	all := Applications()
	for _, a := range aspects {
		for _, way := range a.ways[1:] {
			all = append(all, a.name+"="+way)
		}
	}
	return all
}

// Applications returns the names of the styles of whole applications.
func Applications() []string {
	var all []string
	for _, application := range applications {
		all = append(all, application.name)
	}
	return all
}

// Style returns the style that [Form.With] makes this form of, by the name of an
// application if it is exactly that of one.
func (f Form) Style() string {
	for _, application := range applications {
		if like, err := Default().With(application.aspects...); err == nil && like == f {
			return application.name
		}
	}
	var styles []string
	for _, a := range aspects {
		if way := *a.at(&f); way != a.ways[0] {
			styles = append(styles, a.name+"="+way)
		}
	}
	return strings.Join(styles, ", ")
}

// With returns the form as styles change it.
func (f Form) With(styles ...string) (Form, error) {
	for _, s := range styles {
		if err := f.apply(s); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (f *Form) apply(style string) error {
	if style == "plain" {
		*f = Default()
		return nil
	}
	for _, application := range applications {
		if application.name == style {
			changed, err := f.With(application.aspects...)
			*f = changed
			return err
		}
	}
	name, way, found := strings.Cut(style, "=")
	for _, a := range aspects {
		if found && a.name == name {
			return a.set(f, way)
		}
	}
	return fmt.Errorf("unknown style %q, known are %s", style, knownStyles())
}

func (a aspect) set(f *Form, way string) error {
	switch {
	case slices.Contains(a.ways, way) || a.open && isJSON(way):
	case a.open && isWord(way):
		way = `"` + way + `"`
	default:
		return fmt.Errorf("unknown style %q, known are %s", a.name+"="+way, strings.Join(a.ways, ", "))
	}
	*a.at(f) = way
	return nil
}

// isJSON reports whether a way is JSON, or a member's name and JSON.
func isJSON(way string) bool {
	if name, value, ok := strings.Cut(way, ":"); ok && isWord(name) {
		way = value
	}
	return json.Valid([]byte(way))
}

func isWord(way string) bool {
	return way != "" && strings.IndexFunc(way, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}

// knownStyles lists the styles for an error message.
func knownStyles() string {
	var names []string
	for _, application := range applications {
		names = append(names, application.name)
	}
	for _, a := range aspects {
		names = append(names, a.name+"=…")
	}
	return strings.Join(names, ", ")
}
