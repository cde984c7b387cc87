package sandboxcmd

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// What the sandbox says to try is tried, line by line, with a password that a
// shell would take apart and JSON would not take.
func TestWhatItSaysToTry(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	s := settings{email: "a@b.id", password: "it's \"so\" $HOME `id` \\ <&>", style: "plain", seed: 240}
	srv, err := pmpsmarttest.Open("127.0.0.1:0", pmpsmarttest.WithAccount(s.email, s.password))
	require.NoError(t, err)
	defer srv.Close()
	sh := func(text string) string {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", text).Output()
		require.NoError(t, err, text)
		return string(out)
	}
	_, try, found := strings.Cut(s.welcome(srv.URL, ""), "\nTry:  ")
	require.True(t, found)
	login, then, found := strings.Cut(try, "\nThen: ")
	require.True(t, found)
	token := regexp.MustCompile(`[A-Za-z0-9]{60}`).FindString(sh(login))
	require.NotEmpty(t, token)
	then, _, found = strings.Cut(then, "\nStop: ")
	require.True(t, found)
	require.Contains(t, then, "TOKEN=... ")
	assert.Contains(t, sh(strings.Replace(then, "TOKEN=...", "TOKEN="+token, 1)), `"kode_order":"PMP-0000001"`)
}
