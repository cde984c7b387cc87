package command_test

import (
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// A number without a unit is in seconds, and whoever writes nonsense reads what is wanted.
func TestDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"5": 5 * time.Second, "0.5": 500 * time.Millisecond, "0": 0, "-1": -time.Second, "1e3": 1000 * time.Second, "5s": 5 * time.Second,
		"200ms": 200 * time.Millisecond, "1h30m": 90 * time.Minute, " 7 ": 7 * time.Second,
	} {
		got, err := command.ParseDuration(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "lima", "5 s", "5x", "NaN", "Inf", "1e300", "5,5"} {
		_, err := command.ParseDuration(text)
		assert.EqualError(t, err, "want a time such as 30s, 5m or 2h", text)
	}
}

// The default of a duration is printed as people write it.
func TestDurationsDefault(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		30 * time.Minute: "30m", 2 * time.Hour: "2h", 90 * time.Minute: "1h30m", 30 * time.Second: "30s", 100 * time.Second: "1m40s",
		10 * time.Minute: "10m", time.Hour + 5*time.Second: "1h0m5s",
	} {
		var flags flag.FlagSet
		command.DurationVar(&flags, new(time.Duration), "wait", d, "for `so long`")
		var out strings.Builder
		flags.SetOutput(&out)
		flags.PrintDefaults()
		assert.Contains(t, out.String(), "-wait so long")
		assert.Contains(t, out.String(), "(default "+want+")")
	}
}

// Each kind of flag says what it wants.
func TestFlagMistakes(t *testing.T) {
	t.Parallel()
	newFlags := func() *flag.FlagSet {
		flags := flag.NewFlagSet("x", flag.ContinueOnError)
		flags.Bool("b", false, "")
		flags.Int("i", 0, "")
		flags.Uint64("u", 0, "")
		flags.Float64("f", 0, "")
		command.DurationVar(flags, new(time.Duration), "d", 0, "")
		flags.Duration("go", 0, "")
		return flags
	}
	for args, want := range map[string]string{
		"-b=mungkin":                   `invalid value "mungkin" for flag -b: want true or false`,
		"-i 1.5":                       `invalid value "1.5" for flag -i: want a whole number`,
		"--i 99999999999999999999":     `invalid value "99999999999999999999" for flag -i: want a whole number`,
		"-u -1":                        `invalid value "-1" for flag -u: want a whole number, 0 or more`,
		"-f banyak":                    `invalid value "banyak" for flag -f: want a number`,
		"-d lima":                      `invalid value "lima" for flag -d: want a time such as 30s, 5m or 2h`,
		"-go 5":                        `invalid value "5" for flag -go: want a time such as 30s, 5m or 2h`,
		"-none":                        `flag provided but not defined: -none`,
		"-i":                           `flag needs an argument: -i`,
		"-i=a\": parse error":          `invalid value "a\":" for flag -i: want a whole number`,
		"-b=" + strings.Repeat("a", 3): `invalid value "aaa" for flag -b: want true or false`,
	} {
		assert.EqualError(t, command.ParseFlags(newFlags(), strings.Fields(args)), want)
	}
	assert.ErrorIs(t, command.ParseFlags(newFlags(), []string{"--help"}), flag.ErrHelp)
	flags := newFlags()
	assert.EqualError(t, command.SetFlag(flags, "i", "x"), "want a whole number")
	assert.EqualError(t, command.SetFlag(flags, "d", "x"), "want a time such as 30s, 5m or 2h")
	assert.Error(t, command.SetFlag(flags, "none", "x"))
	assert.NoError(t, command.SetFlag(flags, "d", "3"))
	given := ""
	flags.Visit(func(f *flag.Flag) { given += f.Name + f.Value.String() })
	assert.Equal(t, "d3s", given, "it counts as given")
}
