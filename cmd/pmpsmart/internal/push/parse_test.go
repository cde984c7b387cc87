package push

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is wrong with a line is said in words that need no knowledge of Go.
func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	const want = `; want an order like {"code":"PMP-1","status":"completed","data":{…}}`
	for line, problem := range map[string]string{
		`[{"code":"A","status":"completed","data":1}]`: "is a list" + want,
		`"A"`:    "is a text" + want,
		`7`:      "is a number" + want,
		`null`:   "is null" + want,
		`true`:   "is true or false" + want,
		`code,1`: `is not JSON: "code,1"` + want,
		`{"code":"A","status":"completed","data":{"a":1,}}`:        `is not JSON, near "ata\":{\"a\":1,}}"` + want,
		`{"code":"A","status":"completed",`:                        "ends in the middle of an order; an order stands whole on one line",
		`{`:                                                        "ends in the middle of an order; an order stands whole on one line",
		`{"code":1,"status":"completed","data":1}`:                 `"code" is a number; want a text`,
		`{"code":"A","status":["completed"],"data":1}`:             `"status" is a list; want a text`,
		`{"code":"A","code":"B","status":"completed","data":1}`:    `has "code" twice`,
		`{"code":"A","Code":"B","status":"completed","data":1}`:    `has "Code" twice`,
		`{"code":"A","status":"completed","data":[{"x":1,"x":2}]}`: `has "x" twice`,
		`{"code":"A","status":"completed","data":1,"sattus":1}`:    `has a "sattus", which would be lost; an order has a "code", a "status" and "data"`,
		`{"code":"A","status":"completed","data":1}{"code":"B"}`:   "holds more than one order",
		`{"code":"A","status":"completed","data":1},`:              `has "," after the order`,
		`{"code":null,"status":"completed","data":1}`:              `needs a "code", a "status" and "data"`,
		`{"code":"A","status":"completed"}`:                        `needs a "code", a "status" and "data"`,
		"{\"code\":\"A\xff\",\"status\":\"completed\",\"data\":1}": "is not UTF-8; save the file as UTF-8",
	} {
		o := (&options{}).parse(1, []byte(line))
		assert.EqualError(t, o.broken, problem, "%s", line)
	}
}

// What goes is what stands there, byte for byte.
func TestParseKeepsTheData(t *testing.T) {
	t.Parallel()
	o := (&options{}).parse(1, []byte(`{"STATUS":"draft", "data": {"b": 1.0, "a":"\ud800 <&>"} ,"Code":"A"}`))
	require.NoError(t, o.broken)
	assert.Equal(t, "A", o.in.Code)
	assert.EqualValues(t, "draft", o.in.Status)
	assert.Equal(t, `{"b": 1.0, "a":"\ud800 <&>"}`, string(o.data))
}

// Data that is hardly meant is asked about.
func TestDataThatIsHardlyMeant(t *testing.T) {
	t.Parallel()
	order := func(data string) []byte { return []byte(`{"code":"A","status":"draft","data":` + data + `}`) }
	assert.EqualError(t, (&options{}).parse(1, order(`null`)).broken, `its "data" is null`)
	wrapped := order(`"{\"a\":12345678901234567}"`)
	assert.ErrorContains(t, (&options{}).parse(1, wrapped).broken, "would be wrapped twice")
	assert.Equal(t, `{"a":12345678901234567}`, string((&options{dataText: "unwrap"}).parse(1, wrapped).data))
	assert.Equal(t, `"{\"a\":12345678901234567}"`, string((&options{dataText: "keep"}).parse(1, wrapped).data))
	for _, text := range []string{`"catatan"`, `"12"`, `"{"`, `"[Toko]"`, `"null"`} {
		assert.NoError(t, (&options{}).parse(1, order(text)).broken, text)
	}
}

// Numbers are compared as they are written.
func TestSum(t *testing.T) {
	t.Parallel()
	of := func(data string) string { return sum("completed", []byte(data)) }
	assert.Equal(t, of(`{"a":1,"b":[1,2]}`), of("{ \"b\" : [1, 2],\n\"a\":1}"))
	assert.Equal(t, of(`{"a":"\u0041"}`), of(`{"a":"A"}`))
	for _, other := range []string{`10000000000000001`, `10000000000000000.0`, `1e16`} {
		assert.NotEqual(t, of(`10000000000000000`), of(other), other)
	}
	assert.NotEqual(t, of(`1`), sum("draft", []byte(`1`)))
}

// A record of the server's, as export writes it, is the order that it was made of.
func TestParseReadsRecords(t *testing.T) {
	t.Parallel()
	const order = `{"code":"A","status":"draft","data":{"qty":2,"harga":12.50}}`
	for _, record := range []string{
		`{"id":7,"kode_order":"A","json_data":"{\"qty\":2,\"harga\":12.50}","status":"draft","status_order":"","created_at":"2026-11-29T13:28:15+07:00"}`,
		`{"id":7,"kode_order":"A","json_data":{"qty":2,"harga":12.50},"status":"draft","user":{"name":"Siti"}}`,
		`{"kode_order":"A","status":"draft","data":{"qty":2,"harga":12.50}}`,
		`{"json_data":" {\"qty\":2,\"harga\":12.50}\n","problem":"refused","status":"draft","Kode":"A"}`,
	} {
		is, want := (&options{}).parse(1, []byte(record)), (&options{}).parse(1, []byte(order))
		require.NoError(t, is.broken, record)
		assert.Equal(t, want.in.Code, is.in.Code, record)
		assert.Equal(t, want.in.Status, is.in.Status, record)
		assert.Equal(t, want.sum, is.sum, record)
	}
	for line, problem := range map[string]string{
		`{"kode_order":"A","status":"draft","json_data":"catatan"}`:            `the column "json_data" holds "catatan", which is no JSON`,
		`{"kode_order":"A","status":"draft","json_data":null}`:                 `its "data" is null`,
		`{"kode_order":"A","status":"draft","json_data":"\"{\\\"a\\\":1}\""}`:  `its "data" is a text that holds JSON, and would be wrapped twice: -data-text unwrap sends the JSON, -data-text keep sends the text`,
		`{"kode_order":"A","status":"draft","json_data":"{}","data":{}}`:       `has "data" twice`,
		`{"kode_order":"A","code":"B","status":"draft","data":{}}`:             `has "code" twice`,
		`{"id":7,"kode_order":"A","status":"draft","data":{},"created_at":""}`: `has a "id", which would be lost; an order has a "code", a "status" and "data"`,
	} {
		assert.EqualError(t, (&options{}).parse(1, []byte(line)).broken, problem, line)
	}
}
