package main

import (
	"bytes"
	"debug/elf"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/sandboxcmd"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// requireVariable is the environment variable that makes it a failure that this machine
// can't run the container's program as the container would.
const requireVariable = "PMPSMART_REQUIRE_CONTAINER"

// A stage is one of the Dockerfile's, built without Docker: the folder that its root
// file system is, and what its steps have set.
type stage struct {
	t        *testing.T
	root     string
	dir      string
	env      []string
	uid, gid uint32
}

// build takes the steps of the Dockerfile and returns the last stage.
func build(t *testing.T, steps []step) *stage {
	t.Helper()
	stages := map[string]*stage{}
	var s *stage
	for _, step := range steps {
		switch step.name {
		case "FROM":
			s = &stage{t: t, root: t.TempDir(), dir: "/"}
			if _, name, found := strings.Cut(step.rest, " AS "); found {
				stages[name] = s
			}
		case "ENV":
			s.env = append(s.env, strings.Fields(step.rest)...)
		case "WORKDIR":
			s.dir = step.rest
			require.NoError(t, os.MkdirAll(filepath.Join(s.root, s.dir), 0o755))
		case "COPY":
			s.copy(step, stages[step.flags["--from"]])
		case "RUN": // its paths are relative, so that they are in the stage's folder
			cmd := exec.CommandContext(t.Context(), "sh", "-c", step.rest)
			cmd.Dir = filepath.Join(s.root, s.dir)
			cmd.Env = append(os.Environ(), s.env...)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s\n%s", step.rest, out)
		case "USER":
			s.uid, s.gid = ids(t, step.rest)
		case "EXPOSE", "HEALTHCHECK", "ENTRYPOINT":
		default:
			t.Fatalf("the test does not know the step %s", step.name)
		}
	}
	return s
}

func ids(t *testing.T, text string) (uid, gid uint32) {
	t.Helper()
	user, group, _ := strings.Cut(text, ":")
	u, err := strconv.ParseUint(user, 10, 32)
	require.NoError(t, err)
	g, err := strconv.ParseUint(group, 10, 32)
	require.NoError(t, err)
	return uint32(u), uint32(g)
}

// copy copies from another stage, or from the repository what the Dockerfile's list does
// not leave out.
func (s *stage) copy(step step, from *stage) {
	s.t.Helper()
	words := strings.Fields(step.rest)
	sources, to := words[:len(words)-1], words[len(words)-1]
	if !filepath.IsAbs(to) {
		to = filepath.Join(s.dir, to)
	}
	to = filepath.Join(s.root, to)
	switch {
	case from != nil:
		s.copyTree(filepath.Join(from.root, sources[0]), to)
	case slices.Equal(sources, []string{"."}):
		for _, name := range contextFiles(s.t) {
			s.copyTree(filepath.Join("../..", name), filepath.Join(to, name))
		}
	default:
		for _, name := range sources {
			s.copyTree(filepath.Join("../..", name), filepath.Join(to, name))
		}
	}
	if owner := step.flags["--chown"]; owner != "" {
		uid, gid := ids(s.t, owner)
		require.NoError(s.t, os.Chown(to, int(uid), int(gid)))
	}
}

// copyTree copies a file, or a folder with all that is in it.
func (s *stage) copyTree(from, to string) {
	s.t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, text, info.Mode().Perm())
	})
	require.NoError(s.t, err)
}

// contextFiles lists the files of the repository that a build sees.
func contextFiles(t *testing.T) (names []string) {
	t.Helper()
	ignored, err := os.ReadFile("Dockerfile.dockerignore")
	require.NoError(t, err)
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = "../.."
	out, err := list.Output()
	require.NoError(t, err)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		top, _, _ := strings.Cut(name, "/")
		_, err := os.Stat(filepath.Join("../..", name))
		if err == nil && !slices.Contains(strings.Fields(string(ignored)), top) {
			names = append(names, name)
		}
	}
	return names
}

