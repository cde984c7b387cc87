package main

import (
	"encoding/json"
	"os"
	"os/exec"
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
