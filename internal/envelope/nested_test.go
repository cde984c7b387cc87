package envelope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestNestedEnvelope has envelopes in the place of a record or a list: each is judged as
// at the top.
func TestNestedEnvelope(t *testing.T) {
	t.Parallel()
	type verdicts struct{ one, list string }
	for _, row := range []struct {
		row
		body    string
		want    verdicts
		message string
	}{
		{named("a failure in data"), `{"status":"success","message":"ok","data":{"status":"error","message":"Stok kosong"}}`, verdicts{"failed", "failed"}, "Stok kosong"},
		{named("a lone failure in data"), `{"status":"success","message":"ok","data":{"status":"error"}}`, verdicts{"failed", "failed"}, "ok"},
		{named("a flag in data"), `{"status":"success","message":"ok","data":{"success":false,"message":"Gagal"}}`, verdicts{"failed", "failed"}, "Gagal"},
		{named("an error in data"), `{"data":{"error":"Outlet tidak aktif"}}`, verdicts{"failed", "failed"}, "Outlet tidak aktif"},
		{named("a code in data"), `{"data":{"code":404,"message":"x"}}`, verdicts{"failed", "failed"}, "x"},
		{named("an exception in data"), `{"data":{"message":"x","exception":"ErrorException","file":"a.php","line":3,"trace":[]}}`, verdicts{"failed", "failed"}, "x"},
		{named("a failure with a remark"), `{"status":"success","data":{"status":"error","message":"x","waktu":"y"}}`, verdicts{"failed", "failed"}, "x"},
		{named("a failure with data"), `{"data":{"status":"error","message":"x","data":null}}`, verdicts{"failed", "failed"}, "x"},
		{named("a failure with an empty list"), `{"data":{"status":"error","message":"x","data":[]}}`, verdicts{"failed", "failed"}, "x"},
		{named("a failure with records"), `{"data":{"status":"error","message":"x","data":[{"id":1}]}}`, verdicts{"failed", "failed"}, "x"},
		{named("a failure behind records"), `{"data":{"data":[{"id":1}],"status":"error","message":"x"}}`, verdicts{"failed", "failed"}, "x"},
		{named("under a name"), `{"result":{"status":"error","message":"Gagal"}}`, verdicts{"failed", "failed"}, "Gagal"},
		{named("under a name in data"), `{"data":{"result":{"status":"error","message":"Gagal"}}}`, verdicts{"failed", "failed"}, "Gagal"},
		{named("under a name beside a success"), `{"status":"success","hasil":{"sukses":false,"pesan":"Gagal"}}`, verdicts{"failed", "failed"}, "Gagal"},
		{named("an array"), `[{"status":"error","message":"Gagal"}]`, verdicts{"failed", "failed"}, "Gagal"},
		{named("an array in data"), `{"status":"success","data":[{"status":"error","message":"Gagal"}]}`, verdicts{"failed", "failed"}, "Gagal"},
		{named("a header"), `{"header":{"status":"error","message":"Gagal"},"data":null}`, verdicts{"failed", "failed"}, "Gagal"},
		{named("a header after data"), `{"data":[],"head":{"code":"401","message":"Gagal"}}`, verdicts{"failed", "failed"}, "Gagal"},
		{named("a failure with a reason"), `{"status":"success","data":{"result":"failed","reason":"stok"}}`, verdicts{"failed", "failed"}, ""},
		{named("under a number"), `{"0":{"status":"error","message":"x"}}`, verdicts{"failed", "failed"}, "x"},
		{named("two deep"), `{"data":{"data":{"status":"error","message":"x"}}}`, verdicts{"failed", "failed"}, "x"},
		{named("a database's error"), `"SQLSTATE[40001]: Serialization failure"`, verdicts{"failed", "failed"}, "SQLSTATE[40001]: Serialization failure"},
		{named("a database's error in data"), `{"status":"success","message":"ok","data":"SQLSTATE[23000]: Duplicate"}`, verdicts{"failed", "failed"}, "ok"},

		{named("an unknown status in data"), `{"status":"success","message":"ok","data":{"status":"warning","message":"Tidak disimpan"}}`, verdicts{"unclear", "unclear"}, "Tidak disimpan"},
		{named("an unknown status in an array"), `[{"status":"NG","message":"x"}]`, verdicts{"unclear", "unclear"}, "x"},
		{named("a status of records alone"), `{"status":"success","data":{"status":"jalan"}}`, verdicts{"success", "success"}, ""},
		{named("a status of records and a remark"), `{"status":"success","data":{"status":"complete","message":"Tersimpan"}}`, verdicts{"success", "success"}, ""},

		{named("a success in data"), `{"data":{"success":true}}`, verdicts{"success", "success"}, ""},
		{named("a success under a name"), `{"result":{"status":"success","message":"Tersimpan"}}`, verdicts{"success", "success"}, "Tersimpan"},
		{named("a success in an array"), `[{"status":"success","message":"ok"}]`, verdicts{"success", "success"}, "ok"},
		{named("a header of success"), `{"header":{"status":"success"},"data":null}`, verdicts{"success", "success"}, ""},

		{named("a filter's status"), `{"data":{"status":"error","orders":[]}}`, verdicts{"nothing", "nothing"}, ""},
		{named("a relation that failed"), `{"id":1,"payment":{"status":"failed","message":"x"}}`, verdicts{"nothing", "nothing"}, ""},
		{named("a relation that failed, in data"), `{"data":{"id":1,"payment":{"status":"failed","message":"x"}}}`, verdicts{"nothing", "nothing"}, ""},
		{named("a text"), `{"data":{"message":"Tidak ada"}}`, verdicts{"nothing", "nothing"}, ""},
	} {
		row.run(t, func(t *testing.T) {
			a, _, err := One(strings.NewReader(row.body), orders, asJSON, new(order))
			assert.NoError(t, err)
			assert.Equal(t, row.want.one, verdictOf(a), "as one record")
			assert.Equal(t, row.message, a.Message, "as one record")
			list := readEveryWay(t, row.body, asJSON)
			assert.Empty(t, list.Err)
			assert.Equal(t, row.message, list.Answer.Message, "as a list")
			a, err = List(strings.NewReader(row.body), orders, asJSON, func() *order { return new(order) }, func() bool { return true })
			assert.NoError(t, err)
			assert.Equal(t, row.want.list, verdictOf(a), "as a list")
		})
	}
}

