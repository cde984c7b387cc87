package pmpsmart_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

const aPage = `<!DOCTYPE html><html><head><title>Server Error</title></head><body>Whoops</body></html>`

// An errorResponse is a response and the text of its error: what was tried, what came
// back, and what to do.
type errorResponse struct {
	name   string
	answer http.HandlerFunc
	want   string // after "pmpsmart: GetOrder: "
	kinds  string // of the sentinels, those that match
}

const relogin = "; the token was refused and there are no credentials to log in again with"

var errorResponses = []errorResponse{
	{"401", respond(401, `{"message":"Unauthenticated."}`), "401 Unauthorized: Unauthenticated." + relogin, "unauthorized"},
	{"401 as text", respond(401, "Unauthorized.", "Content-Type", "text/html"), "401 Unauthorized: Unauthorized." + relogin, "unauthorized"},
	{"403", respond(403, `{"message":"This action is unauthorized."}`), "403 Forbidden: This action is unauthorized.", "forbidden"},
	{"403 without a word", respond(403, `{"message":""}`), "403 Forbidden", "forbidden"},
	{"403 of a bot check", respond(403, `<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>`), "403 Forbidden: Just a moment...", "forbidden"},
	{"404", respond(404, `{"status":"error","message":"Data tidak ditemukan","data":[]}`), "404 Not Found: Data tidak ditemukan", "not found"},
	{"405", respond(405, `{"message":"The GET method is not supported."}`, "Allow", "POST"), "405 Method Not Allowed: The GET method is not supported.", ""},
	{"409", respond(409, `{"message":"Sudah ada."}`), "409 Conflict: Sudah ada.", "conflict"},
	{"419", respond(419, `{"message":"CSRF token mismatch."}`), "419 Page Expired: CSRF token mismatch.", ""},
	{"422", respond(422, `{"message":"The given data was invalid.","errors":{"b":["Wajib diisi.","Terlalu pendek."],"a":"Salah."}}`),
		"422 Unprocessable Entity: The given data was invalid. [a: Salah.; b: Wajib diisi. Terlalu pendek.]", "refused by validation"},
	{"429", respond(429, `{"message":"Too Many Attempts."}`, "Retry-After", "60"), "429 Too Many Requests: Too Many Attempts. (the server asks to wait 1m0s)", "rate limited"},
	{"500 as a page", respond(500, aPage, "Content-Type", "text/html"), "500 Internal Server Error: Server Error", "server error"},
	{"500 without a word", respond(500, ""), "500 Internal Server Error", "server error"},
	{"500 of Laravel's debug mode", respond(500, `{"message":"SQLSTATE[42S02]","exception":"QueryException","file":"x.php","line":7,"trace":[{"file":"y.php"}]}`), "500 Internal Server Error: SQLSTATE[42S02]", "server error"},
	{"502 of nginx", respond(502, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body></html>"), "502 Bad Gateway", "server error"},
	{"503", respond(503, `{"message":"Service Unavailable"}`, "Retry-After", "120"), "503 Service Unavailable (the server asks to wait 2m0s)", "in maintenance, server error"},
	{"503 as a page", respond(503, aPage), "503 Service Unavailable: Server Error", "in maintenance, server error"},
	{"508", respond(508, "<html><head><title> 508 Resource Limit Is Reached\n</title></head></html>"), "508 Loop Detected: 508 Resource Limit Is Reached", "server error"},
	{"520", respond(520, ""), "520 Web Server Returned an Unknown Error", "server error"},
	{"521", respond(521, aPage), "521 Web Server Is Down: Server Error", "server error"},
	{"522", respond(522, ""), "522 Connection Timed Out", "server error"},
	{"523", respond(523, ""), "523 Origin Is Unreachable", "server error"},
	{"524", respond(524, "error code: 524"), "524 A Timeout Occurred: error code: 524", "server error"},
	{"525", respond(525, ""), "525 SSL Handshake Failed", "server error"},
	{"526", respond(526, ""), "526 Invalid SSL Certificate", "server error"},
	{"a status nobody knows", respond(599, `{"message":"aneh"}`), "HTTP 599: aneh", "server error"},

	{"a status of 401 in a 200", respond(200, `{"status":401,"message":"Token kedaluwarsa"}`), "401 Unauthorized (in an HTTP 200): Token kedaluwarsa" + relogin, "unauthorized"},
	{"a status of 403 in a 200", respond(200, `{"status":"403","message":"Dilarang"}`), "403 Forbidden (in an HTTP 200): Dilarang", "forbidden"},
	{"a code of 404 in a 200", respond(200, `{"success":false,"code":404,"message":"Tidak ada"}`), "404 Not Found (in an HTTP 200): Tidak ada", "not found"},
	{"a status of 409 in a 200", respond(200, `{"status":"409","message":"Sudah ada"}`), "409 Conflict (in an HTTP 200): Sudah ada", "conflict"},
	{"a status of 422 in a 200", respond(200, `{"status":422,"message":"Salah","errors":{"kode":["sudah ada"]}}`), "422 Unprocessable Entity (in an HTTP 200): Salah [kode: sudah ada]", "refused by validation"},
	{"a status of 429 in a 200", respond(200, `{"status":429}`), "429 Too Many Requests (in an HTTP 200)", "rate limited"},
	{"a status of 500 in a 200", respond(200, `{"status":"500","message":"Rusak"}`), "500 Internal Server Error (in an HTTP 200): Rusak", "server error"},
	{"a status of 503 in a 200", respond(200, `{"status":503,"message":"Pemeliharaan"}`), "503 Service Unavailable (in an HTTP 200): Pemeliharaan", "in maintenance, server error"},
	{"a failure in a 200", respond(200, `{"status":"gagal","message":"Stok habis"}`), "refused with HTTP 200: Stok habis", "refused"},
	{"a failure without a word", respond(200, `{"status":false}`), "refused with HTTP 200", "refused"},
	{"a failure with fields in a 200", respond(200, `{"success":false,"message":"Salah","errors":{"kode":["sudah ada"]}}`), "refused with HTTP 200: Salah [kode: sudah ada]", "refused by validation"},
	{"a failure with nothing but fields", respond(200, `{"success":false,"errors":{"kode":["sudah ada"]}}`), "refused with HTTP 200: kode: sudah ada", "refused by validation"},
	{"no record", success(`null`), "404 Not Found (in an HTTP 200): berhasil; the answer holds no record", "not found"},
}

// kindsOf names the sentinels that match err.
func kindsOf(err error) string {
	var names []string
	for _, sentinel := range []error{pmpsmart.ErrUnauthorized, pmpsmart.ErrForbidden, pmpsmart.ErrNotFound, pmpsmart.ErrValidation, pmpsmart.ErrRateLimited,
		pmpsmart.ErrMaintenance, pmpsmart.ErrServer, pmpsmart.ErrInvalidInput, pmpsmart.ErrResponseTooLarge,
		pmpsmart.ErrConflict, pmpsmart.ErrRefused, pmpsmart.ErrNoAnswer, pmpsmart.ErrNoField} {
		if errors.Is(err, sentinel) {
			names = append(names, sentinel.Error())
		}
	}
	return strings.Join(names, ", ")
}

func TestErrorResponsesReadWell(t *testing.T) {
	t.Parallel()
	for _, row := range errorResponses {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, row.answer)
			_, err := once(s).GetOrder(t.Context(), 198)
			require.EqualError(t, err, "pmpsmart: GetOrder: "+row.want)
			require.Equal(t, row.kinds, kindsOf(err))
			var refusal *pmpsmart.APIError
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, "GetOrder", refusal.Op)
			require.Len(t, s.Requests(), 1)
		})
	}
}

