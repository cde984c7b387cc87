package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// Who watches gets each request once, the latest if there were many, and is told when
// the earlier ones are forgotten.
func TestSince(t *testing.T) {
	t.Parallel()
	s, err := New(Default())
	require.NoError(t, err)
	defer s.Close()
	ask := func(bodies ...string) {
		for _, body := range bodies {
			s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, Prefix+"/visit", strings.NewReader(body)))
		}
	}
	cursor := ""
	look := func(most, bytes int) (got News) {
		got = s.Since(cursor, most, bytes)
		cursor = got.Cursor
		return got
	}
	bodies := func(news News) string {
		var all []string
		for _, r := range news.Requests {
			all = append(all, r.Body)
		}
		return strings.Join(all, " ")
	}
	first := look(10, 1<<20)
	assert.Equal(t, News{Cursor: cursor, Fresh: true, Requests: first.Requests}, first)
	assert.Empty(t, first.Requests)
	ask("a", "b")
	news := look(10, 1<<20)
	assert.Equal(t, []any{"a b", false, int64(0)}, []any{bodies(news), news.Fresh, news.Skipped})
	assert.Empty(t, look(10, 1<<20).Requests)
	ask("c", "d", "e", "f")
	news = look(2, 1<<20)
	assert.Equal(t, []any{"e f", int64(2)}, []any{bodies(news), news.Skipped}, "the latest")
	ask("g", "h")
	news = look(10, 1)
	assert.Equal(t, []any{"h", int64(1)}, []any{bodies(news), news.Skipped}, "one at least, however large")
	news.Requests[0].Header.Set("X-A", "changed")
	assert.Empty(t, s.Requests()[7].Header.Get("X-A"), "a copy")

	ask("i")
	s.ClearRequests("")
	ask("j")
	news = look(10, 1<<20)
	assert.Equal(t, []any{"j", true, int64(0)}, []any{bodies(news), news.Fresh, news.Skipped})
	s.ClearRequests("GetOrder")
	news = look(10, 1<<20)
	assert.Equal(t, []any{"j", true, int64(0)}, []any{bodies(news), news.Fresh, news.Skipped}, "those that are left come again")
	require.NoError(t, s.Reset(nil))
	news = look(10, 1<<20)
	assert.Equal(t, []any{"", true, int64(0)}, []any{bodies(news), news.Fresh, news.Skipped})
	ask("k")
	id, _, _ := strings.Cut(cursor, "-")
	for _, strange := range []string{"", "x", "-1", id, id + "-", id + "-9", id + "--1", id + "-99999999999999999999"} {
		news = s.Since(strange, 10, 1<<20)
		assert.Equal(t, []any{"k", true}, []any{bodies(news), news.Fresh}, strange)
	}
}

// What the log has dropped is counted.
func TestSinceCountsWhatIsGone(t *testing.T) {
	t.Parallel()
	c := Default()
	c.MaxRequests = 3
	s, err := New(c)
	require.NoError(t, err)
	defer s.Close()
	for range 10 {
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, Prefix+"/visit", nil))
	}
	news := s.Since("", 100, 1<<20)
	assert.Equal(t, []any{3, int64(7)}, []any{len(news.Requests), news.Skipped})
}

func TestStatus(t *testing.T) {
	t.Parallel()
	c := Default()
	c.Email, c.Password, c.EndToday = "a@b.id", "rahasia", true
	s, err := New(c)
	require.NoError(t, err)
	defer s.Close()
	first := s.Status()
	assert.WithinDuration(t, time.Now(), first.Now, time.Minute)
	first.Now = time.Time{}
	assert.Equal(t, Status{Style: "plain", Data: first.Data}, first)

	require.NoError(t, s.SetStyle("", "paginated", "numbers=text"))
	require.NoError(t, s.SetStyle("GetOrder", "bare"))
	require.NoError(t, s.AdvanceClock(time.Hour))
	require.NoError(t, s.Fail(fault.Fault{Kind: fault.Reset}))
	s.Down(9 * time.Second)
	got := s.Status()
	assert.WithinDuration(t, time.Now().Add(time.Hour), got.Now, time.Minute)
	data := got.Data
	got.Now, got.Data = time.Time{}, ""
	assert.Equal(t, Status{
		Ahead: time.Hour, Down: true, RetryAfter: 9 * time.Second, Style: "list=paginated, numbers=text",
		Styles: map[string]string{"GetOrder": "bare"}, Unmet: []fault.Fault{{Kind: fault.Reset}},
	}, got)

	// Whatever changes a record changes Data, and nothing else does.
	changes := []func() error{
		func() error { return s.SetClock(time.Date(2031, 1, 2, 0, 0, 0, 0, time.UTC)) },
		func() error { _, err := s.Visits().Add(seed.Visit{}); return err },
		func() error { return s.Reset(nil) },
	}
	for _, change := range changes {
		require.NoError(t, change())
		assert.NotEqual(t, data, s.Status().Data)
		data = s.Status().Data
	}
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, Prefix+"/visit", nil))
	require.NoError(t, s.SetStyle("", "bare"))
	assert.Equal(t, data, s.Status().Data)
	require.NoError(t, s.SetClock(time.Now()))
	assert.True(t, s.Status().Stopped)
}
