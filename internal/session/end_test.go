package session_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

var (
	loginTime = time.Date(2026, 2, 2, 9, 0, 0, 0, time.UTC)
	wib       = time.FixedZone("WIB", 7*3600)
)

func TestStatedEnd(t *testing.T) {
	t.Parallel()
	in := func(d time.Duration) time.Time { return loginTime.Add(d) }
	never := time.Time{}
	for body, want := range map[string]time.Time{
		`{"access_token":"t","expires_in":3600}`:                                     in(time.Hour),
		`{"access_token":"t","expiresIn":"3600"}`:                                    in(time.Hour),
		`{"status":"success","data":{"token":"t","expires_in":60.5}}`:                in(60500 * time.Millisecond),
		`{"data":{"token":"t"},"expires_in":60}`:                                     in(time.Minute),
		`{"data":[{"token":"t","expires_in":60}]}`:                                   in(time.Minute),
		`{"data":{"token":"t","expires_at":"2026-02-02T12:00:00Z"}}`:                 in(3 * time.Hour),
		`{"data":{"token":"t","expired_at":"2026-02-02 17:00:00"}}`:                  in(time.Hour), // WIB
		`{"data":{"token":"t","exp":1770026400}}`:                                    in(time.Hour),
		`{"data":{"token":"t","exp":"1770026400"}}`:                                  in(time.Hour),
		`{"data":{"token":"t","expires_at":1770026400000}}`:                          in(time.Hour),
		`{"data":{"token":"t","token_expires_at":"2026-02-02T10:00:00Z"}}`:           in(time.Hour),
		`{"data":{"token":"t","accessTokenExpiresIn":60}}`:                           in(time.Minute),
		`{"data":{"id":7,"tokens":{"access":"t","expires_in":60}}}`:                  in(time.Minute),
		`{"user":{"id":7},"authorisation":{"token":"t","expires_in":60}}`:            in(time.Minute),
		`{"data":{"token":"t","expires_at":"0000-00-00 00:00:00","expires_in":60}}`:  in(time.Minute),
		`{"data":{"token":"t","expires_in":0}}`:                                      never,
		`{"data":{"token":"t","expires_in":-1}}`:                                     never,
		`{"data":{"token":"t","expires_in":null}}`:                                   never,
		`{"data":{"token":"t","expires_at":"nanti"}}`:                                never,
		`{"data":{"token":"t","expires":true}}`:                                      never,
		`{"data":{"token":"t","refresh_expires_in":60}}`:                             never,
		`{"data":{"token":"t","user":{"id":7,"expired_at":"2026-02-02T10:00:00Z"}}}`: never,
		`{"data":{"token":"t","refresh":{"token":"r","expires_in":60}}}`:             never,
		`{"data":"t"}`: never,
	} {
		_, v, err := envelope.Value(strings.NewReader(body), envelope.Options{ContentType: "application/json", MaxBytes: 1 << 20})
		require.NoError(t, err, body)
		require.WithinDuration(t, want, session.StatedEnd(v, loginTime, wib), 0, body)
	}
}

func TestEnded(t *testing.T) {
	t.Parallel()
	s := new(world).session("")
	end := loginTime.Add(time.Hour)
	s.SetEnd("t", end, loginTime)
	require.Zero(t, s.Ended("t", end.Add(-1)))
	require.Equal(t, end, s.Ended("t", end))
	require.Zero(t, s.Ended("another", end))
	s.SetEnd("u", loginTime, loginTime) // a mistake
	require.Zero(t, s.Ended("u", end))
	require.Equal(t, end, s.Ended("t", end))
	s.SetEnd("v", end, loginTime)
	require.Zero(t, s.Ended("t", end))
}

func TestEndOfAJWT(t *testing.T) {
	t.Parallel()
	jwt := func(claims string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	}
	s := new(world).session("")
	for token, want := range map[string]bool{
		jwt(`{"sub":"7","exp":1770022800}`):           true,
		jwt(`{"exp":"1770022800"}`):                   true,
		jwt(`{"exp":1770022799.5}`):                   true,
		jwt(`{"exp":1770022801}`):                     false,
		jwt(`{"exp":0}`):                              false,
		jwt(`{"exp":-1}`):                             false,
		jwt(`{"exp":1e300}`):                          false,
		jwt(`{"exp":null}`):                           false,
		jwt(`{"exp":`):                                false,
		jwt(`["exp"]`):                                false,
		jwt(``):                                       false,
		"e30.%%%.c2ln":                                false,
		strings.TrimSuffix(jwt(`{"exp":1}`), ".c2ln"): false,
		"5|QwErTyUiOp":                                false,
		"":                                            false,
	} {
		require.Equal(t, want, !s.Ended(token, loginTime).IsZero(), token)
	}
}

func TestServerTime(t *testing.T) {
	t.Parallel()
	require.Equal(t, loginTime, session.ServerTime(http.Header{"Date": {"Mon, 02 Feb 2026 09:00:00 GMT"}}))
	before := time.Now()
	require.False(t, session.ServerTime(http.Header{"Date": {"kemarin"}}).Before(before))
}
