package session_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// response reads a response to a login.
func response(t *testing.T, body string) session.Response {
	t.Helper()
	_, v, err := envelope.Value(strings.NewReader(body), envelope.Options{ContentType: "application/json", MaxBytes: 1 << 20})
	require.NoError(t, err, body)
	return session.Response{Loose: v}
}

// Each rule by which a token is found, one row a rule or one of its limits.
func TestWhichToken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rule, body, want string }{
		{"api_token", `{"data":{"api_token":"t"}}`, "t"},
		{"access_token", `{"data":{"access_token":"t"}}`, "t"},
		{"accessToken", `{"data":{"accessToken":"t"}}`, "t"},
		{"plainTextToken", `{"data":{"plainTextToken":"3|t"}}`, "3|t"},
		{"auth_token", `{"data":{"auth_token":"t"}}`, "t"},
		{"jwt", `{"data":{"jwt":"e30.e30.c2ln"}}`, "e30.e30.c2ln"},
		{"token", `{"data":{"token":"t"}}`, "t"},
		{"jwt_token", `{"data":{"jwtToken":"t"}}`, "t"},
		{"bearer_token", `{"data":{"bearer_token":"t"}}`, "t"},
		{"session_token", `{"data":{"session_token":"t"}}`, "t"},
		{"user_token", `{"data":{"userToken":"t"}}`, "t"},
		{"token_access", `{"data":{"tokenAccess":"t"}}`, "t"},
		{"api_key", `{"data":{"api_key":"t"}}`, "t"},
		{"a token in a token", `{"data":{"token":{"token":"t"}}}`, "t"},
		{"a value in a token", `{"data":{"token":{"value":"t","type":"bearer"}}}`, "t"},
		{"access in a token", `{"data":{"token":{"refresh":"no","access":"t"}}}`, "t"},
		{"a token of SimpleJWT's", `{"access":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln","refresh":"no"}`, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln"},
		{"access that is a right", `{"data":{"access":"admin"}}`, ""},
		{"a value of something else", `{"data":{"setting":{"value":"no","key":"no"}}}`, ""},
		{"not a word that says why", `{"data":{"api_token":"null","access_token":"expired","auth_token":"token_invalid","jwt":"TokenExpired","token":"t"}}`, "t"},
		{"nothing but a word", `{"data":{"token":"unauthorized"}}`, ""},
		{"nothing but words in Indonesian", `{"data":{"token":"tidak_valid"}}`, ""},
		{"a word that is no reason", `{"data":{"token":"token"}}`, "token"},
		{"data itself a word", `{"data":"Unauthorized"}`, ""},
		{"token before jwt_token", `{"data":{"jwt_token":"no","token":"t"}}`, "t"},
		{"capitals", `{"DATA":{"API_TOKEN":"t"}}`, "t"},
		{"camel case", `{"data":{"authToken":"t"}}`, "t"},
		{"Pascal case", `{"data":{"ApiToken":"t"}}`, "t"},
		{"kebab case", `{"data":{"access-token":"t"}}`, "t"},
		{"blanks", `{"data":{"Auth Token":"t"}}`, "t"},
		{"no separator", `{"data":{"plaintexttoken":"t"}}`, "t"},
		{"escapes in a name", `{"data":{"api\u005ftoken":"t"}}`, "t"},

		{"api_token before access_token", `{"data":{"access_token":"no","api_token":"t"}}`, "t"},
		{"access_token before plainTextToken", `{"data":{"plainTextToken":"no","accessToken":"t"}}`, "t"},
		{"plainTextToken before auth_token", `{"data":{"auth_token":"no","plain_text_token":"t"}}`, "t"},
		{"auth_token before jwt", `{"data":{"jwt":"no","auth_token":"t"}}`, "t"},
		{"jwt before a token for access", `{"data":{"access":{"token":"no"},"jwt":"t"}}`, "t"},
		{"a token for access before another", `{"data":{"token":"no","access":{"token":"t"}}}`, "t"},
		{"a token for access by its whole name", `{"data":{"token":"no","accessToken":{"token":"t","expires_in":60}}}`, "t"},
		{"a name before a nearer place", `{"api_token":"t","data":{"token":"no"}}`, "t"},
		{"a name before a nearer place, deep", `{"data":{"token":"no","a":{"b":{"c":{"api_token":"t"}}}}}`, "t"},

		{"in data rather than in its members", `{"data":{"user":{"token":"no"},"token":"t"}}`, "t"},
		{"in a member of data rather than at the top", `{"token":"no","data":{"user":{"token":"t"}}}`, "t"},
		{"at the top rather than in its members", `{"auth":{"token":"no"},"token":"t","data":{"id":7}}`, "t"},
		{"in a member of the top rather than deeper in data", `{"auth":{"token":"t"},"data":{"a":{"b":{"token":"no"}}}}`, "t"},
		{"deeper in data", `{"data":{"tokens":{"access":{"token":"t"},"refresh":{"token":"no"}}}}`, "t"},
		{"deeper at the top", `{"meta":{"auth":{"bearer":{"token":"t"}}},"data":{"id":7}}`, "t"},
		{"as deep as it goes", `{"data":{"a":{"b":{"c":{"d":{"e":{"token":"t"}}}}}}}`, "t"},
		{"too deep", `{"data":{"a":{"b":{"c":{"d":{"e":{"f":{"token":"no"}}}}}}}}`, ""},
		{"without data", `{"accessToken":"t","token":{"id":"a1b2","user_id":1,"scopes":[]}}`, "t"},
		{"without an envelope", `{"user":{"id":7},"token":"t"}`, "t"},

		{"never for refresh", `{"data":{"refresh":{"token":"no"},"access":{"token":"t"}}}`, "t"},
		{"nothing but for refresh", `{"data":{"refresh":{"access_token":"no"},"refreshToken":"no","refresh_token":"no"}}`, ""},
		{"never a device's", `{"data":{"device":{"token":"no"},"userDevices":[{"api_token":"no"}],"device_token":"no"}}`, ""},
		{"never for push messages", `{"data":{"fcm":{"token":"no"},"FCM_INFO":{"token":"no"},"fcm_token":"no","firebase":{"token":"no"},"push_subscription":{"token":"no"}}}`, ""},
		{"never a password of one time", `{"data":{"otp":{"token":"no"},"otp_token":"no"}}`, ""},
		{"never for a reset", `{"data":{"password_reset":{"token":"no"},"resetToken":"no"}}`, ""},
		{"never Laravel's of a form", `{"token":"yes","_token":"no"}`, "yes"},
		{"never of a form or a cookie", `{"data":{"csrf":{"token":"no"},"csrf_token":"no","remember":{"token":"no"},"remember_token":"no","XSRF-TOKEN":"no"}}`, ""},
		{"never below what is for something else", `{"data":{"refresh":{"a":{"api_token":"no"}},"token":"t"}}`, "t"},
		{"never a name that only holds one", `{"data":{"tokens":"no","token_type":"Bearer","my_token":"no","tokenable_id":"7"}}`, ""},

		{"the last of a name that comes twice", `{"data":{"api_token":"no","api_token":"t"}}`, "t"},
		{"the last of two spellings", `{"data":{"apiToken":"no","api_token":"t"}}`, "t"},
		{"not null, a flag or nothing", `{"data":{"api_token":null,"access_token":true,"auth_token":"","token":"t"}}`, "t"},
		{"not two words", `{"data":{"api_token":"two words","token":"t"}}`, "t"},
		{"not what was redacted", `{"data":{"api_token":"[redacted]","token":"t"}}`, "t"},
		{"not an object of that name", `{"data":{"api_token":{"id":1},"token":"t"}}`, "t"},
		{"not one that is too long", `{"data":{"api_token":"` + strings.Repeat("x", session.MaxToken+1) + `","token":"t"}}`, "t"},
		{"a number", `{"data":{"api_token":123}}`, "123"},
		{"a scheme before it", `{"data":{"api_token":"bearer 5|AbC"}}`, "5|AbC"},
		{"a scheme alone", `{"data":{"api_token":"Bearer ","token":"t"}}`, "t"},

		{"data an array of one", `{"data":[{"id":7,"api_token":"t"}]}`, "t"},
		{"a member an array of one", `{"data":{"auth":[{"token":"t"}]}}`, "t"},
		{"not one of several", `{"data":[{"api_token":"no"},{"api_token":"no"}]}`, ""},
		{"data itself", `{"data":"5|AbC"}`, "5|AbC"},
		{"data itself, digits", `{"data":"12345678"}`, "12345678"},
		{"data itself with a scheme", `{"data":"Bearer t"}`, "t"},
		{"a name before data itself", `{"data":"OK","access_token":"t"}`, "t"},
		{"data a sentence", `{"data":"Login berhasil"}`, ""},
		{"data an array of texts", `{"data":["a"]}`, ""},
		{"data encoded twice", `{"data":"{\"user\":{\"token\":\"t\"}}"}`, "t"},
		{"data encoded twice without one", `{"data":"{\"id\":7}","token":"t"}`, "t"},
		{"data broken off", `{"data":"{broken"}`, ""},
		{"all encoded twice", `"{\"status\":\"success\",\"data\":{\"api_token\":\"t\"}}"`, "t"},
		{"all of it", `"5|AbC"`, "5|AbC"},
		{"none", `{"data":{"id":7}}`, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			a, ok := session.ReadAnswer(response(t, tt.body))
			require.Equal(t, tt.want, a.Token, tt.body)
			require.Equal(t, tt.want != "", ok)
		})
	}
}

