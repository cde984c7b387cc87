package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/pmpsmart/pmpsmart-go/internal/sandboxcmd"
)

// A step is an instruction of the Dockerfile.
type step struct {
	name  string
	flags map[string]string // --from=build
	rest  string
}

// readDockerfile reads the steps of the Dockerfile, as far as it uses the language.
func readDockerfile(t *testing.T) (steps []step) {
	t.Helper()
	text, err := os.ReadFile("Dockerfile")
	require.NoError(t, err)
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\\\n", "")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s := step{flags: map[string]string{}}
		s.name, s.rest, _ = strings.Cut(line, " ")
		for strings.HasPrefix(s.rest, "--") {
			var option string
			option, s.rest, _ = strings.Cut(s.rest, " ")
			name, value, _ := strings.Cut(option, "=")
			s.flags[name] = value
		}
		steps = append(steps, s)
	}
	return steps
}

// last returns the last step of a name.
func last(t *testing.T, steps []step, name string) (found step) {
	t.Helper()
	for _, s := range steps {
		if s.name == name {
			found = s
		}
	}
	require.NotEmpty(t, found.name, "no %s", name)
	return found
}

// words reads the words of an instruction in its exec form.
func words(t *testing.T, text string) (all []string) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &all), "no exec form, and there is no shell: %s", text)
	return all
}

// The container is built with the image that CI runs, serves without root's rights at the port that
// it exposes, has no password, and is asked for its health without a shell.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	steps := readDockerfile(t)
	image, _, _ := strings.Cut(steps[0].rest, " ")
	workflow, err := os.ReadFile("../../.github/workflows/ci.yml")
	require.NoError(t, err)
	assert.Contains(t, string(workflow), "container: "+image+"\n")
	assert.Equal(t, "scratch", last(t, steps, "FROM").rest)
	assert.Regexp(t, `^[1-9]\d*:[1-9]\d*$`, last(t, steps, "USER").rest, "a name would need /etc/passwd")
	assert.Equal(t, sandboxcmd.Variable("addr")+"=:"+last(t, steps, "EXPOSE").rest, last(t, steps, "ENV").rest)
	words(t, last(t, steps, "ENTRYPOINT").rest)
	words(t, strings.TrimPrefix(last(t, steps, "HEALTHCHECK").rest, "CMD "))
}

// The compose file's tests reach the sandbox by a name that it lets steer it, and others
// do not reach it.
func TestCompose(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("compose.yaml")
	require.NoError(t, err)
	var file struct {
		Services map[string]struct {
			Build       struct{ Context, Dockerfile string }
			Environment map[string]string
			Ports       []string
			Volumes     []string
			DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	sandbox, tests := file.Services["sandbox"], file.Services["tests"]
	assert.FileExists(t, sandbox.Build.Context+"/"+sandbox.Build.Dockerfile)
	folder, _, _ := strings.Cut(tests.Volumes[0], ":")
	assert.DirExists(t, folder)
	port := last(t, readDockerfile(t), "EXPOSE").rest
	assert.Equal(t, []string{"127.0.0.1:" + port + ":" + port}, sandbox.Ports)
	assert.Equal(t, "http://"+sandbox.Environment[sandboxcmd.Variable("allow-host")]+":"+port, tests.Environment[sandboxcmd.Variable("url")])
	assert.Contains(t, file.Services, sandbox.Environment[sandboxcmd.Variable("allow-host")])
	assert.Equal(t, "service_healthy", tests.DependsOn["sandbox"].Condition)
}
