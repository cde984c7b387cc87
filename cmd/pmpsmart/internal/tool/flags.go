package tool

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// Flags declares the flags of a command. A word in back quotes in a usage names the
// flag's value in the help.
type Flags struct {
	Set      *pflag.FlagSet
	language lang.Language
}

// NewFlags declares flags in a set, with their usage in a language.
func NewFlags(set *pflag.FlagSet, language lang.Language) *Flags { return &Flags{set, language} }

func (f *Flags) usage(format string, args []any) string { return f.language.Sprintf(format, args...) }

// String declares a flag that is a text.
func (f *Flags) String(to *string, name, value, usage string, args ...any) {
	f.Set.StringVar(to, name, value, f.usage(usage, args))
}

// Bool declares a flag that is given or not.
func (f *Flags) Bool(to *bool, name string, value bool, usage string, args ...any) {
	f.Set.BoolVar(to, name, value, f.usage(usage, args))
}

// Int declares a flag that is a whole number.
func (f *Flags) Int(to *int, name string, value int, usage string, args ...any) {
	f.Set.IntVar(to, name, value, f.usage(usage, args))
}

// Float declares a flag that is a number.
func (f *Flags) Float(to *float64, name string, value float64, usage string, args ...any) {
	f.Set.Float64Var(to, name, value, f.usage(usage, args))
}

// Duration declares a flag that is a duration: as Go writes it ("90s", "1h30m"), in days
// ("7d"), or a number of seconds.
func (f *Flags) Duration(to *time.Duration, name string, value time.Duration, usage string, args ...any) {
	*to = value
	f.Set.Var((*duration)(to), name, f.usage(usage, args))
}

// ID declares a flag that is an id. To the library 0 is a filter that is not given, so
// that it is refused.
func (f *Flags) ID(to *int64, name, usage string, args ...any) {
	f.Set.Var((*id)(to), name, f.usage(usage, args))
}

// Strings declares a flag that can be given several times, and whose value is a list
// with commas.
func (f *Flags) Strings(to *[]string, name, usage string, args ...any) {
	f.Set.StringSliceVar(to, name, nil, f.usage(usage, args))
}

// Func declares a flag whose value is read by a function.
func (f *Flags) Func(name, usage string, read func(string) error, args ...any) {
	f.Set.Var(function(read), name, f.usage(usage, args))
}

type duration time.Duration

// String returns the duration as it is written by default.
func (d *duration) String() string {
	const day = duration(24 * time.Hour)
	switch {
	case *d == 0:
		return ""
	case *d%day == 0:
		return strconv.Itoa(int(*d/day)) + "d"
	}
	return lang.Duration(*d).String()
}

// Type names the flag's value in the help.
func (d *duration) Type() string { return "DURATION" }

// Set reads the duration.
func (d *duration) Set(text string) error {
	parsed, err := ParseDuration(text)
	*d = duration(parsed)
	return err
}

// ParseDuration reads a duration of 0 or more: "90s", "1h30m", "7d", or a number of
// seconds.
func ParseDuration(text string) (time.Duration, error) {
	bad := lang.Errorf("want a duration such as 90s, 30m, 1h30m or 7d")
	text = strings.TrimSpace(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 36500 {
			return 0, bad
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	if n, err := strconv.Atoi(text); err == nil {
		if n < 0 || n > 1e9 {
			return 0, bad
		}
		return time.Duration(n) * time.Second, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, bad
	}
	return d, nil
}

type id int64

// String returns "" for no id.
func (i *id) String() string {
	if *i == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*i), 10)
}

// Type names the flag's value in the help.
func (i *id) Type() string { return "ID" }

// Set reads the id.
func (i *id) Set(text string) error {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return lang.Errorf("want a whole number of at least 1")
	}
	*i = id(n)
	return nil
}

type function func(string) error

// String returns "": there is no default.
func (f function) String() string { return "" }

// Type names the flag's value in the help.
func (f function) Type() string { return "VALUE" }

// Set calls the function.
func (f function) Set(text string) error { return f(text) }

// FlagError returns an error of reading the flags of a command, such as "pmpsmart
// export", in words that can be translated.
func FlagError(command string, err error) error {
	var (
		missing  *pflag.NotExistError
		noValue  *pflag.ValueRequiredError
		bad      *pflag.InvalidValueError
		badSyntx *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &missing):
		return Usagef("there is no flag -%s; %s -h lists them", missing.GetSpecifiedName(), command)
	case errors.As(err, &noValue):
		return Usagef("-%s needs a value; %s -h tells more", noValue.GetSpecifiedName(), command)
	case errors.As(err, &bad):
		return Usagef("-%s is %q; %w", bad.GetFlag().Name, bad.GetValue(), cause(bad))
	case errors.As(err, &badSyntx):
		return Usagef("%q is no flag; %s -h lists them", badSyntx.GetSpecifiedFlag(), command)
	}
	return Usage(err)
}

// cause returns what was wrong with a value, in place of strconv's words.
func cause(bad *pflag.InvalidValueError) error {
	err := bad.Unwrap()
	switch bad.GetFlag().Value.Type() {
	case "int", "int64":
		return lang.Errorf("want a whole number")
	case "float64":
		return lang.Errorf("want a number such as 5 or 0.5")
	case "bool":
		return lang.Errorf("want true or false")
	}
	return err
}
