package doctor

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A list that grew past -max-records, or that is read less far, is no change; a
// server that answers in another way is one, however long the list.
func TestDiffOfLongLists(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	short, long := filepath.Join(folder, "short.json"), filepath.Join(folder, "long.json")
	s := start(t, pmpsmarttest.WithSeed(30))
	require.Equal(t, exitDone, runBinary(t, account(s.URL), fast, "-o", short, "-max-records=500").code)
	plain := start(t, pmpsmarttest.WithSeed(3000))
	run := runBinary(t, account(plain.URL), fast, "-diff", short, "-max-records=500", "-o", long)
	assert.Equal(t, exitDone, run.code, run.stdout)
	assert.Contains(t, run.stdout, "Nothing changed since "+short)
	assert.NotContains(t, run.stderr, "was made with")

	run = runBinary(t, account(s.URL), fast, "-diff", long, "-max-records=5")
	assert.NotContains(t, run.stdout, "answers")
	assert.Contains(t, run.stderr, long+" was made with -max-records 500, this one with 5: a field that few records have may seem lost or new\n")

	loose := start(t, pmpsmarttest.WithSeed(3000), pmpsmarttest.WithStyle(pmpsmarttest.Loose))
	run = runBinary(t, account(loose.URL), fast, "-diff", long, "-max-records=500")
	assert.Equal(t, exitChanged, run.code)
	assert.Contains(t, strings.Join(strings.Fields(run.stdout), " "),
		"order answers 200 {status:string,message:string,data:[record… → 200 {status:bool,message:string,data:[record…")
}

// A folder that takes no file is told of before anything is asked.
func TestOutputInAFolderThatTakesNone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs a folder that takes no file, whoever asks")
	}
	s := start(t)
	run := runBinary(t, account(s.URL), fast, "-o", "/proc/report.json")
	assert.Equal(t, exitFailed, run.code)
	assert.Contains(t, run.stderr, "-o /proc/report.json: can't make a file in the folder /proc: ")
	assert.Empty(t, s.Requests())
}

// A row that was not asked, or has several answers, leaves the columns as they
// are.
func TestColumnsStayTogether(t *testing.T) {
	t.Parallel()
	s := start(t, pmpsmarttest.WithEmpty())
	s.Fail(pmpsmarttest.Fault{Op: "ListOutlets", Kind: pmpsmarttest.FaultAnswer, Status: 502})
	run := runBinary(t, account(s.URL), fast)
	rows, _, _ := strings.Cut(run.stdout, "\n\n")
	lines := strings.Split(rows, "\n")
	require.Contains(t, rows, "not asked: ")
	require.Contains(t, rows, " ×1")
	at := strings.Index(lines[0], "RECORDS")
	for _, line := range lines[1:] {
		if line = strings.TrimRight(line, " "); len([]rune(line)) > at {
			assert.Regexp(t, `\s\s\S`, string([]rune(line)[at-2:at+1]), "%s", line)
		}
	}
}
