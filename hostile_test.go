package pmpsmart_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// Nothing shows the token, whether it stands as a value or as a name, by any verb of
// fmt, as JSON or by reflection.
func TestNoPlaceShowsTheToken(t *testing.T) {
	t.Parallel()
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, token := range []string{"tok-1234567890abcdef", aToken} {
				for _, text := range []string{token, strings.Repeat("x", 190) + token + "y"} {
					if name == "a header's name" {
						token = headerSafe(token)
						text = headerSafe(text)
					}
					errs, shown := everythingShown(t, place(text), pmpsmart.WithToken(token))
					half := token[:len(token)*3/4]
					var b strings.Builder
					for _, text := range shown.texts(errs) {
						b.WriteString(text + "\n")
					}
					for _, d := range shown.drifts {
						fmt.Fprintf(&b, "%v %+v %#v %s\n", d, d, d, d.Got)
					}
					for _, r := range shown.responses {
						b.WriteString(printed(t, r) + testserver.Dump(r) + fmt.Sprint(r.Header))
					}
					for _, err := range errs {
						if err != nil {
							b.WriteString(everythingOf(t, err) + testserver.Dump(err))
						}
					}
					for _, part := range []string{half, http.CanonicalHeaderKey(half)} {
						at := strings.Index(b.String(), part)
						require.Negative(t, at, "…%s…", b.String()[max(at-100, 0):max(at, 0)])
					}
				}
			}
		})
	}
}

// Whatever stands in a response, an error and a log line are one line that a terminal
// shows as it is.
func TestEveryPlaceIsOneLine(t *testing.T) {
	t.Parallel()
	const hostile = "x\n2026/01/01 00:00:00 ERROR forged\r\n::warning::forged\x1b[31m\u0085a\u009b31m\u2028b\u2029\u202ec\u2066d\x00e\x7f\t\v"
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			errs, shown := everythingShown(t, place(hostile))
			for _, text := range shown.texts(errs) {
				at := strings.IndexFunc(text, func(r rune) bool {
					return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
				})
				require.Negative(t, at, "%q", text)
			}
		})
	}
}

// Whatever stands in a response, every text of an error is of a length that a person
// can read.
func TestEveryPlaceIsShort(t *testing.T) {
	t.Parallel()
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, text := range []string{strings.Repeat("x", 300<<10), strings.Repeat("x y ", 20<<10), strings.Repeat("\u202e", 20<<10)} {
				errs, shown := everythingShown(t, place(text))
				total := 0
				for _, text := range shown.texts(errs) {
					require.LessOrEqual(t, len(text), 18<<10, "%.100s…", text)
					total += len(text)
				}
				require.Less(t, total, 400<<10)
			}
		})
	}
}

// A validator's errors are limited in number and size.
func TestFieldsAreLimited(t *testing.T) {
	t.Parallel()
	name, texts := strings.Repeat("n", 8<<10), strings.TrimSuffix(strings.Repeat(`"salah",`, 50_000), ",")
	var many strings.Builder
	for n := range 50_000 {
		fmt.Fprintf(&many, `,"field_%d":["salah"]`, n)
	}
	for _, status := range []int{200, 422} {
		for _, fields := range []string{`"` + name + `":[` + texts + `]`, many.String()[1:], `"a":"` + strings.Repeat("x", 2<<20) + `"`} {
			_, err := once(serve(t, respond(status, `{"status":"error","errors":{`+fields+`}}`))).GetOrder(t.Context(), 1)
			var refusal *pmpsmart.APIError
			require.ErrorAs(t, err, &refusal)
			require.Less(t, len(err.Error()), 30<<10)
			size, count := 0, 0
			for name, texts := range refusal.Fields {
				count += len(texts)
				size += len(name) + len(strings.Join(texts, ""))
			}
			require.LessOrEqual(t, count, 1000)
			require.Less(t, size, 66<<10)
		}
	}
}

