package envelope

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
)

// An oneResult is all that the reading of one record comes to.
type oneResult struct {
	Record order
	Found  bool
	Answer Answer
	Err    string
}

func readOne(t testing.TB, body string, o Options) oneResult {
	t.Helper()
	var r oneResult
	a, found, err := One(strings.NewReader(body), orders, o, &r.Record)
	r.Found, r.Answer, r.Err = found, said(a), textOf(err)
	for name, split := range splits(body) {
		var again oneResult
		a, found, err := One(split, orders, o, &again.Record)
		again.Found, again.Answer, again.Err = found, said(a), textOf(err)
		assert.Equal(t, r, again, name)
	}
	return r
}

// TestOneShapes has each shape in which a server may send one record.
func TestOneShapes(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		row
		body string
		want order
	}{
		{named("an object"), `{"data":{"id":1,"kode_order":"A"}}`, order{ID: 1, Code: "A"}},
		{named("an array of one"), `{"data":[{"id":1}]}`, order{ID: 1}},
		{named("an array of one and null"), `{"data":[null,{"id":1}]}`, order{ID: 1}},
		{named("under a name"), `{"data":{"order":{"id":1}}}`, order{ID: 1}},
		{named("under a number"), `{"data":{"0":{"id":1}}}`, order{ID: 1}},
		{named("under a name, an array of one"), `{"data":{"orders":[{"id":1}]}}`, order{ID: 1}},
		{named("under a name, after a list"), `{"data":{"items":[{"id":8},{"id":9}],"order":{"id":1}}}`, order{ID: 1, Extra: `{"items":[{"id":8},{"id":9}]}`}},
		{named("under a name, after a summary"), `{"data":{"summary":{"total":1},"orders":[{"id":1}]}}`, order{ID: 1, Extra: `{"summary":{"total":1}}`}},
		{named("under a name, after another record"), `{"data":{"user":{"id":5,"name":"x"},"order":{"id":1,"kode_order":"A"}}}`, order{ID: 1, Code: "A", Extra: `{"user":{"id":5,"name":"x"}}`}},
		{named("under a name, before another record"), `{"data":{"order":{"id":1,"total":7},"user":{"id":5},"n":2}}`, order{ID: 1, Extra: `{"user":{"id":5},"n":2,"total":7}`}},
		{named("under a name, after an array of one"), `{"data":{"detail":[{"id":5}],"order":[{"id":1,"kode_order":"A"}]}}`, order{ID: 1, Code: "A", Extra: `{"detail":[{"id":5}]}`}},
		{named("under a name, and an array of one as like"), `{"data":{"items":[{"id":8}],"order":{"id":1}}}`, order{ID: 1, Extra: `{"items":[{"id":8}]}`}},
		{named("a member of its own and beside it"), `{"data":{"x":1,"order":{"id":1,"x":2}}}`, order{ID: 1, Extra: `{"x":1,"x":2}`}},
		{named("beside totals of its own"), `{"data":{"order":{"id":1},"total":150000,"grand":5}}`, order{ID: 1, Extra: `{"total":150000,"grand":5}`}},
		{named("beside words"), `{"data":{"status":"open","code":7,"links":{},"order":{"id":1}}}`, order{ID: 1}},
		{named("under success"), `{"success":{"id":1,"kode_order":"A"}}`, order{ID: 1, Code: "A"}},
		{named("under success, under a name"), `{"success":{"order":{"id":1}}}`, order{ID: 1}},
		{named("a resource of JSON:API"), `{"data":{"id":"1","type":"orders","attributes":{"kode_order":"A","total":7},"relationships":{"user":{"data":null}}}}`,
			order{ID: 1, Code: "A", Extra: `{"type":"orders","total":7,"relationships":{"user":{"data":null}}}`}},
		{named("attributes of its own"), `{"data":{"id":1,"type":"orders","user_id":7,"attributes":{"kode_order":"A"}}}`,
			order{ID: 1, UserID: 7, Extra: `{"type":"orders","attributes":{"kode_order":"A"}}`}},
		{named("attributes of common names"), `{"data":{"id":1,"attributes":{"status":"x"}}}`, order{ID: 1, Extra: `{"attributes":{"status":"x"}}`}},
		{named("attributes beside other members"), `{"data":{"id":1,"type":"orders","attributes":{"kode_order":"A"},"total":7}}`, order{ID: 1, Code: "A", Extra: `{"type":"orders","total":7}`}},
		{named("attributes without a type"), `{"data":{"id":1,"attributes":{"kode_order":"A","total":7}}}`, order{ID: 1, Code: "A", Extra: `{"total":7}`}},
		{named("properties"), `{"data":{"type":"Feature","id":1,"geometry":null,"properties":{"kode_order":"A"}}}`, order{ID: 1, Code: "A", Extra: `{"type":"Feature","geometry":null}`}},
		{named("under two names"), `{"data":{"result":{"order":{"id":1}}}}`, order{ID: 1}},
		{named("under data, as a resource"), `{"data":{"data":{"id":1}}}`, order{ID: 1}},
		{named("bare"), `{"id":1,"status":"open"}`, order{ID: 1, Status: "open"}},
		{named("bare, an array of one"), `[{"id":1}]`, order{ID: 1}},
		{named("bare, under a name"), `{"order":{"id":1}}`, order{ID: 1}},
		{named("beside the envelope"), `{"status":"success","message":"ok","id":1,"total":7}`, order{ID: 1, Extra: `{"total":7}`}},
		{named("under a name beside the envelope"), `{"status":"success","message":"ok","order":{"id":1}}`, order{ID: 1}},
		{named("a page of one"), `{"data":{"current_page":1,"data":[{"id":1}],"links":[],"total":1}}`, order{ID: 1}},
		{named("its relations first"), `{"data":{"items":[{"id":2}],"outlet":{"id":5},"id":1}}`, order{ID: 1, Extra: `{"items":[{"id":2}],"outlet":{"id":5}}`}},
		{named("a relation that is empty"), `{"data":{"id":1,"outlet":[]}}`, order{ID: 1, Extra: `{"outlet":[]}`}},
		{named("without an id"), `{"data":{"status":"complete"}}`, order{Status: "complete"}},
		{named("of unknown fields"), `{"data":{"affected":1}}`, order{Extra: `{"affected":1}`}},
		{named("scalars of other kinds"), `{"data":{"id":"7","kode_order":7,"status":null,"date_order":"","user_id":12.0,"outlet_id":false,"created_at":"0000-00-00 00:00:00"}}`,
			order{ID: 7, Code: "7", UserID: 12}},
		{named("a duplicate key"), `{"data":{"id":1,"status":"open","kode_order":"A","status":"pending"}}`, order{ID: 1, Status: "pending", Code: "A"}},
		{named("no UTF-8"), "{\"data\":{\"id\":1,\"kode_order\":\"Caf\xe9\",\"x\xe9\":\"\xe9\"}}", order{ID: 1, Code: "Caf\ufffd", Extra: "{\"x\ufffd\":\"\ufffd\"}"}},
		{named("half a surrogate pair"), `{"data":{"id":1,"kode_order":"\ud83dx"}}`, order{ID: 1, Code: "\ufffdx"}},
		{named("the last data"), `{"data":{"id":1},"data":{"id":2}}`, order{ID: 2}},
	} {
		row.run(t, func(t *testing.T) {
			got := readOne(t, row.body, asJSON)
			assert.Equal(t, row.want, got.Record)
			assert.True(t, got.Found)
			assert.Empty(t, got.Err)
			assert.Empty(t, got.Answer.Drifts)
		})
	}
}

