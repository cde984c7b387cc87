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
	return session.ReadAnswer(session.Response{Loose: v})
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
		{`{"DATA":{"ID":7,"NAME":"Budi","API_TOKEN":"t"}}`, "t", `{"ID":7,"NAME":"Budi","API_TOKEN":"t"}`, "data", ""},
		{`{"data":{"Token":"t","User":{"Id":7}}}`, "t", `{"Id":7}`, "data.user", `{"Token":"t","User":{"Id":7}}`},
		{`{"data":{"user":"Budi","api_token":"t"}}`, "t", "", "", `{"user":"Budi","api_token":"t"}`},
	} {
		a, ok := read(t, tt.body)
		require.True(t, ok, tt.body)
		require.Equal(t, session.Answer{Token: tt.token, User: a.User, Path: tt.path, Rest: tt.rest}, a, tt.body)
		require.Equal(t, tt.user, string(a.User), tt.body)
	}
}