// What a Drift shows is JSON, whatever was redacted in it.
func TestDriftGotIsJSON(t *testing.T) {
	t.Parallel()
	for _, got := range []string{
		`"x token=abc\"def"`, `"password=a\\"`, `{"a":"Authorization: Bearer abc\\\"d"}`, `{"api_token":{"a":[1,2]},"b":"` + aToken + `"}`,
		`{"` + aToken + `":[1,{"password":123}]}`, `"{\"password\":\"a\\\"b\",\"x\":\"` + aToken + `\"}"`, `["token=1","bearer x\",\"y"]`,
		`{"x":"'password' => 'a\"b'"}`, `"&quot;token&quot;:&quot;a\"b"`, `"` + strings.Repeat(`\"token\":\"`, 100) + `"`, strings.Repeat(`{"a":`, 100) + `1` + strings.Repeat(`}`, 100),
		`{"x":"` + strings.Repeat(`\u0000`, 2000) + `"}`, "\"a\xffb\u202e token=\xc3\"", `[` + strings.Repeat(`"token=\"",`, 900) + `1]`,
	} {
		for _, body := range []string{`{"data":[{"id":` + got + `}]}`, `{"status":` + got + `,"data":[]}`, `{"data":[{"id":1,"date_order":` + got + `}]}`} {
			var told []pmpsmart.Drift
			_ = listing.do(t.Context(), serve(t, respond(200, body)).client(drifts(&told)))
			for _, d := range told {
				_, err := json.Marshal(d)
				require.NoError(t, err, "%s", d.Got)
				require.NotContains(t, string(d.Got), aToken)
				require.NotContains(t, string(d.Got), "\n")
			}
		}
	}
}

// A list that would fill the memory is refused, however little of it came, and the Seq
// that holds one record at a time reads it.
func TestRecordsCountForTheirMemory(t *testing.T) {
	t.Parallel()
	const n = 330_000 // more than the memory holds also where pointers have 4 bytes
	body := testserver.Gzip(`{"status":true,"data":[` + strings.Repeat(`{"id":1},`, n-1) + `{"id":1}]}`)
	require.Less(t, len(body), 32<<10)
	c := serve(t, respond(200, body, "Content-Encoding", "gzip")).client(pmpsmart.WithMaxResponseBytes(3 << 20))
	records, err := c.ListOutlets(t.Context())
	require.Nil(t, records)
	require.EqualError(t, err, "pmpsmart: ListOutlets: the list has more records than memory should hold; ListOutletsSeq holds one at a time")
	require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
	require.False(t, pmpsmart.Retryable(err))
	came := 0
	for _, err := range c.ListOutletsSeq(t.Context()) {
		require.NoError(t, err)
		came++
	}
	require.Equal(t, n, came)
}

// So do the values of what Call and GetAs decode. Who takes them as text gets them.
func TestValuesCountForTheirMemory(t *testing.T) {
	t.Parallel()
	list := `[` + strings.Repeat(`{},`, 250_000) + `{}]`
	c := serve(t, respond(200, `{"status":true,"data":`+list+`}`)).client(pmpsmart.WithMaxResponseBytes(2 << 20))
	for _, out := range []any{new(any), new([]map[string]any)} {
		err := c.Call(t.Context(), "master/area", nil, out)
		require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
		require.ErrorContains(t, err, "it holds more values than memory should; a json.RawMessage takes them as they are")
		var unknown *pmpsmart.OutcomeUnknownError
		require.NotErrorAs(t, err, &unknown)
		require.False(t, pmpsmart.Retryable(err))
	}
	_, err := pmpsmart.GetAs[[]any](t.Context(), c, "master/area", nil)
	require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
	var text json.RawMessage
	require.NoError(t, c.Call(t.Context(), "master/area", nil, &text))
	require.Len(t, text, len(list))
	require.NoError(t, c.Call(t.Context(), "master/area", nil, nil))
}

