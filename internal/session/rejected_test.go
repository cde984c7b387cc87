package session_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

func TestRejectsToken(t *testing.T) {
	t.Parallel()
	header := func(name string, values ...string) http.Header {
		return http.Header{http.CanonicalHeaderKey(name): values}
	}
	location := func(to string) http.Header { return header("Location", to) }
	challenge := func(text ...string) http.Header { return header("WWW-Authenticate", text...) }
	for _, row := range []struct {
		status int
		header http.Header
		body   string
		want   bool
	}{
		{401, nil, "", true},
		{440, nil, `{"message":"Login Time-out"}`, true},
		{498, nil, "", true},
		{419, nil, `{"message":"CSRF token mismatch."}`, false},
		{400, nil, "", false},
		{403, nil, `{"message":"This action is unauthorized."}`, false},
		{500, nil, `{"message":"Server Error"}`, false},

		{400, challenge(`Bearer realm="api", error="invalid_token", error_description="expired"`), "", true},
		{403, challenge(`Basic realm="x"`, `Bearer error=invalid_token`), "", true},
		{403, challenge(`bearer ERROR="Invalid_Token"`), "", true},
		{403, challenge(`Bearer error="insufficient_scope"`), "", false},
		{403, challenge(`Bearer error_description="invalid_token"`), "", false},
		{400, challenge(`Bearer`), "", false},
		{500, challenge(`Bearer error="invalid_token"`), "", false},

		{302, location("https://api.pmpsmart.com/login"), "", true},
		{301, location("/login"), "", true},
		{303, location("/auth/login/"), "", true},
		{307, location("../Login.php?next=%2Forder"), "", true},
		{308, location("https://sso.example/users/sign_in#top"), "", true},
		{302, location("/masuk"), "", true},
		{302, location("https://api.pmpsmart.com/maintenance"), "", false},
		{302, location("https://api.pmpsmart.com/api/v1/order"), "", false},
		{302, location("/login-help"), "", false},
		{302, location("/login/help"), "", false},
		{302, location("/order?from=/login"), "", false},
		{302, location("http://[broken/login"), "", false},
		{302, nil, `{"code":401}`, false},
		{200, location("/login"), "", false},

		{200, nil, `{"code":401}`, true},
		{200, nil, `{"status":false,"kode":401,"pesan":"Token kadaluarsa"}`, true},
		{200, nil, `{"rc":"401","rd":"x"}`, true},
		{400, nil, `{"responseCode":"401"}`, true},
		{200, nil, `{"errors":[{"message":"x","extensions":{"code":"UNAUTHENTICATED"}}],"data":null}`, true},
		{200, nil, `{"errors":[{"message":"x","extensions":{"code":"FORBIDDEN"}}],"data":null}`, false},
		{400, nil, `{"STATUS_CODE":440}`, true},
		{500, nil, `{"status":"401 Unauthorized"}`, true},
		{403, nil, `{"code":"UNAUTHENTICATED"}`, true},
		{200, nil, `{"error":{"code":16,"message":"x","status":"UNAUTHENTICATED"}}`, true},
		{400, nil, `{"error":"token_expired"}`, true},
		{400, nil, `{"error":"token_not_provided"}`, true},
		{400, nil, `{"error":"invalid_token","error_description":"The access token expired"}`, true},
		{400, nil, `{"error_code":"ERR_TOKEN_EXPIRED"}`, true},
		{403, nil, `{"errors":[{"reason":"authError"}]}`, true},
		{200, nil, `{"errors":[{"status":"422"},{"status":"401","title":"Unauthorized"}]}`, true},
		{200, nil, `{"errors":{"status":401}}`, true},
		{200, nil, `{"meta":{"code":401,"status":"error"}}`, true},
		{200, nil, `[{"status":"401"}]`, true},
		{400, nil, `{"code":"Unauthorized"}`, true},
		{403, nil, `{"code":"Unauthorized"}`, false},
		{400, nil, `{"error":"Unauthorized"}`, false},
		{200, nil, `{"status":"Token is Expired"}`, false},
		{200, nil, `{"error":"Token has expired"}`, false},
		{200, nil, `{"message":"UNAUTHENTICATED"}`, false},
		{200, nil, `{"message":"Unauthenticated."}`, false},
		{422, nil, `{"errors":{"code":["401"],"status":"401 sudah dipakai"}}`, false},
		{422, nil, `{"data":{"code":401}}`, false},
		{200, nil, `{"success":false,"data":{"name":"Unauthorized","message":"x","code":0,"status":401}}`, true},
		{200, nil, `{"success":false,"data":{"name":"Forbidden","message":"x","code":0,"status":403}}`, false},
		{403, nil, `{"code":"jwt_auth_invalid_token","message":"x","data":{"status":403}}`, true},
		{403, nil, `{"code":"refresh_token_invalid"}`, false},
		{400, nil, `{"code":4010}`, false},
		{400, nil, `{"code":403}`, false},
		{400, nil, `{"code":null,"status":true}`, false},

		{500, nil, `{"message":"x","exception":"Tymon\\JWTAuth\\Exceptions\\TokenExpiredException","file":"x","line":1}`, true},
		{200, nil, `{"message":"Token has expired","exception":"TokenBlacklistedException"}`, true},
		{500, nil, `{"exception":"Illuminate\\Auth\\AuthenticationException"}`, true},
		{500, nil, `{"exception":"Symfony\\Component\\HttpKernel\\Exception\\UnauthorizedHttpException"}`, true},
		{500, nil, `{"exception":"Firebase\\JWT\\ExpiredException"}`, true},
		{500, nil, `{"exception":"InvalidTokenException"}`, true},
		{500, nil, `{"error":{"type":"TokenExpiredError"}}`, true},
		{500, nil, `{"exception":"Illuminate\\Session\\TokenMismatchException"}`, false},
		{500, nil, `{"exception":"Illuminate\\Auth\\Access\\AuthorizationException"}`, false},
		{500, nil, `{"exception":"App\\Exceptions\\FcmTokenException"}`, false},
		{500, nil, `{"exception":"Illuminate\\Database\\QueryException"}`, false},
		{500, nil, `{"exception":"Token"}`, false},

		{400, nil, "\xef\xbb\xbf" + `<b>Warning</b>: x` + "\n" + `{"code":401}`, true},
		{500, nil, `{"message":"x","exception":"TokenExpiredException","trace":[{"file":"` + strings.Repeat("x", 100), true}, // cut
		{500, nil, `{"message":"x","code":4`, false},
		{400, nil, `{"error":` + strings.Repeat(`{"error":`, 5) + `{"code":401}` + strings.Repeat(`}`, 6), false},
		{400, nil, `{"code":"` + strings.Repeat("unauthenticated", 10) + `"}`, false},
		{400, nil, `{`, false},
		{400, nil, `[`, false},
		{400, nil, `[]`, false},
		{400, nil, `[401]`, false},
		{400, nil, `{1}`, false},
		{400, nil, `{"code"}`, false},
		{400, nil, `Unauthenticated 401`, false},
	} {
		require.Equal(t, row.want, session.RejectsToken(row.status, row.header, []byte(row.body)), "%d %v %s", row.status, row.header, row.body)
	}
}
