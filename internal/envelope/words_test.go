package envelope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

type fields = map[string][]string

// TestStatus has what the words of an envelope say of the call, alone and
// against each other; each answer is read as a list, as one record and without a
// model.
func TestStatus(t *testing.T) {
	t.Parallel()
	unknown := func(got string) []Drift { return []Drift{drift("status", "a known status", got)} }
	for _, row := range []struct {
		row
		body string
		want Answer
	}{
		{named("success"), `{"status":"success","data":[]}`, Answer{Status: "success"}},
		{named("succes"), `{"status":"succes","data":[]}`, Answer{Status: "succes"}},
		{named("sukses"), `{"status":" SUKSES ","data":[]}`, Answer{Status: "SUKSES"}},
		{named("ok"), `{"status":"OK","data":[]}`, Answer{Status: "OK"}},
		{named("berhasil"), `{"status":"Berhasil","data":[]}`, Answer{Status: "Berhasil"}},
		{named("true"), `{"status":true,"data":[]}`, Answer{Status: "true"}},
		{named("true in a string"), `{"status":"true","data":[]}`, Answer{Status: "true"}},
		{named("1"), `{"status":1,"data":[]}`, Answer{Status: "1"}},
		{named("1 in a string"), `{"status":"1","data":[]}`, Answer{Status: "1"}},
		{named("200"), `{"status":200,"data":[]}`, Answer{Status: "200"}},
		{named("200 in a string"), `{"status":"200","data":[]}`, Answer{Status: "200"}},
		{named("200 as a float"), `{"status":200.0,"data":[]}`, Answer{Status: "200.0"}},
		{named("201"), `{"status":201,"data":[]}`, Answer{Status: "201"}},
		{named("200 OK"), `{"status":"200 OK","data":[]}`, Answer{Status: "200 OK"}},
		{named("the banks' 00"), `{"status":"00","data":[]}`, Answer{Status: "00"}},
		{named("absent"), `{"data":[]}`, Answer{}},
		{named("null"), `{"status":null,"data":[]}`, Answer{}},
		{named("empty"), `{"status":"","data":[]}`, Answer{}},
		{named("success: true"), `{"success":true,"data":[]}`, Answer{}},
		{named("success: 1"), `{"success":"1","data":[]}`, Answer{}},
		{named("a code alone"), `{"code":200,"message":"m","data":[]}`, Answer{Message: "m"}},
		{named("code 0"), `{"code":0,"data":[]}`, Answer{}},
		{named("code 1"), `{"code":1,"data":[]}`, Answer{}},
		{named("a code of letters"), `{"code":"E1","data":[]}`, Answer{}},
		{named("status_code 00"), `{"status_code":"00","status_message":"sukses","data":[]}`, Answer{Message: "sukses"}},
		{named("in meta"), `{"meta":{"code":200,"status":"success","message":"m"},"data":[]}`, Answer{Status: "success", Message: "m"}},
		{named("error: false"), `{"error":false,"data":[]}`, Answer{}},
		{named("error: 0 in a string"), `{"error":"0","data":[]}`, Answer{}},
		{named("error: false in a string"), `{"error":"false","data":[]}`, Answer{}},
		{named("error: null"), `{"error":null,"data":[]}`, Answer{}},
		{named("error: empty"), `{"error":[],"errors":{},"data":[]}`, Answer{}},
		{named("success, and an error in words"), `{"status":"success","error":"lama","data":[]}`, Answer{Status: "success", Message: "lama"}},
		{named("success, and errors"), `{"status":"success","errors":{"a":["b"]},"data":[]}`, Answer{Status: "success", Message: "a: b", Fields: fields{"a": {"b"}}}},
		{named("a list of statuses"), `{"status":["success","error"],"data":[]}`, Answer{Status: `["success","error"]`}},

		{named("error"), `{"status":"error","data":[]}`, Answer{Status: "error", Failed: true}},
		{named("Errors"), `{"status":"Errors"}`, Answer{Status: "Errors", Failed: true}},
		{named("failed"), `{"status":"Failed","message":"data kosong","data":null}`, Answer{Status: "Failed", Message: "data kosong", Failed: true}},
		{named("fail"), `{"status":"fail"}`, Answer{Status: "fail", Failed: true}},
		{named("failure"), `{"status":"FAILURE"}`, Answer{Status: "FAILURE", Failed: true}},
		{named("gagal"), `{"status":"Gagal!"}`, Answer{Status: "Gagal!", Failed: true}},
		{named("false"), `{"status":false}`, Answer{Status: "false", Failed: true}},
		{named("false in a string"), `{"status":"False"}`, Answer{Status: "False", Failed: true}},
		{named("0"), `{"status":0}`, Answer{Status: "0", Failed: true}},
		{named("0 in a string"), `{"status":"0"}`, Answer{Status: "0", Failed: true}},
		{named("404"), `{"status":404,"data":""}`, Answer{Status: "404", Failed: true, Code: 404}},
		{named("404 in a string"), `{"status":"404","data":""}`, Answer{Status: "404", Failed: true, Code: 404}},
		{named("404 Not Found"), `{"status":"404 Not Found"}`, Answer{Status: "404 Not Found", Failed: true, Code: 404}},
		{named("500"), `{"status":500}`, Answer{Status: "500", Failed: true, Code: 500}},
		{named("599"), `{"status":599}`, Answer{Status: "599", Failed: true, Code: 599}},
		{named("success: false"), `{"success":false,"data":[]}`, Answer{Failed: true}},
		{named("success: false in a string"), `{"success":"false"}`, Answer{Failed: true}},
		{named("success: 0"), `{"success":0}`, Answer{Failed: true}},
		{named("success: gagal"), `{"success":"gagal"}`, Answer{Failed: true}},
		{named("success: 404"), `{"success":404}`, Answer{Failed: true, Code: 404}},
		{named("error: true"), `{"error":true}`, Answer{Failed: true}},
		{named("error: true in a string"), `{"error":"true"}`, Answer{Failed: true}},
		{named("error: 1"), `{"error":1}`, Answer{Failed: true}},
		{named("error: 401"), `{"error":401,"message":"m"}`, Answer{Message: "m", Failed: true, Code: 401}},
		{named("error in words"), `{"error":"Unauthenticated"}`, Answer{Message: "Unauthenticated", Failed: true}},
		{named("error as an object"), `{"error":{"code":404,"message":"m"}}`, Answer{Message: "m", Failed: true, Code: 404}},
		{named("errors"), `{"errors":{"email":["wajib"]}}`, Answer{Message: "email: wajib", Failed: true, Fields: fields{"email": {"wajib"}}}},
		{named("errors, and no data"), `{"errors":{"email":["wajib"]},"data":[]}`, Answer{Message: "email: wajib", Failed: true, Fields: fields{"email": {"wajib"}}}},
		{named("errors with a status"), `{"errors":[{"status":"401","title":"Unauthorized","detail":"Token expired"}]}`, Answer{Message: "Token expired", Failed: true, Code: 401}},
		{named("code 404"), `{"code":"404","data":[]}`, Answer{Failed: true, Code: 404}},
		{named("status_code 500"), `{"status_code":500,"data":[]}`, Answer{Failed: true, Code: 500}},
		{named("statusCode 422"), `{"statusCode":422,"data":[]}`, Answer{Failed: true, Code: 422}},
		{named("in meta, a refusal"), `{"meta":{"code":401,"status":"error","message":"m"},"data":null}`, Answer{Status: "error", Message: "m", Failed: true, Code: 401}},
		{named("a list of statuses, the first an error"), `{"status":["error"],"data":[]}`, Answer{Status: `["error"]`, Failed: true}},
		{named("a list of numbers"), `{"status":[404],"data":[]}`, Answer{Status: "[404]", Failed: true, Code: 404}},

		// words that contradict each other
		{named("status true, success false"), `{"status":true,"success":false}`, Answer{Status: "true", Failed: true}},
		{named("status false, success true"), `{"status":false,"success":true}`, Answer{Status: "false", Failed: true}},
		{named("status success, error true"), `{"status":"success","error":true}`, Answer{Status: "success", Failed: true}},
		{named("status success, code 422"), `{"status":"success","code":422,"message":{"email":["x"]}}`,
			Answer{Status: "success", Message: "email: x", Failed: true, Code: 422, Fields: fields{"email": {"x"}}}},
		{named("the top before meta"), `{"meta":{"status":"error"},"status":"success","data":[]}`, Answer{Status: "success"}},

		// what nobody knows
		{named("a word"), `{"status":"jalan","data":[]}`, Answer{Status: "jalan", Drifts: unknown(`"jalan"`)}},
		{named("words that start like JSON"), `{"status":"new","data":[]}`, Answer{Status: "new", Drifts: unknown(`"new"`)}},
		{named("an object"), `{"status":{"code":500},"data":[]}`, Answer{Status: `{"code":500}`, Drifts: unknown(`{"code":500}`)}},
		{named("an empty object"), `{"status":{},"data":[]}`, Answer{Status: `{}`, Drifts: unknown(`{}`)}},
		{named("an empty list"), `{"status":[],"data":[]}`, Answer{Status: `[]`, Drifts: unknown(`[]`)}},
		{named("a list of lists"), `{"status":[["error"]],"data":[]}`, Answer{Status: `[["error"]]`, Drifts: unknown(`[["error"]]`)}},
		{named("a number"), `{"status":302,"data":[]}`, Answer{Status: "302", Drifts: unknown(`302`)}},
		{named("a negative number"), `{"status":-1,"data":[]}`, Answer{Status: "-1", Drifts: unknown(`-1`)}},
		{named("a fraction"), `{"status":404.5,"data":[]}`, Answer{Status: "404.5", Drifts: unknown(`404.5`)}},
		{named("a word, and success: false"), `{"status":"jalan","success":false}`, Answer{Status: "jalan", Failed: true}},
	} {
		row.run(t, func(t *testing.T) {
			o := asJSON
			assert.Equal(t, result{[]order{}, row.want, ""}, readEveryWay(t, row.body, o), "as a list")
			var record order
			a, found, err := One(strings.NewReader(row.body), orders, o, &record)
			assert.Equal(t, row.want, said(a), "as one record")
			assert.NoError(t, err)
			assert.False(t, found)
			a, _, err = Value(strings.NewReader(row.body), o)
			assert.Equal(t, row.want, said(a), "without a model")
			assert.NoError(t, err)
		})
	}
}

