package pmpsmart_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// outcomeOf names what became of an operation.
func outcomeOf(err error, told []pmpsmart.Drift) string {
	var unknown *pmpsmart.OutcomeUnknownError
	var unreadable *pmpsmart.DecodeError
	var refusal *pmpsmart.APIError
	switch {
	case err == nil && told != nil:
		return "drift"
	case err == nil:
		return "done"
	case errors.As(err, &unknown):
		return "unknown"
	case errors.Is(err, pmpsmart.ErrNotFound):
		return "not found"
	case errors.As(err, &unreadable):
		return "unclear"
	case errors.As(err, &refusal):
		return "refused"
	}
	return err.Error()
}

// TestWhatAnOperationTakesForSuccess has what each kind of operation makes of a 2xx:
// nothing succeeds by the absence of known words of failure. Of a drift strict mode makes
// an error.
func TestWhatAnOperationTakesForSuccess(t *testing.T) {
	t.Parallel()
	type outcomes struct{ list, get, overwrite, create, call string }
	const record = `{"id":198}`
	for _, row := range []struct {
		name, body string
		status     int // 200 where it is 0
		want       outcomes
	}{
		{"a known success and a record", `{"status":"success","data":` + record + `}`, 0, outcomes{"done", "done", "done", "done", "done"}},
		{"a record alone", `{"data":` + record + `}`, 0, outcomes{"done", "done", "done", "done", "done"}},
		{"a record beside a message", `{"message":"ok","data":` + record + `}`, 0, outcomes{"done", "done", "done", "done", "done"}},
		{"a bare record", record, 0, outcomes{"done", "done", "done", "done", "done"}},
		{"a known success alone", `{"status":"success","message":"ok"}`, 0, outcomes{"done", "not found", "done", "done", "done"}},
		{"a flag of success alone", `{"sukses":true}`, 0, outcomes{"done", "not found", "done", "done", "done"}},
		{"no error alone", `{"error":false,"message":"Order disimpan"}`, 0, outcomes{"done", "not found", "done", "done", "done"}},
		{"a known success and null", `{"status":"success","data":null}`, 0, outcomes{"done", "not found", "done", "done", "done"}},
		{"a known success and nothing", `{"status":"success","data":[]}`, 0, outcomes{"done", "not found", "done", "done", "done"}},
		{"a known success and false", `{"status":"success","data":false}`, 0, outcomes{"done", "not found", "drift", "unknown", "drift"}},
		{"true", `{"data":true}`, 0, outcomes{"unclear", "not found", "done", "done", "done"}},
		{"a count", `{"message":"ok","data":1}`, 0, outcomes{"unclear", "not found", "done", "done", "done"}},
		{"a bare true", `true`, 0, outcomes{"unclear", "not found", "done", "done", "done"}},
		{"no rows", `{"data":0}`, 0, outcomes{"unclear", "not found", "drift", "unknown", "done"}},
		{"false", `{"data":false}`, 0, outcomes{"done", "not found", "unclear", "unknown", "unknown"}},
		{"null alone", `{"data":null}`, 0, outcomes{"done", "not found", "drift", "unknown", "unknown"}},
		{"null beside a message", `{"message":"m","data":null}`, 0, outcomes{"drift", "not found", "drift", "unknown", "unknown"}},
		{"an empty list alone", `{"data":[]}`, 0, outcomes{"done", "not found", "drift", "unknown", "done"}},
		{"an empty object", `{}`, 0, outcomes{"done", "not found", "drift", "unknown", "done"}},
		{"a record of nothing", `{"data":{"id":null,"kode_order":null,"items":[]}}`, 0, outcomes{"done", "not found", "drift", "unknown", "done"}},
		{"a message alone", `{"message":"Unauthenticated."}`, 0, outcomes{"unclear", "unclear", "drift", "unknown", "unknown"}},
		{"a message alone, HTTP 201", `{"message":"Order berhasil disimpan"}`, 201, outcomes{"unclear", "unclear", "done", "done", "done"}},
		{"nothing, HTTP 201", ``, 201, outcomes{"unclear", "unclear", "done", "done", "done"}},
		{"no content", ``, 204, outcomes{"done", "not found", "done", "done", "done"}},
		{"reset content", ``, 205, outcomes{"done", "not found", "done", "done", "done"}},
		{"an unknown status alone", `{"status":"warning","message":"Stok kurang"}`, 0, outcomes{"unclear", "unclear", "unclear", "unknown", "unknown"}},
		{"a status of a bank's", `{"status":"01"}`, 0, outcomes{"unclear", "unclear", "unclear", "unknown", "unknown"}},
		{"an unknown status and null", `{"status":-5,"data":null}`, 0, outcomes{"unclear", "unclear", "unclear", "unknown", "unknown"}},
		{"an unknown status and nothing", `{"status":"tidak","data":[]}`, 0, outcomes{"drift", "unclear", "unclear", "unknown", "drift"}},
		{"an unknown status and a record", `{"status":"jalan","data":` + record + `}`, 0, outcomes{"drift", "drift", "drift", "drift", "drift"}},
		{"an unknown status and true", `{"status":"jalan","data":true}`, 0, outcomes{"unclear", "unclear", "drift", "drift", "drift"}},
		{"a flag of failure", `{"is_success":false,"message":"x"}`, 0, outcomes{"refused", "refused", "refused", "refused", "refused"}},
		{"a flag of failure and a record", `{"isError":true,"data":` + record + `}`, 0, outcomes{"refused", "refused", "refused", "refused", "refused"}},
		{"an error number", `{"errno":1062,"errmsg":"Duplicate entry","data":null}`, 0, outcomes{"refused", "refused", "refused", "refused", "refused"}},
		{"an exception", `{"exception":"ErrorException","message":"Undefined index: qty","file":"x.php","line":3,"trace":[]}`, 0, outcomes{"refused", "refused", "refused", "refused", "refused"}},
		{"a record of nobody", `{"data":{"id":0}}`, 0, outcomes{"done", "drift", "drift", "unknown", "done"}},
		{"a validator's errors in the place of a record", `{"kode_order":["wajib diisi"]}`, 0, outcomes{"unclear", "drift", "drift", "unknown", "done"}},
		{"a header alone", `{"response":{"metadata":{"code":"201","message":"x"}}}`, 0, outcomes{"unclear", "drift", "drift", "unknown", "done"}},
		{"errors beside HTTP's number", `{"status":200,"errors":{"kode_order":["x"]}}`, 0, outcomes{"refused", "refused", "refused", "refused", "refused"}},
		{"an error beside HTTP's number", `{"status":200,"error":"Kode sudah ada"}`, 0, outcomes{"refused", "refused", "refused", "refused", "refused"}},
		{"a remark in the place of a record", `{"keterangan":"Gagal"}`, 0, outcomes{"drift", "drift", "drift", "unknown", "done"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if row.status == 0 {
				row.status = http.StatusOK
			}
			s := serve(t, respond(row.status, row.body))
			for op, want := range map[*operation]string{
				&listing: row.want.list, &reading: row.want.get, &overwriting: row.want.overwrite, &creating: row.want.create, &calling: row.want.call,
			} {
				var told []pmpsmart.Drift
				err := op.do(t.Context(), s.client(drifts(&told)))
				assert.Equal(t, want, outcomeOf(err, told), "%s: %v %v", op.name, err, told)
				strict := op.do(t.Context(), s.client(pmpsmart.WithStrictDecoding()))
				assert.Equal(t, want == "done", strict == nil, "%s in strict mode: %v", op.name, strict)
			}
		})
	}
}