// The same responses read the same from a list and its streaming variant, and Call
// names its path.
func TestErrorResponsesReadTheSameFromEveryMethod(t *testing.T) {
	t.Parallel()
	for _, row := range errorResponses {
		if row.name == "no record" {
			continue
		}
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := once(serve(t, row.answer))
			_, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
			require.EqualError(t, err, "pmpsmart: ListOrders: "+row.want)
			for _, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
				require.EqualError(t, err, "pmpsmart: ListOrders: "+row.want)
			}
			want := "stock/move: " + row.want
			var refusal *pmpsmart.APIError
			err = calling.do(t.Context(), c)
			require.ErrorAs(t, err, &refusal)
			if strings.Contains(row.kinds, "server error") && refusal.RetryAfter == 0 {
				want = "outcome unknown, the server may have done it: " + want + "; look before sending it again"
			}
			require.EqualError(t, err, "pmpsmart: Call: "+want)
		})
	}
}

func TestUnreadableResponsesReadWell(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name   string
		answer http.HandlerFunc
		want   string // after "pmpsmart: ListOrders: can't read the answer "
		media  string
		head   string
	}{
		{"a page", respond(200, aPage, "Content-Type", "text/html; charset=UTF-8"), `(HTTP 200, text/html; charset=UTF-8): want JSON, and it is an HTML page titled "Server Error"`, "text/html; charset=UTF-8", aPage},
		{"a text", respond(200, "Halo dunia"), `(HTTP 200, application/json): want JSON, got "Halo dunia"`, "application/json", "Halo dunia"},
		{"nothing", respond(200, ""), `(HTTP 200, application/json): want JSON: the body is empty`, "application/json", ""},
		{"a body cut short", truncated(`{"data":[{"id":1},{"i`), `(HTTP 200, application/json): the body is cut short after 21 bytes: unexpected EOF`, "application/json", `{"data":[{"id":1},{"i`},
		{"NaN", success(`[{"id":NaN}]`), `(HTTP 200, application/json): not the JSON that it starts as`, "application/json", `{"status":"success","message":"berhasil","data":[{"id":NaN}]}`},
		{"an element that is no record", success(`[{"id":1},2]`), `(HTTP 200, application/json): data.1: want an object, got 2`, "application/json", `{"status":"success","message":"berhasil","data":[{"id":1},2]}`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, err := once(serve(t, row.answer)).ListOrders(t.Context(), pmpsmart.OrderFilter{})
			if row.name == "NaN" { // the JSON decoder's own words follow
				require.ErrorContains(t, err, "pmpsmart: ListOrders: can't read the answer "+row.want)
			} else {
				require.EqualError(t, err, "pmpsmart: ListOrders: can't read the answer "+row.want)
			}
			var broken *pmpsmart.DecodeError
			require.ErrorAs(t, err, &broken)
			require.Equal(t, row.media, broken.ContentType)
			require.Equal(t, row.head, string(broken.Snippet))
			require.Empty(t, kindsOf(err))
		})
	}
}

