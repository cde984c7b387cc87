package sandboxcmd

import (
	"encoding/json"
	"flag"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A flag that is not given is the environment's, an empty one nobody's.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	cmd := program(t, "-seed", "7")
	cmd.Env = append(cmd.Env, "PMPSMART_SANDBOX_ADDR= 127.0.0.1:0\r", "PMPSMART_SANDBOX_JSON=true\r", "PMPSMART_SANDBOX_UNTIL_EOF=1",
		"PMPSMART_SANDBOX_EMAIL=a@b.id", "PMPSMART_SANDBOX_PASSWORD=rahasia-b", "PMPSMART_SANDBOX_STYLE=loose,list=paginated",
		"PMPSMART_SANDBOX_PER_PAGE=5", "PMPSMART_SANDBOX_SEED=9", "PMPSMART_SANDBOX_NOW=", "PMPSMART_SANDBOX_VERSION=1")
	lifeline, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var first map[string]string
	decoder := json.NewDecoder(stdout)
	require.NoError(t, decoder.Decode(&first))
	assert.Equal(t, "rahasia-b", first["password"])

	c, err := pmpsmart.New(pmpsmart.WithBaseURL(first["base_url"]), pmpsmart.WithCredentials("a@b.id", "rahasia-b"))
	require.NoError(t, err)
	orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	assert.Len(t, orders, 7, "the command line goes first")
	_, requests := get(t, first["control_url"]+"/requests?op=ListOrders")
	assert.Contains(t, requests, `\"per_page\":5,`)

	require.NoError(t, lifeline.Close())
	output, err := io.ReadAll(io.MultiReader(decoder.Buffered(), stdout))
	require.NoError(t, err)
	require.NoError(t, cmd.Wait())
	assert.True(t, strings.HasSuffix(string(output), "\npmpsmart-sandbox: closed\n"), "it ends with its input")
}

func TestEnvironmentMistakes(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]string{
		"PMPSMART_SANDBOX_SEED=banyak": `invalid value "banyak" of PMPSMART_SANDBOX_SEED: want a whole number`,
		"PMPSMART_SANDBOX_ADDR=:0":     `-addr :0 is reached by others and needs another -password: this one is published`,
	} {
		cmd := program(t)
		cmd.Env = append(cmd.Env, variable, "PMPSMART_SANDBOX_PASSWORD=bukan-rahasia")
		out, err := cmd.CombinedOutput()
		assert.Error(t, err)
		assert.Equal(t, "pmpsmart-sandbox: "+want+"\n", string(out))
	}
}

// The sandbox tells whether one serves, at an address to listen at too, and in
// maintenance.
func TestHealth(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"-control=false"}, {"-addr", "0.0.0.0:0", "-fault", `{"kind":"answer","status":503}`}} {
		s, first, _ := startJSON(t, append(args, account...)...)
		_, port, _ := strings.Cut(strings.TrimPrefix(first["base_url"], "http://"), ":")
		port = strings.TrimSuffix(port, "/api/v1")
		for _, addr := range []string{"127.0.0.1:" + port, ":" + port, "0.0.0.0:" + port} {
			cmd := program(t, "-health")
			cmd.Env = append(cmd.Env, Variable("addr")+"="+addr, "HTTP_PROXY=http://127.0.0.1:1")
			out, err := cmd.CombinedOutput()
			assert.NoError(t, err)
			assert.Empty(t, string(out))
		}
		_, err := s.end(os.Interrupt)
		require.NoError(t, err)
		out, err := program(t, "-health", "-addr", "127.0.0.1:"+port).CombinedOutput()
		assert.Error(t, err)
		assert.Equal(t, "pmpsmart-sandbox: no sandbox serves at 127.0.0.1:"+port+": dial tcp 127.0.0.1:"+port+": connect: connection refused\n", string(out))
	}
}

// container is the folder of the files that make a container of the sandbox.
const container = "../../cmd/pmpsmart-sandbox/"

// What the pages, the Dockerfile and the compose file call variables are flags.
func TestVariablesAreFlags(t *testing.T) {
	t.Parallel()
	known := map[string]bool{Variable("url"): true, Variable("bin"): true, Variable("x"): true} // of the examples, and one of no flag
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	new(settings).define(flags)
	new(given).define(flags)
	flags.VisitAll(func(f *flag.Flag) { known[Variable(f.Name)] = true })
	for _, name := range []string{container + "Dockerfile", container + "compose.yaml", "../../docs/testing.md", "flags.go"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		found := regexp.MustCompile(variablePrefix+`[A-Z_]+`).FindAllString(string(text), -1)
		assert.NotEmpty(t, found, name)
		for _, v := range found {
			assert.True(t, known[v], "%s: no flag has the variable %s", name, v)
		}
	}
}