// TestUnclearResponsesReadWell: the text says what the response did say.
func TestUnclearResponsesReadWell(t *testing.T) {
	t.Parallel()
	s := serve(t, respond(200, `{"status":"warning","message":"Stok kurang"}`))
	require.EqualError(t, creating.do(t.Context(), s.client()), `pmpsmart: InsertJSONOrder: outcome unknown, the server may have done it: `+
		`can't read the answer (HTTP 200, application/json): it does not say whether the call succeeded: want a known word of success, or a record, `+
		`got status "warning", message "Stok kurang"; look before sending it again`)
	require.ErrorContains(t, listing.do(t.Context(), s.client()), `want records, or a known word of success, got status "warning", message "Stok kurang"`)
	var r pmpsmart.Response
	require.Error(t, listing.do(t.Context(), s.client(), pmpsmart.WithResponse(&r)))
	require.Equal(t, "warning", r.Status)
	require.Equal(t, "Stok kurang", r.Message)
	require.Equal(t, 1, r.Attempts, "it is not retried")
}

// TestFieldsAreValidation: errors that name their fields are refused by validation, with
// whatever status they come that says nothing else.
func TestFieldsAreValidation(t *testing.T) {
	t.Parallel()
	fields := map[string][]string{"kode_order": {"Kode order wajib diisi"}}
	for _, row := range []struct {
		status int
		body   string
	}{
		{200, `{"errors":[{"field":"kode_order","message":"Kode order wajib diisi"}]}`},
		{200, `{"status":"error","data":{"errors":{"kode_order":["Kode order wajib diisi"]}}}`},
		{400, `{"title":"Bad Request","invalid-params":[{"name":"kode_order","reason":"Kode order wajib diisi"}]}`},
		{412, `{"errors":[{"source":{"pointer":"/data/attributes/kode_order"},"detail":"Kode order wajib diisi"}]}`},
		{422, `{"detail":[{"loc":["body","kode_order"],"msg":"Kode order wajib diisi","type":"missing"}]}`},
	} {
		s := serve(t, respond(row.status, row.body))
		err := creating.do(t.Context(), once(s))
		require.ErrorIs(t, err, pmpsmart.ErrValidation, row.body)
		var refusal *pmpsmart.APIError
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, fields, refusal.Fields, row.body)
		require.NotContains(t, err.Error(), "msg: ", row.body)
	}
}

