package redact_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

const (
	token    = "5|AbC/dEf+gHi0123456789"
	password = `R4ha"s<i>a&é' 😀\x`
)

var secrets = redact.New(token, password)

// TestTextBlanksEveryWriting writes each secret in the ways in which a server
// may echo it.
func TestTextBlanksEveryWriting(t *testing.T) {
	t.Parallel()
	for name, echo := range map[string]string{
		"plain":                   token,
		"URL-encoded":             "5%7CAbC%2FdEf%2BgHi0123456789",
		"URL-encoded, lower case": "5%7cAbC%2fdEf%2bgHi0123456789",
		"partly URL-encoded":      "5%7CAbC/dEf+gHi0123456789",
		"JSON of PHP":             `5|AbC\/dEf+gHi0123456789`,
		"JSON in JSON":            `5|AbC\\\/dEf+gHi0123456789`,
		"JSON all in escapes":     `\u0035\u007C\u0041bC\u002fdEf\u002BgHi0123456789`,
		"HTML":                    "5&#124;AbC&#x2F;dEf&plus;gHi0123456789",

		"password":                               password,
		"password in JSON":                       `R4ha\"s<i>a&é' 😀\\x`,
		"password in JSON of PHP":                `R4ha\"s<i>a&\u00e9' \ud83d\ude00\\x`,
		"password in JSON with HEX flags":        `R4ha\u0022s\u003Ci\u003Ea\u0026\u00E9\u0027 \uD83D\uDE00\\x`,
		"password in JSON of Go":                 `R4ha\"s\u003ci\u003ea\u0026é' 😀\\x`,
		"password in HTML":                       "R4ha&quot;s&lt;i&gt;a&amp;é&#039; 😀\\x",
		"password in HTML, other digits":         "R4ha&#34;s&lt;i&gt;a&amp;&eacute;&#39; &#128512;\\x",
		"password as a form":                     "R4ha%22s%3Ci%3Ea%26%C3%A9%27+%F0%9F%98%80%5Cx",
		"password in a URL":                      "R4ha%22s%3ci%3ea%26%c3%a9'%20%f0%9f%98%80%5cx",
		"password in a PHP string":               `R4ha"s<i>a&é\' 😀\\x`,
		"password in JSON that stands in a page": `R4ha\&quot;s&lt;i&gt;a&amp;é&#039; 😀\\x`,
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, "a "+redact.Mark+" b", secrets.Text("a "+echo+" b"))
			assert.Equal(t, redact.Mark+redact.Mark, secrets.Text(echo+echo))
		})
	}
}

func TestTextBlanksWhatLooksLikeASecret(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ text, want string }{
		{"Authorization: Bearer abc.def-123", "Authorization: Bearer [redacted]"},
		{"authorization: bearer 7|xyz", "authorization: bearer [redacted]"},
		{"Authorization: Basic YWRtaW46cGFzcw==", "Authorization: Basic [redacted]"},
		{"Authorization: 0123456789abcdef", "Authorization: [redacted]"},
		{`"authorization":["Bearer abc123"]`, `"authorization":["Bearer [redacted]"]`},
		{`"HTTP_AUTHORIZATION" => "Bearer abc123"`, `"HTTP_AUTHORIZATION" => "Bearer [redacted]"`},
		{`&quot;authorization&quot;:&quot;raw1234&quot;`, `&quot;authorization&quot;:&quot;[redacted]&quot;`},
		{"<td>HTTP_AUTHORIZATION</td><td>Bearer abc123</td>", "<td>HTTP_AUTHORIZATION</td><td>Bearer [redacted]</td>"},
		{"<td>authorization</td>\n<td><pre>raw1234</pre></td>", "<td>authorization</td>\n<td><pre>[redacted]</pre></td>"},
		{`<span>authorization</span>: array:1 [ 0 => "Bearer abc123" ]`, `<span>authorization</span>: [redacted] [ 0 => "Bearer [redacted]" ]`},
		{`{"api_token":"abc","a":1}`, `{"api_token":"[redacted]","a":1}`},
		{`{"password" : "a\"b","a":1}`, `{"password" : "[redacted]","a":1}`},
		{`{"pin_token":123456,"a":1}`, `{"pin_token":"[redacted]","a":1}`},
		{`"{\"client_secret\":\"abc\",\"a\":1}"`, `"{\"client_secret\":\"[redacted]\",\"a\":1}"`},
		{`{&quot;fcm_token&quot;:&quot;abc&quot;}`, `{&quot;fcm_token&quot;:&quot;[redacted]&quot;}`},
		{`['password' => 'abc']`, `['password' => '[redacted]']`},
		{`&#039;password&#039; =&gt; &#039;abc&#039;`, `&#039;password&#039; =&gt; &#039;[redacted]&#039;`},
		{`<td>DB_PASSWORD</td><td>abc</td>`, `<td>DB_PASSWORD</td><td>[redacted]</td>`},
		{`"<span class=sf-dump-key>password</span>" => "<span class=sf-dump-str title="3 characters">abc</span>"`,
			`"<span class=sf-dump-key>password</span>" => "<span class=sf-dump-str title="3 characters">[redacted]</span>"`},
		{`{"pwd":"abc","Passwd" : "abc","api_key":"abc","apikey":7}`, `{"pwd":"[redacted]","Passwd" : "[redacted]","api_key":"[redacted]","apikey":"[redacted]"}`},
		{"x=1&pwd=abc&API_KEY=abc", "x=1&pwd=[redacted]&API_KEY=[redacted]"},
		{"email=a%40b&password=abc&x=1", "email=a%40b&password=[redacted]&x=1"},
		{"https://host/x?api_token=abc#y", "https://host/x?api_token=[redacted]"},
		{`{"password":"half a val`, `{"password":"[redacted]`},
	} {
		t.Run(row.text, func(t *testing.T) {
			assert.Equal(t, row.want, redact.New().Text(row.text))
		})
	}
}

