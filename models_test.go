package pmpsmart_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

var (
	morning = time.Date(2026, 2, 2, 9, 0, 0, 123456000, time.FixedZone("", 7*3600))
	evening = time.Date(2026, 2, 2, 12, 0, 0, 0, time.UTC)
)

func extra(t *testing.T, object string) (e pmpsmart.Extra) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(object), &e))
	return e
}

// again writes a record and reads it back.
func again[T any](t *testing.T, record T) (text string, back T) {
	t.Helper()
	b, err := json.Marshal(record)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &back))
	return string(b), back
}

// equalTimes compares two times as instants and makes them the same value, so
// that what is around them can be compared whole.
func equalTimes(t *testing.T, want, got *time.Time) {
	t.Helper()
	require.True(t, want.Equal(*got), "%s and %s", want, got)
	*got = *want
}

func TestRecordsAreWrittenWithTheAPIsNamesAndReadBack(t *testing.T) {
	t.Parallel()
	more := extra(t, `{"total":1000.50,"items":[{"qty":"2"}],"catatan":null}`)
	t.Run("Order", func(t *testing.T) {
		want := pmpsmart.Order{ID: 198, Code: "PMP-1", Status: "pending", Date: pmpsmart.NewDate(2026, 2, 2), UserID: 7, OutletID: 8, CreatedAt: morning, UpdatedAt: evening, Extra: more}
		text, got := again(t, want)
		require.Equal(t, `{"id":198,"kode_order":"PMP-1","status":"pending","date_order":"2026-02-02","user_id":7,"outlet_id":8,"created_at":"2026-02-02T09:00:00.123456+07:00","updated_at":"2026-02-02T12:00:00Z","total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
		equalTimes(t, &want.CreatedAt, &got.CreatedAt)
		equalTimes(t, &want.UpdatedAt, &got.UpdatedAt)
		require.Equal(t, want, got)
	})
	t.Run("JSONOrder", func(t *testing.T) {
		want := pmpsmart.JSONOrder{ID: 1, Code: "PMP-1", Data: rawJSON(`{"a":"é<\u0001"}`), Status: "completed", StatusOrder: "baru", CreatedAt: morning, Extra: more}
		text, got := again(t, want)
		require.Equal(t, `{"id":1,"kode_order":"PMP-1","json_data":"{\"a\":\"é\u003c\\u0001\"}","status":"completed","status_order":"baru","created_at":"2026-02-02T09:00:00.123456+07:00","updated_at":null,"total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
		equalTimes(t, &want.CreatedAt, &got.CreatedAt)
		require.Equal(t, want, got)
	})
	t.Run("Outlet", func(t *testing.T) {
		want := pmpsmart.Outlet{ID: 1, Code: "OUT-001", Name: "Toko \"A\"", Address: "Jl. Contoh No.1\n", UpdatedAt: evening, Extra: more}
		text, got := again(t, want)
		require.Equal(t, `{"id":1,"kode_outlet":"OUT-001","nama_outlet":"Toko \"A\"","alamat":"Jl. Contoh No.1\n","created_at":null,"updated_at":"2026-02-02T12:00:00Z","total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
		equalTimes(t, &want.UpdatedAt, &got.UpdatedAt)
		require.Equal(t, want, got)
	})
	t.Run("User", func(t *testing.T) {
		want := pmpsmart.User{ID: 1, Name: "Budi", Email: "budi@pmpsmart.com", Extra: more}
		text, got := again(t, want)
		require.Equal(t, `{"id":1,"name":"Budi","email":"budi@pmpsmart.com","created_at":null,"updated_at":null,"total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
		require.Equal(t, want, got)
	})
	t.Run("Visit", func(t *testing.T) {
		want := pmpsmart.Visit{ID: 1, Name: "Budi", UserID: 2, OutletID: math.MaxInt64, Extra: more}
		text, got := again(t, want)
		require.Equal(t, `{"id":1,"name":"Budi","user_id":2,"outlet_id":9223372036854775807,"created_at":null,"updated_at":null,"total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
		require.Equal(t, want, got)
	})
	t.Run("zero", func(t *testing.T) {
		text, got := again(t, pmpsmart.Order{})
		require.Equal(t, `{"id":0,"kode_order":"","status":"","date_order":null,"user_id":0,"outlet_id":0,"created_at":null,"updated_at":null}`, text)
		require.Equal(t, pmpsmart.Order{}, got)
	})
}

// Values that a field could not take are in Extra, and stand in its place when
// the record is written.
func TestOddValuesSurviveARoundTrip(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"id":"x","user_id":{"id":7},"date_order":"besok","created_at":[1]}`,
		`{"id":1,"id":"dua","kode_order":{"a":1}}`,
		`{"status":["open"],"total":1,"total":2}`,
		`{"nama\u0020toko":"\ud83d\ude00","\"":"\\"}`,
		`{"a":{"b":{"c":[1,2,{"d":null}]}},"":""}`,
		`{"created_at":"0000-00-00 00:00:00","updated_at":""}`,
	} {
		var first pmpsmart.Order
		require.NoError(t, json.Unmarshal([]byte(body), &first), body)
		text, second := again(t, first)
		require.JSONEq(t, first.Extra.String(), second.Extra.String())
		second.Extra = first.Extra
		require.Equal(t, first, second, "%s written as %s", body, text)
	}
}

func TestARecordIsReadAsLooselyAsByTheClient(t *testing.T) {
	t.Parallel()
	const body = `{"id":"198","kode_order":7,"status":"pending","date_order":"2026-02-01T17:00:00Z","user_id":7.0,"created_at":"2026-02-02 09:00:00","updated_at":{"date":"2026-02-02 19:00:00.000000","timezone_type":3,"timezone":"Asia/Jakarta"},"baru":1}`
	var got pmpsmart.Order
	require.NoError(t, json.Unmarshal([]byte(body), &got))
	fromClient, err := serve(t, ok(body)).client().GetOrder(t.Context(), 198)
	require.NoError(t, err)
	equalTimes(t, &got.CreatedAt, &fromClient.CreatedAt)
	equalTimes(t, &got.UpdatedAt, &fromClient.UpdatedAt)
	require.Equal(t, got, *fromClient)
	require.Equal(t, "2026-02-02", got.Date.String(), "its day in WIB")
	require.True(t, got.CreatedAt.Equal(time.Date(2026, 2, 2, 2, 0, 0, 0, time.UTC)))
	require.True(t, got.UpdatedAt.Equal(evening))
}

func TestRecordsThatAreNoObjectsAreErrors(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`[]`, `"x"`, `7`, `true`} {
		o := pmpsmart.Order{ID: 7}
		require.EqualError(t, json.Unmarshal([]byte(body), &o), "pmpsmart: want a JSON object for a pmpsmart.Order, got "+body)
	}
	o := pmpsmart.Order{ID: 7}
	require.NoError(t, json.Unmarshal([]byte(`null`), &o))
	require.Equal(t, pmpsmart.Order{ID: 7}, o, "null changes nothing")
	require.NoError(t, json.Unmarshal([]byte(`{"kode_order":"A"}`), &o))
	require.Equal(t, pmpsmart.Order{Code: "A"}, o, "what is not there is zero")
}

func TestRecordsInsideOthersAreWrittenAndRead(t *testing.T) {
	t.Parallel()
	type book struct {
		Orders []pmpsmart.Order          `json:"orders"`
		ByName map[string]*pmpsmart.User `json:"by_name"`
		Days   []pmpsmart.Date           `json:"days"`
	}
	want := book{Orders: []pmpsmart.Order{{ID: 1}, {ID: 2, Extra: extra(t, `{"x":1}`)}}, ByName: map[string]*pmpsmart.User{"budi": {ID: 3}}, Days: []pmpsmart.Date{pmpsmart.NewDate(2026, 2, 2), {}}}
	_, got := again(t, want)
	require.Equal(t, want, got)
}

func TestDates(t *testing.T) {
	t.Parallel()
	day := pmpsmart.NewDate(2026, time.February, 2)
	require.Equal(t, "2026-02-02", day.String())
	require.Equal(t, "2026-02-02", fmt.Sprint(day))
	require.Equal(t, pmpsmart.NewDate(2026, time.February, 1), pmpsmart.NewDate(2026, time.January, 32), "normalized")
	require.False(t, day.IsZero())
	require.True(t, pmpsmart.Date{}.IsZero())
	require.Empty(t, pmpsmart.Date{}.String())
	require.Equal(t, time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC), day.Time(nil))
	wit := time.FixedZone("WIT", 9*3600)
	require.Equal(t, time.Date(2026, 2, 2, 0, 0, 0, 0, wit), day.Time(wit))
	require.True(t, pmpsmart.Date{}.Time(wit).IsZero())
	for _, year := range []int{0, -1, 10000, 100000, math.MaxInt32} {
		require.True(t, pmpsmart.NewDate(year, 1, 1).IsZero(), year)
	}
	require.Equal(t, "0001-01-01", pmpsmart.NewDate(1, 1, 1).String())
	require.True(t, pmpsmart.DateOf(time.Time{}).IsZero())
	require.Equal(t, day, pmpsmart.DateOf(evening))
	require.Equal(t, "9999-12-31", pmpsmart.NewDate(9999, 12, 31).String())
	for _, later := range []pmpsmart.Date{pmpsmart.NewDate(2026, 2, 3), pmpsmart.NewDate(2026, 3, 1), pmpsmart.NewDate(2027, 1, 1)} {
		require.True(t, day.Before(later))
		require.False(t, later.Before(day))
	}
	require.False(t, day.Before(day))
	require.Equal(t, map[pmpsmart.Date]int{day: 2}, map[pmpsmart.Date]int{pmpsmart.NewDate(2026, 2, 2): 2}, "comparable")
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]pmpsmart.Date{"2026-02-02": pmpsmart.NewDate(2026, 2, 2), "2024-02-29": pmpsmart.NewDate(2024, 2, 29), "0001-01-01": pmpsmart.NewDate(1, 1, 1)} {
		got, err := pmpsmart.ParseDate(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "2026-2-2", "2026-02-30", "2025-02-29", "2026-13-01", "02-02-2026", "2026-02-02T00:00:00Z", " 2026-02-02", "0000-01-01", "hari ini"} {
		got, err := pmpsmart.ParseDate(text)
		require.EqualError(t, err, fmt.Sprintf("pmpsmart: ParseDate: want a date like 2026-02-02, got %q", text))
		require.Equal(t, pmpsmart.Date{}, got)
	}
}

func TestDatesInJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{`"2026-02-02"`: "2026-02-02", `null`: "", `""`: "", `"0000-00-00"`: "", `"2026-02-01T17:00:00Z"`: "2026-02-02", `"2026-02-02 23:59:59"`: "2026-02-02", `1769994000`: "2026-02-02"} {
		var got pmpsmart.Date
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, want, got.String(), text)
	}
	for _, text := range []string{`"besok"`, `"2026-02-30"`, `{}`, `[]`, `true`} {
		got := pmpsmart.NewDate(2026, 1, 1)
		require.EqualError(t, json.Unmarshal([]byte(text), &got), `pmpsmart: Date: want a date like "2026-02-02", got `+text)
	}
	text, err := json.Marshal([]pmpsmart.Date{pmpsmart.NewDate(2026, 2, 2), {}})
	require.NoError(t, err)
	require.Equal(t, `["2026-02-02",null]`, string(text))
}