// The header comes after the names, and before data itself.
func TestTokenOfTheHeader(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ body, header, want string }{
		{`{"data":{"id":7}}`, "Bearer t", "t"},
		{`{"data":{"id":7}}`, "t", "t"},
		{`{"data":{"id":7}}`, "Basic dXNlcjpwYXNz", ""},
		{`{"data":{"id":7}}`, "", ""},
		{`{"data":{"deep":{"er":{"token":"body"}}}}`, "Bearer t", "body"},
		{`{"data":"OK"}`, "Bearer t", "t"},
		{`{"data":{"refresh":{"token":"no"}}}`, "Bearer t", "t"},
	} {
		r := response(t, tt.body)
		r.Authorization = tt.header
		a, ok := session.ReadAnswer(r)
		require.Equal(t, tt.want, a.Token, tt)
		require.Equal(t, tt.want != "", ok, tt)
	}
	for _, name := range []string{"Authorization", "X-Auth-Token", "X-Access-Token", "Access-Token"} {
		require.Equal(t, "t", session.HeaderToken(http.Header{name: {"t"}}))
		require.Empty(t, session.HeaderToken(http.Header{name: {"expired"}}))
	}
	require.Equal(t, "t", session.HeaderToken(http.Header{"Authorization": {"Basic dXNlcjpwYXNz"}, "X-Auth-Token": {"t"}}))
	a, ok := session.ReadAnswer(session.Response{Authorization: "Bearer t"}) // of an empty body
	require.True(t, ok)
	require.Equal(t, session.Answer{Token: "t"}, a)
}

