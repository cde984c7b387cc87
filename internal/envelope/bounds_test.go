package envelope

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
)

func bounded(n int, perRecord bool) Options {
	o := asJSON
	o.MaxBytes, o.PerRecord = int64(n), perRecord
	return o
}

// TestBoundOfTheAnswer: exactly the bound passes, one byte more does not,
// wherever it stands.
func TestBoundOfTheAnswer(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a list":              `{"status":true,"data":[{"id":1},{"id":2}]}`,
		"a bare list":         `[{"id":1},{"id":2}]`,
		"words last":          `{"data":[{"id":1},{"id":2}],"message":"` + strings.Repeat("m", 5000) + `"}`,
		"at the top":          `{"orders":[{"id":1},{"id":2}],"x":"` + strings.Repeat("x", 5000) + `"}`,
		"by key":              `{"data":{"a":{"id":1},"b":{"id":2}}}`,
		"white space first":   strings.Repeat("\n", 5000) + `[{"id":1},{"id":2}]`,
		"white space last":    `[{"id":1},{"id":2}]` + strings.Repeat("\n", 5000),
		"white space inside":  `[{"id":1},` + strings.Repeat("\n", 5000) + `{"id":2}]`,
		"a byte-order mark":   "\xef\xbb\xbf" + `[{"id":1},{"id":2}]`,
		"noise":               "Warning: " + strings.Repeat("x", 5000) + `[{"id":1},{"id":2}]`,
		"a diagnostic behind": `[{"id":1},{"id":2}]` + "<br />\nWarning",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, split := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.DataErrReader} {
				got := readList(split(strings.NewReader(body)), bounded(len(body), false))
				assert.Empty(t, got.Err)
				assert.Equal(t, ids(1, 2), got.Records)
				if name == "a diagnostic behind" {
					continue // of which no more is read than is shown
				}
				got = readList(split(strings.NewReader(body)), bounded(len(body)-1, false))
				assert.Equal(t, ErrTooLarge.Error(), got.Err)
				a, found, err := One(split(strings.NewReader(body)), orders, bounded(len(body)-1, false), new(order))
				assert.Equal(t, ErrTooLarge, err)
				assert.False(t, found)
				assert.NotNil(t, a)
				_, _, err = Value(split(strings.NewReader(body)), bounded(len(body)-1, false))
				assert.Equal(t, ErrTooLarge, err)
			}
		})
	}
}