// TestNoRecord has what a server answers that did as it was asked, and sends no
// record.
func TestNoRecord(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		`[]`, `{}`, `null`, `""`, `" "`, `true`, `false`, `1`, `0`, `"1"`, `"true"`, `-1.5`, `[null]`, `[{}]`,
		`{"order":null}`, `{"order":[]}`, `{"order":{}}`, `{"order":""}`, `{"order":false}`, `{"success":true}`, `{"total":0}`,
		`{"current_page":1,"data":[],"total":0}`, `{"a":{},"b":{}}`,
	} {
		t.Run(data, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, oneResult{Answer: Answer{Status: "success", Message: "ok"}}, readOne(t, `{"status":"success","message":"ok","data":`+data+`}`, asJSON))
			if strings.HasPrefix(data, "{") {
				return // {"success":true} at the top is an envelope
			}
			assert.Equal(t, oneResult{}, readOne(t, data, asJSON), "bare")
		})
	}
	for name, body := range map[string]string{
		"an envelope alone": `{"status":"success","message":"ok"}`,
		"with a code":       `{"status":"success","message":"ok","code":200}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, oneResult{Answer: Answer{Status: "success", Message: "ok"}}, readOne(t, body, asJSON))
		})
	}
}

// TestRemarkBesideNoRecord: what an envelope without data says besides is kept
// for a call that needs no record.
func TestRemarkBesideNoRecord(t *testing.T) {
	t.Parallel()
	want := oneResult{Record: order{Extra: `{"affected":1,"waktu":"x"}`}, Answer: Answer{Status: "success", Message: "ok"}}
	assert.Equal(t, want, readOne(t, `{"status":"success","affected":1,"message":"ok","waktu":"x"}`, asJSON))
	want = oneResult{Answer: Answer{Status: "error", Message: "x", Failed: true}}
	assert.Equal(t, want, readOne(t, `{"status":"error","affected":1,"message":"x"}`, asJSON))
}

// TestOneKeepsWhatWasThere: fields that the answer lacks stay as they were.
func TestOneKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	record := order{ID: 7, Status: "open", Code: "A"}
	_, found, err := One(strings.NewReader(`{"data":{"status":"complete","total":1}}`), orders, asJSON, &record)
	assert.NoError(t, err)
	assert.True(t, found)
	assert.Equal(t, order{ID: 7, Status: "complete", Code: "A", Extra: `{"total":1}`}, record)
}

func TestOneOddities(t *testing.T) {
	t.Parallel()
	strict := asJSON
	strict.Strict = true
	for _, row := range []struct {
		row
		body string
		o    Options
		want oneResult
	}{
		{named("an odd field"), `{"data":{"id":1,"user_id":"abc"}}`, asJSON,
			oneResult{order{ID: 1, Extra: `{"user_id":"abc"}`}, true, Answer{Count: 1, Drifts: []Drift{drift("data.user_id", "integer", `"abc"`)}}, ""}},
		{named("an odd field under a name"), `{"data":{"order":{"id":1,"user_id":{}}}}`, asJSON,
			oneResult{order{ID: 1, Extra: `{"user_id":{}}`}, true, Answer{Count: 1, Drifts: []Drift{drift("data.order.user_id", "integer", `{}`)}}, ""}},
		{named("an odd field in a bare record"), `[{"id":[1]}]`, asJSON,
			oneResult{order{Extra: `{"id":[1]}`}, true, Answer{Count: 1, Drifts: []Drift{drift("0.id", "integer", `[1]`)}}, ""}},
		{named("an odd id before a list"), `{"data":{"id":{"$oid":"5f"},"items":[{"id":2}]}}`, asJSON,
			oneResult{order{Extra: `{"id":{"$oid":"5f"},"items":[{"id":2}]}`}, true, Answer{Count: 1, Drifts: []Drift{drift("data.id", "integer", `{"$oid":"5f"}`)}}, ""}},
		{named("an odd field, strict"), `{"data":{"id":1,"user_id":"abc","outlet_id":"x"}}`, strict,
			oneResult{order{ID: 1, Extra: `{"user_id":"abc","outlet_id":"x"}`}, false, Answer{Count: 1}, `data.user_id: want integer, got "abc"`}},
		{named("a remark"), `{"data":"Data berhasil diupdate"}`, asJSON, oneResult{Answer: Answer{Drifts: []Drift{drift("data", "object", `"Data berhasil diupdate"`)}}}},
		{named("a remark, strict"), `{"data":"ok"}`, strict, oneResult{Err: `data: want object, got "ok"`}},
		{named("a remark in an object"), `{"data":{"message":"Tidak ada"}}`, asJSON, oneResult{Answer: Answer{Drifts: []Drift{drift("data", "object", `{"message":"Tidak ada"}`)}}}},
		{named("a bare remark"), `"ok"`, asJSON, oneResult{Answer: Answer{Drifts: []Drift{drift("body", "object", `"ok"`)}}}},
		{named("data as text"), `{"data":"{\"id\":1}"}`, asJSON, oneResult{order{ID: 1}, true, Answer{Count: 1, Drifts: []Drift{drift("data", "object", `"{\"id\":1}"`)}}, ""}},
		{named("encoded twice"), `"{\"status\":\"ok\",\"data\":{\"id\":1}}"`, asJSON,
			oneResult{order{ID: 1}, true, Answer{Status: "ok", Count: 1, Drifts: []Drift{drift("body", "JSON that is encoded once", `"{\"status\":\"ok\",\"data\":{\"id\":1}}"`)}}, ""}},
		{named("a refusal, encoded twice"), `"{\"status\":\"error\",\"message\":\"x\"}"`, asJSON,
			oneResult{Answer: Answer{Status: "error", Message: "x", Failed: true, Drifts: []Drift{drift("body", "JSON that is encoded once", `"{\"status\":\"error\",\"message\":\"x\"}"`)}}}},
		{named("a response in a response"), `{"headers":{},"original":{"status":"success","data":{"id":1}},"exception":null}`, asJSON,
			oneResult{order{ID: 1}, true, Answer{Status: "success", Count: 1, Drifts: []Drift{drift("body", "an answer that stands alone", `"{\"status\":\"success\",\"data\":{\"id\":1}}"`)}}, ""}},
		{named("a refusal in a response"), `{"headers":{},"original":{"success":false,"message":"x"},"exception":null}`, asJSON,
			oneResult{Answer: Answer{Message: "x", Failed: true, Drifts: []Drift{drift("body", "an answer that stands alone", `"{\"success\":false,\"message\":\"x\"}"`)}}}},
		{named("a refusal in a response, strict"), `{"headers":{},"original":{"success":false},"exception":null}`, strict,
			oneResult{Answer: Answer{Failed: true, Drifts: []Drift{drift("body", "an answer that stands alone", `"{\"success\":false}"`)}}}},
		{named("a response in data"), `{"status":"success","data":{"headers":{},"original":{"status":"error","message":"x"},"exception":null}}`, asJSON,
			oneResult{Answer: Answer{Status: "error", Message: "x", Failed: true, Drifts: []Drift{drift("body", "an answer that stands alone", `"{\"status\":\"error\",\"message\":\"x\"}"`)}}}},
		{named("a refusal as text in data"), `{"data":"{\"status\":\"error\",\"message\":\"x\"}"}`, asJSON,
			oneResult{Answer: Answer{Status: "error", Message: "x", Failed: true, Drifts: []Drift{drift("body", "JSON that is encoded once", `"{\"status\":\"error\",\"message\":\"x\"}"`)}}}},
		{named("a refusal in two responses"), `{"headers":{},"original":{"headers":{},"original":{"status":false},"exception":null},"exception":null}`, asJSON,
			oneResult{Answer: Answer{Status: "false", Failed: true, Drifts: []Drift{{"body", "an answer that stands alone", []byte(`"{\"headers\":{},\"original\":{\"status\":false},\"exception\":null}"`), 2}}}}},
		{named("success that is a list of texts"), `{"success":["Order saved."]}`, asJSON, oneResult{Answer: Answer{Message: "Order saved."}}},
		{named("texts beside no record"), `{"status":"success","data":{"affected":1,"warnings":["x"]}}`, asJSON,
			oneResult{order{Extra: `{"affected":1,"warnings":["x"]}`}, true, Answer{Status: "success", Count: 1}, ""}},
		{named("a list of two as text"), `{"data":"[{\"id\":1},{\"id\":2}]"}`, asJSON,
			oneResult{Answer: Answer{Drifts: []Drift{drift("data", "object", `"[{\"id\":1},{\"id\":2}]"`)}}, Err: "data: want one record, got a list of 2"}},
		{named("a refusal"), `{"status":"error","message":"x","data":{"id":1}}`, asJSON, oneResult{Answer: Answer{Status: "error", Message: "x", Failed: true}}},
		{named("a refusal behind data"), `{"data":{"id":1},"status":"error","message":"x"}`, asJSON, oneResult{Answer: Answer{Status: "error", Message: "x", Failed: true}}},
		{named("a list of two"), `{"data":[{"id":1},{"id":2}]}`, asJSON, oneResult{Err: "data: want one record, got a list of 2"}},
		{named("a list of a list"), `{"data":[[{"id":1}]]}`, asJSON, oneResult{Err: `data.0: want an object, got [{"id":1}]`}},
		{named("a list of a number"), `[7]`, asJSON, oneResult{Err: `0: want an object, got 7`}},
		{named("too deep"), `{"data":{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":{"j":{"id":1}}}}}}}}}}}}`, asJSON, oneResult{Err: "data.a.b.c.d.e.f.g.h.i: a record nested too deep"}},
		{named("cut"), `{"data":{"id":1}`, asJSON, oneResult{Err: "the body is cut short after 16 bytes: unexpected EOF"}},
		{named("two values"), `{"data":{"id":1}}{}`, asJSON, oneResult{Err: `want one JSON value, and more follows it, got "{}"`}},
		{named("empty"), "", asJSON, oneResult{Err: "want JSON: the body is empty"}},
	} {
		row.run(t, func(t *testing.T) { assert.Equal(t, row.want, readOne(t, row.body, row.o)) })
	}
}

// TestBrokenConnection: the connection's error wins over what the decoder makes
// of the missing rest. Once the answer is whole it is drift.
func TestBrokenConnection(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		row
		body string
		want []order
		err  error
	}{
		{named("at once"), "", []order{}, iotest.ErrTimeout},
		{named("after white space"), " \n", []order{}, iotest.ErrTimeout},
		{named("in noise"), "Warning: x", []order{}, iotest.ErrTimeout},
		{named("in a record"), `{"data":[{"id":1},{"id":`, ids(1), iotest.ErrTimeout},
		{named("before the last bracket"), `{"data":[{"id":1}]`, ids(1), iotest.ErrTimeout},
		{named("an end inside another error"), `{"data":[{"id":1}]`, ids(1), fmt.Errorf("stream: %w", io.EOF)},
	} {
		row.run(t, func(t *testing.T) {
			body := func() *broken { return &broken{strings.NewReader(row.body), row.err} }
			g := orders.Gather()
			a, err := g.Read(body(), asJSON)
			assert.Equal(t, row.err, err)
			assert.Equal(t, row.err, a.Broken)
			assert.Equal(t, row.want, g.Join())
			g.Back(0)
			a, err = g.Read(iotest.OneByteReader(body()), asJSON)
			assert.Equal(t, row.err, err)
			assert.Equal(t, row.err, a.Broken)
			assert.Equal(t, row.want, g.Join())
			a, _, err = One(body(), orders, asJSON, new(order))
			assert.Equal(t, row.err, err)
			assert.Equal(t, row.err, a.Broken)
		})
	}
	t.Run("behind the answer", func(t *testing.T) {
		t.Parallel()
		for _, end := range []error{iotest.ErrTimeout, io.ErrUnexpectedEOF, fmt.Errorf("stream: %w", io.EOF)} {
			want := []Drift{drift("body", "nothing but JSON", `"the body breaks off: `+end.Error()+`"`)}
			for _, body := range []string{`{"status":"success","data":[{"id":1}]}`, `{"status":"error","data":[{"id":1}]} `, `[{"id":1}]`} {
				g := orders.Gather()
				a, err := g.Read(&broken{strings.NewReader(body), end}, asJSON)
				assert.NoError(t, err, body)
				assert.Equal(t, want, a.Drifts, body)
				a, _, err = One(&broken{strings.NewReader(body), end}, orders, asJSON, new(order))
				assert.NoError(t, err, body)
				assert.Equal(t, want, a.Drifts, body)
				assert.Equal(t, strings.Contains(body, "error"), a.Failed, body)
			}
		}
	})
	t.Run("behind broken JSON", func(t *testing.T) {
		t.Parallel()
		a, err := List(&broken{strings.NewReader(`{"data":[1]`), iotest.ErrTimeout}, orders, asJSON, func() *order { return new(order) }, nil)
		assert.EqualError(t, err, "data.0: want an object, got 1")
		assert.NoError(t, a.Broken)
	})
}

// broken ends in an error, once; a reader that is asked again says EOF.
type broken struct {
	*strings.Reader
	err error
}

func (b *broken) Read(p []byte) (n int, err error) {
	if n, err = b.Reader.Read(p); err != nil {
		err, b.err = b.err, err
	}
	return n, err
}
