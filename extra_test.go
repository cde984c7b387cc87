package pmpsmart_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

const someFields = `{"total":"1000.50","ok":1,"at":"2026-02-02 09:00:00","list":[1,"2"],"sub":{"id":"7"},"none":null,"empty":"","twice":1,"twice":2,"na\u006da":"Budi","date":"2026-02-02"}`

func TestExtraGivesFieldsAsTheyCame(t *testing.T) {
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
	require.ErrorIs(t, e.Decode("x", new(int)), pmpsmart.ErrNotFound)
	text, err := json.Marshal(e)
	require.NoError(t, err)
	require.Equal(t, "{}", string(text))
	for _, empty := range []string{`{}`, ` { } `, `null`} {
		require.Equal(t, e, extra(t, empty))
	}
}

func TestExtraDecodesLoosely(t *testing.T) {
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
	require.EqualError(t, e.Decode("tidak ada", new(int)), `pmpsmart: Extra.Decode "tidak ada": the server sent no such field`)
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
	s := serve(t, ok(`{"id":7,"x":"2026-02-02 09:00:00"}`))
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
	bare := serve(t, ok(`{"id":7}`))
	o, err := bare.client(pmpsmart.WithLocation(time.UTC)).GetOrder(t.Context(), 7)
	require.NoError(t, err)
	require.Equal(t, &pmpsmart.Order{ID: 7}, o)
}
