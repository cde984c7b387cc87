package pmpsmart_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// dripping is a server that begins an answer and then sends a byte of white space every
// so often, without end.
func dripping(start string, every time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for part := start; ; part = " " {
			if _, err := w.Write([]byte(part)); err != nil || http.NewResponseController(w).Flush() != nil {
				return
			}
			select {
			case <-time.After(every):
			case <-r.Context().Done():
				return
			}
		}
	}
}

// No server holds a call without a deadline by a byte now and then.
func TestADrippingServerIsGivenUp(t *testing.T) {
	t.Parallel()
	const timeout = 10 * time.Second
	authed := pmpsmart.WithToken(aToken)
	login := func(ctx context.Context, c *pmpsmart.Client) error {
		_, err := c.Login(ctx, email, password)
		return err
	}
	list := func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.ListOutlets(ctx); return err }
	for _, row := range []struct {
		name, start string
		option      pmpsmart.Option
		do          func(context.Context, *pmpsmart.Client) error
		after       time.Duration
		want        string
	}{
		{"Login", `{"data":`, nil, login, 20 * time.Second, "pmpsmart: Login: the answer from HOST broke off: it did not end within 20s of waiting; 10 bytes came"},
		{"Logout", "", authed, func(ctx context.Context, c *pmpsmart.Client) error { return c.Logout(ctx) }, 20 * time.Second,
			"pmpsmart: Logout: the answer from HOST broke off: it did not end within 20s of waiting; 2 bytes came"},
		{"a call's own login", "", nil, list, 20 * time.Second, "pmpsmart: ListOutlets: login: the answer from HOST broke off: it did not end within 20s of waiting; 2 bytes came"},
		{"a list", `{"data":[{"id":1}`, authed, list, 100 * time.Second, "pmpsmart: ListOutlets: the answer from HOST broke off: it did not end within 1m40s of waiting; 27 bytes came"},
		{"a create", "", authed, func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.InsertJSONOrder(ctx, anOrder)
			return err
		},
			100 * time.Second, "pmpsmart: InsertJSONOrder: outcome unknown, the server may have done it: the answer from HOST broke off: it did not end within 1m40s of waiting; 10 bytes came; look before sending it again"},
		{"its own limit", "", pmpsmart.WithAttemptTimeout(15 * time.Second), login, 15 * time.Second,
			"pmpsmart: Login: the answer from HOST broke off: it did not end within 15s of waiting; 1 byte came"},
		{"a longer limit is not a login's", `{"data":[{"id":1}`, pmpsmart.WithAttemptTimeout(time.Hour), func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.Login(ctx, email, password)
			if err == nil {
				err = errors.New("logged in")
			}
			return err
		}, 20 * time.Second, "pmpsmart: Login: the answer from HOST broke off: it did not end within 20s of waiting; 19 bytes came"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			testserver.Bubble(t, func(t *testing.T) {
				s := serve(t, dripping(row.start, timeout-100*time.Millisecond))
				c := newClient(t, s.URL, pmpsmart.WithCredentials(email, password), pmpsmart.WithTimeout(timeout), row.option,
					pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
				began := time.Now()
				err := row.do(context.Background(), c)
				require.Equal(t, row.want, textOf(s.URL, err))
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Equal(t, row.after, time.Since(began))
				waitFor(t, "the connection is closed", func() bool { return s.Busy() == 0 })
			})
		})
	}
}

// However short the timeout, a minute is not too long for an answer.
func TestAttemptOfAShortTimeout(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := serve(t, dripping("", 900*time.Millisecond))
		c := s.client(pmpsmart.WithTimeout(time.Second), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
		_, err := c.ListOutlets(context.Background())
		require.Equal(t, "pmpsmart: ListOutlets: the answer from HOST broke off: it did not end within 1m0s of waiting; 66 bytes came", textOf(s.URL, err))
	})
}

// All who wait for a login are released, at the latest after its attempts.
func TestASharedLoginEndsByItself(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := serve(t, dripping("", 1100*time.Millisecond))
		c := newClient(t, s.URL, pmpsmart.WithCredentials(email, password), pmpsmart.WithTimeout(10*time.Second))
		began := time.Now()
		errs, _ := storm(context.Background(), 20, c)
		for _, err := range errs {
			require.ErrorContains(t, err, "it did not end within 20s of waiting; 18 bytes came")
		}
		require.Len(t, s.Requests(), 4)
		require.Less(t, time.Since(began), 90*time.Second)
	})
}

