package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
)

// The log keeps as many of the latest requests as fit.
func TestRequestLogIsBounded(t *testing.T) {
	t.Parallel()
	maxRequests, maxKept := Default().MaxRequests, Default().MaxKept
	newSandbox := func() *Sandbox {
		return &Sandbox{state: &state{log: requestLog{maxRequests: maxRequests, maxKept: maxKept}}}
	}
	s := newSandbox()
	for i := range 300 {
		s.state.log.add(Request{Body: strings.Repeat("x", MaxBody), Sent: int64(i)})
	}
	kept := 0
	for _, r := range s.Requests() {
		kept += len(r.Body)
	}
	assert.LessOrEqual(t, kept, maxKept)
	assert.Greater(t, kept, maxKept-MaxBody-1<<20)
	assert.EqualValues(t, 299, s.Requests()[len(s.Requests())-1].Sent)

	s = newSandbox()
	for i := range maxRequests + 500 {
		s.state.log.add(Request{Header: http.Header{"A": {"b"}}, Sent: int64(i)})
	}
	requests := s.Requests()
	assert.Len(t, requests, maxRequests)
	assert.EqualValues(t, 500, requests[0].Sent)
	requests[0].Header.Set("A", "changed")
	assert.Equal(t, "b", s.Requests()[0].Header.Get("A"), "the caller has a copy")
	s.state.log.add(Request{Body: strings.Repeat("x", 2*maxKept)})
	assert.Len(t, s.Requests(), 1, "one that is too large takes the place of all")
}

// Bodies are kept as far as their bounds go.
func TestRequestBodyIsBounded(t *testing.T) {
	t.Parallel()
	s, err := New(Default())
	require.NoError(t, err)
	defer s.Close()
	require.NoError(t, s.Fail(fault.Fault{Op: "ListVisits", Kind: fault.Answer, Body: strings.Repeat("x", 10<<10)}))
	for path, size := range map[string]int{"/visit": 100 << 10, "/nothing": 9 << 20} {
		r := httptest.NewRequest(http.MethodPost, Prefix+path, strings.NewReader(strings.Repeat("x", size)))
		s.ServeHTTP(httptest.NewRecorder(), r)
		requests := s.Requests()
		last := requests[len(requests)-1]
		if path == "/visit" {
			assert.Equal(t, []int{MaxBody, MaxAnswer, 10 << 10}, []int{len(last.Body), len(last.Answer), int(last.Sent)})
		} else {
			assert.Equal(t, []any{"", 413}, []any{last.Body, last.Status}, "PHP drops what is too large")
		}
	}
}

// Headers are kept without secrets, wherever they stand.
func TestRequestsKeepNoSecretsOfHeaders(t *testing.T) {
	t.Parallel()
	const token = "0123456789abcdefghij"
	s, err := New(Default())
	require.NoError(t, err)
	defer s.Close()
	r := httptest.NewRequest(http.MethodPost, Prefix+"/visit", nil)
	r.Header = http.Header{
		"Authorization": {"Bearer " + token}, "Cookie": {"a=b"}, "Proxy-Authorization": {"Basic eA=="}, "X-Csrf-Token": {"abc"},
		"X-Note": {"see " + token, "kept"}, "X-" + token: {"1"}, "X-Log": {"Bearer sesuatu-yang-lain-9"}, "Accept": {"application/json"}, "X-Empty": {""},
	}
	sent := r.Header.Clone()
	s.ServeHTTP(httptest.NewRecorder(), r)
	assert.Equal(t, http.Header{
		"X-Note": {"see [redacted]", "kept"}, "X-[redacted]": {"1"}, "X-Log": {"Bearer [redacted]"}, "Accept": {"application/json"}, "X-Empty": {""},
	}, s.Requests()[0].Header)
	assert.Equal(t, sent, r.Header, "the request is as it was")
}
