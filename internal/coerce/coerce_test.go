package coerce_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A shop is a record with a table of fields.
type shop struct {
	ID    int64
	Name  string
	Extra string
}

var shops = envelope.NewModel(
	func(s *shop, object string, _ *time.Location) { s.Extra = object },
	func(s *shop) string { return s.Extra },
	envelope.Int("id", func(s *shop) *int64 { return &s.ID }),
	envelope.String("nama", func(s *shop) *string { return &s.Name }),
)

// A rupiah is a scalar that is known.
type rupiah int64

func (r *rupiah) set(raw []byte, _ *envelope.Scope) bool {
	n, ok := loose.Int(raw)
	*r = rupiah(n)
	return ok
}

func known(v any) coerce.Known {
	switch v := v.(type) {
	case *shop:
		return coerce.Record(shops, v)
	case *Seller:
		return coerce.Record(sellers, v)
	case *rupiah:
		return coerce.Scalar(v.set)
	}
	return nil
}

var wib = time.FixedZone("WIB", 7*3600)

// decode decodes text into a T and returns what it could not hold.
func decode[T any](t *testing.T, text string) (got T, drifts []string) {
	t.Helper()
	err := coerce.Decode([]byte(text), &got, coerce.Options{Location: wib, Known: known, Drift: func(m coerce.Mismatch) error {
		whole := ""
		if m.Whole {
			whole = " as a whole"
		}
		drifts = append(drifts, fmt.Sprintf("%s (%s): want %s, got %s%s", m.Path, m.At, m.Want, m.Got, whole))
		return nil
	}})
	require.NoError(t, err)
	return got, drifts
}

// check decodes text into a T, which must be want and the drifts.
func check[T any](t *testing.T, text string, want T, drifts ...string) {
	t.Helper()
	got, met := decode[T](t, text)
	require.Equal(t, want, got, text)
	require.Equal(t, drifts, met, text)
}

func TestScalars(t *testing.T) {
	t.Parallel()
	check(t, `"7"`, 7)
	check(t, `"7"`, uint8(7))
	check(t, `"1.5"`, 1.5)
	check(t, `1`, true)
	check(t, `12.50`, "12.50")
	check(t, `"12.50"`, json.Number("12.50"))
	check(t, `"7"`, rupiah(7))
	check(t, `null`, 0)
	check(t, `""`, 0)
	check(t, `18446744073709551615`, uint64(math.MaxUint64))
	at, _ := decode[time.Time](t, `"2026-02-02 09:00:00"`)
	require.True(t, at.Equal(time.Date(2026, 2, 2, 2, 0, 0, 0, time.UTC)))

	check(t, `"x"`, 0, `data (data): want int, got "x" as a whole`)
	check(t, `300`, uint8(0), `data (data): want uint8, got 300 as a whole`)
	check(t, `-1`, uint(0), `data (data): want uint, got -1 as a whole`)
	check(t, `1e39`, float32(0), `data (data): want float32, got 1e39 as a whole`)
	check(t, `"banyak"`, json.Number(""), `data (data): want json.Number, got "banyak" as a whole`)
	check(t, `[]`, rupiah(0), `data (data): want coerce_test.rupiah, got [] as a whole`)
	check(t, `"besok"`, time.Time{}, `data (data): want time.Time, got "besok" as a whole`)
}

func TestEncodingJSONDoesTheRest(t *testing.T) {
	t.Parallel()
	check(t, `{"a":[1,"x",null]}`, any(map[string]any{"a": []any{1.0, "x", nil}}))
	check(t, `{"a" : 1}`, json.RawMessage(`{"a" : 1}`))
	check(t, `"aGFs"`, []byte("hal"))
	check(t, `[1,"2",3]`, [2]int{1, 2})
	check(t, `{"NAME":"Budi","lain":1}`, struct {
		Name string `json:"name"`
	}{"Budi"})
	check(t, `{"1":"2"}`, map[int]int{1: 2})
	seven := 7
	check(t, `"7"`, &seven)
	check[*int](t, `null`, nil)
}

