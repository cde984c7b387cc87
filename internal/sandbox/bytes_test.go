package sandbox_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
)

// What a request gets byte by byte, as seen on a real Laravel; laravel_test.go
// holds the two against each other where PHP is installed.
func TestWire(t *testing.T) {
	t.Parallel()
	srv := start(t, atNoon)
	body, err := post(t, srv.url+"/auth/login", "", `{"email":"sandbox@pmpsmart.test","password":"bukan-rahasia"}`)
	require.NoError(t, err)
	token := token60.FindString(body)
	require.Equal(t, `{"status":"success","message":"Submit Login berhasil","data":{"id":1,"name":"Sandbox","email":"sandbox@pmpsmart.test","created_at":"2026-03-01T05:00:00.000000Z","updated_at":"2026-03-01T05:00:00.000000Z","api_token":"`+token+`"}}`, body)
	const visit = `{"id":1,"name":"Ferryanto","user_id":1,"outlet_id":19,"created_at":"2026-01-01T02:15:11.000000Z","updated_at":"2026-01-01T02:15:11.000000Z"}`

	for _, tt := range []struct {
		name, request string
		style, token  string
		status        int
		body          string
	}{
		{"no token", "POST order", "", "", 401, `{"message":"Unauthenticated."}`},
		{"unknown token", "POST order", "", "x", 401, `{"message":"Unauthenticated."}`},
		{"wrong password", `POST auth/login {"email":"sandbox@pmpsmart.test","password":"salah"}`, "", "", 401, `{"status":"error","message":"Email atau password salah"}`},
		{"unknown record", `POST order/detail {"order_id":999}`, "", token, 404, "{\n    \"message\": \"No query results for model [App\\\\Models\\\\Order] 999\"\n}"},
		{"unknown route", "POST orders", "", token, 404, "{\n    \"message\": \"\"\n}"},
		{"wrong method", "GET order", "", token, 405, "{\n    \"message\": \"The GET method is not supported for this route. Supported methods: POST.\"\n}"},
		{"invalid", `POST order/update {"order_id":"x","status":"opened"}`, "", token, 422, `{"message":"The given data was invalid.","errors":{"order_id":["The order id must be an integer."],"status":["The selected status is invalid."]}}`},
		{"white space is empty", `POST json/order {"kode_order":"  ","json_data":{},"status":1}`, "", token, 422, `{"message":"The given data was invalid.","errors":{"kode_order":["The kode order field is required."],"json_data":["The json data field is required."],"status":["The status must be a string."]}}`},
		{"list", `POST visit {"name":"ferryanto"}`, "list=single", token, 200, `{"status":"success","message":"Data order berhasil diambil","data":[` + visit + `,{"id":13,`},
		{"styles of one request", `POST visit {"name":"tidak ada"}`, "loose, empty={}", token, 200, `{"status":true,"message":"Data order berhasil diambil","data":{}}`},
		{"a word of one's own", `POST visit {"name":"tidak ada"}`, "status=selesai,message=none", token, 200, `{"status":"selesai","data":[]}`},
		{"a member of one's own", `POST visit {"name":"tidak ada"}`, "status=hasil:1,message=list", token, 200, `{"hasil":1,"message":["Data order berhasil diambil"],"data":[]}`},
		{"unknown style", "POST visit", "aneh", token, 400, `unknown style "aneh", known are plain, `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			part := stepPattern.FindStringSubmatch(strings.TrimPrefix(tt.request, "POST "))
			method := map[bool]string{true: "POST", false: part[1]}[part[1] == ""]
			req, err := http.NewRequestWithContext(t.Context(), method, srv.url+"/"+part[2], strings.NewReader(part[4]))
			require.NoError(t, err)
			req.Header = http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}, sandbox.StyleHeader: {tt.style}, "Authorization": {"Bearer " + tt.token}}
			resp, err := http.DefaultTransport.RoundTrip(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			got, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, tt.status, resp.StatusCode)
			assert.Equal(t, tt.body, string(got[:min(len(got), len(tt.body))]), "%s", got)
			assert.Equal(t, "no-cache, private", resp.Header.Get("Cache-Control"))
		})
	}
}
