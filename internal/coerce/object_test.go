package coerce_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// A Seller is another record, which reads itself as the records of the client do: a
// struct that embeds it has its method.
type Seller struct {
	ID    int64
	Email string
	Extra string
}

func (s *Seller) UnmarshalJSON([]byte) error { panic("a known type is not asked") }

var sellers = envelope.NewModel(
	func(s *Seller, object string, _ *time.Location) { s.Extra = object },
	func(s *Seller) string { return s.Extra },
	envelope.Int("id", func(s *Seller) *int64 { return &s.ID }),
	envelope.String("email", func(s *Seller) *string { return &s.Email }),
)

type (
	Shop = shop

	plain struct {
		Seller
		Omzet float64 `json:"omzet"`
	}
	pointer struct {
		*Seller
		Omzet float64 `json:"omzet"`
	}
	twice struct {
		plain
		Kota string
	}
	deep struct{ twice }
	two  struct {
		Seller
		Shop
		Omzet float64
	}
	hiddenBy struct {
		shop
		Omzet float64
	} // an embedded field that is not exported
	named struct {
		S     plain             `json:"s"`
		Many  []plain           `json:"many"`
		ByKey map[string]*plain `json:"by_key"`
	}
	inlined struct {
		S     Seller `json:",inline"`
		Omzet float64
	}
	tagged struct {
		Seller `json:"penjual"`
		ID     int64 `json:"id"`
	}
	shadowed struct {
		Seller
		ID    string `json:"id"`
		Email any    `json:"email"`
	}
	recursive struct {
		Seller
		Kids []recursive `json:"kids"`
		Next *recursive  `json:"next"`
	}
	shadowing struct {
		Seller
		ID   *shadowing `json:"id"`
		Next *shadowing `json:"next"`
	}
	types struct {
		Seller
		Bool   bool            `json:"bool"`
		Text   string          `json:"text"`
		Float  *float64        `json:"float"`
		At     time.Time       `json:"at"`
		AtP    *time.Time      `json:"atp"`
		Raw    json.RawMessage `json:"raw"`
		Number json.Number     `json:"number"`
		Rupiah rupiah          `json:"rupiah"`
		Shop   *shop           `json:"shop"`
		List   []uint8         `json:"list"`
		Ints   []int           `json:"ints"`
		Any    any             `json:"any"`
		Skip   string          `json:"-"`
		small  string          //lint:ignore U1000 no field of the JSON goes there
	}
)

func seller(id int64, email, extra string) Seller { return Seller{id, email, extra} }

// A record that a struct embeds takes its fields, the struct the others, and the
// record keeps what nobody names and what its fields can't hold.
func TestEmbeddedRecords(t *testing.T) {
	t.Parallel()
	const text = `{"id":"7","email":"a@b","omzet":"1000.50","kota":"Solo","x":[1]}`
	check(t, text, plain{seller(7, "a@b", `{"kota":"Solo","x":[1]}`), 1000.5})
	check(t, text, &plain{seller(7, "a@b", `{"kota":"Solo","x":[1]}`), 1000.5})
	s := seller(7, "a@b", `{"kota":"Solo","x":[1]}`)
	check(t, text, pointer{&s, 1000.5})
	check(t, `{}`, pointer{&Seller{}, 0})
	check(t, text, twice{plain{seller(7, "a@b", `{"x":[1]}`), 1000.5}, "Solo"})
	check(t, text, deep{twice{plain{seller(7, "a@b", `{"x":[1]}`), 1000.5}, "Solo"}})
	check(t, `{"id":1,"nama":"A","email":"a","omzet":2,"x":1}`, two{seller(1, "a", `{"x":1}`), shop{1, "A", `{"x":1}`}, 2})
	check(t, `{"id":1,"nama":"A","omzet":2}`, hiddenBy{shop{1, "A", ""}, 2})
	check(t, `{"id":1,"omzet":2}`, inlined{seller(1, "", ""), 2})
	check(t, `{"penjual":{"id":5,"y":1},"id":6,"x":1}`, tagged{seller(5, "", `{"y":1}`), 6})
	check(t, `[`+text+`]`, plain{seller(7, "a@b", `{"kota":"Solo","x":[1]}`), 1000.5})

	check(t, `{"id":{},"email":[],"omzet":"x"}`, plain{seller(0, "", `{"id":{},"email":[]}`), 0},
		`data.id (data.id): want integer, got {}`, `data.email (data.email): want string, got []`, `data.omzet (data.omzet): want float64, got "x"`)
	check(t, `[{"id":1},{"id":"x","omzet":[]}]`, []plain{{seller(1, "", ""), 0}, {seller(0, "", `{"id":"x"}`), 0}},
		`data.*.omzet (data.1.omzet): want float64, got []`, `data.*.id (data.1.id): want integer, got "x"`)
}

