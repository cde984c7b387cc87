package conform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/pmpsmart/pmpsmart-go/internal/laravel"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A standard is a description that exchanges are held against.
type standard struct {
	whole  validator.Validator // statuses, parameters, headers, tokens, types of content and bodies
	bodies *schemas            // bodies, no field of which may be missing in the description
}

// newStandard returns the standard of a description, which it changes.
func newStandard(doc tree) (s standard, err error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return s, err
	}
	parsed, err := libopenapi.NewDocument(text)
	if err != nil {
		return s, err
	}
	var errs []error
	s.whole, errs = validator.NewValidator(parsed, config.WithFormatAssertions(), config.WithRejectUndeclaredRequestBody())
	if err := errors.Join(errs...); err != nil {
		return s, err
	}
	s.bodies, err = newSchemas(closed(doc))
	return s, err
}

// check returns what of an exchange is not as the description has it. What was wrong on purpose is not looked at.
func (s standard) check(e testserver.Exchange, wrong bool) error {
	_, path, _ := strings.Cut(e.URL, "/api/v1")
	at, err := url.Parse("https://api.pmpsmart.com/api/v1" + path)
	if err != nil {
		return err
	}
	r := &http.Request{Method: e.Method, URL: at, Host: at.Host, Header: e.Header.Clone(), Body: http.NoBody}
	if len(e.Body) > 0 {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(e.Body)), int64(len(e.Body))
	}
	resp := &http.Response{StatusCode: e.Status, Header: e.ResponseHeader, Body: io.NopCloser(bytes.NewReader(e.ResponseBody)), Request: r}
	var all []error
	if !wrong && e.Status != http.StatusUnauthorized { // which lacks its token
		_, errs := s.whole.ValidateHttpRequestSync(r)
		for _, err := range errs {
			all = append(all, fmt.Errorf("request: %w", err))
		}
	}
	_, errs := s.whole.ValidateHttpResponse(r, resp)
	for _, err := range errs {
		all = append(all, fmt.Errorf("response: %w", err))
	}
	if len(all) == 0 {
		all = append(all, s.bodies.check(e, wrong))
	}
	if err := errors.Join(all...); err != nil {
		return fmt.Errorf("POST %s %.300s: %d %.1000s: %w", path, e.Body, e.Status, e.ResponseBody, err)
	}
	return nil
}

// The document is OpenAPI 3.1, by the official schema.
func TestDocument(t *testing.T) {
	parsed, err := libopenapi.NewDocument([]byte(source(t)))
	require.NoError(t, err)
	v, errs := validator.NewValidator(parsed)
	require.Empty(t, errs)
	ok, invalid := v.ValidateDocument()
	require.True(t, ok, "%v", invalid)
	require.Equal(t, "3.1.0", text(document(t), "openapi"))
	require.Len(t, operations(document(t)), 12)
}

// The sandbox's responses, and the requests of the client, are as described.
func TestSandbox(t *testing.T) {
	s, err := newStandard(document(t))
	require.NoError(t, err)
	met := map[string]bool{}
	for _, p := range probeAll(t) {
		if err := s.check(p.Exchange, p.wrong); err != nil {
			t.Error(err)
		}
		met[pathOf(p.Exchange)+" "+strconv.Itoa(p.Status)] = true
	}
	for _, op := range operations(document(t)) {
		for status := range object(op.tree, "responses") {
			assert.True(t, met[op.path+" "+status], "nothing was answered by POST %s %s", op.path, status)
		}
	}
}

// So are those of the contract suite, on the sandbox and, with PMPSMART_LONG=1, on a real Laravel, in the styles that are
// described.
func TestContract(t *testing.T) {
	t.Parallel()
	const styles = "$/^(plain|paginated|simple|cursor)$"
	doc := document(t)
	s, err := newStandard(document(t))
	require.NoError(t, err)
	suites := map[string]int{"TestSandbox" + styles: 1000}
	if testserver.Long(t) {
		err := laravel.Available()
		require.True(t, err == nil || os.Getenv("PMPSMART_REQUIRE_LARAVEL") == "", "there is no Laravel: %v", err)
		if err == nil {
			suites["TestLaravel"+styles] = 1000
		}
	}
	for suite, least := range suites {
		met := map[string]int{}
		for _, e := range record(t, suite) {
			path := pathOf(e)
			if object(doc, "paths", path) == nil {
				continue // which is not there on purpose
			}
			met[path]++
			if err := s.check(e, e.Status == http.StatusUnprocessableEntity); err != nil {
				t.Error(suite, err)
			}
		}
		total := 0
		for _, n := range met {
			total += n
		}
		assert.Len(t, met, 12, suite)
		assert.Greater(t, total, least, suite)
		t.Logf("%s: %d exchanges", suite, total)
	}
}

// record runs a part of the contract suite and returns its exchanges.
func record(t *testing.T, suite string) (all []testserver.Exchange) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "exchanges")
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-run", suite, "./internal/contract")
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "PMPSMART_CONTRACT_RECORD="+name)
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
	file, err := os.Open(name)
	require.NoError(t, err)
	defer file.Close()
	for d := json.NewDecoder(file); d.More(); {
		var e testserver.Exchange
		require.NoError(t, d.Decode(&e))
		all = append(all, e)
	}
	return all
}

// A sandbox serves the description with its own address, and so does a world.
func TestServed(t *testing.T) {
	server := pmpsmarttest.NewServer(pmpsmarttest.WithControl())
	defer server.Close()
	resp, err := http.Post(server.ControlURL()+"/worlds", "application/json", nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	var world struct {
		BaseURL    string `json:"base_url"`
		ControlURL string `json:"control_url"`
	}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&world))
	for control, base := range map[string]string{server.ControlURL(): server.URL, world.ControlURL: world.BaseURL} {
		resp, err := http.Get(control + "/openapi.yaml")
		require.NoError(t, err)
		defer resp.Body.Close()
		assert.Equal(t, 200, resp.StatusCode)
		assert.Equal(t, "application/yaml", resp.Header.Get("Content-Type"))
		var got tree
		require.NoError(t, yaml.NewDecoder(resp.Body).Decode(&got))
		assert.Equal(t, base, text(list(got, "servers")[0].(tree), "url"))
		assert.Len(t, object(got, "paths"), 12)
	}
}