// TestBoundOfEachRecord: exactly the bound passes, one byte more ends the list,
// whatever stands around the record.
func TestBoundOfEachRecord(t *testing.T) {
	t.Parallel()
	const bound = 5000
	record := func(size int) string {
		const empty = `{"id":2,"x":""}`
		return `{"id":2,"x":"` + strings.Repeat("x", size-len(empty)) + `"}`
	}
	for name, around := range map[string][2]string{
		"a list":         {`{"status":true,"data":[{"id":1},`, `,{"id":3}]}`},
		"printed":        {"{\n    \"data\": [\n        {\"id\":1},\n" + strings.Repeat(" ", 8000), strings.Repeat(" ", 8000) + ",\n{\"id\":3}\n]\n}"},
		"by key":         {`{"data":{"0":{"id":1},"1":`, `,"2":{"id":3}}}`},
		"by name":        {`{"data":{"a":{"id":1},"b":`, `,"c":{"id":3}}}`},
		"a paginator":    {`{"data":{"current_page":1,"data":[{"id":1},`, `,{"id":3}],"links":[` + strings.Repeat(`{"url":null},`, 500) + `{}]}}`},
		"long words":     {`{"message":"` + strings.Repeat("m", 20_000) + `","data":[{"id":1},`, `,{"id":3}],"meta":{"x":"` + strings.Repeat("x", 20_000) + `"}}`},
		"null around it": {`[{"id":1},` + strings.Repeat("null,", 1000), strings.Repeat(",null", 1000) + `,{"id":3}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, split := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader} {
				got := readList(split(strings.NewReader(around[0]+record(bound)+around[1])), bounded(bound, true))
				assert.Empty(t, got.Err)
				assert.Len(t, got.Records, 3)
				got = readList(split(strings.NewReader(around[0]+record(bound+1)+around[1])), bounded(bound, true))
				assert.Equal(t, ErrTooLarge.Error(), got.Err)
				assert.Equal(t, ids(1), got.Records[:min(1, len(got.Records))])
				assert.LessOrEqual(t, len(got.Records), 1)
			}
		})
	}
	t.Run("one record for a list", func(t *testing.T) {
		t.Parallel()
		assert.Empty(t, readList(strings.NewReader(`{"data":`+record(bound)+`}`), bounded(bound, true)).Err)
		assert.Equal(t, ErrTooLarge.Error(), readList(strings.NewReader(`{"data":`+record(bound+1)+`}`), bounded(bound, true)).Err)
		assert.Equal(t, ErrTooLarge.Error(), readList(strings.NewReader(`{"data":{"order":`+record(bound+1)+`}}`), bounded(bound, true)).Err)
	})
	t.Run("the list has no bound", func(t *testing.T) {
		t.Parallel()
		var many []string
		for i := range 5000 {
			many = append(many, fmt.Sprintf(`"%d":{"id":%d}`, i, i))
		}
		byKey := "{" + strings.Join(many, ",") + "}"
		for _, body := range []string{
			string(manyOrders(5000)),
			`{"data":` + byKey + `}`,
			`{"data":` + strings.ReplaceAll(byKey, `":{`, `x":{`) + `}`,
			`{"data":{"current_page":1,"data":` + byKey + `}}`,
			`{"data":{"orders":{"current_page":1,"data":` + byKey + `}}}`,
			`{"current_page":1,"data":` + byKey + `}`,
		} {
			got := readList(strings.NewReader(body), bounded(300, true))
			assert.Empty(t, got.Err, body[:50])
			assert.Len(t, got.Records, 5000)
		}
	})
}

// TestOddBounds has bounds that nobody means.
func TestOddBounds(t *testing.T) {
	t.Parallel()
	const body = `{"data":[{"id":1}]}`
	assert.Equal(t, ErrTooLarge.Error(), readList(strings.NewReader(body), bounded(1, false)).Err)
	assert.Equal(t, ErrTooLarge.Error(), readList(strings.NewReader(body), bounded(1, true)).Err)
	assert.Empty(t, readList(strings.NewReader(`{"message":"m","data":[]}`), bounded(1, true)).Err, "no record is too large")
	assert.Empty(t, readList(strings.NewReader(body), bounded(math.MaxInt, false)).Err)
	assert.Empty(t, readList(strings.NewReader("x"+body), bounded(math.MaxInt, false)).Err)
	assert.Empty(t, readList(strings.NewReader(body), bounded(math.MaxInt, true)).Err)
	assert.Empty(t, readList(strings.NewReader(`1`), bounded(1, false)).Answer.Drifts)
}

// endless is a body that never ends.
type endless struct {
	start, again string
	read         int64
	at           int
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if e.start != "" {
			m := copy(p[n:], e.start)
			e.start = e.start[m:]
			n += m
			continue
		}
		m := copy(p[n:], e.again[e.at:])
		e.at = (e.at + m) % len(e.again)
		n += m
	}
	e.read += int64(n)
	return n, nil
}

// TestEndlessBodies end at the bound, of the answer and, but for a list that gives
// records all the while, of each record.
func TestEndlessBodies(t *testing.T) {
	t.Parallel()
	const bound = 1 << 20
	for _, row := range []struct {
		row
		start, again string
		records      bool // it gives records all the while
	}{
		{named("white space"), "", " ", false},
		{named("white space behind"), `{"data":[]}`, "\n", false},
		{named("white space in a list"), `{"data":[`, "\n", false},
		{named("a text"), `"`, "x", false},
		{named("a text in a record"), `{"data":[{"id":1},{"x":"`, "x", false},
		{named("a message"), `{"message":"`, "x", false},
		{named("a name"), `{"`, "x", false},
		{named("a number"), `{"data":[{"id":`, "7", false},
		{named("members"), `{`, `"a":1,`, false},
		{named("members of a record"), `{"data":[{"id":1`, `,"a":1`, false},
		{named("members of data"), `{"data":{"x":1`, `,"a":1`, false},
		{named("data again and again"), `{"a":1`, `,"data":[]`, false},
		{named("a list at the top"), `{"orders":[{"id":1}`, `,{"id":2}`, false},
		{named("null"), `{"data":[null`, `,null`, false},
		{named("null by key"), `{"data":{"1":{"id":1}`, `,"2":null`, false},
		{named("a second list"), `{"data":{"a":[{"id":1}],"b":[1`, `,1`, false},
		{named("an object beside the list"), `{"data":{"a":[{"id":1}],"b":{"c":1`, `,"c":1`, false},
		{named("records"), `{"data":[{"id":1}`, `,{"id":2}`, true},
		{named("records by key"), `{"data":{"a":{"id":1}`, `,"b":{"id":2}`, true},
	} {
		row.run(t, func(t *testing.T) {
			body := &endless{start: row.start, again: row.again}
			assert.Equal(t, ErrTooLarge.Error(), readList(body, bounded(bound, false)).Err)
			assert.Less(t, body.read, int64(bound+2*window))

			body = &endless{start: row.start, again: row.again}
			n := 0
			var record order
			_, err := List(body, orders, bounded(bound, true), func() *order { record = order{}; return &record }, func() bool { n++; return n < 100_000 })
			if row.records {
				assert.Equal(t, ErrStopped, err)
				return
			}
			assert.Equal(t, ErrTooLarge, err)
			assert.Less(t, body.read, int64(2*bound))

			_, _, err = One(&endless{start: row.start, again: row.again}, orders, bounded(bound, false), &record)
			assert.Equal(t, ErrTooLarge, err)
			_, _, err = Value(&endless{start: row.start, again: row.again}, bounded(bound, false))
			assert.Equal(t, ErrTooLarge, err)
			assert.NotNil(t, Failure(&endless{start: row.start, again: row.again}, bounded(bound, false)))
		})
	}
	t.Run("noise", func(t *testing.T) {
		t.Parallel()
		got := readList(&endless{again: "<p>"}, bounded(bound, false))
		assert.Contains(t, got.Err, "want JSON, got")
		got = readList(&endless{start: `{"data":[]}`, again: "x"}, bounded(bound, false))
		assert.Contains(t, got.Err, "want one JSON value, and more follows it")
	})
}

// TestNesting: a value nested without end is an error, not a crash; what is deep,
// yet can be read, is.
func TestNesting(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	objects := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	for name, body := range map[string]string{
		"arrays in a field":     `{"data":[{"id":1},{"id":2,"x":` + nested(10_001) + `}]}`,
		"objects in a field":    `{"data":[{"id":1},{"id":2,"x":` + objects(10_001) + `}]}`,
		"arrays in data":        `{"data":` + nested(10_001) + `}`,
		"objects in data":       `{"data":` + objects(10_001) + `}`,
		"arrays in message":     `{"message":` + nested(10_001) + `}`,
		"bare arrays":           nested(10_001),
		"bare objects":          objects(10_001),
		"arrays without an end": strings.Repeat("[", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readEveryWay(t, body, asJSON)
			assert.NotEmpty(t, got.Err)
			assert.Less(t, len(got.Err), 1000, "an error for people")
			assert.LessOrEqual(t, len(got.Records), 1)
			_, found, err := One(strings.NewReader(body), orders, asJSON, new(order))
			assert.Error(t, err)
			assert.False(t, found)
			_, _, err = Value(strings.NewReader(body), asJSON)
			assert.Error(t, err)
			assert.NotNil(t, Failure(strings.NewReader(body), asJSON))
		})
	}
	deep := nested(9_990)
	got := readEveryWay(t, `{"data":[{"id":1,"x":`+deep+`}],"message":`+deep+`}`, asJSON)
	assert.Empty(t, got.Err)
	assert.Equal(t, []order{{ID: 1, Extra: `{"x":` + deep + `}`}}, got.Records)
}

// TestHead: an error shows how the body starts, twice as far as is shown, so that
// no secret is cut before it is blanked out.
func TestHead(t *testing.T) {
	t.Parallel()
	long := `{"status":"error","message":"` + strings.Repeat("m", 3*headSize) + `"}`
	for name, body := range map[string]string{"a refusal": long, "cut": long[:len(long)-1], "no JSON": long[1:], "short": `{"status":"error"}`, "empty": ""} {
		a, _ := List(iotest.OneByteReader(strings.NewReader(body)), orders, asJSON, func() *order { return new(order) }, nil)
		assert.Equal(t, body[:min(len(body), 2*headSize)], string(a.Head), name)
		a, _, _ = One(strings.NewReader(body), orders, asJSON, new(order))
		assert.Equal(t, body[:min(len(body), 2*headSize)], string(a.Head), name)
	}
	a, _ := List(strings.NewReader(answerOfOne), orders, asJSON, func() *order { return new(order) }, func() bool { return true })
	assert.Nil(t, a.Head, "nobody asks for that of a success")
}

// TestStop: a consumer that wants no more ends the reading.
func TestStop(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"data":[{"id":1},{"id":2}]}`, `{"data":{"a":{"id":1},"b":{"id":2}}}`, `{"orders":[{"id":1},{"id":2}]}`, `{"data":{"id":1}}`} {
		n := 0
		a, err := List(strings.NewReader(body), orders, asJSON, func() *order { return new(order) }, func() bool { n++; return false })
		assert.Equal(t, ErrStopped, err, body)
		assert.Equal(t, 1, n, body)
		assert.Equal(t, 1, a.Count, body)
	}
}

// TestReadersAreNotShared: an answer keeps nothing of a reader that others use
// again, also after one of a great size.
func TestReadersAreNotShared(t *testing.T) {
	t.Parallel()
	big := `{"message":"` + strings.Repeat("m", 2<<20) + `","data":[{"id":1,"x":"` + strings.Repeat("x", 2<<20) + `"}]}`
	o := asJSON
	o.MaxBytes = 8 << 20
	first := readList(strings.NewReader(`{"status":"odd","message":"first","data":[{"id":"first","kode_order":"first"}],"errors":{"first":"first"}}`), o)
	want := []order{{Code: "first", Extra: `{"id":"first"}`}}
	for range 50 {
		readList(strings.NewReader(`{"status":"ddo","message":"other","data":[{"id":"other","kode_order":"other"}],"errors":{"other":"other"}}`), o)
		assert.Empty(t, readList(strings.NewReader(big), o).Err)
	}
	assert.Equal(t, want, first.Records)
	assert.Equal(t, Answer{Status: "odd", Message: "first", Fields: fields{"first": {"first"}}, Count: 1, Errors: true,
		Drifts: []Drift{drift("data.*.id", "integer", `"first"`), drift("errors", "no errors beside data", `{"first":"first"}`), drift("status", "a known status", `"odd"`)}}, first.Answer)
}
