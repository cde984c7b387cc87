package patience

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

const halfHour = 30 * time.Minute

// down is a server that is not well until a moment, and well from then on.
func down(until time.Duration, bad func(n int) (*http.Response, error)) *fakeServer {
	return newFake(func(s *fakeServer, _ *http.Request) (*http.Response, error) {
		if s.since() < until {
			return bad(s.requests())
		}
		return respond(200, oneOrder), nil
	})
}

// status is a failure by a status.
func status(code int, headers ...string) func(int) (*http.Response, error) {
	return func(int) (*http.Response, error) {
		return respond(code, `{"message":"no"}`, headers...), nil
	}
}

func refuse(int) (*http.Response, error) { return nil, errRefused() }

func reset(int) (*http.Response, error) {
	return nil, &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
}

// Whatever passes by itself within the patience is waited out, and the call is none the
// wiser.
func TestWaitsOutWhatPasses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		length time.Duration
		bad    func(int) (*http.Response, error)
		most   int // requests
	}{
		"a throttle of a minute":              {time.Minute, status(429, "Retry-After", "60"), 2},
		"Laravel in maintenance":              {25 * time.Minute, status(503), 40},
		"maintenance that says for how long":  {25 * time.Minute, status(503, "Retry-After", "600"), 4},
		"half an hour that is asked for":      {halfHour - time.Second, status(429, "Retry-After", "1799"), 2},
		"nginx without PHP":                   {25 * time.Minute, status(502), 40},
		"a gateway's timeout":                 {10 * time.Minute, status(504), 30},
		"Cloudflare without a server":         {10 * time.Minute, status(521), 30},
		"a database that is away, for a time": {4 * time.Minute, status(500), 30},
		"connections that are lost":           {10 * time.Minute, afterFirst(reset), 30},
		"a server that is started again":      {10 * time.Minute, afterFirst(refuse), 30},
		"a name that is not found for a time": {10 * time.Minute, afterFirst(func(int) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}}
		}), 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := down(c.length, c.bad)
				client, _ := newClient(t, s, Config{Patience: halfHour})
				require.NoError(t, list(t.Context(), client))
				assert.LessOrEqual(t, s.requests(), c.most+1)
				assert.Less(t, s.since(), c.length+c.length/4+70*time.Second, "it goes on soon after")
			})
		})
	}
}

// afterFirst is a failure of a server that has answered once before.
func afterFirst(bad func(int) (*http.Response, error)) func(int) (*http.Response, error) {
	return func(n int) (*http.Response, error) {
		if n == 1 {
			return respond(503, ""), nil
		}
		return bad(n)
	}
}

func TestGivesUpWhenThePatienceIsOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := down(2*time.Hour, status(503, "Retry-After", "60"))
		client, heard := newClient(t, s, Config{Patience: halfHour})
		err := list(t.Context(), client)
		require.ErrorIs(t, err, pmpsmart.ErrMaintenance)
		assert.InDelta(t, halfHour.Seconds(), s.since().Seconds(), 70)
		assert.Equal(t, "going on", heard.lines[len(heard.lines)-1], "nobody waits any more")

		// While it is down, calls fail at once.
		began, before := time.Now(), s.requests()
		require.ErrorIs(t, list(t.Context(), client), pmpsmart.ErrMaintenance)
		assert.Less(t, time.Since(began), 3*time.Second)
		assert.LessOrEqual(t, s.requests()-before, 4)

		// One good answer, and the patience is whole again.
		time.Sleep(2*time.Hour - s.since())
		require.NoError(t, list(t.Context(), client))
		s.began = time.Now()
		s.answer = down(10*time.Minute, status(503)).answer
		require.NoError(t, list(t.Context(), client))
	})
}

// A wait that is longer than the patience is not begun.
func TestDoesNotBeginAWaitThatIsTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := down(2*time.Hour, status(429, "Retry-After", "3600"))
		client, _ := newClient(t, s, Config{Patience: halfHour})
		err := list(t.Context(), client)
		require.ErrorIs(t, err, pmpsmart.ErrRateLimited)
		assert.Less(t, s.since(), time.Second)
		var apiErr *pmpsmart.APIError
		require.ErrorAs(t, err, &apiErr)
		assert.Equal(t, time.Hour, apiErr.RetryAfter)
	})
}