func TestEmbeddedRecordsUnderNames(t *testing.T) {
	t.Parallel()
	one := plain{seller(1, "", `{"x":1}`), 2}
	const text = `{"id":1,"omzet":2,"x":1}`
	check(t, `{"s":`+text+`,"many":[`+text+`],"by_key":{"a":`+text+`}}`, named{one, []plain{one}, map[string]*plain{"a": &one}})
	check(t, `{"s":`+text+`,"many":{"3":`+text+`,"5":`+text+`}}`, named{S: one, Many: []plain{one, one}})
	check(t, `{"many":{"current_page":1,"data":[`+text+`]}}`, named{Many: []plain{one}})
	for _, nothing := range []string{`null`, `""`, `[]`, `false`} {
		check(t, `{"s":`+nothing+`}`, named{})
	}
	check(t, `{"s":5,"by_key":{"a":{"omzet":"x"}}}`, named{ByKey: map[string]*plain{"a": {}}},
		`data.s (data.s): want coerce_test.plain, got 5`, `data.by_key.a.omzet (data.by_key.a.omzet): want float64, got "x"`)
	check(t, `5`, plain{}, `data (data): want coerce_test.plain, got 5 as a whole`)
}

// A field that the struct has as the record has it gets the value too, and no other
// than the record's may be without it.
func TestFieldsThatRecordsHaveToo(t *testing.T) {
	t.Parallel()
	check(t, `{"id":7,"email":"a"}`, shadowed{seller(7, "a", ""), "7", "a"})
	check(t, `[{"id":7,"email":"a"}]`, []shadowed{{seller(7, "a", ""), "7", "a"}})
	check(t, `{"id":"abc","email":["a"]}`, shadowed{seller(0, "", `{"id":"abc","email":["a"]}`), "abc", []any{"a"}})
	check(t, `{"id":[]}`, shadowed{seller(0, "", `{"id":[]}`), "", nil}, `data.id (data.id): want string, got []`)
}

func TestFieldsOfAllTypes(t *testing.T) {
	t.Parallel()
	half := 0.5
	at := time.Date(2026, 2, 2, 9, 0, 0, 0, wib)
	want := types{
		Bool: true, Text: "12", Float: &half, At: at, AtP: &at, Raw: json.RawMessage(`{"a":1}`), Number: "1.50", Rupiah: 7,
		Shop: &shop{ID: 1, Extra: `{"x":2}`}, List: []byte("hal"), Ints: []int{1, 2}, Any: map[string]any{"a": 1.0},
		Seller: seller(1, "", `{"Skip":"x","-":"x","small":"x"}`),
	}
	text := `{"id":1,"bool":"1","text":12,"float":"0.5","at":"2026-02-02 09:00:00","atp":"2026-02-02 09:00:00","raw":{"a":1},"number":"1.50",
		"rupiah":"7","shop":{"id":1,"x":2},"list":"aGFs","ints":{"3":"1","4":2},"any":{"a":1},"Skip":"x","-":"x","small":"x"}`
	check(t, text, want)
	check(t, `[`+text+`,null]`, []types{want, {}})
	check(t, `{"float":null,"atp":null,"shop":null,"raw":null,"at":"","ints":"","text":null}`, types{Raw: json.RawMessage("null")})
	check(t, `{"float":"x","atp":{},"shop":5,"ints":5,"rupiah":[],"number":"x","at":"besok"}`, types{Float: new(float64), AtP: new(time.Time), Shop: new(shop)},
		`data.float (data.float): want float64, got "x"`, `data.atp (data.atp): want time.Time, got {}`, `data.shop (data.shop): want coerce_test.shop, got 5`,
		`data.ints (data.ints): want []int, got 5`, `data.rupiah (data.rupiah): want coerce_test.rupiah, got []`,
		`data.number (data.number): want json.Number, got "x"`, `data.at (data.at): want time.Time, got "besok"`)
	check(t, `{"shop":{"id":"x"},"ints":[1,"x"]}`, types{Shop: &shop{Extra: `{"id":"x"}`}, Ints: []int{1, 0}},
		`data.shop.id (data.shop.id): want integer, got "x"`, `data.ints.* (data.ints.1): want int, got "x"`)
}

