package doctor

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// A report that can't be saved any more is printed, and so is all that a run without -o
// prints.
func TestRunIsNotLost(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"-json"}, {"-go", "toko"}} {
		folder := filepath.Join(t.TempDir(), "reports")
		require.NoError(t, os.Mkdir(folder, 0o700))
		env := before(t, start(t), func(_ http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "/visit") { // the last endpoint
				os.Remove(folder)
			}
			return false
		})
		run := runBinary(t, env, append(args, fast, "-quiet", "-o", filepath.Join(folder, "report.json"))...)
		assert.Equal(t, exitFailed, run.code)
		assert.Contains(t, run.stderr, "pmpsmart-doctor: can't save the report: ")
		assert.Contains(t, run.stderr, "no such file or directory")
		assert.NotContains(t, run.stderr, "saved")
		printed := run.stdout
		switch {
		case args == nil:
			var found bool
			_, printed, found = strings.Cut(run.stdout, "\n{")
			require.True(t, found, "the fields are printed first, and then the report")
			printed = "{" + printed
			assert.Contains(t, run.stdout, "visit: 6 fields")
		case args[0] == "-go":
			assert.NotContains(t, run.stdout, "pmpsmart_doctor\"")
			printed = run.stderr[strings.Index(run.stderr, "{"):strings.Index(run.stderr, "pmpsmart-doctor: can't")]
		}
		assert.Equal(t, report.OK, parseReport(t, printed).Of("visit").Outcome)
	}
}

// What can't be printed is saved all the same.
func TestOutputThatIsFull(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	s, file := start(t), filepath.Join(t.TempDir(), "report.json")
	c := program(account(s.URL), fast, "-o", file)
	var stderr bytes.Buffer
	c.Stdout, c.Stderr = full, &stderr
	assert.Error(t, c.Run())
	assert.Equal(t, exitFailed, c.ProcessState.ExitCode())
	assert.Contains(t, stderr.String(), "pmpsmart-doctor: can't print the report: write /dev/stdout: no space left on device\n")
	_, err = readReport(file)
	assert.NoError(t, err)
}

// Who reads the output may go, as head does: the report is saved, and the status is that
// of the run.
func TestOutputThatIsClosed(t *testing.T) {
	t.Parallel()
	s, file := start(t), filepath.Join(t.TempDir(), "report.json")
	c := program(account(s.URL), fast, "-o", file)
	read, write, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, read.Close())
	c.Stdout, c.Stderr = write, write // as 2>&1 | head -0
	require.NoError(t, c.Run())
	require.NoError(t, write.Close())
	_, err = readReport(file)
	assert.NoError(t, err)
}

// A signal ends a run with what it has: that of a terminal that is closed, too. A reader
// that ends by the same Ctrl-C, as tee does, is no matter.
func TestSignals(t *testing.T) {
	t.Parallel()
	testserver.HearHangup(t)
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT} {
		arrived := make(chan bool, 1)
		env := before(t, start(t), func(_ http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "/master/outlet") {
				arrived <- true
				<-r.Context().Done()
			}
			return false
		})
		file := filepath.Join(t.TempDir(), "report.json")
		c := program(env, fast, "-o", file)
		read, write, err := os.Pipe()
		require.NoError(t, err)
		c.Stdout, c.Stderr = write, write
		require.NoError(t, c.Start())
		require.NoError(t, write.Close())
		<-arrived
		require.NoError(t, read.Close())
		require.NoError(t, c.Process.Signal(sig))
		assert.Error(t, c.Wait())
		assert.Equal(t, exitInterrupted, c.ProcessState.ExitCode(), sig)
		saved, err := readReport(file)
		require.NoError(t, err, sig)
		assert.True(t, saved.Interrupted)
	}
}

// A report goes into a pipe that the shell has opened, and not where the output goes.
func TestOutputThatIsOpen(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := program(account(s.URL), fast, "-o", "/dev/fd/3")
	read, write, err := os.Pipe()
	require.NoError(t, err)
	c.ExtraFiles = []*os.File{write}
	require.NoError(t, c.Start())
	require.NoError(t, write.Close())
	text, err := io.ReadAll(read)
	require.NoError(t, err)
	require.NoError(t, c.Wait())
	assert.Equal(t, report.OK, parseReport(t, string(text)).Of("visit").Outcome)

	for _, name := range []string{"/dev/fd/1", "/dev/stdout"} {
		run := runBinary(t, account(s.URL), fast, "-o", name)
		assert.Equal(t, exitFailed, run.code)
		assert.Equal(t, "pmpsmart-doctor: -o "+name+" is the standard output; for the report there give -json in its place\n", run.stderr)
		assert.Empty(t, run.stdout)
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer out.Close()
	for _, name := range []string{"/dev/fd/1", out.Name()} {
		c = program(account(s.URL), fast, "-o", name)
		var stderr bytes.Buffer
		c.Stdout, c.Stderr = out, &stderr
		assert.Error(t, c.Run())
		assert.Contains(t, stderr.String(), "is the standard output")
	}
}
