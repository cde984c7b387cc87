package pmpsmart_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

const someFields = `{"total":"1000.50","ok":1,"at":"2026-02-02 09:00:00","list":[1,"2"],"sub":{"id":"7"},"none":null,"empty":"","twice":1,"twice":2,"na\u006da":"Budi","date":"2026-02-02"}`

func TestExtraReturnsFieldsAsTheyCame(t *testing.T) {
	t.Parallel()
	e := extra(t, someFields)
	for name, want := range map[string]string{"total": `"1000.50"`, "ok": `1`, "list": `[1,"2"]`, "none": `null`, "empty": `""`, "twice": `2`, "nama": `"Budi"`} {
		require.Equal(t, want, string(e.Get(name)), name)
	}
	require.Nil(t, e.Get("tidak ada"))
	require.Nil(t, e.Get(""))
	require.Nil(t, e.Get("id"), "not inside others")
}

func TestExtraListsFieldsInTheirOrder(t *testing.T) {
	t.Parallel()
	var names []string
	for name, value := range extra(t, someFields).All() {
		require.True(t, json.Valid(value))
		names = append(names, name)
	}
	require.Equal(t, []string{"total", "ok", "at", "list", "sub", "none", "empty", "twice", "nama", "date"}, names)
	for name := range extra(t, someFields).All() {
		require.Equal(t, "total", name)
		break
	}
}

func TestTheZeroExtraIsEmpty(t *testing.T) {
	t.Parallel()
	var e pmpsmart.Extra
	require.Nil(t, e.Get("x"))
	for range e.All() {
		require.Fail(t, "it holds something")
	}
	require.Equal(t, "{}", e.String())
	require.Equal(t, "{}", fmt.Sprintf("%v", e))
	require.ErrorIs(t, e.Decode("x", new(int)), pmpsmart.ErrNoField)
	text, err := json.Marshal(e)
	require.NoError(t, err)
	require.Equal(t, "{}", string(text))
	for _, empty := range []string{`{}`, ` { } `, `null`} {
		require.Equal(t, e, extra(t, empty))
	}
}

func TestExtraDecodesLeniently(t *testing.T) {
	t.Parallel()
	e := extra(t, someFields)
	decoded(t, e, "total", 1000.5)
	decoded(t, e, "total", "1000.50")
	decoded(t, e, "ok", true)
	decoded(t, e, "ok", uint8(1))
	decoded(t, e, "list", []int{1, 2})
	decoded(t, e, "list", []string{"1", "2"})
	decoded(t, e, "sub", pmpsmart.Outlet{ID: 7})
	decoded(t, e, "sub", &pmpsmart.Order{ID: 7})
	decoded(t, e, "sub", map[string]int{"id": 7})
	decoded(t, e, "sub", struct {
		ID int64 `json:"id"`
	}{7})
	decoded(t, e, "sub", any(map[string]any{"id": "7"}))
	decoded(t, e, "none", 0)
	decoded(t, e, "empty", 0)
	decoded(t, e, "empty", false)
	decoded(t, e, "empty", time.Time{})
	decoded(t, e, "empty", []int(nil))
	decoded(t, e, "empty", pmpsmart.User{})
	decoded(t, e, "twice", int16(2))
	decoded(t, e, "date", pmpsmart.NewDate(2026, 2, 2))
	decoded(t, e, "list", rawJSON(`[1,"2"]`))
	var at time.Time
	require.NoError(t, e.Decode("at", &at))
	require.True(t, at.Equal(time.Date(2026, 2, 2, 2, 0, 0, 0, time.UTC)), "in WIB")
}

func decoded[T any](t *testing.T, e pmpsmart.Extra, name string, want T) {
	t.Helper()
	var got T
	require.NoError(t, e.Decode(name, &got))
	require.Equal(t, want, got)
}

func TestExtraDecodeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	e := extra(t, `{"n":"tujuh","sub":{"list":[1,"x"]},"big":300,"text":"x"}`)
	require.EqualError(t, e.Decode("tidak ada", new(int)), `pmpsmart: Extra.Decode "tidak ada": the server sent no such field beside those of the struct`)
	for name, v := range map[string]any{"n": new(int), "big": new(uint8), "text": new(struct{}), "sub": new([]int)} {
		err := e.Decode(name, v)
		require.ErrorContains(t, err, fmt.Sprintf("pmpsmart: Extra.Decode %q into %T: ", name, v))
		require.NotErrorIs(t, err, pmpsmart.ErrNotFound)
	}
	var nested struct{ List []int }
	require.ErrorContains(t, e.Decode("sub", &nested), `want int, got "x"`)
	for _, v := range []any{nil, 7, "x", (*int)(nil), struct{}{}} {
		require.ErrorContains(t, e.Decode("n", v), "want a pointer, got ")
	}
}