// TestAnotherRecordIsDrift: a record that is not the one that was asked for, or not as it
// was sent, is returned and reported.
func TestAnotherRecordIsDrift(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		op        *operation
		body      string
		path      string
		want, got string
	}{
		{&reading, `{"data":{"id":5,"status":"open"}}`, "data.id", `198`, `5`},
		{&reading, `{"data":{"order":{"id":5}}}`, "data.order.id", `198`, `5`},
		{&reading, `{"id":5}`, "id", `198`, `5`},
		{&overwriting, `{"status":"success","data":{"id":198,"status":"pending"}}`, "data.status", `"open"`, `"pending"`},
		{&overwriting, `{"status":"success","data":{"id":5,"status":"open"}}`, "data.id", `198`, `5`},
		{&creating, `{"status":"success","data":{"id":5,"kode_order":"PMP-1"}}`, "data.kode_order", `"PMP-3903001"`, `"PMP-1"`},
		{&creating, `{"status":"success","data":{"id":5,"status":"new"}}`, "data.status", `"completed"`, `"new"`},
	} {
		t.Run(row.op.name+" "+row.body, func(t *testing.T) {
			t.Parallel()
			s := serve(t, respond(200, row.body))
			var told []pmpsmart.Drift
			require.NoError(t, row.op.do(t.Context(), s.client(drifts(&told))))
			require.Equal(t, []pmpsmart.Drift{{Op: row.op.name, Path: row.path, Want: row.want, Got: rawJSON(row.got), Count: 1}}, told)
			require.ErrorContains(t, row.op.do(t.Context(), s.client(pmpsmart.WithStrictDecoding())), row.path+": want "+row.want+", got "+row.got)
		})
	}
	var told []pmpsmart.Drift
	s := serve(t, respond(200, `{"status":"success","data":{"kode_order":"PMP-3903001","json_data":"{\"key\":\"VALUE\"}","status":"completed"}}`))
	require.NoError(t, creating.do(t.Context(), s.client(drifts(&told))))
	require.Empty(t, told, "data that the server writes otherwise is no other record")
}

// TestWhatBreaksBehindTheAnswer: once its outermost value has ended, an answer is a success
// or a refusal as it says, and what is wrong behind it is drift.
func TestWhatBreaksBehindTheAnswer(t *testing.T) {
	t.Parallel()
	const saved, refused = `{"status":"success","message":"ok","data":{"id":198}}`, `{"status":"error","message":"Stok habis"}`
	for name, frame := range map[string]func(body string) string{
		"no last chunk": func(body string) string {
			return fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(body), body)
		},
		"a length that is too long": func(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body)+7, body) },
		"a chunk that is no chunk": func(body string) string {
			return fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\nxyz\r\n", len(body), body)
		},
		"a script":                    func(body string) string { return "\r\n" + body + "<script>x()</script>" },
		"a byte-order mark behind it": func(body string) string { return "\r\n" + body + "\ufeff" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := func(body string) *server {
				return serve(t, func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					conn, _, err := w.(http.Hijacker).Hijack()
					if err != nil {
						panic(err)
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"+frame(body))
					_ = conn.Close()
				})
			}
			s, r := raw(saved), raw(refused)
			for _, op := range []*operation{&listing, &reading, &overwriting, &creating, &calling} {
				var told []pmpsmart.Drift
				var response pmpsmart.Response
				assert.NoError(t, op.do(t.Context(), s.client(drifts(&told)), pmpsmart.WithResponse(&response)), op.name)
				assert.Equal(t, 1, response.Attempts, op.name)
				if assert.Len(t, told, 1, op.name) {
					assert.Equal(t, "body", told[0].Path, op.name)
				}
				assert.Error(t, op.do(t.Context(), s.client(pmpsmart.WithStrictDecoding())), "%s in strict mode", op.name)
				assert.Equal(t, "refused", outcomeOf(op.do(t.Context(), r.client()), nil), op.name)
			}
		})
	}
}
