package browser

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What others sent is shown to the letter, and is never run.
func TestForeignValues(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	const (
		image  = `<img src=x onerror="document.title='run'">`
		script = `<script>document.title='run'</script>`
	)
	post := func(url, body string, headers ...string) string {
		r, err := http.NewRequestWithContext(t.Context(), "PO$`id`", url, strings.NewReader(body))
		require.NoError(t, err)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		if strings.Contains(url, "_sandbox") {
			r.Method = http.MethodPost
		}
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return string(text)
	}
	text, err := json.Marshal([]map[string]any{{"kode_outlet": script, "nama_outlet": image, "alamat": `"><svg onload=alert(1)>`, image: image}})
	require.NoError(t, err)
	post(tb.server.ControlURL()+"/outlets", string(text))
	post(tb.server.ControlURL()+"/faults", `[{"kind":"answer","status":418,"header":{"Content-Type":["text/html"]},"body":`+quoted(image+script)+`}]`)
	tb.waitText("#fact-faults", "1")
	post(tb.server.URL+"/visit/%3Cimg%20src=x%20onerror=document.title=1%3E?a="+"%3Cscript%3E&<b>", `{"nama":`+quoted(image)+`,"x":[`, "X-Note", script, "X-Style", "aneh"+image)
	post(tb.server.URL+"/visit", image+script, "Content-Type", "text/html")

	tb.click(`#data-kinds input[value=outlets]`)
	tb.wait(`document.querySelector("#data-table tbody").textContent.includes(` + quoted(image) + `)`)
	assert.Contains(t, tb.text("#data-table"), script)
	tb.click("#data-table tbody tr:first-child button")
	tb.wait(`document.querySelector("#record-dialog").open`)
	assert.Contains(t, tb.text("#record-text"), strings.ReplaceAll(image, `"`, `\"`))
	tb.click("#record-close")

	tb.wait(`document.querySelectorAll("#requests-table tbody tr").length === 2`)
	tb.click("#requests-table tbody tr:nth-child(2) button")
	tb.wait(`document.querySelector("#request-dialog").open`)
	assert.Contains(t, tb.text("#request-line"), "PO$`id` "+`/api/v1/visit/<img src=x onerror=document.title=1>?a=%3Cscript%3E&`)
	assert.Contains(t, tb.text("#request-body"), strings.ReplaceAll(image, `"`, `\"`))
	eval[bool](tb, `document.querySelector("#request-dialog details").open = true`)
	assert.Contains(t, tb.text("#request-headers"), "X-Note: "+script)
	assert.Contains(t, tb.text("#request-answer"), "aneh"+strings.ReplaceAll(image, `"`, `\"`))
	assert.Contains(t, tb.text("#curl"), strings.ReplaceAll(script, "'", `'\''`))
	tb.click("#newer")
	tb.waitText("#request-answer", image+script)
	assert.Equal(t, image+script, tb.text("#request-body"))

	assert.Zero(t, eval[int](tb, `document.querySelectorAll("main img, main script, dialog img, dialog script, svg, b").length`))
	assert.Equal(t, "PMP Smart sandbox", eval[string](tb, "document.title"))
}

// No text can become markup or a script, even if somebody tried.
func TestPolicy(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	for directive, attempt := range map[string]string{
		"img-src":                   `document.body.append(Object.assign(document.createElement("img"), {src: "http://127.0.0.2:9/x.png"}))`,
		"connect-src":               `fetch("http://127.0.0.2:9/")`,
		"style-src-elem":            `document.head.append(Object.assign(document.createElement("style"), {textContent: "body { color: red }"}))`,
		"require-trusted-types-for": `(document.querySelector("#said").innerHTML = "<b>x</b>")`,
	} {
		eval[string](tb, `(async () => { try { await (`+attempt+`); return "done"; } catch (error) { return String(error); } })()`)
		tb.waitProblem("policy: " + directive)
	}
	tb.mayComplain = true // of one thing twice
}

// quoted writes a text as JSON and JavaScript have it.
func quoted(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text)
	return strings.TrimSpace(b.String())
}