// TestTextLeavesSentences: a message about a token is no token.
func TestTextLeavesSentences(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"The token is not valid",
		"Bearer token missing",
		"The bearer token is expired.",
		"Basic authentication failed",
		"Authorization header missing",
		"This action requires authorization from an administrator",
		"The password field is required.",
		"password: Isian password wajib diisi.",
		`{"password":["The password field is required."]}`,
		"Email atau password salah",
		"Order PMP-0000001 tidak ditemukan",
		`{"pass":true,"bearer":"Budi","cwd":"/srv","monkey":1}`,
		"",
	} {
		t.Run(text, func(t *testing.T) {
			assert.Equal(t, text, secrets.Text(text))
		})
	}
}

// However many backslashes stand before a character, they belong to it.
func TestBackslashes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 31, 33, 100, 10_000} {
		assert.Equal(t, redact.Mark, redact.New(`"secret`).Text(strings.Repeat(`\`, n)+`"secret`), n)
	}
	low := strings.Repeat(`\`, 32)
	assert.Equal(t, redact.Mark, redact.New("😀abc").Text(low+"ud83d"+low+"ude00abc"))
}

func TestShortSecretsAreNotLookedFor(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a cat", redact.New("a", "cat", "").Text("a cat"))
}

// TestASecretInsideAnother: the longer goes first, so that none is left in part.
func TestASecretInsideAnother(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "[redacted]", redact.New("pass", "my-pass-word").Text("my-pass-word"))
}

// TestPages blanks whole pages: Laravel's debug page in HTML and in JSON, both
// with the request that they answer.
func TestPages(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("testdata/*")
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, path := range pages {
		t.Run(filepath.Base(path), func(t *testing.T) {
			page, err := os.ReadFile(path)
			require.NoError(t, err)
			hidden := []string{"LabTokenLabTokenLabToken01", "rahasia-sekali", "sql-rahasia"}
			for _, secret := range hidden {
				require.Contains(t, string(page), secret, "the page is there to show it")
			}
			text := redact.New(hidden[0], hidden[1]).Text(string(page))
			unknown := redact.New().Text(string(page)) // by its looks alone
			for _, secret := range hidden {
				assert.NotContains(t, text, secret)
				assert.NotContains(t, unknown, secret)
			}
			assert.Contains(t, text, "OrderController.php", "the rest is for people to read")
			assert.Contains(t, text, "api@pmpsmart.com")
		})
	}
}

// TestHeadLeavesNoHalfSecret cuts a body at each of its bytes.
func TestHeadLeavesNoHalfSecret(t *testing.T) {
	t.Parallel()
	const plain = "0123456789abcdefghij"
	for name, body := range map[string]string{
		"plain":  "you sent " + plain + " and that is wrong",
		"JSON":   `{"you":"\u0030\u0031\u0032\u0033\u0034\u0035\u0036\u0037\u0038\u0039abcdefghij"}`,
		"URL":    "x?t=%30%31%32%33%34%35%36%37%38%39abcdefghij&y",
		"member": `{"token":"` + plain + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			for cut := range len(body) + 1 {
				head := string(redact.New(plain).Head([]byte(body[:cut]), 512))
				for n := 4; n <= len(plain); n++ {
					assert.NotContains(t, head, plain[:n], "cut at %d", cut)
				}
				assert.NotContains(t, head, `\u0033`, "cut at %d", cut)
				assert.NotContains(t, head, `%33`, "cut at %d", cut)
				whole := string(redact.New(plain).Head([]byte(body), cut))
				assert.LessOrEqual(t, len(whole), cut)
				assert.NotContains(t, whole, plain[:4], "cut to %d", cut)
			}
		})
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	assert.Nil(t, secrets.Head(nil, 10))
	assert.Nil(t, secrets.Head([]byte{}, 10))
	assert.Equal(t, "abc", string(secrets.Head([]byte("abcé"), 4)), "no half character")
	assert.Equal(t, "", string(secrets.Head([]byte("abc"), 0)))
}

func TestHeader(t *testing.T) {
	t.Parallel()
	h := http.Header{
		"Set-Cookie":    {"laravel_session=abc", "XSRF-TOKEN=def"},
		"Authorization": {"Bearer x"},
		"X-Csrf-Token":  {"abc"},
		"Location":      {"https://host/login?api_token=abc"},
		"X-Echo":        {token},
		"Content-Type":  {"application/json"},
		"Retry-After":   {"60"},
	}
	before := h.Clone()
	assert.Equal(t, http.Header{
		"Set-Cookie":    {redact.Mark, redact.Mark},
		"Authorization": {redact.Mark},
		"X-Csrf-Token":  {redact.Mark},
		"Location":      {"https://host/login?api_token=[redacted]"},
		"X-Echo":        {redact.Mark},
		"Content-Type":  {"application/json"},
		"Retry-After":   {"60"},
	}, secrets.Header(h))
	assert.Equal(t, before, h, "the answer's own header is not touched")
}

func TestJSON(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100)
	for _, row := range []struct{ raw, want string }{
		{`1`, `1`}, {`null`, `null`}, {`"api_token"`, `"api_token"`}, {`[]`, `[]`}, {`{}`, `{}`},
		{`{"a":1,"api_token":"x","b":[{"remember_token":null,"c":"d"}]}`, `{"a":1,"api_token":"[redacted]","b":[{"remember_token":"[redacted]","c":"d"}]}`},
		{`{"user":{"PASSWORD":{"a":1},"client_Secret":[1]}}`, `{"user":{"PASSWORD":"[redacted]","client_Secret":"[redacted]"}}`},
		{`{"api\u005ftoken":"x"}`, `{"api\u005ftoken":"[redacted]"}`},
		{`"{\"password\":\"x\",\"a\":1}"`, `"{\"password\":\"[redacted]\",\"a\":1}"`},
		{`" {\"password\":\"x\"} "`, `"{\"password\":\"[redacted]\"}"`},
		{`"[{\"password\":\"x\"}]"`, `"[{\"password\":\"[redacted]\"}]"`},
		{`{"json_data":"{\"in\":\"{\\\"token\\\":1}\"}"}`, `{"json_data":"{\"in\":\"{\\\"token\\\":\\\"[redacted]\\\"}\"}"}`},
		{`"{\"a\":\"<b>\"}"`, `"{\"a\":\"<b>\"}"`},
		{`"{\"password\":\"x"`, `"{\"password\":\"x"`},
		{deep, strings.Repeat(`[`, 64) + `"…"` + strings.Repeat(`]`, 64)},
	} {
		t.Run(row.raw, func(t *testing.T) {
			assert.Equal(t, row.want, string(redact.JSON([]byte(row.raw))))
		})
	}
}

func TestSecretName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"api_token": true, "fcmToken": true, "Password": true, "client_secret": true, "TOKEN": true,
		"authorization": true, "Authorization": true, "pwd": true, "PASSWD": true, "api_key": true, "apiKey": true,
		"": false, "id": false, "tok": false, "status": false, "pass": false, "bearer": false, "authorization_date": false, "cpwd": false,
	} {
		assert.Equal(t, want, redact.SecretName(name), name)
	}
}