// TestRecordsInNestedEnvelope: what an envelope in another holds is read.
func TestRecordsInNestedEnvelope(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`[{"status":"success","data":[{"id":1}]}]`, `[{"status":"success","data":{"orders":[{"id":1}]}}]`,
		`{"data":{"status":"success","data":[{"id":1}]}}`, `{"data":{"status":"success","message":"m","data":{"id":1}}}`,
		`{"result":{"status":"success","data":{"id":1}}}`, `{"result":{"status":"success","data":[{"id":1}]}}`,
		`{"data":[{"success":true,"data":{"id":1}}]}`, `{"result":[{"id":1}]}`, `{"metaData":{"code":200},"response":{"id":1}}`,
	} {
		var record order
		a, found, err := One(strings.NewReader(body), orders, asJSON, &record)
		assert.NoError(t, err)
		assert.True(t, found, body)
		assert.EqualValues(t, 1, record.ID, body)
		assert.Empty(t, a.Drifts, body)
		list := readEveryWay(t, body, asJSON)
		assert.Empty(t, list.Err, body)
		assert.Equal(t, ids(1), list.Records, body)
		assert.Empty(t, list.Answer.Drifts, body)
	}
}

// TestNestedEnvelopeWithoutModel: data may have any members, and still be a refusal.
func TestNestedEnvelopeWithoutModel(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"status":"success","data":{"status":"error","message":"x"}}`: "failed",
		`{"data":{"success":false}}`:                                   "failed",
		`[{"status":"error","message":"Gagal"}]`:                       "failed",
		`{"result":{"status":"error","message":"Gagal"}}`:              "failed",
		`{"header":{"success":false},"data":null}`:                     "failed",
		`{"data":{"success":true}}`:                                    "success",
		`{"data":{"status":"failed"}}`:                                 "nothing",
		`{"data":{"status":"pending","message":"x"}}`:                  "nothing",
		`{"data":{"status":"error","message":"x","total":1,"a":1}}`:    "nothing",
	} {
		a, _, err := Value(strings.NewReader(body), asJSON)
		assert.NoError(t, err)
		assert.Equal(t, want, verdictOf(a), body)
	}
}
