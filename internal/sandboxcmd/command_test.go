package sandboxcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// As a command of another program the sandbox speaks by that name, flags may have two
// dashes, and its context ends it.
func TestAsACommand(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		{[]string{"--ada"}, exitUsage, "", "pmpsmart sandbox: flag provided but not defined: -ada (-h tells the flags)\n"},
		{[]string{"--like", "none"}, exitFailed, "", "pmpsmart sandbox: -like: open none: no such file or directory\n"},
		{[]string{"--version"}, exitDone, "pmpsmart sandbox ", ""},
		{[]string{"--help"}, exitDone, "Usage: pmpsmart sandbox [flags]\n", ""},
	} {
		var stdout, stderr bytes.Buffer
		code := Run(t.Context(), env(test.args, &stdout, &stderr))
		assert.Equal(t, test.code, code, test.args)
		assert.Contains(t, stdout.String(), test.stdout)
		assert.Equal(t, test.stderr, stderr.String())
	}

	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	code := make(chan int)
	go func() {
		code <- Run(ctx, env([]string{"--addr", "127.0.0.1:0", "--json"}, in, io.Discard))
		in.Close()
	}()
	var first map[string]string
	decoder := json.NewDecoder(out)
	require.NoError(t, decoder.Decode(&first))
	status, _ := get(t, first["control_url"]+"/health")
	assert.Equal(t, 200, status)
	cancel()
	rest := make(chan string)
	go func() {
		text, _ := io.ReadAll(io.MultiReader(decoder.Buffered(), out))
		rest <- string(text)
	}()
	assert.Equal(t, exitDone, <-code)
	assert.Equal(t, "\npmpsmart sandbox: closed\n", <-rest)
}

func env(args []string, stdout, stderr io.Writer) command.Env {
	return command.Env{Name: "pmpsmart sandbox", Args: args, Stdout: stdout, Stderr: stderr, Getenv: func(string) string { return "" }}
}
