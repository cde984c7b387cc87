package main_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// arguments are what each program needs at least to begin.
func arguments(t *testing.T, program string) []string {
	switch program {
	case "outlets":
		_, path := write(t, "codes.csv", "id,code\n1,NEW-001\n")
		return []string{path}
	case "push":
		_, path := write(t, "orders.jsonl", `{"code":"P-1","status":"completed","data":{}}`+"\n")
		return []string{path}
	}
	return nil
}

func TestEveryProgramRunsOnTheSandboxAsItStands(t *testing.T) {
	t.Parallel()
	for _, program := range programs {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			out := run(t, t.TempDir(), nil, program, "-sandbox")
			assert.Zero(t, out.status, out.stderr)
			assert.NotEmpty(t, out.stdout)
			assert.Equal(t, []string{"pmpsmart " + program + ": on the sandbox, a made-up server with 240 orders that ends with this program"}, lines(out.stderr))
		})
	}
}

func TestEveryProgramSaysWhichServerItTalksTo(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for _, program := range programs {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			out := run(t, t.TempDir(), environment(srv), program, arguments(t, program)...)
			assert.Zero(t, out.status, out.stderr)
			assert.Equal(t, "pmpsmart "+program+": on "+srv.URL+" as "+pmpsmarttest.Email, lines(out.stderr)[0])
		})
	}
}

func TestEveryProgramHelps(t *testing.T) {
	t.Parallel()
	for _, program := range programs {
		out := run(t, t.TempDir(), nil, program, "-h")
		assert.Zero(t, out.status)
		assert.Empty(t, out.stderr)
		assert.Regexp(t, "Usage:\n  pmpsmart "+program+" .*\\[flags\\]", out.stdout)
		assert.Contains(t, out.stdout, "PMPSMART_PASSWORD")
		assert.Contains(t, out.stdout, "-sandbox")
	}
}

func TestEveryProgramSharesATokenWithOthers(t *testing.T) {
	t.Parallel()
	srv, tokens := newServer(t), t.TempDir()
	for _, program := range programs {
		args := append([]string{"-tokens", tokens}, arguments(t, program)...)
		out := run(t, t.TempDir(), environment(srv), program, args...)
		assert.Zero(t, out.status, out.stderr)
	}
	assert.Equal(t, 1, srv.Logins())
}

// Without -tokens the token is in the user's folder of settings, unless that can't be used.
func TestEveryProgramKeepsItsToken(t *testing.T) {
	t.Parallel()
	srv, cache := newServer(t), t.TempDir()
	env := append(environment(srv), "XDG_CONFIG_HOME="+cache, "HOME="+cache, "AppData="+cache)
	logins := func(want int, env []string, flags ...string) {
		t.Helper()
		for _, program := range programs {
			out := run(t, t.TempDir(), env, program, append(flags, arguments(t, program)...)...)
			assert.Zero(t, out.status, out.stderr)
		}
		assert.Equal(t, want, srv.Logins())
	}
	logins(1, env)
	logins(1, env)
	logins(1+len(programs), env, "-tokens", "none")
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	logins(1+2*len(programs), append(env, "XDG_CONFIG_HOME="+file, "HOME="+file, "AppData="+file))
}

// refused checks that a program took what it was given for wrong, and said why on one
// line of stderr.
func refused(t *testing.T, out outcome, why string) {
	t.Helper()
	endedAs(t, 2, out, why)
}

// endedAs checks that a program did nothing, with that status, and said why on one line
// of stderr.
func endedAs(t *testing.T, status int, out outcome, why string) {
	t.Helper()
	assert.Equal(t, status, out.status, out.stderr)
	assert.Empty(t, out.stdout)
	assert.Contains(t, out.stderr, why)
	assert.Len(t, lines(out.stderr), 1, out.stderr)
}

func TestEveryProgramRefusesAWrongPassword(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	env := append(environment(srv), "PMPSMART_PASSWORD=salah")
	for _, program := range programs {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			out := run(t, t.TempDir(), env, program, append([]string{"-quiet"}, arguments(t, program)...)...)
			assert.Equal(t, 3, out.status)
			assert.Contains(t, out.stderr, "401 Unauthorized")
			assert.Len(t, lines(out.stderr), 1, out.stderr)
		})
	}
}

