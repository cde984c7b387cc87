package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A seconds is a duration as a flag: "90s", "5m", or a number of seconds.
type seconds time.Duration

// DurationVar defines a flag like [flag.FlagSet.DurationVar] that takes a number without
// a unit as well, which is in seconds. Its usage should name the value in back quotes.
func DurationVar(flags *flag.FlagSet, p *time.Duration, name string, value time.Duration, usage string) {
	*p = value
	flags.Var((*seconds)(p), name, usage)
}

func (d *seconds) String() string {
	text := time.Duration(*d).String()
	for _, zero := range []string{"0s", "0m"} { // of 30m0s and 2h0m0s
		if rest, ok := strings.CutSuffix(text, zero); ok && strings.ContainsAny(rest[max(len(rest)-1, 0):], "hm") {
			text = rest
		}
	}
	return text
}

func (d *seconds) Get() any { return time.Duration(*d) }

func (d *seconds) Set(text string) error {
	duration, err := ParseDuration(text)
	if err == nil {
		*d = seconds(duration)
	}
	return err
}

// maxSeconds keeps a number of seconds within a time.Duration.
const maxSeconds = 1e9

// ParseDuration parses "90s", "5m" or "1h30m", or a number of seconds.
func ParseDuration(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil && n >= -maxSeconds && n <= maxSeconds {
		return time.Duration(n * float64(time.Second)), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, errors.New("want a time such as 30s, 5m or 2h")
	}
	return d, nil
}

// ParseFlags parses the arguments and prints nothing. An error says in plain words what a
// flag wants; it is [flag.ErrHelp] where help is asked for.
func ParseFlags(flags *flag.FlagSet, args []string) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return inPlainWords(flags, err)
}

// defaultValue matches what package flag puts behind the usage of a flag.
var defaultValue = regexp.MustCompile(`(?m)\(default (.*)\)$`)

// PrintHelp prints what a command is for, a format of its name, and its flags, in the user's
// language.
func (e Env) PrintHelp(about string, flags *flag.FlagSet) {
	var text strings.Builder
	fmt.Fprintf(&text, e.In(about), e.Name)
	flags.VisitAll(func(f *flag.Flag) { f.Usage = e.In(f.Usage) })
	flags.SetOutput(&text)
	flags.PrintDefaults()
	fmt.Fprint(e.Stdout, defaultValue.ReplaceAllString(text.String(), strings.Replace(e.In("(default %s)"), "%s", "$1", 1)))
}

// badValue matches an error of package flag about a value that is none.
var badValue = regexp.MustCompile(`^(?s:invalid (?:boolean )?value (".*") for (?:flag )?-(\S+): (?:parse error|value out of range))$`)

func inPlainWords(flags *flag.FlagSet, err error) error {
	found := badValue.FindStringSubmatch(err.Error())
	if found == nil {
		return err
	}
	f := flags.Lookup(found[2])
	if f == nil {
		return err
	}
	return fmt.Errorf("invalid value %s for flag -%s: %s", found[1], found[2], wanted(f.Value))
}

// SetFlag sets a flag from elsewhere than the arguments, an environment variable for one,
// as if it were given. An error says in plain words what the flag wants.
func SetFlag(flags *flag.FlagSet, name, text string) error {
	err := flags.Set(name, text)
	if err != nil && (err.Error() == "parse error" || err.Error() == "value out of range") {
		return errors.New(wanted(flags.Lookup(name).Value))
	}
	return err
}

// wanted says what the values of a flag look like.
func wanted(value flag.Value) string {
	getter, ok := value.(flag.Getter)
	if !ok {
		return "parse error"
	}
	switch getter.Get().(type) {
	case bool:
		return "want true or false"
	case int, int64:
		return "want a whole number"
	case uint, uint64:
		return "want a whole number, 0 or more"
	case float64:
		return "want a number"
	case time.Duration:
		return "want a time such as 30s, 5m or 2h"
	}
	return "parse error"
}