// TestMessage has what a refusal says, and of which fields.
func TestMessage(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("panjang ", 100)
	for _, row := range []struct {
		row
		body    string // without status
		message string
		fields  fields
	}{
		{named("a text"), `"message":"Data tidak ditemukan"`, "Data tidak ditemukan", nil},
		{named("a text of lines"), `"message":"a\n\tb\u0000c  d "`, "a bc d", nil},
		{named("a long text"), `"message":"` + long + `"`, strings.TrimSpace(long)[:500] + "…", nil},
		{named("no UTF-8"), "\"message\":\"Caf\xe9\"", "Caf\ufffd", nil},
		{named("a list"), `"message":["a","b",null,""]`, "a; b", nil},
		{named("a validator's object"), `"message":{"email":["x","y"],"password":"z"}`, "email: x; y; password: z", fields{"email": {"x", "y"}, "password": {"z"}}},
		{named("a number"), `"message":12`, "12", nil},
		{named("null, and msg"), `"message":null,"msg":"m"`, "m", nil},
		{named("empty, and an error"), `"message":[],"error":"boom"`, "boom", nil},
		{named("pesan"), `"pesan":"m"`, "m", nil},
		{named("messages"), `"messages":{"error":"m"}`, "m", nil},
		{named("nothing"), `"message":""`, "", nil},
		{named("error_description"), `"error":"invalid_grant","error_description":"Salah"`, "Salah", nil},
		{named("an old Laravel's error"), `"error":"Unauthenticated."`, "Unauthenticated.", nil},
		{named("an error with a message in it"), `"error":{"code":7,"message":"m"}`, "m", nil},
		{named("an error beside a message"), `"error":"E7","message":"m"`, "m", nil},
		{named("a flag explains nothing"), `"error":"true"`, "", nil},
		{named("errors as lists"), `"message":"m","errors":{"email":["x","y"],"items.0.qty":["z"]}`, "m", fields{"email": {"x", "y"}, "items.0.qty": {"z"}}},
		{named("errors as texts"), `"errors":{"email":"x","password":"y"}`, "email: x; password: y", fields{"email": {"x"}, "password": {"y"}}},
		{named("errors as a list"), `"errors":["x","y"]`, "x; y", nil},
		{named("errors as a text"), `"errors":"x"`, "x", nil},
		{named("errors in errors"), `"errors":{"items":{"0":{"qty":["x"]}}}`, "items.0.qty: x", fields{"items.0.qty": {"x"}}},
		{named("errors with their fields"), `"errors":[{"field":"kode_order","message":"wajib"},{"field":"status","message":"salah"},{"field":"status","message":"x"}]`,
			"kode_order: wajib; status: salah; status: x", fields{"kode_order": {"wajib"}, "status": {"salah", "x"}}},
		{named("errors with loc"), `"errors":[{"loc":["body","items",0,"qty"],"msg":"field required","type":"value_error"}]`, "items.0.qty: field required", fields{"items.0.qty": {"field required"}}},
		{named("errors with a pointer"), `"errors":[{"title":"Invalid","detail":"wajib","source":{"pointer":"/data/attributes/kode_order"}}]`,
			"kode_order: wajib", fields{"kode_order": {"wajib"}}},
		{named("errors with a parameter"), `"errors":[{"detail":"salah","source":{"parameter":"page"}}]`, "page: salah", fields{"page": {"salah"}}},
		{named("errors with a pointer of RFC 9457"), `"errors":[{"detail":"salah","pointer":"#/items/0/qty"}]`, "items.0.qty: salah", fields{"items.0.qty": {"salah"}}},
		{named("invalid-params"), `"invalid-params":[{"name":"kode_order","reason":"wajib"}]`, "kode_order: wajib", fields{"kode_order": {"wajib"}}},
		{named("violations"), `"message":"m","violations":[{"propertyPath":"status","message":"salah"}]`, "m", fields{"status": {"salah"}}},
		{named("errors with a path"), `"errors":[{"type":"field","value":"","msg":"wajib","path":"kode_order","location":"body"}]`, "kode_order: wajib", fields{"kode_order": {"wajib"}}},
		{named("errors without a field"), `"errors":[{"code":7,"message":"x"},{"message":"y"}]`, "x; y", nil},
		{named("errors of texts in their fields"), `"errors":[{"field":"a","messages":["x","y"]}]`, "a: x; y", fields{"a": {"x", "y"}}},
		{named("a message of HTML"), `"message":"<p>Kode <b>PMP-1</b> &amp; status salah.</p><br/>Coba lagi"`, "Kode PMP-1 & status salah. Coba lagi", nil},
		{named("errors of HTML"), `"errors":{"a":["<div class=\"x\">wajib</div>"]}`, "a: wajib", fields{"a": {"wajib"}}},
		{named("less than"), `"message":"5 < 7 &amp; 8 > 3"`, "5 < 7 &amp; 8 > 3", nil},
		{named("errors of nothing"), `"errors":{"email":null,"password":[],"x":""}`, "", nil},
		{named("errors, a field twice"), `"errors":{"email":["x"],"email":["y"]}`, "email: y", fields{"email": {"y"}}},
		{named("message and errors both objects"), `"message":{"a":"x"},"errors":{"b":"y"}`, "a: x", fields{"a": {"x"}, "b": {"y"}}},
		{named("a validator's errors in data"), `"message":"m","data":{"email":["x"]}`, "m", fields{"email": {"x"}}},
		{named("errors in data"), `"message":"m","data":{"errors":{"email":["x"]}}`, "m", fields{"email": {"x"}}},
		{named("a record in data"), `"message":"m","data":{"id":1,"tags":["x"]}`, "m", nil},
		{named("a text in data"), `"data":"Salah"`, "Salah", nil},
		{named("texts in data"), `"data":["a","b"]`, "a; b", nil},
		{named("an error in data"), `"data":{"error":"Unauthorised"}`, "Unauthorised", nil},
	} {
		row.run(t, func(t *testing.T) {
			body := `{"status":"error",` + row.body + `}`
			want := Answer{Status: "error", Message: row.message, Fields: row.fields, Failed: true}
			assert.Equal(t, result{[]order{}, want, ""}, readEveryWay(t, body, asJSON))
			a := Failure(strings.NewReader(body), asJSON)
			assert.Equal(t, want, said(a), "with the HTTP status of an error")
		})
	}
}