// The address of a server that has never answered may be wrong.
func TestASecondOrTwoForAServerNeverReached(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := down(2*time.Hour, refuse)
		client, _ := newClient(t, s, Config{Patience: halfHour})
		err := list(t.Context(), client)
		require.ErrorIs(t, err, pmpsmart.ErrNoAnswer)
		assert.ErrorContains(t, err, "connection refused")
		assert.Less(t, s.since(), 21*time.Second)
	})
	synctest.Test(t, func(t *testing.T) {
		s := down(10*time.Second, refuse)
		client, _ := newClient(t, s, Config{Patience: halfHour})
		require.NoError(t, list(t.Context(), client), "it is being started")
	})
}

// Without patience a client is as it is by itself.
func TestNoPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := down(time.Hour, status(503))
		client, heard := newClient(t, s, Config{})
		require.ErrorIs(t, list(t.Context(), client), pmpsmart.ErrMaintenance)
		assert.Equal(t, 4, s.requests())
		assert.Less(t, s.since(), 2*time.Second)
		assert.Empty(t, heard.lines)
	})
}

// Many workers make one request a wait between them, and people read of it once.
func TestWorkersShareAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := down(10*time.Minute, status(503, "Retry-After", "120"))
		slow := s.answer
		s.answer = func(s *fakeServer, r *http.Request) (*http.Response, error) {
			resp, err := slow(s, r)
			time.Sleep(time.Second)
			return resp, err
		}
		client, heard := newClient(t, s, Config{Patience: halfHour})
		var workers sync.WaitGroup
		for range 16 {
			workers.Go(func() { assert.NoError(t, list(t.Context(), client)) })
		}
		workers.Wait()
		var late []time.Duration
		for _, at := range s.at {
			if at > 0 && at < 10*time.Minute {
				late = append(late, at)
			}
		}
		assert.LessOrEqual(t, len(late), 4, "%s", late)
		assert.Equal(t, []string{
			"2m1s at 1s, 503, asked true", "4m2s at 2m2s, 503, asked true", "6m3s at 4m3s, 503, asked true",
			"8m4s at 6m4s, 503, asked true", "10m5s at 8m5s, 503, asked true", "going on",
		}, heard.lines)
	})
}

// laravelThrottle answers as Laravel's throttle:60,1 does.
func laravelThrottle(ok func(*http.Request) *http.Response) *fakeServer {
	var mu sync.Mutex
	var ends time.Time
	left := 0
	return newFake(func(_ *fakeServer, r *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); !now.Before(ends) {
			ends, left = now.Add(time.Minute), 60
		}
		if left == 0 {
			return respond(429, `{"message":"Too Many Attempts."}`, "Retry-After", strconv.Itoa(int(time.Until(ends).Seconds()))), nil
		}
		left--
		return ok(r), nil
	})
}

// At 60 requests a minute a list of 1,000 pages is read to its end, in little more than
// the minutes that it takes.
func TestALongListUnderAThrottle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const pages = 1000
		s := laravelThrottle(func(r *http.Request) *http.Response {
			page := cmp.Or(r.URL.Query().Get("page"), "1")
			return respond(200, fmt.Sprintf(`{"data":{"current_page":%s,"last_page":%d,"data":[{"id":%s}]}}`, page, pages, page))
		})
		client, heard := newClient(t, s, Config{Patience: halfHour})
		n := 0
		for _, err := range client.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, pages, n)
		assert.Less(t, s.since(), 17*time.Minute)
		assert.LessOrEqual(t, s.requests(), pages+2*17, "few are refused")
		assert.LessOrEqual(t, len(heard.lines), 2*17, "a note and its end, a minute")
	})
}

// One request that fails alone holds up nobody, and not for half an hour.
func TestOnePageThatTheServerCantMake(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newFake(func(_ *fakeServer, r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/api/v1/visit" {
				return respond(500, `{"message":"Server Error"}`), nil
			}
			return respond(200, oneOrder), nil
		})
		client, heard := newClient(t, s, Config{Patience: halfHour})
		var failing sync.WaitGroup
		failing.Go(func() {
			_, err := client.ListVisits(t.Context(), pmpsmart.VisitFilter{})
			assert.ErrorIs(t, err, pmpsmart.ErrServer)
		})
		time.Sleep(time.Minute)
		began := time.Now()
		require.NoError(t, list(t.Context(), client))
		assert.Zero(t, time.Since(began), "others go on")
		failing.Wait()
		assert.Less(t, s.since(), 21*time.Minute, "four attempts of five minutes")
		assert.Empty(t, heard.lines)
	})
}

