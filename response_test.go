package pmpsmart_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// The status and message of an attempt that was retried are not those of the call.
func TestResponseIsThatOfTheLastAttempt(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(respond(503, `{"status":"error","message":"Sibuk"}`, "X-N", "1"), respond(204, "", "X-N", "2")))
	var response pmpsmart.Response
	require.NoError(t, overwriting.do(t.Context(), s.client(), pmpsmart.WithResponse(&response)))
	require.Equal(t, "2", response.Header.Get("X-N"))
	response.Header, response.Duration = nil, 0
	require.Equal(t, pmpsmart.Response{HTTPStatus: 204, Attempts: 2}, response)
}

func TestLoginsAreNotCountedAsAttempts(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(success(`{"api_token":"satu1234"}`), success(`{"id":198}`), respond(401, ""), respond(503, ""), success(`{"api_token":"dua12345"}`), respond(503, ""), success(`{"id":198}`)))
	c := newClient(t, s.URL, pmpsmart.WithCredentials("api@pmpsmart.com", aPassword))
	require.NoError(t, reading.do(t.Context(), c))
	var response pmpsmart.Response
	require.NoError(t, reading.do(t.Context(), c, pmpsmart.WithResponse(&response)))
	require.Equal(t, 3, response.Attempts)
	var paths []string
	for _, r := range s.Requests()[2:] {
		paths = append(paths, r.Path+" "+r.Header.Get("Authorization"))
	}
	require.Equal(t, []string{"/order/detail Bearer satu1234", "/auth/login ", "/auth/login ", "/order/detail Bearer dua12345", "/order/detail Bearer dua12345"}, paths)
	require.Equal(t, 200, response.HTTPStatus)
}

// Attempts are all requests, those ahead included.
func TestAttemptsCountThePages(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{0, 3} {
		s := serve(t, onPage(2, 1, respond(500, ""), pages(numbered, 5)))
		var response pmpsmart.Response
		_, err := s.client(pmpsmart.WithPagesAhead(ahead)).ListOrders(t.Context(), pmpsmart.OrderFilter{}, pmpsmart.WithResponse(&response))
		require.NoError(t, err)
		require.Equal(t, 6, response.Attempts)
		require.Len(t, s.Requests(), 6)
	}
}

func TestTheResponseIsFilledWhenTheRangeEnds(t *testing.T) {
	t.Parallel()
	s := serve(t, pages(numbered, 3))
	var response pmpsmart.Response
	seq := s.client(pmpsmart.WithPagesAhead(0)).ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}, pmpsmart.WithResponse(&response))
	_, err := collect(seq)
	require.NoError(t, err)
	require.Equal(t, 3, response.Attempts)
	require.Equal(t, 200, response.HTTPStatus)
	require.Equal(t, "success", response.Status)
	require.Positive(t, response.Duration)
	for range seq {
		require.Equal(t, pmpsmart.Response{}, response, "not before")
		break
	}
	require.Equal(t, 1, response.Attempts)
}

// Refused input resets the Response as well.
func TestRefusedInputLeavesAZeroResponse(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{}`))
	response := pmpsmart.Response{HTTPStatus: 200, Attempts: 7}
	_, err := s.client().GetOrder(t.Context(), 0, pmpsmart.WithResponse(&response))
	require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	require.Equal(t, pmpsmart.Response{}, response)
}

// A Response has the cookies of the server, for a program that wants them, and shows them
// nowhere, also as a part of what hooks are told.
func TestAPrintedResponseShowsNoCookie(t *testing.T) {
	t.Parallel()
	const cookie = "laravel_session=rahasia-0123456789"
	response := pmpsmart.Response{HTTPStatus: 200, Header: http.Header{"Set-Cookie": {cookie}, "X-N": {"1"}}, Attempts: 2}
	for name, v := range map[string]any{"Response": response, "pointer": &response, "CallResult": pmpsmart.CallResult{Response: response}} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		var log bytes.Buffer
		for _, h := range []slog.Handler{slog.NewJSONHandler(&log, nil), slog.NewTextHandler(&log, nil)} {
			slog.New(h).Info("call", "what", v)
		}
		printed := string(text) + log.String() + fmt.Sprintf("%v %+v %#v", v, v, v)
		require.NotContains(t, printed, "rahasia", name)
		require.Contains(t, string(text), `"Header":{"Set-Cookie":["[redacted]"],"X-N":["1"]}`, name)
	}
	require.Equal(t, cookie, response.Header.Get("Set-Cookie"))
	empty, err := json.Marshal(pmpsmart.Response{})
	require.NoError(t, err)
	require.JSONEq(t, `{"HTTPStatus":0,"Header":null,"Status":"","Message":"","Attempts":0,"Duration":0}`, string(empty))
}
