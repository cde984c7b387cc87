package doctor

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// White space that a file or an editor has left around the variables is no part of them.
func TestVariablesWithWhiteSpace(t *testing.T) {
	t.Parallel()
	s := start(t)
	run := runBinary(t, []string{"PMPSMART_BASE_URL= " + s.URL + "/\r", "PMPSMART_EMAIL=" + pmpsmarttest.Email + "\r", "PMPSMART_PASSWORD=" + pmpsmarttest.Password}, fast, "-docs")
	assert.Equal(t, exitDone, run.code, run.stderr)
	assert.Regexp(t, `/docs\.openapi +404`, run.stdout)
}

// A file of the password may be named by a flag as well, which goes before the variables.
func TestPasswordFileByAFlag(t *testing.T) {
	t.Parallel()
	s := start(t)
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte(pmpsmarttest.Password+"\n"), 0o600))
	env := []string{"PMPSMART_BASE_URL=" + s.URL, "PMPSMART_EMAIL=" + pmpsmarttest.Email, "PMPSMART_PASSWORD=another"}
	run := runBinary(t, env, fast, "--password-file", file)
	assert.Equal(t, exitDone, run.code, run.stderr)
	run = runBinary(t, env, fast, "-password-file", file+".old")
	assert.Equal(t, exitFailed, run.code)
	assert.Equal(t, `pmpsmart-doctor: -password-file is "`+file+`.old", and that can't be read: no such file or directory`+"\n", run.stderr)
}

func TestVersion(t *testing.T) {
	t.Parallel()
	run := runBinary(t, nil, "-version")
	assert.Equal(t, exitDone, run.code)
	assert.Regexp(t, `^pmpsmart-doctor \S+ go1\.\S+\n$`, run.stdout)
}

// Seconds need no unit.
func TestPlainSeconds(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-timeout", "5"}, {"--timeout=5s", "--patience", "1"}, {"-patience=0"}} {
		run := runBinary(t, nil, append(args, "-sandbox", fast, "-quiet", "-max-records=1")...)
		assert.Equal(t, exitDone, run.code, run.stderr)
	}
	run := runBinary(t, nil, "-sandbox", "-timeout", "lima")
	assert.Equal(t, exitFailed, run.code)
	assert.Equal(t, "pmpsmart-doctor: invalid value \"lima\" for flag -timeout: want a time such as 30s, 5m or 2h; -h lists the flags\n", run.stderr)
}
