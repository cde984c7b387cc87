package conform

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

const collectionFile = "../../docs/postman_collection.json"

// A collection is one of Postman's, in its format 2.1, as far as this one goes.
type collection struct {
	Info     collectionInfo       `json:"info"`
	Auth     *collectionAuth      `json:"auth"`
	Variable []collectionVariable `json:"variable"`
	Item     []collectionFolder   `json:"item"`
}

type collectionInfo struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Schema      string `json:"schema"`
}

type collectionAuth struct {
	Type   string               `json:"type"`
	Bearer []collectionVariable `json:"bearer,omitempty"`
}

type collectionVariable struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Type  string `json:"type"`
}

type collectionFolder struct {
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Item        []collectionItem `json:"item"`
}

type collectionItem struct {
	Name     string               `json:"name"`
	Event    []collectionEvent    `json:"event,omitempty"`
	Request  collectionRequest    `json:"request"`
	Response []collectionResponse `json:"response"`
}

type collectionEvent struct {
	Listen string           `json:"listen"`
	Script collectionScript `json:"script"`
}

type collectionScript struct {
	Type string   `json:"type"`
	Exec []string `json:"exec"`
}

type collectionRequest struct {
	Method      string             `json:"method"`
	Header      []collectionHeader `json:"header"`
	Auth        *collectionAuth    `json:"auth,omitempty"`
	Body        *collectionBody    `json:"body,omitempty"`
	URL         collectionURL      `json:"url"`
	Description string             `json:"description,omitempty"`
}

type collectionHeader struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type collectionBody struct {
	Mode    string         `json:"mode"`
	Raw     string         `json:"raw"`
	Options map[string]any `json:"options"`
}

type collectionURL struct {
	Raw  string   `json:"raw"`
	Host []string `json:"host"`
	Path []string `json:"path"`
}

type collectionResponse struct {
	Name            string             `json:"name"`
	OriginalRequest collectionRequest  `json:"originalRequest"`
	Status          string             `json:"status"`
	Code            int                `json:"code"`
	Preview         string             `json:"_postman_previewlanguage"`
	Header          []collectionHeader `json:"header"`
	Body            string             `json:"body"`
}

// keepToken is what the login does with its response. Postman has a data of its own.
var keepToken = []string{
	"const session = pm.response.json().data || {};",
	"const token = session.api_token || session.access_token || session.token;",
	"pm.test('the response has a token', () => pm.expect(token).to.be.a('string'));",
	"if (token) { pm.collectionVariables.set('token', token); }",
}