func TestEveryProgramTellsOfAnUnreachableHost(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	env := []string{"PMPSMART_BASE_URL=http://" + listener.Addr().String() + "/api/v1", "PMPSMART_TOKEN=secret-token"}
	for _, program := range programs {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			out := run(t, t.TempDir(), env, program, append([]string{"-quiet", "-patience", "1s"}, arguments(t, program)...)...)
			assert.Equal(t, 4, out.status)
			assert.Contains(t, out.stderr, "connection refused")
			assert.NotContains(t, out.stderr, "secret-token")
			assert.Len(t, lines(out.stderr), 1, out.stderr)
		})
	}
}

func TestEveryProgramNeedsAnAccount(t *testing.T) {
	t.Parallel()
	for _, program := range programs {
		args := arguments(t, program)
		endedAs(t, 3, run(t, t.TempDir(), nil, program, args...), "pmpsmart "+program+": no account: pmpsmart login keeps one for this machine; or set PMPSMART_EMAIL")
		refused(t, run(t, t.TempDir(), []string{"PMPSMART_EMAIL=a@b.id"}, program, args...), "PMPSMART_EMAIL is set without PMPSMART_PASSWORD")
		refused(t, run(t, t.TempDir(), []string{"PMPSMART_TOKEN=x", "PMPSMART_BASE_URL=http://example.com"}, program, args...), "use https")
	}
}

// A badInput is a command line that is refused, and what is said of it.
type badInput struct {
	program string
	args    []string
	why     string
}

// badFiles makes a folder of files that are not what they should be.
func badFiles(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "empty.csv"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "names.csv"), []byte("outlet,name\n1,A\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "quote.csv"), []byte("id,code\n1,A\n2,\"B\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "blank.jsonl"), []byte("\ufeff\n  \n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wide.txt"), []byte("\xff\xfei\x00d\x00,\x00"), 0o600))
	require.NoError(t, os.Symlink("quote.csv", filepath.Join(dir, "same.csv")))
	require.NoError(t, os.Symlink("gone.csv", filepath.Join(dir, "nowhere.csv")))
	return dir
}