// command runs a program of the stage as the container does: with its root, its user and
// its environment, and nothing else.
func (s *stage) command(args []string, env ...string) *exec.Cmd {
	return &exec.Cmd{
		Path: args[0], Args: args, Dir: "/", Env: append(slices.Clone(s.env), env...),
		SysProcAttr: &syscall.SysProcAttr{
			Chroot: s.root, Credential: &syscall.Credential{Uid: s.uid, Gid: s.gid}, Pdeathsig: syscall.SIGKILL,
		},
	}
}

// The steps of the Dockerfile build a program that needs no file beside it, serves
// without the rights of root, and keeps its data. The check of its health works.
func TestContainer(t *testing.T) {
	steps := readDockerfile(t)
	switch {
	case !testserver.Long(t):
		return // TestDockerfile is the part
	case os.Getuid() != 0 && os.Getenv(requireVariable) == "":
		t.Skip("only root can change the root of a process")
	}
	s := build(t, steps)
	entrypoint := words(t, last(t, steps, "ENTRYPOINT").rest)
	program, err := elf.Open(filepath.Join(s.root, entrypoint[0]))
	require.NoError(t, err)
	defer program.Close()
	libraries, err := program.ImportedLibraries()
	assert.NoError(t, err)
	assert.Empty(t, libraries)
	assert.False(t, slices.ContainsFunc(program.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }), "it is not static")

	addr := sandboxcmd.Variable("addr") + "=" + freePort(t)
	health := func() error {
		return s.command(words(t, strings.TrimPrefix(last(t, steps, "HEALTHCHECK").rest, "CMD ")), addr).Run()
	}
	assert.Error(t, health(), "nothing serves")
	serve := func(env ...string) (address, password string, end func()) {
		cmd := s.command(entrypoint, append(env, addr)...)
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		require.NoError(t, cmd.Start())
		welcome := make([]byte, 4<<10)
		n, err := io.ReadAtLeast(stdout, welcome, 100)
		require.NoError(t, err, &stderr)
		found := regexp.MustCompile(`(?m)^  URL +(.*)\n  email +.*\n  password +(.*)$`).FindStringSubmatch(string(welcome[:n]))
		require.NotNil(t, found, "%s", welcome[:n])
		assert.NoError(t, health())
		return found[1], found[2], func() {
			require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
			_, _ = io.Copy(io.Discard, stdout)
			assert.NoError(t, cmd.Wait())
		}
	}
	list := func(address, password string) error {
		c, err := pmpsmart.New(pmpsmart.WithBaseURL(address), pmpsmart.WithCredentials(pmpsmarttest.Email, password))
		require.NoError(t, err)
		_, err = c.ListOutlets(t.Context())
		return err
	}

	address, password, end := serve()
	assert.NoError(t, list(address, password))
	assert.ErrorIs(t, list(address, pmpsmarttest.Password), pmpsmart.ErrUnauthorized)
	end()
	assert.Error(t, health())

	address, _, end = serve(sandboxcmd.Variable("password")+"=rahasia-uji", sandboxcmd.Variable("data")+"=/data/sandbox", sandboxcmd.Variable("allow-host")+"=sandbox")
	assert.NoError(t, list(address, "rahasia-uji"))
	assert.Equal(t, 200, healthAs(t, address, "sandbox:8089"))
	assert.Equal(t, 403, healthAs(t, address, "another:8089"))
	end()
	info, err := os.Stat(filepath.Join(s.root, "data/sandbox"))
	require.NoError(t, err)
	assert.Equal(t, s.uid, info.Sys().(*syscall.Stat_t).Uid)
}

// healthAs returns the status of the answer to a program that reaches a sandbox by a name.
func healthAs(t *testing.T, address, host string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(address, "/api/v1")+"/_sandbox/health", nil)
	require.NoError(t, err)
	req.Host = host
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

// freePort returns an address of all hosts at a port that is free.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "0.0.0.0:0")
	require.NoError(t, err)
	defer listener.Close()
	return ":" + strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}
