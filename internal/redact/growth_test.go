package redact_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// Sixteen times the text takes about sixteen times as long, whatever it is made of
// and however long the secret is. What is read again from every byte takes 256 times
// as long.
func TestTimeGrowsAsTheText(t *testing.T) {
	as := strings.Repeat("a", 8<<10)
	for _, row := range []struct{ name, secret, part string }{
		{"backslashes", token, `\`},
		{"percent signs", token, `%`},
		{"percent signs in percent signs", token, `%25`},
		{"ampersands", token, `&`},
		{"entities in entities", token, `&amp;`},
		{"quotes", token, `"`},
		{"half an escape", token, `\u`},
		{"half a pair", token, `\ud83d`},
		{"a long secret of one letter", as, "a"},
		{"all but the end of a long secret", as + "b", "a"},
		{"a long secret in escapes", as + "b", `\u0061`},
		{"the start of a long secret", strings.Repeat("ab", 4<<10) + "c", strings.Repeat("ab", 500)},
		{"names of headers that end in no value", token, "authorization:=<a "},
		{"names in cells", token, ">token</td> <a"},
		{"names without a value", token, "token.password-"},
		{"names in quotes", token, `"token": `},
		{"escaped names", token, `\"token\":\"`},
		{"entities as quotes", token, `&quot;token&quot;:&quot;`},
		{"a scheme without an end", token, "bearer  +"},
		{"numbers", token, `"token":-1e`},
	} {
		t.Run(row.name, func(t *testing.T) {
			secrets := redact.New(row.secret)
			text := "token " + strings.Repeat(row.part, 32<<10/len(row.part))
			for name, run := range map[string]func(string){
				"text":   func(text string) { secrets.Text(text) },
				"head":   func(text string) { secrets.Head([]byte(text), 512) },
				"header": func(text string) { secrets.Header(http.Header{text: {text}}) },
			} {
				assert.Less(t, testserver.Growth(64, func() { run(text[:len(text)/16]) }, func() { run(text) }), 64.0, name)
			}
		})
	}
}

// A line is no longer than its limit, and neither is the time that it takes.
func TestLineIsLimited(t *testing.T) {
	secrets := redact.New(token)
	for _, part := range []string{"a", " ", "\u202e", "é", token, `"token":"`, "authorization:=<a "} {
		text := strings.Repeat(part, 64<<10/len(part))
		line := secrets.Line(text, 100)
		assert.LessOrEqual(t, len(line), 100+len("…"), part)
		assert.Less(t, testserver.Growth(8, func() { secrets.Line(text[:len(text)/16], 100) }, func() { secrets.Line(text, 100) }), 8.0, part)
	}
}