func TestRecords(t *testing.T) {
	t.Parallel()
	toko := shop{ID: 7, Name: "Toko"}
	check(t, `{"id":"7","nama":"Toko"}`, toko)
	check(t, `[{"id":7,"nama":"Toko"}]`, toko)
	check(t, `{"id":7,"nama":"Toko","x":[1]}`, shop{ID: 7, Name: "Toko", Extra: `{"x":[1]}`})
	check(t, `{"toko":{"id":7,"nama":"Toko"}}`, map[string]*shop{"toko": &toko})
	for _, nothing := range []string{`null`, `""`, `[]`} {
		check(t, nothing, shop{})
	}
	check(t, `{"id":{},"nama":[]}`, shop{Extra: `{"id":{},"nama":[]}`},
		`data.id (data.id): want integer, got {}`, `data.nama (data.nama): want string, got []`)
	check(t, `[{"id":7},{"id":"x"}]`, []shop{{ID: 7}, {Extra: `{"id":"x"}`}}, `data.*.id (data.1.id): want integer, got "x"`)
	check(t, `[{},{}]`, shop{}, `data (data): want coerce_test.shop, got [{},{}] as a whole`)
	check(t, `5`, shop{}, `data (data): want coerce_test.shop, got 5 as a whole`)
	check(t, `[{"n":7}]`, struct{ N int }{7}) // a struct is a record too
}

func TestEmptyValues(t *testing.T) {
	t.Parallel()
	type order struct {
		Outlet struct{ ID int }
		Tags   []string
		Counts map[string]int
	}
	check(t, `{"outlet":[],"tags":"","counts":[]}`, order{})
	check(t, `{"outlet":false,"tags":false,"counts":false}`, order{})
	check(t, `{"outlet":null,"tags":null,"counts":null}`, order{})
	check(t, `{"outlet":5,"tags":6,"counts":"x"}`, order{},
		`data.outlet (data.outlet): want struct { ID int }, got 5`,
		`data.tags (data.tags): want []string, got 6`,
		`data.counts (data.counts): want map[string]int, got "x"`)
}

// node is a recursive type.
type node struct {
	ID   int    `json:"id"`
	Kids []node `json:"kids"`
}

func TestListsThatStandAsObjects(t *testing.T) {
	t.Parallel()
	check(t, `{"0":"a","2":"b"}`, []string{"a", "b"})
	check(t, `{"0":"a","2":null}`, []string{"a", ""})
	check(t, `{"4":{"id":1},"7":{"id":"2"}}`, []node{{ID: 1}, {ID: 2}})
	check(t, `{"4":{"id":1},"5":null,"meta":{"x":1},"total":2,"7":{"id":2}}`, []node{{ID: 1}, {ID: 2}})
	check(t, `{"a":{"id":1},"b":{"id":2}}`, []shop{{ID: 1}, {ID: 2}})
	check(t, `{"current_page":1,"data":[{"id":1},{"id":2}]}`, []shop{{ID: 1}, {ID: 2}})
	check(t, `{"1":[{"id":1},{"id":2}]}`, []shop{{ID: 1}, {ID: 2}})
	check(t, `{"0":[1],"2":[2,3]}`, [][]int{{1}, {2, 3}})
	check(t, `{"0":{"0":1},"2":{"0":2,"5":3}}`, [][]int{{1}, {2, 3}})
	check(t, `{"id":"1","nama":"Toko"}`, []shop{{ID: 1, Name: "Toko"}})
	check(t, `{"nama":"Toko","id":1}`, []*shop{{ID: 1, Name: "Toko"}})
	check(t, `{}`, []int{})
	check(t, `{"id":1,"kids":{"id":2,"kids":{"8":{"id":3,"kids":""},"9":{"id":4,"kids":[{"id":5}]}}}}`,
		node{1, []node{{2, []node{{ID: 3}, {4, []node{{ID: 5}}}}}}})

	check(t, `{"0":"x","1":7}`, []int{0, 7}, `data.* (data.0): want int, got "x"`)
	check(t, `{"0":1,"x":"y"}`, []int{1}, `data.* (data.x): want []int, got "y"`)
	check(t, `{"a":"x"}`, []string{""}, `data.* (data.0): want string, got {"a":"x"}`)
	check(t, `{"kids":{"3":{"id":1},"4":{"id":"x","kids":{"id":{}}}}}`, node{Kids: []node{{ID: 1}, {Kids: []node{{}}}}},
		`data.kids.*.id (data.kids.4.id): want int, got "x"`, `data.kids.*.kids.*.id (data.kids.4.kids.0.id): want int, got {}`)
	check(t, `{"id":[],"kids":{"kode_toko":{"id":"x"},"a":{"id":"y"}}}`, node{Kids: []node{{}, {}}},
		`data.id (data.id): want int, got []`, `data.kids.*.id (data.kids.0.id): want int, got "x"`, `data.kids.*.id (data.kids.1.id): want int, got "y"`)
}

