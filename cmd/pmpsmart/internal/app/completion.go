package app

import (
	"github.com/spf13/cobra"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// completion puts cobra's command that prints the completions into the user's language.
func (a *app) completion(root *cobra.Command) {
	root.InitDefaultCompletionCmd("completion")
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" {
			continue
		}
		a.describe(cmd, lang.T("print what lets a shell complete commands and flags by Tab"), lang.Text{})
		cmd.Use = "completion COMMAND"
		cmd.Args = cobra.ArbitraryArgs
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.run(cmd, tool.Command{MaxArgs: -1}, args) }
		for _, shell := range cmd.Commands() {
			a.describe(shell, lang.T("print it for %s", shell.Name()), shellHelp[shell.Name()])
			if f := shell.Flags().Lookup("no-descriptions"); f != nil {
				f.Usage = a.tool.Sprintf("complete names without what they are for")
			}
		}
	}
	_ = root.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions([]cobra.Completion{"en", "id"}, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	_ = root.RegisterFlagCompletionFunc("profile", a.completeProfile)
}

func (a *app) describe(cmd *cobra.Command, short, long lang.Text) {
	cmd.Short, cmd.Long = short.In(a.tool.Language), long.In(a.tool.Language)
}

// completeProfile completes the names of the profiles.
func (a *app) completeProfile(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	profiles, err := a.tool.LoadProfiles()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return profiles.Names(), cobra.ShellCompDirectiveNoFileComp
}

// shellHelp says what to do with what is printed for a shell.
var shellHelp = map[string]lang.Text{
	"bash": lang.T(`Lets bash complete commands and flags by Tab, with the package bash-completion.
In this shell:

  source <(pmpsmart completion bash)

In every new one:

  mkdir -p ~/.local/share/bash-completion/completions
  pmpsmart completion bash > ~/.local/share/bash-completion/completions/pmpsmart`),
	"zsh": lang.T(`Lets zsh complete commands and flags by Tab. In every new shell:

  mkdir -p ~/.zfunc
  pmpsmart completion zsh > ~/.zfunc/_pmpsmart
  echo 'fpath=(~/.zfunc $fpath); autoload -U compinit; compinit' >> ~/.zshrc`),
	"fish": lang.T(`Lets fish complete commands and flags by Tab. In every new shell:

  mkdir -p ~/.config/fish/completions
  pmpsmart completion fish > ~/.config/fish/completions/pmpsmart.fish`),
	"powershell": lang.T(`Lets PowerShell complete commands and flags by Tab. In this shell:

  pmpsmart completion powershell | Out-String | Invoke-Expression

In every new one, put that line at the end of the file that this opens:

  notepad $PROFILE`),
}
