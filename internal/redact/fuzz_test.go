package redact_test

import (
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// FuzzText hides a secret in any text, in each way in which a program may write
// it: it must not be read there any more. What is left is as valid as before.
func FuzzText(f *testing.F) {
	f.Add("you sent ", "5|AbC/dEf+gHi0123456789")
	f.Add(`{"message":"`, `R4ha"s<i>a&é' 😀\x`)
	f.Add(`\`, `\\\\`)
	f.Add("%", "%25%25")
	f.Add("&amp", ";lt;")
	f.Add("Authorization: Bearer ", "abcdefgh")
	f.Fuzz(func(t *testing.T, before, secret string) {
		if len(secret) < 4 || !utf8.ValidString(secret) || strings.ContainsAny(secret, "[]") || strings.Contains(redact.Mark, secret) {
			return // what is blanked out could not be told from Mark
		}
		quoted, _ := json.Marshal(secret)
		for _, form := range []string{
			secret, html.EscapeString(secret), url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1 : len(quoted)-1]),
			strings.ReplaceAll(string(quoted[1:len(quoted)-1]), "/", `\/`),
		} {
			text := redact.New(secret).Text(form)
			assert.NotContains(t, text, secret, "written %s", form)
			if !strings.ContainsAny(before+secret, `\%&+`) {
				assert.NotContains(t, redact.New(secret).Text(before+form), form)
			}
			head := redact.New(secret).Head([]byte(before+form), 100)
			assert.LessOrEqual(t, len(head), 100)
		}
	})
}

// FuzzJSON: what goes in as JSON comes out as JSON, of the same names, and no
// member that holds a secret keeps its value.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":1,"api_token":"x","b":[{"remember_token":null,"c":"d"}]}`))
	f.Add([]byte(`"{\"password\":\"x\",\"a\":1}"`))
	f.Add([]byte(`{"json_data":"{\"in\":\"{\\\"token\\\":1}\"}"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) || !utf8.Valid(raw) {
			return
		}
		raw = []byte(strings.Trim(string(raw), " \t\r\n"))
		clean := redact.JSON(raw)
		assert.True(t, json.Valid(clean), "%s", clean)
		assert.Equal(t, string(clean), string(redact.JSON(clean)), "once is enough")
		var members map[string]json.RawMessage
		if json.Unmarshal(clean, &members) != nil {
			return
		}
		for name, value := range members {
			if redact.SecretName(name) {
				assert.Equal(t, `"[redacted]"`, string(value))
			}
		}
	})
}
