package envelope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// verdictOf returns what an answer says of its call, as one word.
func verdictOf(a *Answer) string {
	switch {
	case a.Failed:
		return "failed"
	case a.Success:
		return "success"
	case a.Unclear:
		return "unclear"
	}
	return "nothing"
}

// TestVerdict has the words that say whether a call went well: what is no known word of
// success is none.
func TestVerdict(t *testing.T) {
	t.Parallel()
	for want, bodies := range map[string][]string{
		"success": {
			`"status":"success"`, `"Status":"Success"`, `"STATUS":"OK"`, `"status":" berhasil "`, `"status":true`, `"status":1`, `"status":201`,
			`"status":"200"`, `"status":"00"`, `"status":"0000"`, `"status":["success"]`, `"status":"Berhasil disimpan"`, `"status":"created"`,
			`"success":true`, `"success":1`, `"is_success":true`, `"isSuccess":"true"`, `"sukses":true`, `"ok":true`, `"berhasil":1`, `"result":"ok"`,
			`"result":true`, `"response":1`, `"code":200`, `"code":"201"`, `"status_code":"00"`, `"rc":"00"`, `"responseCode":"00"`, `"code":"SUCCESS"`,
			`"error":false`, `"error":0`, `"isError":false`, `"is_error":"false"`, `"errno":0`, `"errcode":"0"`, `"error_code":200`, `"gagal":false`,
			`"meta":{"status":"success"}`, `"metaData":{"code":"200"}`, `"status":"ok","error":"lama"`, `"status":"warning","success":true`,
		},
		"failed": {
			`"status":"error"`, `"Status":"Error"`, `"status":"gagal"`, `"status":"failed"`, `"status":false`, `"status":0`, `"status":"0"`, `"status":422`,
			`"success":false`, `"is_success":false`, `"isSuccess":0`, `"sukses":false`, `"ok":false`, `"OK":"false"`, `"result":false`, `"result":"gagal"`,
			`"response":0`, `"response":"error"`, `"code":401`, `"rc":"401"`, `"kode":401`, `"status_code":"500"`, `"code":"ERROR"`,
			`"error":true`, `"error":"Boom"`, `"isError":true`, `"is_error":1`, `"hasErrors":true`, `"failed":true`, `"gagal":true`,
			`"errno":1062`, `"errno":-1`, `"errcode":"40001"`, `"error_code":"E7"`, `"errors":{"a":["b"]}`, `"errors":["b"]`,
			`"exception":"ErrorException","file":"/x.php"`, `"exception":"E","trace":[]`, `"exception":"App\\Exceptions\\TokenExpiredException"`,
			`"status":"success","success":false`, `"status":"success","code":500`, `"status":"success","isError":true`, `"status":"success","errno":7`,
		},
		"unclear": {
			`"status":"warning"`, `"status":"tidak"`, `"status":"NG"`, `"status":"exists"`, `"status":"Token is Expired"`, `"status":2`, `"status":"2"`,
			`"status":-1`, `"status":"-5"`, `"status":302`, `"status":"01"`, `"status":"0200"`, `"status":{"code":200}`, `"status":[]`, `"status":1.5`,
			`"status":"tidak","code":200`,
			`"status":"berhasil sebagian"`, `"status":"tidak berhasil"`, `"status":"pending"`,
		},
		"nothing": {
			`"message":"Order berhasil disimpan"`, `"msg":"ok"`, `"status":null`, `"status":""`, `"error":null`, `"error":""`, `"errors":[]`,
			`"code":0`, `"code":1`, `"code":true`, `"code":7`, `"code":"E1"`, `"code":1062`, `"success":"Order saved."`, `"result":"7 rows"`, `"result":2`,
			`"failed":3`, `"failed":0`, `"errno":null`, `"exception":null`, `"file":"x.pdf","message":"m"`, `"result":{"a":1}`, `"ok":[1]`,
		},
	} {
		for _, body := range bodies {
			for _, data := range []string{``, `,"data":null`} {
				whole := `{` + body + data + `}`
				a, _, err := Value(strings.NewReader(whole), asJSON)
				assert.NoError(t, err)
				assert.Equal(t, want, verdictOf(a), whole)
				assert.Equal(t, want != "success", a.Head != nil, "%s: the head", whole)
			}
		}
	}
}

// TestWordsOfRecords: a record's own members say nothing of the call.
func TestWordsOfRecords(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"id":1,"status":"error"}`, `{"id":1,"result":false}`, `{"id":1,"ok":false,"response":0}`, `{"id":1,"kode":"404","rc":"500"}`,
		`{"id":1,"gagal":true}`, `{"id":1,"exception":"E","file":"x","trace":[]}`,
	} {
		var record order
		a, found, err := One(strings.NewReader(body), orders, asJSON, &record)
		assert.NoError(t, err)
		assert.True(t, found, body)
		assert.EqualValues(t, 1, record.ID, body)
		assert.Equal(t, "nothing", verdictOf(a), body)
	}
}

// TestPayload has what may stand in the place of data.
func TestPayload(t *testing.T) {
	t.Parallel()
	for want, bodies := range map[Payload][]string{
		NoPayload: {`{"status":"success"}`, `{"message":"x"}`, `{"status":"success","waktu":"x"}`},
		Blank:     {`{"data":null}`, `{"data":""}`, `null`, `""`},
		No:        {`{"data":false}`, `false`},
		Yes:       {`{"data":true}`, `{"data":1}`, `{"data":"1"}`, `{"data":"true"}`, `true`, `3`},
		Zero:      {`{"data":0}`, `{"data":"0"}`, `0`},
		Other:     {`{"data":-1}`, `{"data":"Order saved"}`},
		Content:   {`{"data":{}}`, `{"data":[]}`, `{"data":{"id":1}}`, `{"message":"ok","id":1}`, `{"id":1,"status":"open"}`, `[]`, `{}`, `{"order":{"id":1}}`, `{"total":0}`},
	} {
		for _, body := range bodies {
			a, _, err := One(strings.NewReader(body), orders, asJSON, new(order))
			assert.NoError(t, err)
			assert.Equal(t, want, a.Payload, "%s as one record", body)
			if want != Yes && want != Zero && want != Other { // which are no list
				a, err = List(strings.NewReader(body), orders, asJSON, func() *order { return new(order) }, func() bool { return true })
				assert.NoError(t, err)
				assert.Equal(t, want, a.Payload, "%s as a list", body)
			}
		}
	}
}