// Twelve times as much of a hostile text takes about twelve times as long, at each
// place and whatever the text; what is read again for each of its parts takes a
// hundred times as long. The client's token is as long as one may be.
func TestTimeGrowsAsTheResponse(t *testing.T) {
	token := strings.Repeat("a", 8<<10-1) + "b"
	texts := map[string]string{
		"letters": "a", "escapes": `\u0061`, "tags": "<>[]", "brackets": "[]", "braces": "{}", "quotes": `"token":"`, "entities": "&amp;", "lines": "x\n", "sentences": "authorization:=<a ",
	}
	growth := func(t *testing.T, place func(string) http.HandlerFunc, part string, n int) {
		run := func(n int) func() {
			s := serve(t, place(strings.Repeat(part, n/len(part))))
			c := s.client(pmpsmart.WithToken(token), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}), pmpsmart.WithLogger(slog.New(slog.DiscardHandler)))
			return func() {
				for _, o := range []operation{listing, callingInto} {
					ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
					err := o.do(ctx, c)
					cancel()
					require.NotErrorIs(t, err, context.DeadlineExceeded)
				}
			}
		}
		require.Less(t, testserver.Growth(48, run(n), run(12*n)), 48.0)
	}
	long := testserver.Long(t)
	for name, place := range places {
		for text, part := range texts {
			n := 8 << 10
			switch name {
			case "noise", "a tail", "a page", "a text": // of which 32 KiB are looked through
				n = 2 << 10
			default:
				if !long && (len(name)+len(text))%5 != 0 {
					continue
				}
			}
			t.Run(name+" of "+text, func(t *testing.T) { growth(t, place, part, n) })
		}
	}
	// One name for many texts, many names, many members.
	growth(t, func(text string) http.HandlerFunc {
		return respond(200, `{"status":"error","errors":{"`+text[:8<<10]+`":[`+strings.TrimSuffix(strings.Repeat(`"a",`, len(text)/4), ",")+`]}}`)
	}, "a", 16<<10)
	growth(t, func(text string) http.HandlerFunc {
		return respond(200, `{"status":"error","errors":{`+strings.TrimSuffix(text, ",")+`}}`)
	}, `"aaaa":["a"],`, 64<<10)
	growth(t, func(text string) http.HandlerFunc {
		return respond(200, `{"message":[`+strings.TrimSuffix(text, ",")+`]}`)
	}, `[null],`, 64<<10)
	growth(t, func(text string) http.HandlerFunc {
		return respond(200, `{"data":[{"id":1},`+strings.TrimSuffix(text, ",")+`]}`)
	}, `{"id":"`+strings.Repeat("x", 1000)+`"},`, 64<<10)
}

// No more is read of the response to a login than one may hold, and no token is longer
// than one may be, wherever it comes from.
func TestLengthOfATokenIsLimited(t *testing.T) {
	t.Parallel()
	long, longest := strings.Repeat("a", 8<<10+1), strings.Repeat("a", 8<<10)
	_, err := pmpsmart.New(pmpsmart.WithToken(long))
	var input *pmpsmart.InputError
	require.ErrorAs(t, err, &input)
	require.EqualError(t, err, "pmpsmart: New: WithToken is 8193 bytes long; want at most 8192")
	_, err = pmpsmart.New(pmpsmart.WithToken("Bearer " + longest))
	require.NoError(t, err)

	_, err = newClient(t, serve(t, success(`{"api_token":"`+long+`"}`)).URL).Login(t.Context(), email, password)
	var unreadable *pmpsmart.DecodeError
	require.ErrorAs(t, err, &unreadable)
	require.NotContains(t, everythingOf(t, err), "aaaa")
	session, err := newClient(t, serve(t, success(`{"api_token":"`+longest+`"}`)).URL).Login(t.Context(), email, password)
	require.NoError(t, err)
	require.Equal(t, longest, string(session.Token))

	store := storeFuncs{load: func() (pmpsmart.Token, error) { return pmpsmart.Token(long), nil }}
	c := newClient(t, serve(t, success(`[]`)).URL, pmpsmart.WithCredentials(email, password), pmpsmart.WithTokenStore(store))
	err = listing.do(t.Context(), c)
	require.EqualError(t, err, "pmpsmart: ListOrders: token store: it gave a token of 8193 bytes; want at most 8192")
	err = c.Logout(t.Context())
	require.EqualError(t, err, "pmpsmart: Logout: token store: it gave a token of 8193 bytes; want at most 8192")

	_, err = newClient(t, serve(t, success(`{"api_token":"abcdefgh","x":"`+strings.Repeat("x", 1<<20)+`"}`)).URL).Login(t.Context(), email, password)
	require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
	require.EqualError(t, err, "pmpsmart: Login: the answer is larger than the 1048576 bytes that are read of a login's")
}

// A login that returns another account's user is told, since its token may be that
// account's as well.
func TestALoginOfAnotherUserIsDrift(t *testing.T) {
	t.Parallel()
	for user, path := range map[string]string{
		`"email":"lain@pmpsmart.com"`:                   "data.email",
		`"user":{"id":9,"email":" lain@pmpsmart.com "}`: "data.user.email",
		`"user":{"email":"` + aToken + `@x"}`:           "data.user.email",
		`"user":{"email":"API@pmpsmart.com"}`:           "",
		`"user":{"email":"budi"}`:                       "",
		`"user":{"id":9}`:                               "",
		`"user":{"email":null}`:                         "",
	} {
		s := serve(t, success(`{"api_token":"`+aToken+`",`+user+`}`))
		var told []pmpsmart.Drift
		_, err := newClient(t, s.URL, drifts(&told)).Login(t.Context(), "api@pmpsmart.com", aPassword)
		require.NoError(t, err, user)
		_, err = newClient(t, s.URL, pmpsmart.WithStrictDecoding()).Login(t.Context(), "api@pmpsmart.com", aPassword)
		if path == "" {
			require.Empty(t, told, user)
			require.NoError(t, err, user)
			continue
		}
		require.Len(t, told, 1, user)
		require.Equal(t, path, told[0].Path)
		require.Equal(t, "the email of the account that logged in", told[0].Want)
		require.NotContains(t, string(told[0].Got), aToken)
		require.EqualError(t, err, "pmpsmart: Login: can't read the answer (HTTP 200, application/json): "+path+": want the email of the account that logged in")
	}
}

