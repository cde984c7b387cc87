// Package version is the command that says what is installed.
package version

import (
	"context"
	"runtime"
	"runtime/debug"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

const library = "github.com/pmpsmart/pmpsmart-go"

// result is what -json prints.
type result struct {
	Version string `json:"version"`
	Library string `json:"library"`
	Go      string `json:"go"`
	System  string `json:"system"`
	Commit  string `json:"commit,omitempty"`
}

// Command returns the command version.
func Command() tool.Command {
	return tool.Command{
		Name:  "version",
		Usage: "[flags]",
		Short: lang.T("print the program's version"),
		Run:   run,
	}
}

func run(_ context.Context, t *tool.Tool, _ []string) error {
	r := installed()
	return t.Result(r, t.Sprintf("pmpsmart %s, with pmpsmart-go %s, %s, %s", r.Version, r.Library, r.Go, r.System))
}

func installed() result {
	r := result{Version: "(devel)", Library: "(devel)", Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return r
	}
	if info.Main.Version != "" {
		r.Version = info.Main.Version
	}
	for _, module := range info.Deps {
		if module.Path == library && module.Replace == nil {
			r.Library = module.Version
		}
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			r.Commit = setting.Value
		}
	}
	return r
}
