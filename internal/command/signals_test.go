//go:build unix

package command_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// The test's own program is a command where this is set.
const asCommand = "PMPSMART_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		command.Main("a command", func(ctx context.Context, env command.Env) int {
			fmt.Fprintln(env.Stdout, "ready")
			<-ctx.Done()
			if _, err := fmt.Fprintln(env.Stdout, env.Name, "ends"); err != nil {
				return 4
			}
			return 3
		})
	}
	os.Exit(m.Run())
}

// The first signal ends the context, and not the process.
func TestSignals(t *testing.T) {
	t.Parallel()
	testserver.HearHangup(t)
	self, err := os.Executable()
	require.NoError(t, err)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		for _, isRead := range []bool{true, false} {
			cmd := exec.CommandContext(t.Context(), self)
			cmd.Env = append(os.Environ(), asCommand+"=1", "GORACE=atexit_sleep_ms=0")
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			lines := bufio.NewScanner(out)
			require.True(t, lines.Scan())
			want := 3
			if !isRead {
				require.NoError(t, out.Close())
				want = 4
			}
			require.NoError(t, cmd.Process.Signal(sig))
			if isRead {
				require.True(t, lines.Scan())
				assert.Equal(t, "a command ends", lines.Text())
			}
			assert.Error(t, cmd.Wait())
			assert.Equal(t, want, cmd.ProcessState.ExitCode(), "%s, read %v", sig, isRead)
		}
	}
}

// What nohup starts outlives its terminal: the signal stays ignored.
func TestNohup(t *testing.T) {
	t.Parallel()
	testserver.HearHangup(t)
	self, err := os.Executable()
	require.NoError(t, err)
	for shell, want := range map[string]uint64{`trap "" HUP; exec "$0"`: 1, `exec "$0"`: 0} {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", shell, self)
		cmd.Env = append(os.Environ(), asCommand+"=1", "GORACE=atexit_sleep_ms=0")
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		require.True(t, lines.Scan())
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		assert.Error(t, cmd.Wait())
		if err != nil {
			t.Skip("only Linux tells which signals a process ignores")
		}
		found := regexp.MustCompile(`SigIgn:\s+([0-9a-f]+)`).FindSubmatch(status)
		require.NotNil(t, found)
		mask, err := strconv.ParseUint(string(found[1]), 16, 64)
		require.NoError(t, err)
		assert.Equal(t, want, mask>>(syscall.SIGHUP-1)&1, shell)
	}
}
