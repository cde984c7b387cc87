// Package app is the program: its commands, its global flags, its help and its exit
// status.
package app

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/patience"
)

// Main runs the program of the process and returns its exit status. A first Ctrl-C,
// SIGTERM or SIGHUP stops it where nothing is lost; a second one ends it at once.
func Main() int {
	ctx, stop := command.Context(context.Background())
	defer stop()
	return Run(ctx, os.Args[1:], tool.Environment{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv})
}

// Run runs the program with a command line and returns its exit status.
func Run(ctx context.Context, args []string, env tool.Environment) int {
	t := tool.New(env, lang.English)
	defer t.Close()
	var languageErr error
	t.Language, languageErr = languageOf(args, t)
	args = conventional(args)
	if languageErr != nil && !isCompletion(args) { // there -lang may be without its value
		return t.Exit(ctx, tool.Usage(languageErr))
	}
	a := &app{tool: t}
	root := a.root(commands())
	root.SetArgs(a.normalize(root, args))
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	if err := root.ExecuteContext(ctx); err != nil {
		return t.Exit(ctx, err)
	}
	return a.status
}

// languageOf returns the language of the messages: what -lang says, else what
// PMPSMART_LANG, the profile or the user's locale says. It is needed before the flags
// are read, since their help is in it.
func languageOf(args []string, t *tool.Tool) (lang.Language, error) {
	if name, ok := valueOf(args, "lang"); ok {
		return orOfLocale(name, t)
	}
	if name := t.Getenv("PMPSMART_LANG"); name != "" {
		if language, err := lang.Parse(name); err == nil {
			return language, nil
		}
	}
	profile, _ := valueOf(args, "profile")
	if name := t.ProfileLanguage(profile); name != "" {
		return orOfLocale(name, t)
	}
	return lang.FromLocale(t.Getenv, systemLocale), nil
}

// orOfLocale returns the language of that name. The error that there is none is told in
// the language of the locale.
func orOfLocale(name string, t *tool.Tool) (lang.Language, error) {
	language, err := lang.Parse(name)
	if err != nil {
		return lang.FromLocale(t.Getenv, systemLocale), err
	}
	return language, nil
}

// conventional returns the arguments with what many programs know in the place of this
// one's own: "help COMMAND" is "COMMAND -h", and "-version" is "version".
func conventional(args []string) []string {
	if len(args) == 0 {
		return args
	}
	switch args[0] {
	case "help":
		return append(slices.Clone(args[1:]), "-h")
	case "-version", "--version":
		return append([]string{"version"}, args[1:]...)
	}
	return args
}

// valueOf returns the value of a flag on a command line that is not yet read.
func valueOf(args []string, flag string) (string, bool) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		name, ok := strings.CutPrefix(strings.TrimPrefix(arg, "-"), "-")
		if !ok && !strings.HasPrefix(arg, "-") {
			continue
		}
		if value, ok := strings.CutPrefix(name, flag+"="); ok {
			return value, true
		}
		if name == flag && i+1 < len(args) {
			return args[i+1], true
		}
	}
	return "", false
}

// An app is the program while it runs.
type app struct {
	tool   *tool.Tool
	status int // of a command that says it itself
}

// root makes the tree of cobra's commands.
func (a *app) root(commands []tool.Command) *cobra.Command {
	root := a.command(tool.Command{
		Name:     "pmpsmart",
		Usage:    "COMMAND [flags]",
		Long:     about,
		Commands: commands,
	})
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetHelpCommand(&cobra.Command{Use: "no-help", Hidden: true})
	a.globalFlags(root.PersistentFlags())
	a.completion(root)
	return root
}

// command makes one of cobra's commands, with those below it.
func (a *app) command(c tool.Command) *cobra.Command {
	cmd := &cobra.Command{
		SuggestionsMinimumDistance: 2,
		Use:                        strings.TrimSpace(c.Name + " " + c.Usage),
		Short:                      c.Short.In(a.tool.Language),
		Long:                       strings.TrimSpace(c.Long.In(a.tool.Language)),
		SilenceErrors:              true,
		SilenceUsage:               true,
		DisableFlagsInUseLine:      true,
		DisableFlagParsing:         c.Passthrough != nil,
		Args:                       cobra.ArbitraryArgs, // checked in run
		RunE:                       func(cmd *cobra.Command, args []string) error { return a.run(cmd, c, args) },
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		a.tool.SetName(cmd.CommandPath())
		return tool.FlagError(cmd.CommandPath(), err)
	})
	cmd.SetHelpFunc(a.help)
	if c.Flags != nil {
		c.Flags(tool.NewFlags(cmd.Flags(), a.tool.Language))
	}
	for _, below := range c.Commands {
		cmd.AddCommand(a.command(below))
	}
	return cmd
}