// Names are those of encoding/json, in whatever way a server spells them; the record's
// own names are the record's.
func TestNamesOfFields(t *testing.T) {
	t.Parallel()
	type inner struct {
		A, B, C string
		Both    string
	}
	type other struct{ Both string }
	type outer struct {
		Seller
		inner
		other
		A     string
		C     string `json:"c"`
		Total int    `json:"total_harga"`
	}
	check(t, `{"A":"a","B":"b","c":"c","Both":"x","totalHarga":5,"EMAIL":"e"}`,
		outer{Seller: seller(0, "e", `{"Both":"x"}`), inner: inner{B: "b"}, A: "a", C: "c", Total: 5})
	check(t, `{"TOTAL_HARGA":1,"total_harga":2}`, outer{Seller: seller(0, "", `{"TOTAL_HARGA":1}`), Total: 2})
	check(t, `{"total_harga":2,"totalHarga":1}`, outer{Seller: seller(0, "", `{"totalHarga":1}`), Total: 2})
	check(t, `{"total\u005fharga":2}`, outer{Total: 2})
	check(t, `[{"A":"a"},{"B":"b","A":"a"},{"B":"b"}]`, []outer{{A: "a"}, {A: "a", inner: inner{B: "b"}}, {inner: inner{B: "b"}}})
}

// The attributes of a resource are those of the record.
func TestResourcesOfStructs(t *testing.T) {
	t.Parallel()
	const text = `{"id":"7","type":"sellers","attributes":{"email":"a","omzet":2,"x":1}}`
	want := plain{seller(7, "a", `{"type":"sellers","x":1}`), 2}
	check(t, text, want)
	check(t, `{"s":`+text+`,"many":[`+text+`]}`, named{S: want, Many: []plain{want}})
	check(t, `{"s":{"id":1,"type":"t","attributes":{"omzet":"x"}}}`, named{S: plain{Seller: seller(1, "", `{"type":"t"}`)}},
		`data.s.omzet (data.s.omzet): want float64, got "x"`)
	check(t, `{"id":7,"attributes":{"omzet":2}}`, plain{seller(7, "", `{"attributes":{"omzet":2}}`), 0})
	check(t, `{"omzet":1,"type":"t","attributes":{"email":"a"}}`, plain{seller(0, "a", `{"type":"t"}`), 1})
	check(t, `{"type":"Feature","properties":{"n":1},"geometry":{}}`, struct{ N int }{1})
	check(t, `[{"type":"Feature","properties":{"n":1},"geometry":{}}]`, []struct{ N int }{{1}})
	check(t, `{"n":2,"properties":{"n":1}}`, struct{ N int }{2})
	type withAttributes struct {
		Seller
		Attributes map[string]int `json:"attributes"`
	}
	check(t, `{"id":7,"type":"t","attributes":{"a":1}}`, withAttributes{seller(7, "", `{"type":"t"}`), map[string]int{"a": 1}})
}

// reads is what methods of types below have read.
type reads string

type (
	own struct {
		Seller
		Got reads
	}
	ownV struct {
		*ownBox
		Seller
	}
	ownBox struct{ Got reads }
	inOwn  struct {
		own
		Omzet float64
	}
	deeper struct {
		Seller
		under
	}
	under          struct{ own }
	generic[T any] struct {
		Seller
		V T `json:"v"`
	}
	ownGeneric[T any] struct {
		Seller
		V   T
		Got reads
	}
)

func (o *own) UnmarshalJSON(b []byte) error           { o.Got = reads(b); return nil }
func (o ownV) UnmarshalJSON(b []byte) error           { return nil }
func (o *ownGeneric[T]) UnmarshalJSON(b []byte) error { o.Got = reads(b); return nil }

// A type with its own way to be read is asked, one that has it from a record is not.
func TestMethodsOfTheirOwn(t *testing.T) {
	t.Parallel()
	check(t, `{"id":1}`, own{Got: `{"id":1}`})
	check(t, `{"id":1}`, ownV{})
	check(t, `{"id":1}`, inOwn{own: own{Got: `{"id":1}`}})
	check(t, `{"id":1,"Got":"x"}`, deeper{Seller: seller(1, "", ""), under: under{own{Seller: seller(1, "", ""), Got: "x"}}})
	check(t, `{"id":1,"v":"2"}`, generic[int]{seller(1, "", ""), 2})
	check(t, `{"id":1}`, ownGeneric[int]{Got: `{"id":1}`})
	type local struct {
		Seller
		N int
	}
	check(t, `{"id":1,"n":2}`, local{seller(1, "", ""), 2})
	check(t, `{"id":1,"n":2}`, struct {
		Seller
		N int
	}{seller(1, "", ""), 2})
}