func TestAPIErrorHoldsAllOfTheResponse(t *testing.T) {
	t.Parallel()
	body := `{"status":"error","message":"Salah","errors":{"kode_order":["sudah ada"],"items.0.qty":"angka"}}`
	s := serve(t, respond(422, body, "X-Request-Id", "7", "Date", "Mon, 02 Feb 2026 02:55:30 GMT"))
	var response pmpsmart.Response
	_, err := s.client().InsertJSONOrder(t.Context(), anOrder, pmpsmart.WithResponse(&response))
	header := http.Header{"X-Request-Id": {"7"}, "Content-Type": {"application/json"}, "Content-Length": {"96"}, "Date": {"Mon, 02 Feb 2026 02:55:30 GMT"}}
	var got *pmpsmart.APIError
	require.ErrorAs(t, err, &got)
	require.Equal(t, &pmpsmart.APIError{
		Op: "InsertJSONOrder", HTTPStatus: 422, Status: "error", Message: "Salah", Header: header, Body: []byte(body),
		Fields: map[string][]string{"kode_order": {"sudah ada"}, "items.0.qty": {"angka"}},
	}, got)
	require.Positive(t, response.Duration)
	response.Duration = 0
	require.Equal(t, pmpsmart.Response{HTTPStatus: 422, Header: header, Status: "error", Message: "Salah", Attempts: 1}, response)
}

