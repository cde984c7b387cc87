package sandboxcmd

import (
	"flag"
	"fmt"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// variablePrefix begins the names of the environment variables that stand in for flags,
// where a program has no command line of its own, as a service of a CI.
const variablePrefix = "PMPSMART_SANDBOX_"

// Variable returns the name of a flag's environment variable.
func Variable(flagName string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
}

// readEnvironment sets each flag that the command line does not give and whose variable
// is set and not empty. Flags that ask for something else than to serve have none.
func readEnvironment(flags *flag.FlagSet, getenv func(string) string) (err error) {
	isGiven := map[string]bool{"health": true, "version": true}
	flags.Visit(func(f *flag.Flag) { isGiven[f.Name] = true })
	flags.VisitAll(func(f *flag.Flag) {
		value := getenv(Variable(f.Name))
		if f.Name != "password" { // of which every character counts
			value = strings.TrimSpace(value) // such as the CR of a file that Windows wrote
		}
		if value == "" || isGiven[f.Name] || err != nil {
			return
		}
		if problem := command.SetFlag(flags, f.Name, value); problem != nil {
			err = fmt.Errorf("invalid value %q of %s: %w", value, Variable(f.Name), problem)
		}
	})
	return err
}
