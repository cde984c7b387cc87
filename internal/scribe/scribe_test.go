package scribe

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return text
}

// plain is an Operation with its responses as texts.
type plain struct {
	call      string
	fields    []string
	responses []string
}

func plainly(all []Operation) (texts []plain) {
	for _, o := range all {
		p := plain{call: o.Method + " " + o.Path, fields: o.Fields}
		for _, r := range o.Responses {
			p.responses = append(p.responses, string(r))
		}
		texts = append(texts, p)
	}
	return texts
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	form, all, err := Parse(read(t, "openapi.yaml"))
	require.NoError(t, err)
	assert.Equal(t, OpenAPI, form)
	assert.Equal(t, []plain{
		{"POST /api/v1/auth/login", []string{"email", "password", "device_id"}, nil},
		{"POST /api/v1/order", []string{"page", "status", "per_page", "items", "items.*.qty"}, []string{
			`{"status":"success","message":"Data order berhasil diambil","data":[{"id":198,"kode_order":"PMP-3903001","status":"pending","date_order":"2026-02-02","user_id":1,"outlet_id":1,"total":"150000.00","jatuh_tempo":null,"created_at":"2026-02-02T01:15:30.000000Z"}]}`,
		}},
		{"POST /api/v1/order/detail", nil, []string{`{"status":"success","data":{"id":198,"kode_order":"PMP-3903001","items":[{"nama_produk":"Kopi Bubuk 165 g","qty":3}]}}`}},
		{"GET /api/v1/stok/{kode}", nil, nil},
		{"POST /api/v1/pembayaran", nil, nil},
	}, plainly(all))
}

func TestPostman(t *testing.T) {
	t.Parallel()
	form, all, err := Parse(read(t, "collection.json"))
	require.NoError(t, err)
	assert.Equal(t, Postman, form)
	assert.Equal(t, []plain{
		{"POST /api/v1/order", []string{"page", "status", "per_page", "items", "items.*.qty"}, []string{
			`{"status":"success","message":"Data order berhasil diambil","data":[{"id":198,"kode_order":"PMP-3903001","total":"150000.00","sales":{"nama":"Ferryanto"}}]}`,
		}},
		{"GET /api/v1/stok/{kode}", nil, nil},
		{"POST /api/v1/visit/foto", []string{"visit_id", "foto"}, nil},
	}, plainly(all))
}

func TestOtherForms(t *testing.T) {
	t.Parallel()
	form, all, err := Parse([]byte(`{"openapi":"3.1.0","servers":[{"url":"https://x.test/api/"}],"paths":{"/a":{"get":{"parameters":[{"in":"header","name":"h"}],"responses":{"200":{"content":{"application/json":{"example":{"b":1},"examples":{"c":{"value":[2]}}}}}}}}}}`))
	require.NoError(t, err)
	assert.Equal(t, OpenAPI, form)
	assert.Equal(t, []plain{{"GET /api/a", nil, []string{`{"b":1}`, `[2]`}}}, plainly(all))
	for _, url := range []string{`"{{baseUrl}}/api/a?b=1"`, `"https://x.test/api/a"`, `{"raw":"{{baseUrl}}/api/a?b=1"}`, `{"path":["api","a"]}`} {
		_, all, err = Parse([]byte(`{"info":{},"item":[{"request":{"method":"post","url":` + url + `}}]}`))
		require.NoError(t, err)
		assert.Equal(t, []plain{{"POST /api/a", nil, nil}}, plainly(all), url)
	}
}

func TestNoDescription(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": "", "a page": "<!DOCTYPE html><html></html>", "a text": "Not Found", "JSON": `{"message":"Not Found"}`, "broken": "a: [", "a list": "- a",
		"two documents": "a: 1\n---\nb: 2", "a tab": "\t",
	} {
		_, _, err := Parse([]byte(text))
		assert.ErrorIs(t, err, ErrOther, name)
	}
	for _, text := range []string{strings.Repeat(" ", MaxBytes+1), strings.Repeat("[", 100) + strings.Repeat("]", 100), "[" + strings.Repeat("1,", maxNodes) + "1]"} {
		_, _, err := Parse([]byte(text))
		assert.Error(t, err)
	}
	bomb := "openapi: 3\npaths: {}\na: &a [x,x,x,x,x,x,x,x]\n" // aliases stay aliases
	for _, c := range "bcdefghij" {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 7) + "*" + string(c-1) + "]\n"
	}
	_, _, err := Parse([]byte(bomb))
	assert.NoError(t, err)
}

func FuzzParse(f *testing.F) {
	f.Add(read(f, "openapi.yaml"))
	f.Add(read(f, "collection.json"))
	f.Add([]byte("openapi: 3\npaths: {/a: {post: {responses: {200: {content: {x: {schema: {items: {properties: {b: {example: .inf}}}}}}}}}}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, all, err := Parse(text)
		if err != nil {
			return
		}
		for _, o := range all {
			for _, r := range o.Responses {
				_ = json.Valid(r) // Postman's are any text
			}
		}
	})
}