type itself []string

func (i *itself) UnmarshalJSON(b []byte) error {
	*i = itself{string(b)}
	return nil
}

func TestTypesThatReadThemselves(t *testing.T) {
	t.Parallel()
	check(t, `{"1":{"id":1}}`, itself{`{"1":{"id":1}}`})
	check(t, `{"3":{"id":1},"4":false}`, []itself{{`{"id":1}`}, {"false"}})
}

func TestStrictDecodingEndsAtTheFirstMismatch(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"id":"x","kids":5}`, `[{"id":"x"},{"id":"y"}]`, `{"0":{"id":"x"},"1":{"id":"y"}}`, `{"kids":{"id":"x","kids":5}}`} {
		met := 0
		stop := fmt.Errorf("stop")
		o := coerce.Options{Location: wib, Known: known, Drift: func(coerce.Mismatch) error { met++; return stop }}
		var list []node
		var one node
		var into any = &list
		if text[1] != '{' && text[2] != '0' {
			into = &one
		}
		require.ErrorIs(t, coerce.Decode([]byte(text), into, o), stop, text)
		require.Equal(t, 1, met, text)
	}
	met := 0
	o := coerce.Options{Known: known, Drift: func(coerce.Mismatch) error { met++; return fmt.Errorf("stop") }}
	require.ErrorContains(t, coerce.Decode([]byte(`{"id":{},"nama":{}}`), new(shop), o), "stop")
	require.Equal(t, 1, met, "of a record's fields too")
}

func TestWithoutDriftAMismatchIsAnError(t *testing.T) {
	t.Parallel()
	o := coerce.Options{Location: wib, Known: known}
	require.ErrorContains(t, coerce.Decode([]byte(`{"id":"x"}`), new(node), o), `want int, got "x"`)
	var s shop
	require.NoError(t, coerce.Decode([]byte(`{"id":"x"}`), &s, o), "a record keeps it")
	require.Equal(t, shop{Extra: `{"id":"x"}`}, s)
	require.NoError(t, coerce.Decode([]byte(`"7"`), new(int), coerce.Options{}))
}

func TestTargetsThatAreNone(t *testing.T) {
	t.Parallel()
	require.EqualError(t, coerce.Decode([]byte(`1`), nil, coerce.Options{}), "want a pointer, got nil")
	require.EqualError(t, coerce.Decode([]byte(`1`), 7, coerce.Options{}), "want a pointer, got a value of type int")
	require.EqualError(t, coerce.Decode([]byte(`1`), (*int)(nil), coerce.Options{}), "want a pointer, got a nil *int")
}

func TestIsRecord(t *testing.T) {
	t.Parallel()
	o := coerce.Options{Known: known}
	for v, want := range map[any]bool{new(shop): true, new(rupiah): false, new(node): true, new(time.Time): false, new(itself): false, new(int): false, new([]shop): false} {
		require.Equal(t, want, o.IsRecord(v), "%T", v)
	}
}
