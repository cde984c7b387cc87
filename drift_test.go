package pmpsmart_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// drifts returns an option that records the drift that a client reports.
func drifts(told *[]pmpsmart.Drift) pmpsmart.Option {
	return pmpsmart.WithDriftHandler(func(_ context.Context, d pmpsmart.Drift) { *told = append(*told, d) })
}

const oddOrders = `[{"id":1,"user_id":"abc"},{"id":2,"user_id":{},"date_order":"besok"},{"id":3,"user_id":[1]},{"id":4,"user_id":"7","total":"x"}]`

var oddDrifts = []pmpsmart.Drift{
	{Op: "ListOrders", Path: "data.*.user_id", Want: "integer", Got: rawJSON(`"abc"`), Count: 3},
	{Op: "ListOrders", Path: "data.*.date_order", Want: "date", Got: rawJSON(`"besok"`), Count: 1},
}

// One mismatched field never fails a list: its value is in Extra, and it is reported
// once.
func TestDriftIsReportedOnceAFieldAndCall(t *testing.T) {
	t.Parallel()
	s := serve(t, success(oddOrders))
	var told []pmpsmart.Drift
	c := s.client(drifts(&told))
	for range 2 { // each call anew
		told = nil
		orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err)
		require.Equal(t, oddDrifts, told)
		require.Equal(t, upTo(4), ids(orders))
		require.Equal(t, []int64{0, 0, 0, 7}, []int64{orders[0].UserID, orders[1].UserID, orders[2].UserID, orders[3].UserID})
		require.Equal(t, `{"user_id":{},"date_order":"besok"}`, orders[1].Extra.String())
	}
	told = nil
	for _, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
		require.NoError(t, err)
		require.Empty(t, told, "not before the range ends")
	}
	require.Equal(t, oddDrifts, told)
}

func TestDriftIsCountedOverAllPages(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{0, 4} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			respond(200, numbered.page(oddOrders, pageOf(r), 3))(w, r)
		})
		var told []pmpsmart.Drift
		_, err := s.client(drifts(&told), pmpsmart.WithPagesAhead(ahead)).ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err)
		require.Len(t, told, 2)
		require.Equal(t, pmpsmart.Drift{Op: "ListOrders", Path: "data.data.*.user_id", Want: "integer", Got: rawJSON(`"abc"`), Count: 9}, told[0])
		require.Equal(t, 3, told[1].Count)
	}
}

// The drift of an attempt that is retried does not count.
func TestDriftOfARetriedAttemptDoesNotCount(t *testing.T) {
	t.Parallel()
	whole := `{"data":` + oddOrders + `}`
	rows := map[string]http.HandlerFunc{
		"a cut page": truncated(strings.TrimSuffix(whole, "]}")), "a failure after the records": respond(200, strings.TrimSuffix(whole, "}")+`,"status":500}`),
	}
	for name, h := range rows {
		s := serve(t, sequence(h, h, respond(200, whole)))
		var told []pmpsmart.Drift
		_, err := s.client(drifts(&told)).ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err, name)
		require.Equal(t, oddDrifts, told, name)
	}
}

// The records that a Seq yielded before it broke are the caller's, and so is
// their drift.
func TestDriftOfATruncatedSeqIsReported(t *testing.T) {
	t.Parallel()
	s := serve(t, truncated(`{"data":`+strings.TrimSuffix(oddOrders, "]")))
	var told []pmpsmart.Drift
	_, err := collect(s.client(drifts(&told)).ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
	require.Error(t, err)
	require.Equal(t, oddDrifts, told)

	told = nil
	whole := serve(t, success(oddOrders))
	for range whole.client(drifts(&told)).ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
		break
	}
	require.Equal(t, []pmpsmart.Drift{{Op: "ListOrders", Path: "data.*.user_id", Want: "integer", Got: rawJSON(`"abc"`), Count: 1}}, told)
}