// TestWhoseStatus has answers without data: a status is the envelope's only
// beside a message, or where there is no record.
func TestWhoseStatus(t *testing.T) {
	t.Parallel()
	unknown := func(got string) []Drift { return []Drift{drift("status", "a known status", got)} }
	for _, row := range []struct {
		row
		body   string
		want   []order
		answer Answer
	}{
		{named("a record's"), `{"id":1,"status":"cancel"}`, []order{{ID: 1, Status: "cancel"}}, Answer{Count: 1}},
		{named("a record's, of any word"), `{"status":"error","id":1}`, []order{{ID: 1, Status: "error"}}, Answer{Count: 1}},
		{named("a record's, by another field"), `{"status":"open","user_id":7}`, []order{{UserID: 7, Status: "open"}}, Answer{Count: 1}},
		{named("a record's with a code"), `{"id":1,"status":"open","code":"404"}`, []order{{ID: 1, Status: "open", Extra: `{"code":"404"}`}}, Answer{Count: 1}},
		{named("the envelope's beside a message"), `{"status":"success","message":"ok","id":1}`, ids(1), Answer{Status: "success", Message: "ok", Count: 1}},
		{named("the envelope's beside a message, unknown"), `{"message":"ok","id":1,"status":"open"}`, ids(1), Answer{Status: "open", Message: "ok", Count: 1, Drifts: unknown(`"open"`)}},
		{named("the envelope's beside a message, a refusal"), `{"status":"error","message":"x","id":1}`, []order{}, Answer{Status: "error", Message: "x", Failed: true}},
		{named("the envelope's alone"), `{"status":"open"}`, []order{}, Answer{Status: "open", Drifts: unknown(`"open"`)}},
		{named("the envelope's beside other words"), `{"status":"error","code":7,"total":3}`, []order{}, Answer{Status: "error", Failed: true, Total: 3}},
		{named("the envelope's with a remark"), `{"status":"success","waktu":"x"}`, []order{}, Answer{Status: "success"}},
		{named("the envelope's around an object"), `{"status":"success","order":{"id":1,"status":"open"}}`, []order{{ID: 1, Status: "open"}}, Answer{Status: "success", Count: 1}},
	} {
		row.run(t, func(t *testing.T) {
			assert.Equal(t, result{row.want, row.answer, ""}, readEveryWay(t, row.body, asJSON))
			var record order
			a, found, err := One(strings.NewReader(row.body), orders, asJSON, &record)
			assert.NoError(t, err)
			assert.Equal(t, len(row.want) == 1, found)
			assert.Equal(t, row.answer, said(a))
			if found {
				assert.Equal(t, row.want[0], record)
			}
		})
	}
}

func TestStatusText(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		200: "OK", 404: "Not Found", 419: "Page Expired", 503: "Service Unavailable",
		520: "Web Server Returned an Unknown Error", 521: "Web Server Is Down", 522: "Connection Timed Out", 523: "Origin Is Unreachable",
		524: "A Timeout Occurred", 525: "SSL Handshake Failed", 526: "Invalid SSL Certificate", 599: "HTTP 599",
	} {
		assert.Equal(t, want, StatusText(status))
	}
}
