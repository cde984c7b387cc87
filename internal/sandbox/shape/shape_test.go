package shape_test

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
)

// rows are records of the ids 1 to n.
type rows int64

func (n rows) Count() int64 { return int64(n) }

func (n rows) All() iter.Seq[record.Record] { return slices.Values(n.between(0, int64(n)+1)) }

func (n rows) Page(offset, limit int64) []record.Record {
	return n.between(offset, min(offset+limit, int64(n))+1)
}

func (n rows) After(id, limit int64) []record.Record { return n.Page(id, limit) }

func (n rows) Before(id, limit int64) []record.Record {
	return n.between(max(0, id-limit-1), min(id, int64(n)+1))
}

// between returns the records of the ids between two.
func (n rows) between(after, before int64) []record.Record {
	records := []record.Record{}
	for id := after + 1; id < before; id++ {
		records = append(records, record.Record{Kind: record.VisitKind, Columns: php.Object{{"id", id}}})
	}
	return records
}

// view returns a View in some styles.
func view(t *testing.T, styles ...string) *shape.View {
	t.Helper()
	form, err := shape.Default().With(styles...)
	require.NoError(t, err)
	return &shape.View{Form: form, URL: "http://x/visit", Origin: "http://x", WantsJSON: true, PerPage: 2, Page: 1}
}

// text returns a response as it is written.
func text(v *shape.View, r shape.Response) string {
	var text bytes.Buffer
	_ = v.Form.Write(&text, r) // into memory
	return text.String()
}

// many returns the body of a list.
func many(v *shape.View, n rows) string { return text(v, v.Many(n, "m", record.VisitKind)) }

const nothing = rows(0)

func TestLists(t *testing.T) {
	t.Parallel()
	for style, want := range map[string]string{
		"list=array":          `{"status":"success","message":"m","data":[{"id":1},{"id":2}]}`,
		"list=keyed":          `{"status":"success","message":"m","data":{"1":{"id":1},"2":{"id":2}}}`,
		"list=reversed":       `{"status":"success","message":"m","data":{"2":{"id":2},"1":{"id":1}}}`,
		"list=wrapped":        `{"status":"success","message":"m","data":{"visits":[{"id":1},{"id":2}]}}`,
		"list=named":          `{"status":"success","message":"m","visits":[{"id":1},{"id":2}]}`,
		"list=only-data":      `{"data":[{"id":1},{"id":2}]}`,
		"list=bare":           `[{"id":1},{"id":2}]`,
		"list=nulls":          `{"status":"success","message":"m","data":[null,{"id":1},null,{"id":2}]}`,
		"list=scalars":        `{"status":"success","message":"m","data":[1,2]}`,
		"list=single":         `{"status":"success","message":"m","data":[{"id":1},{"id":2}]}`,
		"list=more":           `{"results":[{"id":1},{"id":2}],"pagination":{"more":false}}`,
		"list=header":         `{"status":"success","message":"m","data":[{"id":1},{"id":2}]}`,
		"list=offset":         `{"status":"success","message":"m","data":[{"id":1},{"id":2}],"total":2,"limit":2,"offset":0}`,
		"list=datatables":     `{"draw":0,"recordsTotal":2,"recordsFiltered":2,"data":[{"id":1},{"id":2}]}`,
		"list=by-day":         `{"status":"success","message":"m","data":{"":[{"id":1},{"id":2}]}}`,
		"list=chunks":         `{"status":"success","message":"m","data":[[{"id":1},{"id":2}]]}`,
		"list=among":          `{"status":"success","message":"m","data":{"summary":[{"label":"Jumlah","nilai":2}],"columns":["Nomor","Keadaan"],"visits":[{"id":1},{"id":2}]}}`,
		"elements=named":      `{"status":"success","message":"m","data":[{"visit":{"id":1}},{"visit":{"id":2}}]}`,
		"elements=attributes": `{"status":"success","message":"m","data":[{"type":"visits","id":"1","attributes":{}},{"type":"visits","id":"2","attributes":{}}]}`,
		"elements=properties": `{"status":"success","message":"m","data":[{"type":"Feature","geometry":null,"properties":{"id":1}},{"type":"Feature","geometry":null,"properties":{"id":2}}]}`,
		"names=upper":         `{"status":"success","message":"m","data":[{"ID":1},{"ID":2}]}`,
		"grouped":             `{"status":"success","message":"m","data":{"":[{"id":1},{"id":2}]}}`,
	} {
		assert.Equal(t, want, many(view(t, style), 2), style)
	}
	assert.Equal(t, `{"status":"success","message":"m","data":{"id":1}}`, many(view(t, "list=single"), 1))
	assert.Equal(t, `{"status":"success","message":"m","data":[]}`, many(view(t, "list=keyed"), nothing))
	assert.Equal(t, `{"status":"success","message":"m","data":[]}`, many(view(t, "list=by-day"), nothing))
	assert.Equal(t, `{"status":"success","message":"m"}`, many(view(t, "empty=none"), nothing))
	assert.Equal(t, `{"status":"success","message":"m","data":false}`, many(view(t, "empty=false"), nothing))
}

