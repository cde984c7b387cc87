package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

func TestASeqSendsNothingBeforeTheRange(t *testing.T) {
	t.Parallel()
	s := serve(t, success(threeOrders(1)))
	c := s.client()
	orders := c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{Status: pmpsmart.OrderOpen})
	outlets := c.ListOutletsSeq(t.Context())
	users := c.ListSalesUsersSeq(t.Context(), pmpsmart.SalesUserFilter{})
	visits := c.ListVisitsSeq(t.Context(), pmpsmart.VisitFilter{})
	documents := c.FilterJSONOrdersSeq(t.Context(), pmpsmart.JSONOrderFilter{})
	require.Empty(t, s.Requests())

	for range 2 { // ranging twice sends twice
		got, err := collect(orders)
		require.NoError(t, err)
		require.Equal(t, upTo(3), ids(got))
	}
	require.Len(t, s.Requests(), 2)
	require.Equal(t, s.Requests()[0], s.Requests()[1])
	n := 0
	for o, err := range outlets {
		require.NoError(t, err)
		n += int(o.ID)
	}
	for o, err := range users {
		require.NoError(t, err)
		n += int(o.ID)
	}
	for o, err := range visits {
		require.NoError(t, err)
		n += int(o.ID)
	}
	for o, err := range documents {
		require.NoError(t, err)
		n += int(o.ID)
	}
	require.Equal(t, 4*6, n)
	require.Len(t, s.Requests(), 6)
}

// Input that can't be right is the range's one error, each time.
func TestASeqOfImpossibleInputYieldsItsError(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`[]`))
	seq := s.client().ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{UserID: -1})
	for range 2 {
		n := 0
		for o, err := range seq {
			require.Equal(t, pmpsmart.Order{}, o)
			require.EqualError(t, err, "pmpsmart: ListOrders: UserID is -1; an id is at least 1, and 0 does not filter")
			n++
		}
		require.Equal(t, 1, n)
	}
	require.Empty(t, s.Requests())
}

func TestAnEmptySeqYieldsNothing(t *testing.T) {
	t.Parallel()
	for _, data := range []string{`[]`, `null`, `{}`, `""`, `false`, `[null]`, `{"current_page":1,"data":[]}`} {
		c := serve(t, success(data)).client()
		for o, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			require.Fail(t, "something was yielded", "%v %v", o, err)
		}
		orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err)
		require.Equal(t, []pmpsmart.Order{}, orders, "not nil")
	}
}