// A text beside a status that nobody knows is no token.
func TestTextBesideAnUnknownStatus(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{`{"data":"Unauthorized"}`: "", `{"data":{"token":"t"}}`: "t"} {
		r := response(t, body)
		r.UnknownStatus = true
		a, _ := session.ReadAnswer(r)
		require.Equal(t, want, a.Token, body)
	}
}

// Wherever tokens stand, the order of their names is stronger than nearness.
func TestNamesAreStrongerThanNearness(t *testing.T) {
	t.Parallel()
	names := [][]string{
		{"api_token", "apiToken", "API-TOKEN"}, {"access_token", "accessToken"}, {"plainTextToken", "plain_text_token"},
		{"auth_token", "AuthToken"}, {"jwt", "JWT"}, {"token", "Token"},
	}
	holders := []string{"user", "auth", "tokens", "meta", "session", "result"}
	others := []string{"refresh", "device_info", "fcm", "otp", "passwordReset"}
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	for range 2000 {
		body := map[string]any{"status": "success", "data": map[string]any{"id": 7}}
		best := len(names)
		for range 1 + random.IntN(5) {
			rank := random.IntN(len(names))
			object, depth := body, 0
			if random.IntN(2) == 0 {
				object = body["data"].(map[string]any)
			}
			isOther := random.IntN(4) == 0
			for depth < random.IntN(5) || isOther {
				name := pick(holders)
				if isOther {
					name, isOther = pick(others), false
					rank = len(names) + rank // not to be found
				}
				inner, ok := object[name].(map[string]any)
				if !ok {
					inner = map[string]any{}
					object[name] = inner
				}
				object, depth = inner, depth+1
			}
			object[pick(names[rank%len(names)])] = fmt.Sprint("rank-", rank)
			best = min(best, rank)
		}
		text, err := json.Marshal(body)
		require.NoError(t, err)
		a, ok := session.ReadAnswer(response(t, string(text)))
		require.Equal(t, best < len(names), ok, "%s", text)
		if ok {
			require.Equal(t, fmt.Sprint("rank-", best), a.Token, "%s", text)
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		body string
		want string
		more int
	}{
		{`{"status":"success","message":"OK","data":{"id":7,"name":"Budi","company":{"id":1,"address":{"city":"Bandung"}},"roles":["a"],"none":{}}}`,
			"status message data.id data.name data.company.id data.company.address data.roles data.none", 0},
		{`{"data":[{"id":7}],"meta":[1,2]}`, "meta data.id", 0},
		{`[{"id":7},{"id":8}]`, "", 0},
		{`null`, "", 0},
		{`{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":{"a":1,"b":1}}`, "a b c d e f g h", 3},
	} {
		paths, more := response(t, tt.body).Members(8)
		require.ElementsMatch(t, strings.Fields(tt.want), paths, tt.body)
		require.Equal(t, tt.more, more, tt.body)
	}
	paths, _ := response(t, `{"b":1,"a":1}`).Members(8)
	require.Equal(t, []string{"b", "a"}, paths, "as they stand")
}