// The time of a loop over a Seq is its own, however long it takes.
func TestASlowLoopIsNotWaiting(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := serve(t, respond(200, `{"data":[`+strings.Repeat(`{"id":1},`, 5000)+`{"id":1}]}`))
		c := s.client(pmpsmart.WithTimeout(time.Second))
		n := 0
		for _, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			require.NoError(t, err)
			n++
			time.Sleep(time.Minute)
		}
		require.Equal(t, 5001, n)
	})
}

// Gzip that comes without end and holds nothing ends each call by itself, whatever its
// form and whatever was asked for.
func TestEndlessGzip(t *testing.T) {
	t.Parallel()
	empty := testserver.Gzip("")
	list := func(c *pmpsmart.Client) error { _, err := c.ListOutlets(context.Background()); return err }
	for form, of := range map[string]struct{ start, again string }{
		"empty blocks":             {empty[:10], "\x00\x00\x00\xff\xff"},
		"empty members":            {"", empty},
		"members with large extra": {"", "\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\x03\xff\xff" + strings.Repeat("x", 1<<16-1) + empty[10:]},
		"a name without end":       {"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03", "x"},
		"white space":              {"", testserver.Gzip(strings.Repeat(" ", 64<<10))},
		"blocks in a list":         {testserver.Gzip(`{"data":[{"id":1}`) + empty[:10], "\x00\x00\x00\xff\xff"},
	} {
		again := strings.Repeat(of.again, 1+(32<<10)/len(of.again))
		for name, row := range map[string]struct {
			status int
			do     func(*pmpsmart.Client) error
		}{
			"list":   {200, list},
			"Login":  {200, func(c *pmpsmart.Client) error { _, err := c.Login(context.Background(), email, password); return err }},
			"Logout": {200, func(c *pmpsmart.Client) error { return c.Logout(context.Background()) }},
			"Seq": {200, func(c *pmpsmart.Client) error {
				for _, err := range c.ListOrdersSeq(context.Background(), pmpsmart.OrderFilter{}) {
					if err != nil {
						return err
					}
				}
				return nil
			}},
			"failure":        {500, list},
			"rejected token": {401, list},
			"refused login":  {422, func(c *pmpsmart.Client) error { _, err := c.Login(context.Background(), email, password); return err }},
			"refused create": {422, func(c *pmpsmart.Client) error { _, err := c.InsertJSONOrder(context.Background(), anOrder); return err }},
		} {
			t.Run(form+", "+name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Encoding", "gzip")
					w.WriteHeader(row.status)
					testserver.WriteEndlessly(w, of.start, again)
				})
				c := newClient(t, s.URL, pmpsmart.WithToken(aToken), pmpsmart.WithMaxResponseBytes(1<<20), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
				err := row.do(c)
				if row.status == 200 {
					require.Error(t, err)
					if form != "a name without end" {
						require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
					}
				} else {
					var refusal *pmpsmart.APIError
					require.ErrorAs(t, err, &refusal)
					require.Equal(t, row.status, refusal.HTTPStatus)
				}
				waitFor(t, "the connection is closed", func() bool { return s.Busy() == 0 })
			})
		}
	}
}

// A loop that breaks off does not read what is left of an endless answer.
func TestBreakingOffAnEndlessAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		testserver.WriteEndlessly(w, testserver.Gzip(`{"data":[`+strings.Repeat(`{"id":1},`, 10_000)), strings.Repeat(testserver.Gzip(""), 100))
	})
	for _, err := range s.client().ListOrdersSeq(context.Background(), pmpsmart.OrderFilter{}) {
		require.NoError(t, err)
		break
	}
	waitFor(t, "the connection is closed", func() bool { return s.Busy() == 0 })
}

func TestAttemptTimeoutIsChecked(t *testing.T) {
	t.Parallel()
	_, err := pmpsmart.New(pmpsmart.WithAttemptTimeout(-time.Second))
	require.EqualError(t, err, "pmpsmart: New: WithAttemptTimeout is -1s; want a positive duration")
}
