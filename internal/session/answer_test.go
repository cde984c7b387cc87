package session_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// read reads a response to a login as the client does.
func read(t *testing.T, body string) (session.Answer, bool) {
	t.Helper()
	_, v, err := envelope.Value(strings.NewReader(body), envelope.Options{ContentType: "application/json", MaxBytes: 1 << 20})
	require.NoError(t, err, body)
	return session.ReadAnswer(v)
}

func TestReadAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ body, token, user, path, rest string }{
		{`{"data":{"api_token":"t"}}`, "t", "", "", `{"api_token":"t"}`},
		{`{"status":"success","data":{"id":7,"name":"Budi","api_token":"t"},"expires_at":"2026-03-01"}`, "t",
			`{"id":7,"name":"Budi","api_token":"t"}`, "data", `{"expires_at":"2026-03-01"}`},
		{`{"data":{"token":"t","user":{"id":7},"kota":"Bandung"},"expires_at":1}`, "t",
			`{"id":7}`, "data.user", `{"expires_at":1,"token":"t","user":{"id":7},"kota":"Bandung"}`},
		{`{"access_token":"t","user":{"id":7}}`, "t", `{"id":7}`, "data.user", `{"access_token":"t","user":{"id":7}}`},
		{`{"data":{"token":"t"},"user":{"id":7}}`, "t", `{"id":7}`, "user", `{"user":{"id":7},"token":"t"}`},
		{`{"data":{"token":"t"},"user":[{"id":7}]}`, "t", `{"id":7}`, "user", `{"user":[{"id":7}],"token":"t"}`},
		{`{"data":"t","kota":"Bandung"}`, "t", "", "", `{"kota":"Bandung"}`},
		{`{"data":{ },"kota":"Bandung","token":"t"}`, "t", "", "", `{"kota":"Bandung","token":"t"}`},
		{`{"data":[{"id":7,"api_token":"t"}]}`, "t", `{"id":7,"api_token":"t"}`, "data", ""},
		{`{"data":{"user":"Budi","api_token":"t"}}`, "t", "", "", `{"user":"Budi","api_token":"t"}`},
	} {
		a, ok := read(t, tt.body)
		require.True(t, ok, tt.body)
		require.Equal(t, session.Answer{Token: tt.token, User: a.User, Path: tt.path, Rest: tt.rest}, a, tt.body)
		require.Equal(t, tt.user, string(a.User), tt.body)
	}
}

// The nearest place comes first, and at each the names in their order.
func TestTokenIn(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":{"token":"c","access_token":"b","api_token":"a"}}`:                    "a",
		`{"data":{"token":"c","access_token":"b"}}`:                                    "b",
		`{"api_token":"top","data":{"token":"near"}}`:                                  "near",
		`{"api_token":"top","data":{"user":{"token":"inner"}}}`:                        "inner",
		`{"api_token":"top","data":{"id":7}}`:                                          "top",
		`{"data":{"id":7},"auth":{"token":"besideData"}}`:                              "besideData",
		`{"data":{"device":{"token":"theDevices"},"user":{"api_token":"theUsers"}}}`:   "theUsers",
		`{"data":{"token":"near","user":{"api_token":"far"}}}`:                         "near",
		`{"data":[{"api_token":"inAnArray"}]}`:                                         "inAnArray",
		`{"api_token":"top","data":[{"token":"nearInAnArray"}]}`:                       "nearInAnArray",
		`{"data":{"auth":[{"token":"inAnInnerArray"}]}}`:                               "inAnInnerArray",
		`{"data":"{\"token\":\"inText\"}"}`:                                            "inText",
		`{"data":"Bearer asText"}`:                                                     "asText",
		`{"data":{"api_token":"bearer 5|AbC"}}`:                                        "5|AbC",
		`{"data":{"api_token":123}}`:                                                   "123",
		`{"data":{"api_token":"first","api_token":"last"}}`:                            "last",
		`{"data":{"api_token":null,"access_token":true,"token":"t"}}`:                  "t",
		`{"data":{"api_token":"","token":"t"}}`:                                        "t",
		`{"data":{"api_token":"two words","token":"t"}}`:                               "t",
		`{"data":{"api_token":"[redacted]","token":"t"}}`:                              "t",
		`"{\"status\":\"success\",\"data\":{\"api_token\":\"encodedTwice\"}}"`:         "encodedTwice",
		`{"data":{"apitoken":"t","Token":"t","tokens":"t","deep":{"er":{"token":1}}}}`: "",
		`{"data":[{"api_token":"first"},{"api_token":"second"}]}`:                      "",
		`{"data":{"id":7}}`:     "",
		`{"data":"{\"id\":7}"}`: "",
		`{"data":"{broken"}`:    "",
		`{"data":["a"]}`:        "",
	} {
		a, ok := read(t, body)
		require.Equal(t, want, a.Token, body)
		require.Equal(t, want != "", ok, body)
	}
}