func TestExtraInJSON(t *testing.T) {
	t.Parallel()
	e := extra(t, ` {"b" : 1, "a":[ 2 ],"b":3} `)
	text, err := json.Marshal(e)
	require.NoError(t, err)
	require.JSONEq(t, `{"a":[2],"b":3}`, string(text))
	require.NotContains(t, string(text), `"b":1`)
	for _, body := range []string{`[]`, `7`, `"x"`, `true`} {
		var e pmpsmart.Extra
		require.EqualError(t, json.Unmarshal([]byte(body), &e), "pmpsmart: Extra: want a JSON object, got "+body)
	}
}

// Records of the same content are equal, whatever client read them, unless they
// mean times of different zones.
func TestEqualRecordsCompareEqual(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":7,"x":"2026-02-02 09:00:00"}`))
	get := func(opts ...pmpsmart.Option) pmpsmart.Order {
		o, err := s.client(opts...).GetOrder(t.Context(), 7)
		require.NoError(t, err)
		return *o
	}
	var unmarshaled pmpsmart.Order
	require.NoError(t, json.Unmarshal([]byte(`{"id":7,"x":"2026-02-02 09:00:00"}`), &unmarshaled))
	require.Equal(t, unmarshaled, get())
	require.Equal(t, get(), get())
	require.True(t, get() == unmarshaled, "with == too")
	require.NotEqual(t, unmarshaled, get(pmpsmart.WithLocation(time.UTC)))
	bare := serve(t, success(`{"id":7}`))
	o, err := bare.client(pmpsmart.WithLocation(time.UTC)).GetOrder(t.Context(), 7)
	require.NoError(t, err)
	require.Equal(t, &pmpsmart.Order{ID: 7}, o)
}

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

// moreFields are fields that no struct names.
const moreFields = `{"total":1000.50,"items":[{"qty":"2"}],"catatan":null}`

