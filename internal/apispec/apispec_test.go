package apispec

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCopy(t *testing.T) {
	page, err := os.ReadFile("../../docs/openapi.yaml")
	require.NoError(t, err)
	require.Equal(t, YAML(), string(page), "docs/openapi.yaml is not a copy: run `make openapi`")
}

func TestOf(t *testing.T) {
	require.Equal(t, 1, strings.Count(YAML(), vendor))
	got := Of("http://127.0.0.1:8089/api/v1")
	assert.Contains(t, got, "servers:\n  - url: \"http://127.0.0.1:8089/api/v1\"\n")
	assert.NotContains(t, got, "url: https://api.pmpsmart.com")
}

func TestHandler(t *testing.T) {
	for target, want := range map[string]string{
		"http://localhost:8089/_sandbox/openapi.yaml":              "http://localhost:8089/api/v1",
		"https://sandbox.test/_sandbox/openapi.yaml":               "https://sandbox.test/api/v1",
		"http://localhost:8089/_worlds/abc/_sandbox/openapi.yaml/": "http://localhost:8089/_worlds/abc/api/v1",
	} {
		w := httptest.NewRecorder()
		Handler("/api/v1", "/_sandbox").ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		assert.Equal(t, "application/yaml", w.Header().Get("Content-Type"))
		assert.Equal(t, Of(want), w.Body.String(), target)
	}
}