// run runs a command whose flags have been read.
func (a *app) run(cmd *cobra.Command, c tool.Command, args []string) error {
	t := a.tool
	t.SetName(cmd.CommandPath())
	switch {
	case c.Passthrough != nil:
		return a.pass(cmd.Context(), c, args)
	case c.Run == nil && len(args) > 0:
		if like := cmd.SuggestionsFor(args[0]); len(like) > 0 {
			return tool.Usagef("there is no command %q; did you mean %s?", args[0], strings.Join(like, ", "))
		}
		return tool.Usagef("there is no command %q; %s -h lists them", args[0], cmd.CommandPath())
	case c.Run == nil:
		a.help(cmd, nil)
		return nil
	}
	if err := a.checkArguments(cmd, c, args); err != nil {
		return err
	}
	if err := checkGlobal(t.Global); err != nil {
		return err
	}
	if !c.MakesProfiles {
		if err := t.UseProfile(cmd.Flags().Changed); err != nil {
			return err
		}
	}
	return c.Run(cmd.Context(), t, args)
}

// pass runs a program that reads its own flags. The profile and the language, which it
// does not know, are taken from them.
func (a *app) pass(ctx context.Context, c tool.Command, args []string) error {
	var own []string
	for i := 0; i < len(args); i++ {
		name, value, hasValue := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if !strings.HasPrefix(args[i], "-") || name != "lang" && name != "profile" {
			own = append(own, args[i])
			continue
		}
		if !hasValue && i+1 < len(args) {
			i++
			value = args[i]
		}
		if name == "profile" {
			a.tool.Global.Profile = value
		}
	}
	a.status = c.Passthrough(ctx, a.tool, own)
	return nil
}

func (a *app) checkArguments(cmd *cobra.Command, c tool.Command, args []string) error {
	switch {
	case len(args) < c.MinArgs:
		return tool.Usagef("something is missing: %s %s; %s -h tells more", cmd.CommandPath(), a.words(c.Usage), cmd.CommandPath())
	case c.MaxArgs >= 0 && len(args) > c.MaxArgs:
		return tool.Usagef("unexpected argument %q; %s -h tells more", args[c.MaxArgs], cmd.CommandPath())
	}
	return nil
}

func (a *app) globalFlags(set *pflag.FlagSet) {
	g, f := &a.tool.Global, tool.NewFlags(set, a.tool.Language)
	var language string
	f.String(&language, "lang", "", "`LANGUAGE` of the messages: en or id; by default that of the locale")
	f.String(&g.Profile, "profile", "", "`NAME` of the account to use, of those that login has kept")
	f.Float(&g.Rate, "rate", 0, "how many requests a second to make at most, such as 5 or 0.5; 0 is no limit")
	f.Duration(&g.Timeout, "timeout", 0, "how long the server may be silent, by default 30s")
	f.Duration(&g.Patience, "patience", patience.Default, "how long to wait in a row for a server that is busy, in maintenance or away, such as 90s, 30m or 2h")
	f.Bool(&g.Insecure, "insecure", false, "send the password over http, where the network is trusted")
	f.Bool(&g.JSON, "json", false, "print the result as JSON, for machines")
	f.Bool(&g.Quiet, "quiet", false, "print no notes and no progress, only problems and the result")
	f.Bool(&g.Sandbox, "sandbox", false, "talk to a made-up server inside this program")
	f.Int(&g.SandboxOrders, "sandbox-orders", 240, "how many orders the sandbox starts with")
	f.String(&g.Tokens, "tokens", "", "`FOLDER` for the account's token, which programs that share it use together; \"none\" keeps it in memory")
}

func checkGlobal(g tool.Global) error {
	switch {
	case !(g.Rate >= 0 && g.Rate <= 1e6): // NaN too
		return tool.Usagef("-rate is %v; want a number of requests a second", g.Rate)
	case g.Sandbox && g.Tokens != "":
		return tool.Usagef("-tokens is for a real account; the sandbox's tokens end with it")
	}
	return nil
}

// normalize adds the second dash to flags: -rate is --rate, as in Go's programs.
// No flag but -h has a short form of one letter.
func (a *app) normalize(root *cobra.Command, args []string) []string {
	if last := len(args) - 1; last > 0 && isCompletion(args) {
		given := a.normalize(root, args[1:last])
		return append(append(args[:1:1], given...), args[last]) // the last is what is being typed
	}
	known := map[string]bool{"help": true, "version": true}
	collect(root, known)
	normal := make([]string, len(args))
	for i, arg := range args {
		if arg == "--" {
			copy(normal[i:], args[i:])
			break
		}
		normal[i] = arg
		if rest, ok := strings.CutPrefix(arg, "-"); ok && rest != "" && rest[0] != '-' && rest[0] != '.' && !isDigit(rest[0]) {
			if name, _, _ := strings.Cut(rest, "="); known[name] || len(name) > 1 {
				normal[i] = "-" + arg
			}
		}
	}
	return normal
}

// isCompletion reports whether a shell asks what may stand last in a command line.
func isCompletion(args []string) bool {
	return len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func collect(cmd *cobra.Command, names map[string]bool) {
	add := func(f *pflag.Flag) { names[f.Name] = true }
	cmd.Flags().VisitAll(add)
	cmd.PersistentFlags().VisitAll(add)
	for _, below := range cmd.Commands() {
		collect(below, names)
	}
}
