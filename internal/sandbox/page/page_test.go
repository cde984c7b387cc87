package page

import (
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(files, "files/"+name)
	require.NoError(t, err)
	return string(text)
}

func names(t *testing.T) (all []string) {
	t.Helper()
	entries, err := fs.ReadDir(files, "files")
	require.NoError(t, err)
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

func get(url string, headers ...string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

// Each file has a type that a browser told not to guess takes, and the policy.
func TestFiles(t *testing.T) {
	t.Parallel()
	total := 0
	for _, name := range names(t) {
		resp := get("/_worlds/abc/_sandbox/page/" + name)
		assert.Equal(t, http.StatusOK, resp.StatusCode, name)
		assert.Equal(t, types[path.Ext(name)], resp.Header.Get("Content-Type"), name)
		assert.NotEmpty(t, resp.Header.Get("Content-Type"), name)
		assert.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
		assert.Contains(t, resp.Header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'; style-src 'self'")
		assert.NotContains(t, resp.Header.Get("Content-Security-Policy"), "unsafe")
		again := get("/_sandbox/page/"+name, "If-None-Match", resp.Header.Get("ETag"))
		assert.Equal(t, http.StatusNotModified, again.StatusCode, "a browser has it already")
		total += len(read(t, name))
	}
	assert.Less(t, total, 100<<10, "every program that uses pmpsmarttest holds it")
	assert.Equal(t, read(t, "index.html"), body(t, get("/_sandbox/?lang=id")))
	assert.Equal(t, http.StatusNotFound, get("/_sandbox/page/tidak-ada.js").StatusCode)
	assert.Equal(t, http.StatusNotFound, get("/_sandbox/page/../page.go").StatusCode)
	for from, to := range map[string]string{"/_sandbox": "_sandbox/", "/_worlds/abc/_sandbox?lang=id": "_sandbox/?lang=id"} {
		resp := get(from)
		assert.Equal(t, []any{http.StatusPermanentRedirect, to}, []any{resp.StatusCode, resp.Header.Get("Location")})
	}
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, resp.Write(&b))
	_, text, _ := strings.Cut(b.String(), "\r\n\r\n")
	return text
}

// Nothing comes from elsewhere, and no text of others becomes markup.
func TestNothingForeign(t *testing.T) {
	t.Parallel()
	elsewhere := regexp.MustCompile(`https?://|//[a-z]+\.|@import|\burl\(|\bdata:`)
	markup := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|eval\(|Function\(|srcdoc`)
	inline := regexp.MustCompile(`(?i)\son[a-z]+=|\sstyle=|javascript:|<script>|<style`)
	for _, name := range names(t) {
		text := strings.ReplaceAll(read(t, name), `xmlns="http://www.w3.org/2000/svg"`, "")
		assert.Empty(t, elsewhere.FindString(text), name)
		assert.Empty(t, markup.FindString(text), name)
		if path.Ext(name) == ".html" {
			assert.Empty(t, inline.FindString(text), name)
		}
	}
}

// Both languages have all texts, with the same values in them; every text is used, and
// every text that is used is there.
func TestTexts(t *testing.T) {
	t.Parallel()
	var texts map[string]map[string]string
	require.NoError(t, json.Unmarshal([]byte(read(t, "texts.json")), &texts))
	value := regexp.MustCompile(`\{\w+\}`)
	for key, text := range texts {
		assert.ElementsMatch(t, []string{"en", "id"}, slices.Collect(maps.Keys(text)), key)
		assert.NotEmpty(t, text["en"], key)
		assert.NotEmpty(t, text["id"], key)
		assert.ElementsMatch(t, value.FindAllString(text["en"], -1), value.FindAllString(text["id"], -1), key)
	}

	used := map[string]bool{}
	inMarkup := regexp.MustCompile(`data-(?:text|label|placeholder)="(\w+)"`)
	inScript := regexp.MustCompile(`\bt\("(\w+)"[,)]`)
	for _, name := range names(t) {
		text := read(t, name)
		for _, find := range []*regexp.Regexp{inMarkup, inScript} {
			for _, match := range find.FindAllStringSubmatch(text, -1) {
				assert.True(t, texts[match[1]] != nil, "%s: no text %s", name, match[1])
				used[match[1]] = true
			}
		}
		for key := range texts {
			used[key] = used[key] || path.Ext(name) == ".js" && strings.Contains(text, `"`+key+`"`)
		}
	}
	// Names that are put together, and so are searched for here alone.
	together := []string{"data_orders", "data_json_orders", "data_outlets", "data_users", "data_visits", "clock_ahead", "clock_stopped"}
	for _, kind := range fault.Kinds() {
		name := strings.ReplaceAll(string(kind), " ", "_")
		together = append(together, "kind_"+name, "help_"+name)
	}
	for _, key := range together {
		assert.True(t, texts[key] != nil, "no text %s", key)
		used[key] = true
	}
	for key := range texts {
		assert.True(t, used[key], "nothing uses the text %s", key)
	}
}

// What the labels say is for something that is there.
func TestMarkup(t *testing.T) {
	t.Parallel()
	html := read(t, "index.html")
	ids := map[string]bool{}
	for _, match := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(html, -1) {
		assert.False(t, ids[match[1]], "two elements have the id %s", match[1])
		ids[match[1]] = true
	}
	for _, match := range regexp.MustCompile(`aria-(?:labelledby|describedby)="([^"]+)"`).FindAllStringSubmatch(html, -1) {
		assert.True(t, ids[match[1]], match[1])
	}
	for _, name := range names(t) {
		for _, match := range regexp.MustCompile(`byId\("([^"]+)"\)`).FindAllStringSubmatch(read(t, name), -1) {
			assert.True(t, ids[match[1]], "%s: %s", name, match[1])
		}
	}
}