func TestOne(t *testing.T) {
	t.Parallel()
	visit := rows(1).Page(0, 1)[0]
	for style, want := range map[string]string{
		"one=object":    `{"status":"success","message":"m","data":{"id":1}}`,
		"one=resource":  `{"data":{"id":1},"status":"success","message":"m"}`,
		"one=toplevel":  `{"data":{"id":1}}`,
		"one=named":     `{"status":"success","message":"m","data":{"visit":{"id":1}}}`,
		"one=zero":      `{"status":"success","message":"m","data":{"0":{"id":1}}}`,
		"one=bare":      `{"id":1}`,
		"one=array":     `{"status":"success","message":"m","data":[{"id":1}]}`,
		"status=true":   `{"status":true,"message":"m","data":{"id":1}}`,
		"status=none":   `{"message":"m","data":{"id":1}}`,
		"status=ya":     `{"status":"ya","message":"m","data":{"id":1}}`,
		"status=kode:1": `{"kode":1,"message":"m","data":{"id":1}}`,
		"message=list":  `{"status":"success","message":["m"],"data":{"id":1}}`,
		"message=none":  `{"status":"success","data":{"id":1}}`,
		"message=null":  `{"status":"success","message":null,"data":{"id":1}}`,
	} {
		v := view(t, style)
		assert.Equal(t, want, text(v, v.One(visit, "m")), style)
		created := v.Written(visit, true, "m")
		assert.Equal(t, want, text(v, created), style)
		assert.Equal(t, map[bool]int{true: 201, false: 200}[style == "one=resource" || style == "one=toplevel" || style == "one=bare"], created.Status, style)
		assert.Equal(t, 200, v.Written(visit, false, "m").Status)
	}
	v := view(t, "write=1", "missing=[]")
	assert.Equal(t, `{"status":"success","message":"m","data":1}`, text(v, v.Written(visit, true, "m")))
	assert.Equal(t, `{"status":"success","message":"m","data":[]}`, text(v, v.Missing("m", illuminate.UnknownModel("Order", "7"))))
}

