package pmpsmart_test

import (
	"bytes"
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// lines is a log.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSpace(l.b.String()), "\n")
}

// logger writes to l, without the time.
func (l *lines) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

// A logbook is a logger's output, a line an event, without what differs from run
// to run.
type logbook struct{ bytes.Buffer }

func (b *logbook) option(level slog.Level) pmpsmart.Option {
	return pmpsmart.WithLogger(slog.New(slog.NewTextHandler(&b.Buffer, &slog.HandlerOptions{Level: level,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}})))
}

var changing = regexp.MustCompile(`(duration|wait)=\S+`)

func (b *logbook) lines() []string {
	return strings.Split(strings.TrimSpace(changing.ReplaceAllString(b.String(), "$1=…")), "\n")
}

func TestAttemptsAreLoggedAtDebug(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(respond(503, `{"message":"Sibuk"}`), success(`{"id":198,"user_id":"abc"}`)))
	var book logbook
	require.NoError(t, reading.do(t.Context(), s.client(book.option(slog.LevelDebug))))
	require.Equal(t, []string{
		`level=DEBUG msg="pmpsmart: call" op=GetOrder path=order/detail attempt=1 status=503 duration=… bytes=19 error="503 Service Unavailable: Sibuk"`,
		`level=INFO msg="pmpsmart: retrying" op=GetOrder attempt=1 wait=… why="503 Service Unavailable: Sibuk"`,
		`level=DEBUG msg="pmpsmart: call" op=GetOrder path=order/detail attempt=2 status=200 duration=… bytes=75`,
		`level=WARN msg="pmpsmart: drift" op=GetOrder path=data.user_id want=integer got=string count=1`,
	}, book.lines())
}

func TestTheLevelApplies(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(respond(503, ""), success(`{"id":198,"user_id":"abc"}`)))
	var book logbook
	require.NoError(t, reading.do(t.Context(), s.client(book.option(slog.LevelWarn))))
	require.Equal(t, []string{`level=WARN msg="pmpsmart: drift" op=GetOrder path=data.user_id want=integer got=string count=1`}, book.lines())
}

func TestANewLoginIsLogged(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(success(`{"api_token":"satu1234"}`), success(`[]`), respond(401, ""), success(`{"api_token":"dua12345"}`), success(`[]`)))
	var book logbook
	c := newClient(t, s.URL, pmpsmart.WithCredentials("api@pmpsmart.com", aPassword), book.option(slog.LevelInfo))
	require.NoError(t, listing.do(t.Context(), c))
	require.NoError(t, listing.do(t.Context(), c))
	require.Equal(t, []string{
		`level=INFO msg="pmpsmart: logged in" op=ListOrders why="no token yet"`,
		`level=INFO msg="pmpsmart: logged in" op=ListOrders why="the token was refused"`,
	}, book.lines())
}

func TestACallWithoutAResponseIsLogged(t *testing.T) {
	t.Parallel()
	base := testserver.Unreachable(t)
	var book logbook
	c := newClient(t, base, pmpsmart.WithToken(aToken), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}), book.option(slog.LevelDebug))
	require.Error(t, reading.do(t.Context(), c))
	require.Len(t, book.lines(), 2)
	require.Regexp(t, `^level=DEBUG msg="pmpsmart: call" op=GetOrder path=order/detail attempt=1 error="can't reach http://\S+: dial tcp \S+: connect: connection refused"$`, book.lines()[0])
}

// Each giving up is logged with its reason, and what no retry changes is none.
func TestGivingUpIsLogged(t *testing.T) {
	t.Parallel()
	soon := func(t *testing.T) context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		t.Cleanup(cancel)
		return ctx
	}
	for _, row := range []struct {
		name   string
		policy pmpsmart.RetryPolicy
		spent  bool // the budget
		ctx    func(t *testing.T) context.Context
		header string // Retry-After
		status int
		want   string // "" for no line
	}{
		{"attempts", pmpsmart.RetryPolicy{MaxAttempts: 1}, false, (*testing.T).Context, "", 503, "attempts"},
		{"budget", pmpsmart.RetryPolicy{MaxAttempts: 101, MinWait: 1, MaxWait: 1}, true, (*testing.T).Context, "", 503, "budget"},
		{"deadline", pmpsmart.RetryPolicy{}, false, soon, "9", 503, "deadline"},
		{"retry-after", pmpsmart.RetryPolicy{}, false, (*testing.T).Context, "99", 429, "retry-after"},
		{"refusal", pmpsmart.RetryPolicy{MaxAttempts: 1}, false, (*testing.T).Context, "", 422, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, respond(row.status, `{"message":"Sibuk"}`, "Retry-After", row.header))
			var book logbook
			c := s.client(pmpsmart.WithRetry(row.policy), book.option(slog.LevelInfo))
			if row.spent {
				require.Error(t, reading.do(t.Context(), c))
				book.Reset()
			}
			require.Error(t, reading.do(row.ctx(t), c))
			if row.want == "" {
				require.Empty(t, book.String())
				return
			}
			require.Regexp(t, `^level=INFO msg="pmpsmart: giving up" op=GetOrder attempt=1 reason=`+row.want+` why="\d+ [^"]+"$`, strings.Join(book.lines(), "\n"))
		})
	}
}

// No body is logged, of a request or a response, and no secret.
func TestBodiesAreNotLogged(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(respond(500, `{"debug":"isi-jawaban"}`), respond(200, `isi-jawaban`), success(`{"api_token":"`+aToken+`","name":"isi-jawaban"}`), success(`[{"id":1,"user_id":"isi-jawaban"}]`)))
	var book logbook
	c := s.client(book.option(slog.LevelDebug-4), pmpsmart.WithTimeout(time.Minute))
	_, _ = c.UpdateJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "isi-permintaan", Data: "isi-permintaan", Status: "isi-permintaan"})
	_, _ = c.Login(t.Context(), "isi-permintaan@pmpsmart.com", aPassword)
	_, _ = c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NotContains(t, book.String(), "isi-permintaan")
	require.NotContains(t, book.String(), "isi-jawaban")
	requireClean(t, book.String(), aToken, aPassword)
}

// With a page ahead under way, each page is logged as the attempt that it was.
func TestPagesAheadAreLoggedByTheirNumber(t *testing.T) {
	t.Parallel()
	third := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		page := cmp.Or(r.URL.Query().Get("page"), "1")
		if page == "3" {
			defer close(third)
		}
		success(`{"current_page":`+page+`,"last_page":3,"data":[{"id":`+page+`}]}`)(w, r)
	})
	var book logbook
	for order, err := range s.client(book.option(slog.LevelDebug)).ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
		require.NoError(t, err)
		if order.ID == 2 { // the third page is asked for while the second is read
			select {
			case <-third:
			case <-time.After(10 * time.Second):
				require.FailNow(t, "the third page was not asked for")
			}
		}
	}
	var attempts []string
	for _, line := range book.lines() {
		attempts = append(attempts, regexp.MustCompile(`attempt=\d`).FindString(line))
	}
	require.ElementsMatch(t, []string{"attempt=1", "attempt=2", "attempt=3"}, attempts) // two and three leave together
}
