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
		o := parse(1, []byte(line))
		assert.EqualError(t, o.broken, problem, "%s", line)
	}
}

// What goes is what stands there, byte for byte.
func TestParseKeepsTheData(t *testing.T) {
	t.Parallel()
	o := parse(1, []byte(`{"STATUS":"draft", "data": {"b": 1.0, "a":"\ud800 <&>"} ,"Code":"A"}`))
	require.NoError(t, o.broken)
	assert.Equal(t, "A", o.in.Code)
	assert.EqualValues(t, "draft", o.in.Status)
	assert.Equal(t, `{"b": 1.0, "a":"\ud800 <&>"}`, string(o.data))
	o = parse(1, []byte(`{"code":"A","status":"draft","data":null}`))
	require.NoError(t, o.broken)
	assert.Equal(t, "null", string(o.data))
}
