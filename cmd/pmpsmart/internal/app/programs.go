package app

import (
	"context"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/doctor"
	"github.com/pmpsmart/pmpsmart-go/internal/sandboxcmd"
)

// doctorCommand returns pmpsmart-doctor as a command.
func doctorCommand() tool.Command {
	return tool.Command{
		Name:  "doctor",
		Usage: "[flags]",
		Short: lang.T("report what the server really sends; it only reads"),
		Passthrough: func(ctx context.Context, t *tool.Tool, args []string) int {
			env := environment(t, args)
			if doctor.NeedsAccount(args) {
				var err error
				if env.Getenv, err = t.ProfileEnvironment(ctx); err != nil {
					return t.Exit(ctx, err)
				}
			}
			return doctor.Run(ctx, env)
		},
	}
}

// sandboxCommand returns pmpsmart-sandbox as a command.
func sandboxCommand() tool.Command {
	return tool.Command{
		Name:  "sandbox",
		Usage: "[flags]",
		Short: lang.T("serve a made-up server for tests, in any language"),
		Passthrough: func(ctx context.Context, t *tool.Tool, args []string) int {
			return sandboxcmd.Run(ctx, environment(t, args))
		},
	}
}

func environment(t *tool.Tool, args []string) command.Env {
	return command.Env{Name: t.Name(), Args: args, Stdin: t.Stdin, Stdout: t.Stdout, Stderr: t.Stderr, Getenv: t.Getenv, Translate: t.Language.Text}
}