// Connections that are lost now and then, while others do well, hold up nobody.
func TestLostConnectionsAmongGoodOnes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newFake(func(s *fakeServer, r *http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Millisecond)
			if r.URL.Path == "/api/v1/visit" && s.since() < 20*time.Second {
				return nil, errors.New("connection reset by peer")
			}
			return respond(200, oneOrder), nil
		})
		client, heard := newClient(t, s, Config{Patience: halfHour})
		var both sync.WaitGroup
		both.Go(func() {
			_, err := client.ListVisits(t.Context(), pmpsmart.VisitFilter{})
			assert.NoError(t, err)
		})
		for range 1000 {
			require.NoError(t, list(t.Context(), client))
		}
		assert.Equal(t, 10*time.Second, s.since(), "others go on")
		both.Wait()
		assert.Empty(t, heard.lines)
	})
}

// Changes of many rows: the row that a server can't do is told at once.
func TestAnOverwriteThatFailsAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := down(time.Hour, status(500))
		client, _ := newClient(t, s, Config{Patience: halfHour})
		_, err := client.UpdateOutletCode(t.Context(), 1, "A")
		require.ErrorIs(t, err, pmpsmart.ErrServer)
		assert.Less(t, s.since(), 5*time.Second)
		assert.Equal(t, 4, s.requests())
	})
	synctest.Test(t, func(t *testing.T) {
		s := newFake(func(s *fakeServer, _ *http.Request) (*http.Response, error) {
			if s.since() < 10*time.Minute {
				return respond(503, ""), nil
			}
			return respond(200, `{"status":"success","data":{"id":1,"kode_outlet":"A"}}`), nil
		})
		client, _ := newClient(t, s, Config{Patience: halfHour})
		_, err := client.UpdateOutletCode(t.Context(), 1, "A")
		require.NoError(t, err)
	})
}

// An insert goes out again only if it surely was not done.
func TestInserts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bad   func(int) (*http.Response, error)
		again bool
	}{
		"a throttle":           {status(429, "Retry-After", "60"), true},
		"a maintenance's date": {status(503, "Retry-After", "60"), true},
		"a maintenance":        {status(503), false},
		"a lost answer":        {status(502), false},
		"a gateway's timeout":  {status(504), false},
		"an error":             {status(500), false},
		"a lost connection":    {reset, false},
		"no connection":        {refuse, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newFake(func(s *fakeServer, _ *http.Request) (*http.Response, error) {
					if s.since() < 15*time.Second {
						return c.bad(s.requests())
					}
					return respond(200, `{"status":"success","data":{"id":1,"kode_order":"P-1"}}`), nil
				})
				client, _ := newClient(t, s, Config{Patience: halfHour})
				_, err := client.InsertJSONOrder(t.Context(), order)
				if !c.again {
					assert.Equal(t, 1, s.requests())
					var unknown *pmpsmart.OutcomeUnknownError
					assert.ErrorAs(t, err, &unknown)
					return
				}
				require.NoError(t, err)
				for _, body := range s.bodies {
					assert.Equal(t, s.bodies[0], body)
					assert.Contains(t, body, "P-1")
				}
			})
		})
	}
}

// An insert waits through a maintenance of many waits, which the client's own four
// attempts don't.
func TestAnInsertWaitsThroughAMaintenance(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newFake(func(s *fakeServer, _ *http.Request) (*http.Response, error) {
			if s.since() < 20*time.Minute {
				return respond(503, "", "Retry-After", "60"), nil
			}
			return respond(200, `{"status":"success","data":{"id":1,"kode_order":"P-1"}}`), nil
		})
		client, _ := newClient(t, s, Config{Patience: halfHour})
		_, err := client.InsertJSONOrder(t.Context(), order)
		require.NoError(t, err)
	})
}

// An order whose insert is lost in an outage of ten minutes is there once.
func TestEnsureThroughAnOutage(t *testing.T) {
	t.Parallel()
	for _, stored := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			there, inserts := false, 0
			s := newFake(func(s *fakeServer, r *http.Request) (*http.Response, error) {
				isInsert := r.URL.Path == "/api/v1/json/order"
				if isInsert {
					inserts++
				}
				switch {
				case isInsert && inserts == 1:
					there = stored
					return nil, errors.New("connection reset by peer")
				case inserts > 0 && s.since() < 10*time.Minute:
					return respond(502, "<html>"), nil
				case isInsert:
					there = true
				}
				if !there {
					return respond(200, `{"status":"success","data":[]}`), nil
				}
				record := `{"id":1,"kode_order":"P-1","json_data":"{\"a\":1}","status":"completed"}`
				if !isInsert {
					record = "[" + record + "]"
				}
				return respond(200, `{"status":"success","data":`+record+`}`), nil
			})
			client, _ := newClient(t, s, Config{Patience: halfHour})
			got, _, err := client.EnsureJSONOrder(t.Context(), order)
			require.NoError(t, err)
			assert.True(t, got.Matches(order))
			want := 2
			if stored {
				want = 1
			}
			assert.Equal(t, want, inserts)
		})
	}
}

func TestTheContextEndsAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := down(time.Hour, status(429, "Retry-After", "600"))
		client, _ := newClient(t, s, Config{Patience: halfHour})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		err := list(ctx, client)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, time.Minute, s.since())
	})
}

// A probe that nobody needs any more makes way for another.
func TestAProbeThatIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var probes atomic.Int32
		s := newFake(func(s *fakeServer, r *http.Request) (*http.Response, error) {
			switch {
			case s.since() == 0:
				return respond(429, "", "Retry-After", "60"), nil
			case probes.Add(1) == 1:
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return respond(200, oneOrder), nil
		})
		client, _ := newClient(t, s, Config{Patience: halfHour})
		var both sync.WaitGroup
		short, cancel := context.WithTimeout(t.Context(), 70*time.Second)
		defer cancel()
		both.Go(func() { _ = list(short, client) })
		both.Go(func() { _ = list(t.Context(), client) })
		both.Wait()
		assert.Less(t, s.since(), 101*time.Second, "the other waits for no more than the idle timeout of the first")
	})
}

// The answer to a request from before the wait does not end it.
func TestALateAnswerDoesNotEndAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newFake(func(s *fakeServer, r *http.Request) (*http.Response, error) {
			if s.requests() == 1 {
				time.Sleep(10 * time.Second)
				return respond(200, oneOrder), nil
			}
			if s.since() < time.Minute {
				return respond(429, "", "Retry-After", "60"), nil
			}
			return respond(200, oneOrder), nil
		})
		client, _ := newClient(t, s, Config{Patience: halfHour})
		var both sync.WaitGroup
		both.Go(func() { assert.NoError(t, list(t.Context(), client)) })
		synctest.Wait()
		both.Go(func() { assert.NoError(t, list(t.Context(), client)) })
		both.Wait()
		assert.Equal(t, 3, s.requests())
	})
}

// A failure inside an HTTP 200 is the client's to find, and its wait is waited for too.
func TestAThrottleInsideASuccess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := down(5*time.Minute, func(int) (*http.Response, error) {
			return respond(200, `{"status":429,"message":"Too Many Attempts."}`, "Retry-After", "300"), nil
		})
		client, _ := newClient(t, s, Config{Patience: halfHour})
		require.NoError(t, list(t.Context(), client))
	})
}

// A certificate that is not trusted, or an answer that is no HTTP, does not get better.
func TestWhatNoWaitChanges(t *testing.T) {
	t.Parallel()
	srv := newTLSServer(t)
	client, err := pmpsmart.New(append(New(Config{Patience: halfHour}).Options(), pmpsmart.WithBaseURL(srv), pmpsmart.WithToken("t"))...)
	require.NoError(t, err)
	began := time.Now()
	err = list(t.Context(), client)
	require.ErrorContains(t, err, "certificate")
	assert.Less(t, time.Since(began), 10*time.Second)
}

// A 4xx is an answer, and is not waited for.
func TestARefusalIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for _, code := range []int{400, 401, 403, 404, 409, 413, 422} {
		synctest.Test(t, func(t *testing.T) {
			s := down(time.Hour, status(code))
			client, heard := newClient(t, s, Config{Patience: halfHour})
			require.Error(t, list(t.Context(), client))
			assert.Less(t, s.since(), time.Second)
			assert.LessOrEqual(t, s.requests(), 3)
			assert.Empty(t, heard.lines)
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"0": 0, "60": time.Minute, " 7 ": 7 * time.Second, "-5": 0, "99999999999999999999": 365 * 24 * time.Hour,
		"Mon, 02 Feb 2026 10:05:00 GMT": 5 * time.Minute, "Mon, 02 Feb 2026 09:00:00 GMT": 0,
	} {
		v := judge(&http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {text}, "Date": {"Mon, 02 Feb 2026 10:00:00 GMT"}}}, nil)
		assert.True(t, v.why.Asked, text)
		assert.Equal(t, want, v.asked, text)
	}
	for _, text := range []string{"", "soon"} {
		v := judge(&http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {text}}}, nil)
		assert.False(t, v.why.Asked)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	g := gate{patience: halfHour}
	for round, want := range map[int]time.Duration{1: 250 * time.Millisecond, 3: time.Second, 8: 32 * time.Second, 9: time.Minute, 100: time.Minute} {
		wait := g.backoff(round)
		assert.GreaterOrEqual(t, wait, want)
		assert.Less(t, wait, want+want/10)
	}
	g.patience = 10 * time.Hour
	assert.GreaterOrEqual(t, g.backoff(100), 20*time.Minute)
}
