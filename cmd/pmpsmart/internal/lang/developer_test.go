package lang

import (
	"context"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/doctor"
	"github.com/pmpsmart/pmpsmart-go/internal/sandboxcmd"
)

// All that doctor and sandbox put into the user's language is there in Indonesian, with the
// same verbs and as many names of values, and nothing else is.
func TestTheMessagesForDevelopers(t *testing.T) {
	t.Parallel()
	met := map[string]bool{}
	env := func(args ...string) command.Env {
		return command.Env{
			Name: "pmpsmart x", Args: args, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" },
			Translate: func(text string) string {
				met[text] = true
				return text
			},
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	like := t.TempDir() + "/like.json"
	require.Zero(t, doctor.Run(t.Context(), env("-h")))
	require.Zero(t, doctor.Run(t.Context(), env("-sandbox", "-quiet", "-o", like)))
	require.Zero(t, sandboxcmd.Run(t.Context(), env("-h")))
	require.Zero(t, sandboxcmd.Run(ended, env("-addr", "127.0.0.1:0")))
	require.Zero(t, sandboxcmd.Run(ended, env("-addr", "127.0.0.1:0", "-control=false", "-data", t.TempDir()+"/data", "-like", like)))

	values := regexp.MustCompile("`[^`]+`")
	for text := range met {
		translated, ok := translation(text)
		assert.True(t, ok, "has no Indonesian: %q", text)
		assert.Equal(t, verbs(text), verbs(translated), text)
		assert.Len(t, values.FindAllString(translated, -1), len(values.FindAllString(text, -1)), text)
	}
	for _, text := range slices.Sorted(maps.Keys(developerMessages)) {
		assert.True(t, met[text], "nothing says %q any more", text)
	}
}

// The mistakes in their command lines are told in the user's language.
func TestTheMistakesOfDevelopers(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-nope":    "x: tidak ada flag -nope (-h menampilkan semua flag)\n",
		"-seed=x":  "x: nilai tidak bisa dipakai: \"x\" untuk flag -seed: isilah bilangan bulat (-h menampilkan semua flag)\n",
		"serve":    "x: argumen tidak dikenal: \"serve\" (-h menampilkan semua flag)\n",
		"-delay=x": "x: nilai tidak bisa dipakai: \"x\" untuk flag -delay: isilah waktu seperti 30s, 5m, atau 2h (-h menampilkan semua flag)\n",
	} {
		var stderr strings.Builder
		status := sandboxcmd.Run(t.Context(), command.Env{Name: "x", Args: []string{args}, Stdout: io.Discard, Stderr: &stderr, Getenv: func(string) string { return "" }, Translate: Indonesian.Text})
		assert.Equal(t, 2, status)
		assert.Equal(t, want, stderr.String())
	}
	assert.Equal(t, errors.ErrUnsupported.Error(), English.Text(errors.ErrUnsupported.Error()))
}