// Records are yielded as they come: the first while the server holds back the
// rest.
func TestASeqYieldsRecordsAsTheyCome(t *testing.T) {
	t.Parallel()
	seen := make(chan int64)
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[{"id":1}`)
		for id := int64(1); id < 5; id++ {
			_ = http.NewResponseController(w).Flush()
			if got := <-seen; got != id {
				t.Errorf("got order %d after %d was sent", got, id)
			}
			_, _ = fmt.Fprintf(w, `,{"id":%d}`, id+1)
		}
		_, _ = io.WriteString(w, `],"status":"success"}`)
	})
	for o, err := range s.client().ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
		require.NoError(t, err)
		if o.ID < 5 {
			seen <- o.ID
		}
	}
}

// leavings are ways out of a loop over an endless list.
var leavings = map[string]func(ctx context.Context, c *pmpsmart.Client){
	"break": func(ctx context.Context, c *pmpsmart.Client) {
		for range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
			break
		}
	},
	"return": func(ctx context.Context, c *pmpsmart.Client) {
		for o := range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
			if o.ID == 2 {
				return
			}
		}
	},
	"panic": func(ctx context.Context, c *pmpsmart.Client) {
		defer func() { _ = recover() }()
		for range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
			panic("penuh")
		}
	},
	"Goexit": func(ctx context.Context, c *pmpsmart.Client) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
				runtime.Goexit()
			}
		}()
		<-done
	},
}

func TestLeavingALoopClosesTheBody(t *testing.T) {
	t.Parallel()
	for name, leave := range leavings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan struct{})
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				defer close(ended)
				testserver.WriteEndlessly(w, `{"data":[{"id":1}`, `,{"id":2,"x":"`+strings.Repeat("y", 500)+`"}`)
			})
			leave(t.Context(), s.client())
			<-ended // the server could write no more
			waitFor(t, "the connection is closed", func() bool { return s.Open() == 0 })
			require.Len(t, s.Requests(), 1)
		})
	}
}

// A loop left at the end of a list that was read whole leaves a connection that
// is used again.
func TestACompleteRangeKeepsItsConnection(t *testing.T) {
	t.Parallel()
	s := serve(t, success(threeOrders(1)))
	c := s.client()
	for range 5 {
		_, err := collect(c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
		require.NoError(t, err)
	}
	require.Equal(t, 1, s.Opened())
}

func TestCancelingInTheLoopEndsItWithAnError(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		testserver.WriteEndlessly(w, `{"data":[{"id":1}`, `,{"id":2,"x":"`+strings.Repeat("y", 5000)+`"}`)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n, errs := 0, 0
	var last error
	for o, err := range s.client().ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
		if err != nil {
			require.Equal(t, pmpsmart.Order{}, o)
			errs, last = errs+1, err
			continue // an error is the last, whatever the loop does
		}
		if n++; n == 3 {
			cancel()
		}
	}
	require.Equal(t, 1, errs)
	require.ErrorIs(t, last, context.Canceled)
	require.Equal(t, fmt.Sprintf("pmpsmart: ListOrders: after %d records: the answer from HOST broke off: context canceled", n), textOf(s.URL, last))
	waitFor(t, "the connection is closed", func() bool { return s.Busy() == 0 })
}

func TestATruncatedSeqYieldsWhatCameAndThenOneError(t *testing.T) {
	t.Parallel()
	const short = "can't read the answer (HTTP 200, application/json): the body is cut short after "
	rows := []struct {
		name, body string
		want       int
		err        string
	}{
		{"in the second record", `{"data":[{"id":1},{"id":2`, 1, "after 1 record: " + short + "25 bytes: unexpected EOF"},
		{"between records", `{"data":[{"id":1},{"id":2},`, 2, "after 2 records: " + short + "27 bytes: unexpected EOF"},
		{"after the list", `{"data":[{"id":1},{"id":2},{"id":3}]`, 3, "after 3 records: " + short + "36 bytes: unexpected EOF"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, truncated(row.body))
			var got []pmpsmart.Order
			var errs []error
			for o, err := range s.client().ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
				if err != nil {
					errs = append(errs, err)
					continue
				}
				got = append(got, o)
			}
			require.Equal(t, upTo(int64(row.want)), ids(got))
			require.Len(t, errs, 1)
			require.EqualError(t, errs[0], "pmpsmart: ListOrders: "+row.err)
			require.ErrorIs(t, errs[0], io.ErrUnexpectedEOF)
			require.Len(t, s.Requests(), 1, "what was yielded can't be taken back")
		})
	}
}

func TestASeqThatFailsBeforeItsFirstRecordIsRetried(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		if f.read == 1 {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			inBubbleIfSilent(t, f.name, func(t *testing.T) {
				s := serve(t, sequence(f.answer, f.answer, success(threeOrders(1))))
				switch f.name { // these hold a record
				case "a cut body", "JSON cut short":
					s.Config.Handler = sequence(truncated(`{"data":[{"id":1`), respond(200, `{"data":[{"id":1`), success(threeOrders(1)))
				case "silence in the body":
					s.Config.Handler = sequence(stalled(`{"data":[{"id":1`), stalled(`{"da`), success(threeOrders(1)))
				}
				got, err := collect(s.client().ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
				require.NoError(t, err)
				require.Equal(t, upTo(3), ids(got))
			})
		})
	}
}

// The bound is of one record, wherever it stands; the list has none.
func TestASeqIsBoundedByTheRecord(t *testing.T) {
	t.Parallel()
	const bound = 1000
	c := serve(t, success(manyOrders(2000))).client(pmpsmart.WithMaxResponseBytes(bound))
	got, err := collect(c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
	require.NoError(t, err)
	require.Len(t, got, 2000)
	_, err = c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)

	large := `{"id":3,"x":"` + strings.Repeat("y", bound) + `"}`
	s := serve(t, success(`[{"id":1},{"id":2},`+large+`,{"id":4}]`))
	got, err = collect(s.client(pmpsmart.WithMaxResponseBytes(bound)).ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
	require.EqualError(t, err, "pmpsmart: ListOrders: after 2 records: a record is larger than the 1000 bytes of WithMaxResponseBytes")
	require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
	require.Equal(t, upTo(2), ids(got))
	require.Len(t, s.Requests(), 1)
}

func TestTheClientCanBeCalledInsideTheLoop(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "detail") {
			success(`{"id":7}`)(w, r)
			return
		}
		pages(numbered, 3)(w, r)
	})
	c := s.client(pmpsmart.WithPagesAhead(2))
	inner := 0
	for _, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
		require.NoError(t, err)
		require.NoError(t, reading.do(t.Context(), c))
		for _, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			require.NoError(t, err)
			inner++
		}
	}
	require.Equal(t, 81, inner)
}

// What was yielded stays as it was when the next record is read over it.
func TestYieldedRecordsAreTheirOwn(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for n := range 300 {
		fmt.Fprintf(&b, `,{"id":%d,"kode_order":"K-%d","json_data":"{\"n\":%d}","status":"S-%d","lain":"L-%d"}`, n, n, n, n, n)
	}
	var got []pmpsmart.JSONOrder
	for o, err := range serve(t, success("["+b.String()[1:]+"]")).client().FilterJSONOrdersSeq(t.Context(), pmpsmart.JSONOrderFilter{}) {
		require.NoError(t, err)
		got = append(got, o)
	}
	for n, o := range got {
		require.Equal(t, pmpsmart.JSONOrder{ID: int64(n), Code: fmt.Sprint("K-", n), Data: rawJSON(fmt.Sprintf(`{"n":%d}`, n)), Status: pmpsmart.JSONOrderStatus(fmt.Sprint("S-", n)), Extra: o.Extra}, o)
		require.Equal(t, fmt.Sprintf(`{"lain":"L-%d"}`, n), o.Extra.String())
	}
}

// An error after records keeps what it wraps.
func TestALateErrorKeepsItsCause(t *testing.T) {
	t.Parallel()
	s := serve(t, onPage(2, 9, respond(403, `{"message":"Dilarang"}`), pages(numbered, 3)))
	_, err := collect(s.client().ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
	require.EqualError(t, err, "pmpsmart: ListOrders: after 3 records: 403 Forbidden: Dilarang")
	require.ErrorIs(t, err, pmpsmart.ErrForbidden)
	var refusal *pmpsmart.APIError
	require.True(t, errors.As(err, &refusal))
	require.Equal(t, "ListOrders", refusal.Op)
}

// A status that comes after the records still counts: nothing succeeds by
// omission.
func TestAFailureAfterTheRecordsIsAnError(t *testing.T) {
	t.Parallel()
	s := serve(t, respond(200, `{"data":[{"id":1},{"id":2}],"status":"error","message":"Tidak lengkap"}`))
	got, err := collect(s.client().ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
	require.EqualError(t, err, "pmpsmart: ListOrders: after 2 records: refused with HTTP 200: Tidak lengkap")
	require.Equal(t, upTo(2), ids(got))
	list, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.EqualError(t, err, "pmpsmart: ListOrders: refused with HTTP 200: Tidak lengkap")
	require.Nil(t, list)
}
