package app

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// help prints what a command is for and its flags.
func (a *app) help(cmd *cobra.Command, _ []string) {
	var b strings.Builder
	say := func(format string, args ...any) { b.WriteString(a.tool.Sprintf(format, args...)) }
	if cmd.Long != "" {
		b.WriteString(cmd.Long + "\n\n")
	} else if cmd.Short != "" {
		b.WriteString(sentence(cmd.Short) + "\n\n")
	}
	say("Usage:")
	path := cmd.CommandPath()
	if _, usage, ok := strings.Cut(cmd.Use, " "); ok {
		path += " " + usage
	}
	fmt.Fprintf(&b, "\n  %s\n", a.words(path))
	if commands := available(cmd); len(commands) > 0 {
		b.WriteString("\n")
		say("Commands:")
		b.WriteString("\n")
		for _, c := range commands {
			fmt.Fprintf(&b, "  %-14s %s\n", c.Name(), c.Short)
		}
	}
	a.flags(&b, "Flags:", cmd.LocalNonPersistentFlags())
	a.flags(&b, "Flags of every command:", cmd.Root().PersistentFlags())
	b.WriteString("\n" + environmentHelp.In(a.tool.Language) + "\n")
	fmt.Fprint(a.tool.Stdout, b.String())
}

// words puts what stands for other words in a usage into the language.
func (a *app) words(usage string) string {
	return strings.NewReplacer("COMMAND", a.tool.Sprintf("COMMAND"), "[flags]", a.tool.Sprintf("[flags]")).Replace(usage)
}

// sentence makes a sentence of a line of the list of commands.
func sentence(short string) string {
	first, size := utf8.DecodeRuneInString(short)
	return string(unicode.ToUpper(first)) + short[size:] + "."
}

func available(cmd *cobra.Command) (commands []*cobra.Command) {
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			commands = append(commands, c)
		}
	}
	return commands
}

// flags prints flags as they are written in the pages: with one dash.
func (a *app) flags(b *strings.Builder, title string, set *pflag.FlagSet) {
	var lines strings.Builder
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		fmt.Fprintf(&lines, "  %s\n        %s%s\n", strings.TrimSpace("-"+f.Name+" "+a.valueName(value)), usage, a.byDefault(f))
	})
	if lines.Len() > 0 {
		fmt.Fprintf(b, "\n%s\n%s", a.tool.Sprintf(title), lines.String())
	}
}

// valueName names the value of a flag whose usage names none, in place of its Go type.
func (a *app) valueName(name string) string {
	switch name {
	case "int":
		return "N"
	case "float":
		return a.tool.Sprintf("NUMBER")
	case "string":
		return a.tool.Sprintf("TEXT")
	case "strings":
		return a.tool.Sprintf("LIST")
	case "VALUE":
		return a.tool.Sprintf("VALUE")
	case "DURATION":
		return a.tool.Sprintf("DURATION")
	}
	return name
}

// byDefault says what a flag is where it is not given, unless that is nothing.
func (a *app) byDefault(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "0", "false", "[]":
		return ""
	}
	return " " + a.tool.Sprintf("(default %s)", f.DefValue)
}