func TestExportRefusesBadInputOnOneLine(t *testing.T) {
	t.Parallel()
	dir := badFiles(t)
	for _, c := range []badInput{
		{"export", []string{"-nonsense"}, "pmpsmart export: there is no flag -nonsense; pmpsmart export -h lists them"},
		{"export", []string{"-user", "x"}, `-user is "x"; want a whole number of at least 1`},
		{"export", []string{"-user", "-1"}, `-user is "-1"; want a whole number of at least 1`},
		{"export", []string{"-user", "0"}, "at least 1"},
		{"export", []string{"-outlet", "0"}, "at least 1"},
		{"export", []string{"-status", "completed"}, `-status is "completed"; want open, pending, complete or cancel, or give -any-status too`},
		{"export", []string{"-date", "02-02-2026"}, `-date is "02-02-2026"; want a day like 2026-02-02, today or yesterday`},
		{"export", []string{"-date", "2026-02-30"}, "want a day like 2026-02-02"},
		{"export", []string{"-from", "2206-02-01"}, "-from 2206-02-01 is after today; give -to as well"},
		{"export", []string{"-last", "7"}, `-last is "7"; want a number of days`},
		{"export", []string{"visits", "-status", "open"}, "-status does not go with visits"},
		{"export", []string{"outlets", "-last", "7d"}, "-date does not go with outlets"},
		{"export", []string{"orders", "-what", "visits"}, `-what is "visits", and the argument "orders"; give one of them`},
		{"export", []string{"-parallel", "0"}, "-parallel is 0; want 1 to 16"},
		{"export", []string{"-columns", "id,id"}, "-columns id: there is such a column already"},
		{"export", []string{"-columns", "id", "-extra", "total"}, "give one of them"},
		{"export", []string{"-excel", "-format", "jsonl"}, "-excel, -raw and -separator are for CSV"},
		{"export", []string{"-from", "2026-02-02", "-to", "2026-02-01"}, "-to 2026-02-01 is before -from 2026-02-02"},
		{"export", []string{"-date", "2026-02-02", "-from", "2026-02-01", "-to", "2026-02-02"}, "-date is one day"},
		{"export", []string{"-o", "orders.pdf"}, `can't write "pdf": -format is csv, jsonl or xlsx`},
		{"export", []string{"-format", "xml"}, `can't write "xml"`},
		{"export", []string{"-o", "a.jsonl", "-extra", "total"}, "-extra is for CSV and xlsx"},
		{"export", []string{"-extra", "user_id"}, "there is such a column already"},
		{"export", []string{"-separator", "::"}, `-separator is "::"`},
		{"export", []string{"-o", "NOEXT"}, "-o NOEXT ends in neither .csv, .jsonl nor .xlsx; name it so"},
		{"export", []string{"-sandbox", "-quiet", "-o", "missing/orders.csv"}, "pmpsmart export: there is no folder missing"},
		{"export", []string{"-sandbox", "-quiet", "-o", "empty.csv/orders.csv"}, "pmpsmart export: there is no folder empty.csv"},
		{"export", []string{"-sandbox", "-quiet", "-o", ".", "-format", "csv"}, ". is a folder; name a file in it"},
		{"export", []string{"-sandbox", "-quiet", "-o", "nowhere.csv"}, "nowhere.csv is a link that leads nowhere"},
		{"export", []string{"-resume", "-restart"}, "give one of them"},
		{"export", []string{"-resume", "-o", "-"}, "the standard output can't be resumed"},
		{"export", []string{"-json", "-o", "/dev/stdout"}, "-json prints the result where -o - writes the records"},
		{"export", []string{"-sandbox", "-tokens", "."}, "-tokens is for a real account"},
		{"export", []string{"orders.csv"}, `can't export "orders.csv"; want orders, visits, outlets, salespeople or json-orders`},
		{"export", []string{"orders", "orders.csv"}, `unexpected argument "orders.csv"`},
		{"export", []string{"-sandbox", "-sandbox-orders", "-5"}, "-sandbox-orders"},
	} {
		refused(t, run(t, dir, nil, c.program, c.args...), c.why)
	}
}

func TestBadInputIsRefusedOnOneLine(t *testing.T) {
	t.Parallel()
	dir := badFiles(t)
	for _, c := range []badInput{
		{"outlets", nil, "which FILE? pmpsmart outlets -h tells more"},
		{"outlets", []string{"missing.csv"}, "no such file"},
		{"outlets", []string{"empty.csv"}, "empty.csv: the file is empty"},
		{"outlets", []string{"names.csv"}, `names.csv: line 1: there is no column "id", "code"; the columns are "outlet", "name"`},
		{"outlets", []string{"-apply", "-dry-run", "names.csv"}, "give one of them"},
		{"outlets", []string{"-rate", "NaN", "names.csv"}, "-rate is NaN"},
		{"outlets", []string{"names.csv", "-apply", "-dry-run"}, "give one of them"},
		{"outlets", []string{"names.csv", "empty.csv"}, `unexpected argument "empty.csv"`},
		{"push", nil, "which FILE? pmpsmart push -h tells more"},
		{"push", []string{"missing.jsonl"}, "no such file"},
		{"push", []string{"-n", "0", "empty.csv"}, "-n is 0; want 1 to 256"},
		{"push", []string{"-n", "1000", "empty.csv"}, "want 1 to 256"},
		{"push", []string{"empty.csv"}, "pmpsmart push: empty.csv: the file is empty"},
		{"push", []string{"blank.jsonl"}, "pmpsmart push: blank.jsonl: there are no rows in it"},
		{"push", []string{"wide.txt"}, `pmpsmart push: wide.txt: line 1: there is no column "code"; the columns are "id"`},
		{"outlets", []string{"wide.txt"}, `pmpsmart outlets: wide.txt: line 1: there is no column "code"; the columns are "id"`},
		{"push", []string{"-sandbox", "-quiet", "-journal", "quote.csv", "quote.csv"}, "-journal quote.csv is the input itself"},
		{"push", []string{"-sandbox", "-quiet", "-journal", "same.csv", "quote.csv"}, "-journal same.csv is the input itself"},
		{"push", []string{"-sandbox", "-quiet", "-journal", os.DevNull, "quote.csv"}, "the journal can't be there: " + os.DevNull + " is not a regular file"},
		{"push", []string{"-sandbox", "-quiet", "-journal", "missing/journal", "quote.csv"}, "the journal can't be there: there is no folder missing"},
		{"push", []string{"-settle", "-1s", "empty.csv"}, `-settle is "-1s"; want a duration such as 90s, 30m, 1h30m or 7d`},
		{"report", []string{"-format", "gif"}, `-format is "gif"; want svg, png, csv, xlsx or jsonl`},
		{"report", []string{"-o", "laporan.pdf"}, "-o laporan.pdf: can't write .pdf; want .svg, .png, .csv, .xlsx or .jsonl, or the name of a folder"},
		{"report", []string{"-by", "hour"}, `-by is "hour"; want day, week, month, quarter or year`},
		{"report", []string{"-to", "soon"}, `-to is "soon"; want a day like 2026-02-02`},
		{"report", []string{"-from", "2026-02-02", "-to", "2026-01-01"}, "-to 2026-01-01 is before"},
	} {
		refused(t, run(t, dir, nil, c.program, c.args...), c.why)
	}
}