type (
	secret struct{ Seller }
	hidden struct{ B int }
	alias  = Seller
)

// What is embedded is set whether its name is exported or not.
func TestEmbeddedTypesThatAreNotExported(t *testing.T) {
	t.Parallel()
	type holder struct {
		*secret
		*hidden
		N int
	}
	check(t, `[{"id":1,"n":2,"b":3}]`, []holder{{&secret{seller(1, "", "")}, &hidden{3}, 2}})
	check(t, `{"id":1,"n":2}`, holder{secret: &secret{seller(1, "", "")}, N: 2})
	check(t, `{"id":1,"n":2}`, struct {
		*alias
		N int
	}{&alias{ID: 1}, 2})
}

// Structs in structs are read to any depth.
func TestEmbeddingInDepth(t *testing.T) {
	t.Parallel()
	const n = 4990
	got, drifts := decode[recursive](t, strings.Repeat(`{"x":2,"id":7,"kids":[`, n)+strings.Repeat(`]}`, n))
	require.Empty(t, drifts)
	depth := 1
	for at := &got; len(at.Kids) == 1; at = &at.Kids[0] {
		require.Equal(t, seller(7, "", `{"x":2}`), at.Seller)
		depth++
	}
	require.Equal(t, n, depth)

	got, drifts = decode[recursive](t, strings.Repeat(`{"next":`, n)+`null`+strings.Repeat(`,"x":2,"id":7}`, n))
	require.Empty(t, drifts)
	depth = 0
	for at := &got; at != nil; at = at.Next {
		require.Equal(t, seller(7, "", `{"x":2}`), at.Seller)
		depth++
	}
	require.Equal(t, n, depth)
}

// A picky is a type that refuses what it doesn't like.
type picky struct{ text string }

func (p *picky) UnmarshalJSON(b []byte) error {
	if p.text = string(b); p.text != `"good"` {
		return fmt.Errorf("picky: %s", p.text)
	}
	return nil
}

// What a type refuses for reasons of its own is a mismatch as well, and the members
// behind it are decoded.
func TestFieldsThatRefuse(t *testing.T) {
	t.Parallel()
	type choosy struct {
		Seller
		A     picky
		Bytes []byte
		Deep  struct{ A picky }
		List  []picky
		N     int
	}
	good := picky{`"good"`}
	const text = `{"a":[{}],"bytes":{},"deep":{"a":{"x":[1]}},"list":["good",{"y":1}],"n":"7","id":1}`
	want := choosy{Seller: seller(1, "", ""), List: []picky{good, {}}, N: 7}
	check(t, text, want, `data.a (data.a): want coerce_test.picky, got [{}]`, `data.bytes (data.bytes): want []uint8, got {}`,
		`data.deep.a (data.deep.a): want coerce_test.picky, got {"x":[1]}`, `data.list.* (data.list.1): want coerce_test.picky, got {"y":1}`)
	want.List = nil // read by encoding/json, which has no more of it than the error
	check(t, `[`+text+`]`, []choosy{want}, `data.*.a (data.0.a): want coerce_test.picky, got [{}]`, `data.*.bytes (data.0.bytes): want []uint8, got {}`,
		`data.*.deep.a (data.0.deep.a): want coerce_test.picky, got {"x":[1]}`, `data.*.list (data.0.list): want []coerce_test.picky, got ["good",{"y":1}]`)

	var got choosy
	err := coerce.Decode([]byte(text), &got, coerce.Options{Known: known})
	require.ErrorContains(t, err, "picky: [{}]")
	require.Equal(t, 7, got.N)
}

func TestWithoutDriftTheRestIsDecoded(t *testing.T) {
	t.Parallel()
	var got types
	err := coerce.Decode([]byte(`{"bool":"x","text":"a","id":{},"ints":["x"],"float":1}`), &got, coerce.Options{Known: known})
	require.ErrorContains(t, err, `want bool, got "x"`)
	one := 1.0
	require.Equal(t, types{Seller: seller(0, "", `{"id":{}}`), Text: "a", Ints: []int{0}, Float: &one}, got)

	met := 0
	o := coerce.Options{Known: known, Drift: func(coerce.Mismatch) error { met++; return fmt.Errorf("stop") }}
	require.ErrorContains(t, coerce.Decode([]byte(`{"bool":"x","id":{},"ints":["x"]}`), &got, o), "stop")
	require.Equal(t, 1, met)
}