func TestAZeroRecordInJSON(t *testing.T) {
	t.Parallel()
	text, got := again(t, pmpsmart.Order{})
	require.Equal(t, `{"id":0,"kode_order":"","status":"","date_order":null,"user_id":0,"outlet_id":0,"created_at":null,"updated_at":null}`, text)
	require.Equal(t, pmpsmart.Order{}, got)
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

func TestARecordIsReadAsLenientlyAsByTheClient(t *testing.T) {
	t.Parallel()
	const body = `{"id":"198","kode_order":7,"status":"pending","date_order":"2026-02-01T17:00:00Z","user_id":7.0,"created_at":"2026-02-02 09:00:00","updated_at":{"date":"2026-02-02 19:00:00.000000","timezone_type":3,"timezone":"Asia/Jakarta"},"baru":1}`
	var got pmpsmart.Order
	require.NoError(t, json.Unmarshal([]byte(body), &got))
	fromClient, err := serve(t, success(body)).client().GetOrder(t.Context(), 198)
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

func TestExtrasAreEqual(t *testing.T) {
	t.Parallel()
	e := extra(t, `{"a":"\u0041","b":{"x":[1,2.50],"y":null}}`)
	for text, want := range map[string]bool{
		`{"a":"A","b":{"x":[1,2.50],"y":null}}`:                 true,
		"{ \"b\": {\"y\":null, \"x\":[1,2.50]},\n \"a\":\"A\"}": true,
		`{"a":"old","b":{"x":[1,2.50],"y":null},"a":"A"}`:       true,
		`{"a":"A","b":{"x":[1,2.5],"y":null}}`:                  false,
		`{"a":"A","b":{"x":[2.50,1],"y":null}}`:                 false,
		`{"a":"A","b":{"x":[1,2.50]}}`:                          false,
		`{"a":"a","b":{"x":[1,2.50],"y":null}}`:                 false,
		`{"a":"A"}`:                                             false,
		`{}`:                                                    false,
	} {
		require.Equal(t, want, e.Equal(extra(t, text)), text)
		require.Equal(t, want, extra(t, text).Equal(e), text)
	}
	require.True(t, pmpsmart.Extra{}.Equal(extra(t, `{}`)))
	require.True(t, extra(t, `{"n":9007199254740993}`).Equal(extra(t, `{"n": 9007199254740993}`)))
	require.False(t, extra(t, `{"n":9007199254740993}`).Equal(extra(t, `{"n":9007199254740992}`)))
}

func TestRecordsInGob(t *testing.T) {
	t.Parallel()
	var want, got pmpsmart.Order
	require.NoError(t, json.Unmarshal([]byte(`{"id":7,"date_order":"2026-02-02","created_at":"2026-02-02 09:00:00","total":12}`), &want))
	var b bytes.Buffer
	require.NoError(t, gob.NewEncoder(&b).Encode(want))
	require.NoError(t, gob.NewDecoder(&b).Decode(&got))
	require.True(t, want.CreatedAt.Equal(got.CreatedAt))
	got.CreatedAt = want.CreatedAt
	require.Equal(t, want, got)
}

// All fields at once are what each of them is alone, in any struct or map.
func TestExtraDecodesAllFields(t *testing.T) {
	t.Parallel()
	type fields struct {
		Total float64 `json:"total"`
		OK    bool    `json:"ok"`
		At    time.Time
		List  []int
		Sub   pmpsmart.Outlet
		None  *int `json:"none"`
		Empty string
		Twice int
		Nama  string
		Date  pmpsmart.Date
		Kept  string
	}
	e := extra(t, someFields)
	got := fields{Kept: "x"}
	require.NoError(t, e.DecodeAll(&got))
	require.True(t, got.At.Equal(time.Date(2026, 2, 2, 9, 0, 0, 0, pmpsmart.WIB)))
	got.At = time.Time{}
	require.Equal(t, fields{Total: 1000.5, OK: true, List: []int{1, 2}, Sub: pmpsmart.Outlet{ID: 7}, Twice: 2, Nama: "Budi", Date: pmpsmart.NewDate(2026, 2, 2), Kept: "x"}, got)

	var raw map[string]json.RawMessage
	require.NoError(t, e.DecodeAll(&raw))
	require.Len(t, raw, 10)
	for name, value := range e.All() {
		require.Equal(t, value, raw[name])
	}
	var embedding struct {
		pmpsmart.Outlet
		Total int
		Rest  *pmpsmart.Extra
	}
	require.NoError(t, extra(t, `{"total":"5","id":7,"x":1}`).DecodeAll(&embedding))
	require.Equal(t, pmpsmart.Outlet{ID: 7, Extra: extra(t, `{"x":1}`)}, embedding.Outlet)
	require.Equal(t, 5, embedding.Total)

	got = fields{Kept: "x"}
	require.NoError(t, pmpsmart.Extra{}.DecodeAll(&got))
	require.Equal(t, fields{Kept: "x"}, got)
	var nothing map[string]any
	require.NoError(t, pmpsmart.Extra{}.DecodeAll(&nothing))
	require.Empty(t, nothing)
}

func TestExtraDecodeAllFails(t *testing.T) {
	t.Parallel()
	e := extra(t, `{"total":"banyak","n":7,"password":{"token":"rahasia"}}`)
	var got struct {
		Total float64
		N     int
	}
	require.ErrorContains(t, e.DecodeAll(&got), `pmpsmart: Extra.DecodeAll into *struct { Total float64; N int }: `)
	require.ErrorContains(t, e.DecodeAll(&got), `want float64, got "banyak"`)
	require.Equal(t, 7, got.N, "the rest is decoded")
	require.ErrorContains(t, e.DecodeAll(new(int)), "pmpsmart: Extra.DecodeAll into *int: want a pointer to a struct or a map")
	require.ErrorContains(t, e.DecodeAll(nil), "want a pointer, got nil")
	require.ErrorContains(t, e.DecodeAll(got), "want a pointer, got a value of type struct")
}

// A struct that embeds an Extra has in it what it does not name.
func TestExtraIsEmbedded(t *testing.T) {
	t.Parallel()
	type stock struct {
		Name string `json:"nama"`
		pmpsmart.Extra
	}
	var got []stock
	require.NoError(t, serve(t, success(`[{"nama":"Kopi","x":1},{"nama":7},{"type":"a","attributes":{"nama":"Teh","y":2}}]`)).client().Call(t.Context(), "x", nil, &got))
	require.Equal(t, []stock{{"Kopi", extra(t, `{"x":1}`)}, {Name: "7"}, {"Teh", extra(t, `{"type":"a","y":2}`)}}, got)
	var field struct{ Rest pmpsmart.Extra }
	require.NoError(t, serve(t, success(`{"rest":{"type":"a","attributes":{"x":1}}}`)).client().Call(t.Context(), "x", nil, &field))
	require.Equal(t, extra(t, `{"type":"a","attributes":{"x":1}}`), field.Rest)
}
