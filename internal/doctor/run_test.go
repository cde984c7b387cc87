package doctor

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// As a command of another program the doctor speaks by that name, and flags may have two
// dashes.
func TestAsACommand(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		{[]string{"--sandbox", "--max-records=5", "--quiet", "-" + fast}, exitDone, "ENDPOINT", ""},
		{[]string{"--nonsense"}, exitFailed, "", "pmpsmart doctor: flag provided but not defined: -nonsense; -h lists the flags\n"},
		{[]string{"--help"}, exitDone, "Usage: pmpsmart doctor [flags]\n", ""},
		{[]string{"--in", "none.json"}, exitFailed, "", "pmpsmart doctor: open none.json: no such file or directory\n"},
	} {
		var stdout, stderr bytes.Buffer
		code := Run(t.Context(), command.Env{Name: "pmpsmart doctor", Args: test.args, Stdout: &stdout, Stderr: &stderr, Getenv: os.Getenv})
		assert.Equal(t, test.code, code, test.args)
		assert.Contains(t, stdout.String(), test.stdout)
		assert.Equal(t, test.stderr, stderr.String())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	code := Run(ctx, command.Env{Name: "pmpsmart doctor", Args: []string{"-sandbox", "-quiet"}, Stdout: &stdout, Stderr: &stderr, Getenv: os.Getenv})
	assert.Equal(t, exitInterrupted, code)
	assert.Equal(t, "pmpsmart doctor: interrupted; 0 of 7 endpoints gave a good answer, nothing was written to the server\n", stderr.String())
}