func TestSession(t *testing.T) {
	t.Parallel()
	account := record.Record{Kind: record.AccountKind, Columns: php.Object{{"id", int64(1)}}}
	for way, data := range map[string]string{
		"api_token": `{"id":1,"api_token":"T"}`, "access_token": `{"access_token":"T","token_type":"Bearer","user":{"id":1}}`,
		"token": `{"token":"Bearer T","user":{"id":1}}`, "nested": `{"user":{"id":1,"api_token":"T"}}`,
		"text": `"T"`, "null": `{"id":1,"api_token":null}`, "none": `{"id":1}`, "beside": `{"id":1},"token":"T","token_type":"bearer"`,
	} {
		v := view(t, "login="+way)
		login := v.Session(account, "T", "m")
		assert.Equal(t, `{"status":"success","message":"m","data":`+data+`}`, text(v, login), way)
		assert.Equal(t, "T", login.Token)
	}
	for way, body := range map[string]string{
		"resource": `{"data":{"user":{"id":1,"api_token":"T"}},"status":"success","message":"m"}`,
		"toplevel": `{"access_token":"T","token_type":"bearer","expires_in":null}`, "bare": `{"id":1,"api_token":"T"}`,
	} {
		v := view(t, "login="+way)
		assert.Equal(t, body, text(v, v.Session(account, "T", "m")), way)
	}
	for way, body := range map[string]string{
		"null": `{"status":"success","message":"m","data":null}`, "array": `{"status":"success","message":"m","data":[]}`,
		"true": `{"status":"success","message":"m","data":true}`, "message": `{"message":"m"}`, "204": "", "nothing": "",
	} {
		v := view(t, "logout="+way)
		resp := v.LoggedOut("m")
		assert.Equal(t, body, text(v, resp), way)
		assert.Equal(t, map[bool]int{true: 204, false: 200}[way == "204"], resp.Status)
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	const plain = `{"status":"success","message":"m","data":{"id":1}}`
	for style, want := range map[string][2]string{ // the body and its type
		"plain":       {plain, shape.JSONType},
		"type=html":   {plain, shape.HTMLType},
		"type=text":   {plain, "text/plain; charset=UTF-8"},
		"type=none":   {plain, ""},
		"noise=bom":   {"\ufeff" + plain, shape.JSONType},
		"noise=blank": {"\n\n  " + plain + "\n\n\t \n", shape.JSONType},
		"body=empty":  {"", shape.JSONType},
		"body=cut":    {plain[:len(plain)-1], shape.JSONType},
		"body=two":    {`{"status":false,"message":"Outlet tidak ditemukan","data":null}` + plain, shape.JSONType},
		"body=nan":    {`{"status":"success","message":"Data order berhasil diambil","data":NaN}`, shape.JSONType},
	} {
		v := view(t, style)
		resp := v.One(rows(1).Page(0, 1)[0], "m")
		assert.Equal(t, want, [2]string{text(v, resp), v.Form.ContentType(resp)}, style)
	}
	for style, part := range map[string]string{"noise=html": "<b>Warning</b>", "noise=text": "\nWarning: ", "body=html": "<!DOCTYPE html>", "body=deep": strings.Repeat("[", 100_000)} {
		v := view(t, style)
		resp := v.One(rows(1).Page(0, 1)[0], "m")
		assert.Contains(t, text(v, resp), part, style)
		assert.Equal(t, strings.HasSuffix(style, "=html"), v.Form.ContentType(resp) == shape.HTMLType, style)
	}
	v := view(t, "noise=bom", "body=cut")
	failed := v.Fail(illuminate.Unauthenticated)
	assert.Equal(t, []string{`{"message":"Unauthenticated."}`, shape.JSONType}, []string{text(v, failed), v.Form.ContentType(failed)}, "errors are left alone")
	assert.Empty(t, v.Form.ContentType(shape.Response{Status: 204}))
	assert.Equal(t, shape.HTMLType, v.Form.ContentType(shape.Response{Status: 200}))
	assert.Equal(t, "page", text(v, shape.Response{Status: 200, Page: "page"}))
}

func TestStyles(t *testing.T) {
	t.Parallel()
	all := shape.Styles()
	assert.Len(t, all, len(slices.Compact(slices.Sorted(slices.Values(all)))), "none is there twice")
	for _, style := range all {
		form, err := shape.Default().With(style)
		require.NoError(t, err)
		assert.Equal(t, style == "plain", form == shape.Default(), style)
		back, err := form.With("plain")
		require.NoError(t, err)
		assert.Equal(t, shape.Default(), back)
	}
	for style, want := range map[string]string{
		"odd":        `unknown style "odd", known are plain, strings, `,
		"list=odd":   `unknown style "list=odd", known are array, paginated, `,
		"status=a b": `unknown style "status=a b", known are "success", `,
		"=x":         `unknown style "=x", known are plain, `,
	} {
		_, err := shape.Default().With("loose", style)
		assert.ErrorContains(t, err, want)
	}
}
