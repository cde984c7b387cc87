package pmpsmart_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A call whose login was refused for good may not be made by that account; and
// a login that is not there says nothing of the order that was asked for.
func TestLoginRefusedForACall(t *testing.T) {
	t.Parallel()
	sentinels := map[string]error{
		"unauthorized": pmpsmart.ErrUnauthorized, "forbidden": pmpsmart.ErrForbidden, "not found": pmpsmart.ErrNotFound,
		"validation": pmpsmart.ErrValidation, "rate limited": pmpsmart.ErrRateLimited, "server": pmpsmart.ErrServer,
	}
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   []string
		text   string
	}{
		{"a wrong password", 401, `{"message":"Email atau password salah"}`, []string{"unauthorized"}, "login: 401 Unauthorized: Email atau password salah"},
		{"a wrong password in a 200", 200, `{"status":401,"message":"Email atau password salah"}`, []string{"unauthorized"}, "login: 401 Unauthorized (in an HTTP 200): Email atau password salah"},
		{"in words", 200, `{"status":"error","message":"Email atau password salah"}`, []string{"unauthorized"}, "login: refused with HTTP 200: Email atau password salah"},
		{"blocked", 403, `{"message":"Akun diblokir"}`, []string{"unauthorized", "forbidden"}, "login: 403 Forbidden: Akun diblokir"},
		{"no email", 422, `{"errors":{"email":["Wajib"]}}`, []string{"unauthorized", "validation"}, "login: 422 Unprocessable Entity: email: Wajib"},
		{"no such path", 404, `{"message":""}`, []string{"unauthorized"}, "login: 404 Not Found; check the base URL, which goes as far as the version, as https://api.pmpsmart.com/api/v1 does"},
		{"no such path, in words", 404, `{"message":"The route api/login could not be found."}`, []string{"unauthorized"}, "login: 404 Not Found: The route api/login could not be found."},
		{"too many", 429, `{"message":"Too Many Attempts."}`, []string{"rate limited"}, "login: 429 Too Many Requests: Too Many Attempts."},
		{"down", 500, `{"message":"Server Error"}`, []string{"server"}, "login: 500 Internal Server Error: Server Error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answer(tt.status, tt.body))
			c := newClient(t, s.URL, pmpsmart.WithCredentials(email, password))
			_, err := c.GetOrder(t.Context(), 7)
			for name, sentinel := range sentinels {
				wanted := strings.Contains(strings.Join(tt.want, ","), name)
				if wanted {
					require.ErrorIs(t, err, sentinel)
				} else {
					require.NotErrorIs(t, err, sentinel)
				}
			}
			var refusal *pmpsmart.APIError
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, "Login", refusal.Op)
			require.Equal(t, tt.status, refusal.HTTPStatus)
			require.Equal(t, tt.status == http.StatusNotFound, refusal.Is(pmpsmart.ErrNotFound))
			require.EqualError(t, err, "pmpsmart: GetOrder: "+tt.text)
		})
	}
}