// The token that a login returns is a secret of all that stands in its response.
func TestALoginsTokenIsRedactedInItsResponse(t *testing.T) {
	t.Parallel()
	const token = "9|TokenYangBaruDibuat"
	for name, body := range map[string]string{
		"noise":    "<br />Warning: Undefined index " + token + " in x.php\n" + `{"data":{"api_token":"` + token + `"}}`,
		"cut":      "<br />" + strings.Repeat("x", 190) + token + "\n" + `{"data":{"api_token":"` + token + `"}}`,
		"tail":     `{"data":{"api_token":"` + token + `"}}` + "\n<br />Warning: " + token,
		"message":  `{"status":"success","message":"token ` + token + `","data":{"api_token":"` + token + `"}}`,
		"status":   `{"status":"` + token + `","data":{"api_token":"` + token + `"}}`,
		"a name":   `{"data":{"api_token":"` + token + `","user":{"id":{"` + token + `":1},"` + token + `":2}}}`,
		"a header": `{"data":{"api_token":"` + token + `"}}`,
	} {
		for _, strict := range []pmpsmart.Option{nil, pmpsmart.WithStrictDecoding()} {
			shown := new(seen)
			s := serve(t, respond(200, body, "X-New", token, "Authorization", "Bearer "+token))
			c := newClient(t, s.URL, pmpsmart.WithLogger(slog.New(shown)), drifts(&shown.drifts), strict)
			var response pmpsmart.Response
			session, err := c.Login(t.Context(), email, password, pmpsmart.WithResponse(&response))
			text := strings.Join(shown.texts([]error{err}), "\n") + printed(t, response) + testserver.Dump(response)
			if err == nil {
				require.Equal(t, token, string(session.Token), name)
				text += session.Extra.String() + session.User.Extra.String()
			} else {
				text = strings.Join(shown.texts([]error{err}), "\n") + testserver.Dump(err) // the header is as it came
			}
			require.NotContains(t, text, token[:8], name)
		}
	}
}

// Nothing that a client is made of shows a secret to what prints by reflection, which
// calls no methods and follows pointers: spew, and with it the differences that
// testify shows.
func TestReflectionFindsNoSecret(t *testing.T) {
	t.Parallel()
	s := loginServer(t)
	store := pmpsmart.NewMemoryTokenStore()
	hc := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(hc.CloseIdleConnections)
	options := []pmpsmart.Option{pmpsmart.WithCredentials("api@pmpsmart.com", aPassword), pmpsmart.WithToken(aToken), pmpsmart.WithTokenStore(store), pmpsmart.WithHTTPClient(hc)}
	c := newClient(t, s.URL+"/api/v1", options...)
	own := newClient(t, s.URL+"/api/v1", options[:3]...)
	for _, c := range []*pmpsmart.Client{c, own} {
		_, err := c.Login(t.Context(), "api@pmpsmart.com", aPassword)
		require.NoError(t, err)
		_, _ = c.ListOutlets(t.Context())
	}
	for _, v := range []any{c, *c, own, store, options} {
		requireClean(t, testserver.Dump(v), aToken, aPassword)
	}
	require.False(t, equal(t, c, own), "so that testify shows what differs")
}

// equal compares as testify does and checks what it says of a difference.
func equal(t *testing.T, a, b any) bool {
	t.Helper()
	var said quiet
	same := requireEqual(&said, a, b)
	requireClean(t, said.String(), aToken, aPassword)
	return same
}

// A quiet is a test that only notes why it failed.
type quiet struct{ strings.Builder }

func (q *quiet) Errorf(format string, args ...any) { fmt.Fprintf(q, format, args...) }

func requireEqual(q *quiet, a, b any) bool { return assert.Equal(q, a, b) }