func TestNoiseAndStrangeStatusesAreDrift(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name   string
		answer http.HandlerFunc
		want   []pmpsmart.Drift
	}{
		{"a status nobody knows", respond(200, `{"status":"mantap","data":{"id":198}}`), []pmpsmart.Drift{{Op: "GetOrder", Path: "status", Want: "a known status", Got: rawJSON(`"mantap"`), Count: 1}}},
		{"a status that is an object", respond(200, `{"status":{"x":1},"data":{"id":198}}`), []pmpsmart.Drift{{Op: "GetOrder", Path: "status", Want: "a known status", Got: rawJSON(`{"x":1}`), Count: 1}}},
		{"noise", respond(200, "<br />\n<b>Warning</b>: [x] in {y}\n"+`{"data":{"id":198}}`), []pmpsmart.Drift{{Op: "GetOrder", Path: "body", Want: "nothing but JSON", Count: 1}}},
		{"another type", respond(200, `{"data":{"id":198}}`, "Content-Type", "text/html"), []pmpsmart.Drift{{Op: "GetOrder", Path: "body", Want: "application/json", Count: 1}}},
		{"a field", success(`{"id":198,"outlet_id":"x"}`), []pmpsmart.Drift{{Op: "GetOrder", Path: "data.outlet_id", Want: "integer", Got: rawJSON(`"x"`), Count: 1}}},
		{"nothing odd", success(`{"id":"198","user_id":null,"outlet_id":"","created_at":"0000-00-00 00:00:00","baru":[1]}`), nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, row.answer)
			var told []pmpsmart.Drift
			o, err := s.client(drifts(&told)).GetOrder(t.Context(), 198)
			require.NoError(t, err)
			require.Equal(t, int64(198), o.ID)
			for i := range told {
				if told[i].Path == "body" {
					told[i].Got = nil
				}
			}
			require.Equal(t, row.want, told)

			_, err = s.client(pmpsmart.WithStrictDecoding()).GetOrder(t.Context(), 198)
			var broken *pmpsmart.DecodeError
			if row.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorAs(t, err, &broken)
			require.ErrorContains(t, err, row.want[0].Path+": want "+row.want[0].Want)
		})
	}
}

// Strict mode names the field and the record, and does not retry.
func TestStrictDecodingNamesFieldAndRecord(t *testing.T) {
	t.Parallel()
	body := `[{"id":1},{"id":2},{"id":3,"user_id":"abc"},{"id":4}]`
	s := serve(t, success(body))
	var told []pmpsmart.Drift
	c := s.client(pmpsmart.WithStrictDecoding(), drifts(&told))
	orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.EqualError(t, err, `pmpsmart: ListOrders: can't read the answer (HTTP 200, application/json): data.2.user_id: want integer, got "abc"`)
	require.Nil(t, orders)
	orders, err = collect(c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
	require.EqualError(t, err, `pmpsmart: ListOrders: after 2 records: can't read the answer (HTTP 200, application/json): data.2.user_id: want integer, got "abc"`)
	require.Equal(t, upTo(2), ids(orders))
	require.Len(t, s.Requests(), 2)
	require.Empty(t, told)
}

// The token in a login's response is redacted from that response's own drift; in
// strict mode a login's drift is an error like any other.
func TestDriftOfALoginShowsNoToken(t *testing.T) {
	t.Parallel()
	const token = "9|TokenYangBaruDibuat"
	url := serve(t, success(`{"api_token":"`+token+`","user":{"id":1,"name":{"x":"`+token+`"}}}`)).URL
	var told []pmpsmart.Drift
	s, err := newClient(t, url, drifts(&told)).Login(t.Context(), email, password)
	require.NoError(t, err)
	require.Equal(t, token, string(s.Token))
	require.Equal(t, []pmpsmart.Drift{{Op: "Login", Path: "data.user.name", Want: "string", Got: rawJSON(`{"x":"[redacted]"}`), Count: 1}}, told)

	_, err = newClient(t, url, pmpsmart.WithStrictDecoding()).Login(t.Context(), email, password)
	var unreadable *pmpsmart.DecodeError
	require.ErrorAs(t, err, &unreadable)
	require.EqualError(t, err, "pmpsmart: Login: can't read the answer (HTTP 200, application/json): data.user.name: want string")
	require.Empty(t, unreadable.Snippet)
}

// The drift of a call's own login is reported by the call: the handler may use the
// client.
func TestDriftOfACallsOwnLogin(t *testing.T) {
	t.Parallel()
	a := startAccount(t, &testserver.Account{OnLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool {
		success(`{"token":"abc12345","user":{"id":"x"}}`)(w, r)
		return true
	}, OnCall: func(_ string, w http.ResponseWriter, r *http.Request) bool {
		success(`{"id":198}`)(w, r)
		return true
	}})
	var told []pmpsmart.Drift
	var c *pmpsmart.Client
	c = a.client(pmpsmart.WithDriftHandler(func(ctx context.Context, d pmpsmart.Drift) {
		told = append(told, d)
		_, err := c.GetOrder(ctx, 198)
		require.NoError(t, err)
	}))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, reading.do(ctx, c))
	require.NoError(t, ctx.Err())
	require.Equal(t, []pmpsmart.Drift{{Op: "Login", Path: "data.user.id", Want: "integer", Got: rawJSON(`"x"`), Count: 1}}, told)
}

