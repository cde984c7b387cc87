package sandboxcmd

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// The shell of docs/testing.md, as it stands.
func TestDocumentedShell(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	page, err := os.ReadFile("../../docs/testing.md")
	require.NoError(t, err)
	_, block, found := strings.Cut(string(page), "With `SANDBOX` set")
	require.True(t, found)
	_, block, found = strings.Cut(block, "```sh\n")
	require.True(t, found)
	block, _, _ = strings.Cut(block, "```")

	s := start(t, account...)
	defer s.end(os.Interrupt)
	var world struct {
		ID         string `json:"id"`
		BaseURL    string `json:"base_url"`
		ControlURL string `json:"control_url"`
	}
	var outputs []string
	for line := range strings.Lines(block) {
		if strings.HasPrefix(line, "#") {
			c, err := pmpsmart.New(pmpsmart.WithBaseURL(world.BaseURL), pmpsmart.WithCredentials("a@b.id", "rahasia-b"))
			require.NoError(t, err)
			_, created, err := c.EnsureJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "K", Data: 1, Status: "completed"})
			require.NoError(t, err)
			assert.True(t, created)
			continue
		}
		cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
		cmd.Env = append(os.Environ(), "SANDBOX="+strings.TrimSuffix(s.url, "/api/v1"), "CONTROL_URL="+world.ControlURL, "ID="+world.ID)
		out, err := cmd.Output()
		require.NoError(t, err, line)
		if world.ID == "" {
			require.NoError(t, json.Unmarshal(out, &world), string(out))
		}
		outputs = append(outputs, string(out))
	}
	require.Len(t, outputs, 7)
	assert.Empty(t, outputs[1])
	assert.Contains(t, outputs[2], `"fault":"lost answer"`)
	assert.Equal(t, 1, strings.Count(outputs[3], `"kode_order":"K"`))
	assert.Contains(t, outputs[4], `"total":29000`)
	assert.Empty(t, outputs[5])
	assert.JSONEq(t, `{"unmet":[]}`, outputs[6])
}

// The endpoints and the kinds of faults that docs/testing.md lists are those that the
// sandbox knows, by these names, at these paths, with these bodies.
func TestDocumentedEndpoints(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/testing.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(page), "**Endpoints** have")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "**Records** have")
	s, first, _ := startJSON(t)
	defer s.end(os.Interrupt)
	login := encode(map[string]string{"email": first["email"], "password": first["password"]})
	token, known := "", map[string]bool{}
	row := regexp.MustCompile("(?m)^\\| (`[A-Z][^|]*`) \\| ([^|]*) \\| (.*)\\|$")
	for _, cells := range row.FindAllStringSubmatch(section, -1) {
		ops, paths, bodies := codeSpans(cells[1]), codeSpans(cells[2]), codeSpans(cells[3])
		for i, op := range ops {
			status, text := post(t, s.url+"/"+paths[i], strings.Join(bodies, ""), token)
			assert.Equal(t, 200, status, "%s: %s", op, text)
			if op == "Logout" {
				_, text = post(t, s.url+"/auth/login", login, "")
			}
			if found := regexp.MustCompile(`[A-Za-z0-9]{60}`).FindString(text); found != "" {
				token = found
			}
			_, requests := get(t, first["control_url"]+"/requests?op="+op)
			assert.Contains(t, requests, `/api/v1/`+paths[i]+`"`, op)
			known[op] = true
		}
	}
	for _, cells := range regexp.MustCompile("(?m)^\\| `([a-z ]+)` \\| [^|]* \\|$").FindAllStringSubmatch(section, -1) {
		if kind := cells[1]; kind != "kind" {
			status, text := post(t, first["control_url"]+"/faults", `[{"op":"ListVisits","nth":99,"wait_ms":1,"kind":"`+kind+`"}]`, "")
			assert.Equal(t, 204, status, text)
			known[kind] = true
		}
	}
	assert.Len(t, known, 12+7)
}

// codeSpans returns what a cell sets as code.
func codeSpans(cell string) (spans []string) {
	for _, span := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(cell, -1) {
		spans = append(spans, span[1])
	}
	return spans
}

// post posts JSON.
func post(t *testing.T, url, body, token string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}