func TestRetryAfterIsReadInBothForms(t *testing.T) {
	t.Parallel()
	soon := time.Now().Add(2 * time.Hour)
	rows := []struct {
		header      string
		least, most time.Duration
	}{
		{"60", time.Minute, time.Minute},
		{" 60 ", time.Minute, time.Minute},
		{"0", 0, 0},
		{"-5", 0, 0},
		{"", 0, 0},
		{"nanti", 0, 0},
		{"99999999999", 365 * 24 * time.Hour, 365 * 24 * time.Hour},
		{soon.UTC().Format(http.TimeFormat), time.Hour, 2 * time.Hour},
		{soon.UTC().Format(time.ANSIC), time.Hour, 2 * time.Hour},
		{"Mon, 02 Feb 2015 02:55:30 GMT", 0, 0},
	}
	for _, row := range rows {
		t.Run(row.header, func(t *testing.T) {
			t.Parallel()
			_, err := once(serve(t, respond(429, "", "Retry-After", row.header))).GetOrder(t.Context(), 1)
			var refusal *pmpsmart.APIError
			require.ErrorAs(t, err, &refusal)
			require.GreaterOrEqual(t, refusal.RetryAfter, row.least)
			require.LessOrEqual(t, refusal.RetryAfter, row.most)
		})
	}
}

// A long list of fields is cut in the text and whole in Fields.
func TestManyFieldsStayOnOneLine(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, name := range strings.Split("abcdefghijklm", "") {
		b.WriteString(`,"` + name + `":["salah"]`)
	}
	_, err := once(serve(t, respond(422, `{"message":"Salah","errors":{`+b.String()[1:]+`}}`))).GetOrder(t.Context(), 1)
	require.EqualError(t, err, "pmpsmart: GetOrder: 422 Unprocessable Entity: Salah [a: salah; b: salah; c: salah; d: salah; e: salah; f: salah; g: salah; h: salah; i: salah; j: salah; and 3 fields more]")
	var refusal *pmpsmart.APIError
	require.ErrorAs(t, err, &refusal)
	require.Len(t, refusal.Fields, 13)
}

func statusOf(status int, name string) string {
	return strconv.Itoa(status) + " " + name
}

// A status without a name is shown by its number.
func TestEveryErrorShowsItsStatus(t *testing.T) {
	t.Parallel()
	for status := 400; status < 600; status++ {
		err := &pmpsmart.APIError{Op: "GetOrder", HTTPStatus: status}
		require.Contains(t, err.Error(), fmt.Sprint(status))
	}
}

// A Retry-After of more seconds than there are is a long time, not none.
func TestARetryAfterBeyondAllBounds(t *testing.T) {
	t.Parallel()
	s := serve(t, respond(429, "", "Retry-After", "99999999999999999999"))
	err := reading.do(t.Context(), s.client())
	require.ErrorIs(t, err, pmpsmart.ErrRateLimited)
	require.Len(t, s.Requests(), 1)
}

// UnmarshalJSON may be called by itself, with what is no JSON.
func TestBrokenJSONIsNoPanic(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", `{"a"`, `{"a":`, `{"a":1`, `"`, "[", `{"a":1}}`} {
		for _, v := range []interface{ UnmarshalJSON([]byte) error }{
			new(pmpsmart.Order), new(pmpsmart.JSONOrder), new(pmpsmart.Outlet), new(pmpsmart.User), new(pmpsmart.Visit), new(pmpsmart.Extra), new(pmpsmart.Date),
		} {
			err := v.UnmarshalJSON([]byte(text))
			if text != "" {
				require.Error(t, err, "%T of %s", v, text)
			}
		}
	}
}