// newCollection makes a collection of the description.
func newCollection(t *testing.T) collection {
	t.Helper()
	doc, values := document(t), exampleTexts(t)
	c := collection{
		Info: collectionInfo{text(doc, "info", "title"), collectionText, "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		Auth: &collectionAuth{Type: "bearer", Bearer: []collectionVariable{{"token", "{{token}}", "string"}}},
		Variable: []collectionVariable{
			{"base_url", base, "string"}, {"email", pmpsmarttest.Email, "string"}, {"password", pmpsmarttest.Password, "string"}, {"token", "", "string"},
		},
	}
	end := collectionFolder{Name: "Log out", Description: "Last, so that the whole collection can be run: the token ends."}
	for _, v := range list(doc, "tags") {
		tag := v.(tree)
		folder := collectionFolder{Name: text(tag, "name"), Description: text(tag, "description")}
		for _, op := range inOrder(t) {
			switch {
			case op.id == "Logout":
				end.Item = []collectionItem{newItem(t, doc, op, values)}
			case list(op.tree, "tags")[0] == folder.Name:
				folder.Item = append(folder.Item, newItem(t, doc, op, values))
			}
		}
		c.Item = append(c.Item, folder)
	}
	c.Item = append(c.Item, end)
	return c
}

const collectionText = "Made of docs/openapi.yaml, which says what is known of the API and what is not. " +
	"The variables are those of the sandbox, `go run github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart-sandbox@latest -addr 127.0.0.1:8089`. Send Login first: it keeps the token for the others."

func newItem(t *testing.T, doc tree, op operation, values map[string]string) collectionItem {
	t.Helper()
	path := strings.Split(strings.TrimPrefix(op.path, "/"), "/")
	r := collectionRequest{
		Method: http.MethodPost, Header: []collectionHeader{{"Accept", "application/json"}}, Description: text(op.tree, "description"),
		URL: collectionURL{"{{base_url}}" + op.path, []string{"{{base_url}}"}, path},
	}
	if body := values[op.id+".request"]; body != "" {
		r.Header = append(r.Header, collectionHeader{"Content-Type", "application/json"})
		r.Body = &collectionBody{"raw", body, map[string]any{"raw": map[string]string{"language": "json"}}}
	}
	item := collectionItem{Name: text(op.tree, "summary"), Response: []collectionResponse{}}
	if op.id == "Login" {
		r.Auth = &collectionAuth{Type: "noauth"}
		r.Body.Raw = strings.NewReplacer(pmpsmarttest.Email, "{{email}}", pmpsmarttest.Password, "{{password}}").Replace(r.Body.Raw)
		item.Event = []collectionEvent{{"test", collectionScript{"text/javascript", keepToken}}}
	}
	item.Request = r
	r.Description = ""
	for _, status := range []string{"200", "401", "403", "404", "422", "429", "500", "503"} {
		response := object(op.tree, "responses", status) // those that all have are left out
		for _, name := range []string{"plain", "paginated"} {
			ref := text(response, "content", "application/json", "examples", name, "$ref")
			if ref == "" {
				continue
			}
			code, err := strconv.Atoi(status)
			require.NoError(t, err)
			title := status
			if name == "paginated" {
				title += " in pages"
			}
			item.Response = append(item.Response, collectionResponse{
				title, r, http.StatusText(code), code, "json", []collectionHeader{{"Content-Type", "application/json"}},
				values[strings.TrimPrefix(ref, "#/components/examples/")],
			})
		}
	}
	return item
}

// The collection is what the description makes of it, and its requests go well, in their order, on a new sandbox.
func TestWrittenCollection(t *testing.T) {
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	require.NoError(t, e.Encode(newCollection(t)))
	if *update {
		require.NoError(t, os.WriteFile(collectionFile, want.Bytes(), 0o644))
	}
	got, err := os.ReadFile(collectionFile)
	require.NoError(t, err)
	require.Equal(t, want.String(), string(got), "docs/postman_collection.json is not up to date: run `make openapi`")

	server := pmpsmarttest.NewServer()
	defer server.Close()
	var c collection
	require.NoError(t, json.Unmarshal(got, &c))
	values := map[string]string{}
	for _, v := range c.Variable {
		values[v.Key] = v.Value
	}
	values["base_url"] = server.URL
	sent := 0
	for _, folder := range c.Item {
		for _, item := range folder.Item {
			send(t, item, values)
			sent++
		}
	}
	assert.Equal(t, 12, sent)
}

// send sends an item's request as Postman does, with its variables and, of a login, what its script does.
func send(t *testing.T, item collectionItem, values map[string]string) {
	t.Helper()
	fill := func(s string) string {
		for name, value := range values {
			s = strings.ReplaceAll(s, "{{"+name+"}}", value)
		}
		return s
	}
	body := ""
	if item.Request.Body != nil {
		body = fill(item.Request.Body.Raw)
	}
	r, err := http.NewRequestWithContext(t.Context(), item.Request.Method, fill(item.Request.URL.Raw), strings.NewReader(body))
	require.NoError(t, err)
	for _, h := range item.Request.Header {
		r.Header.Set(h.Key, h.Value)
	}
	if item.Request.Auth == nil {
		r.Header.Set("Authorization", "Bearer "+values["token"])
	}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, 200, resp.StatusCode, item.Name)
	if item.Event != nil {
		var answer struct {
			Data struct {
				Token string `json:"api_token"`
			}
		}
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
		values["token"] = answer.Data.Token
	}
}

// inOrder returns the operations in the order of the page.
func inOrder(t *testing.T) (ops []operation) {
	t.Helper()
	byPath := map[string]operation{}
	for _, op := range operations(document(t)) {
		byPath[op.path] = op
	}
	for _, path := range names(t, "paths") {
		ops = append(ops, byPath[path])
	}
	return ops
}