// A value that is too long is reported truncated.
func TestDriftOfALongValue(t *testing.T) {
	t.Parallel()
	var told []pmpsmart.Drift
	s := serve(t, success(`{"id":1,"user_id":{"x":"`+strings.Repeat("x", 1<<20)+`"}}`))
	order, err := s.client(drifts(&told)).GetOrder(t.Context(), 1)
	require.NoError(t, err)
	require.Greater(t, len(order.Extra.Get("user_id")), 1<<20, "all of it is there")
	require.Len(t, told, 1)
	var start string
	require.NoError(t, json.Unmarshal(told[0].Got, &start))
	require.Equal(t, 8<<10, len(strings.TrimSuffix(start, "…")))
	require.True(t, strings.HasPrefix(start, `{"x":"xxx`))
}

// A login is read as leniently as anything else, and reports its drift as its own.
func TestDriftOfALogin(t *testing.T) {
	t.Parallel()
	var told []pmpsmart.Drift
	c := newClient(t, serve(t, success(`{"id":"x","name":"Budi","api_token":"abc12345"}`)).URL, drifts(&told))
	_, err := c.Login(t.Context(), "api@pmpsmart.com", aPassword)
	require.NoError(t, err)
	require.Equal(t, []pmpsmart.Drift{{Op: "Login", Path: "data.id", Want: "integer", Got: rawJSON(`"x"`), Count: 1}}, told)
}

func TestDriftOfAWriteIsReported(t *testing.T) {
	t.Parallel()
	var told []pmpsmart.Drift
	outlet, err := serve(t, success(`{"id":"delapan","kode_outlet":"OUT-1"}`)).client(drifts(&told)).UpdateOutletCode(t.Context(), 8, "OUT-1")
	require.NoError(t, err)
	require.Equal(t, "OUT-1", outlet.Code)
	require.Equal(t, []pmpsmart.Drift{{Op: "UpdateOutletCode", Path: "data.id", Want: "integer", Got: rawJSON(`"delapan"`), Count: 1}}, told)
}

// A code that a server sends as a number is its text; one that can't be what it was given
// is reported.
func TestDriftOfACode(t *testing.T) {
	t.Parallel()
	for raw, row := range map[string]struct {
		code string
		odd  bool
	}{
		`"00123"`: {"00123", false}, `123`: {"123", false}, `null`: {"", false},
		`1.0e+10`: {"1.0e+10", true}, `12.5`: {"12.5", true}, `true`: {"true", true}, `{}`: {"", true},
	} {
		var told []pmpsmart.Drift
		order, err := serve(t, success(`{"id":198,"kode_order":`+raw+`}`)).client(drifts(&told)).GetOrder(t.Context(), 198)
		require.NoError(t, err, raw)
		require.Equal(t, row.code, order.Code)
		require.Equal(t, row.odd, len(told) == 1, raw)
		require.Equal(t, row.odd, order.Extra.Get("kode_order") != nil, raw)
	}
}
