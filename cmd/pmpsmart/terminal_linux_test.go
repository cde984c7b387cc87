package main_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// newTerminal makes a terminal: what is written to keyboard is typed on it.
func newTerminal(t *testing.T) (keyboard, terminal *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { keyboard.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { terminal.Close() })
	return keyboard, terminal
}

// shows reports whether a terminal shows what is typed.
func shows(t *testing.T, terminal *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return state.Lflag&unix.ECHO != 0
}

// Ctrl-C ends a question, and the terminal shows again what is typed.
func TestCtrlCAtAPrompt(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	_, terminal := newTerminal(t)
	for prompt, args := range map[string][]string{
		"Email: ": nil,
		"Password of " + pmpsmarttest.Email + ": ": {"-email", pmpsmarttest.Email},
	} {
		p := start(t, t.TempDir(), home(t), terminal, "login", append(args, "-base-url", srv.URL)...)
		p.until("it asks", func() bool {
			return strings.HasSuffix(p.stderr.String(), prompt) && (args == nil || !shows(t, terminal))
		})
		out := p.signal(os.Interrupt)
		assert.Equal(t, 130, out.status, out.stderr)
		assert.Equal(t, prompt+"\npmpsmart login: stopped\n", out.stderr)
		assert.True(t, shows(t, terminal))
	}
}

// A password is typed on a terminal that does not show it.
func TestLoginAsksOnATerminal(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	keyboard, terminal := newTerminal(t)
	p := start(t, t.TempDir(), home(t), terminal, "login", "-base-url", srv.URL)
	p.until("it asks", func() bool { return strings.HasSuffix(p.stderr.String(), "Email: ") })
	_, err := keyboard.WriteString(pmpsmarttest.Email + "\n")
	require.NoError(t, err)
	p.until("it hides what is typed", func() bool { return !shows(t, terminal) })
	_, err = keyboard.WriteString(pmpsmarttest.Password + "\n")
	require.NoError(t, err)
	out := p.wait()
	assert.Zero(t, out.status, out.stderr)
	assert.True(t, shows(t, terminal))
}