// A place that can't have a file is a mistake of the command line, whatever the command and
// the file; so is a mirror to read that is none.
func TestPlacesAreOfTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := badFiles(t)
	const noFolder, noMirror = "there is no folder missing", "quote.csv is not a database of SQLite"
	orders := filepath.Join(dir, "orders.jsonl")
	require.NoError(t, os.WriteFile(orders, []byte(orderLines(1)), 0o600))
	for _, c := range []badInput{
		{"export", []string{"-o", "missing/o.csv"}, noFolder},
		{"export", []string{"-o", "."}, ". is a folder; name a file in it"},
		{"export", []string{"-o", "orders."}, "-o orders. ends in neither .csv, .jsonl nor .xlsx"},
		{"export", []string{"-o", "missing/o.xlsx"}, noFolder},
		{"export", []string{"-mirror", "missing/m.db"}, noFolder},
		{"export", []string{"-mirror", "gone.db"}, "there is no file gone.db"},
		{"export", []string{"-mirror", "quote.csv"}, noMirror},
		{"export", []string{"-mirror", "."}, ". is a folder"},
		{"report", []string{"-o", "missing/r.png"}, noFolder},
		{"report", []string{"-o", "quote.csv/sub/"}, "can't make the folder quote.csv/sub/"},
		{"report", []string{"-o", "nowhere.csv"}, "nowhere.csv is a link that leads nowhere"},
		{"report", []string{"-mirror", "missing/m.db"}, noFolder},
		{"report", []string{"-mirror", "quote.csv"}, noMirror},
		{"mirror", []string{"-db", "missing/m.db"}, noFolder},
		{"mirror", []string{"-db", "."}, ". is a folder"},
		{"mirror", []string{"-db", "quote.csv"}, noMirror},
		{"push", []string{"-journal", "missing/j", orders}, noFolder},
		{"push", []string{"-results", "missing/r.csv", orders}, noFolder},
		{"outlets", []string{"-apply", "-undo", "missing/u.csv"}, noFolder},
		{"outlets", []string{"-save-plan", "missing/p.json"}, noFolder},
	} {
		args := append([]string{"-quiet"}, c.args...)
		if c.args[0] != "-mirror" { // which needs no server
			args = append(args, "-sandbox")
		}
		out := run(t, dir, nil, c.program, args...)
		assert.Equal(t, 2, out.status, "%s %q: %s", c.program, c.args, out.stderr)
		assert.Contains(t, out.stderr, c.why, "%s %q", c.program, c.args)
	}
}
