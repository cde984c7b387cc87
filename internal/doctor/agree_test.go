package doctor

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// TestFindsWhatTheLibraryFinds has answers of many shapes read by the library and by
// the doctor: their records are the same, and the shape says where they stand.
func TestFindsWhatTheLibraryFinds(t *testing.T) {
	t.Parallel()
	const order = `{"id":7,"kode_order":"A","user_id":2}`
	for _, test := range []struct {
		body, list, one string // the shapes
	}{
		{`[` + order + `]`, "[record]", "[record]"},
		{order, "record", "record"},
		{`{"data":{"metadata":{"took":3},"order":` + order + `}}`, "{data:{metadata:object,order:record}}", "{data:{metadata:object,order:record}}"},
		{`{"data":{"took":3,"order":` + order + `,"outlet":{"id":5,"name":"x"}}}`, "{data:{*:record}}", "{data:{took:integer,order:record,outlet:object}}"},
		{`{"data":{"filter":{"status":"open"},"orders":[` + order + `]}}`, "{data:{filter:object,orders:[record]}}", "{data:{filter:object,orders:[record]}}"},
		{`{"data":{"errors":[],"links":[{"url":null}],"orders":[` + order + `,{"id":8}]}}`, "{data:{errors:empty-array,links:array,orders:[record]}}", "{data:{errors:empty-array,links:array,orders:array}}"},
		{`{"data":{"orders":[]}}`, "{data:{orders:[]}}", "{data:{orders:empty-array}}"},
		{`{"data":{"orders":{"current_page":1,"data":[` + order + `],"last_page":1}}}`, "{data:{orders:{paginator,data:[record]}}}", "{data:{orders:{paginator,data:[record]}}}"},
		{`{"data":{"15":` + order + `,"16":{"id":8}}}`, "{data:{*:record}}", "{data:{*:record,*:object}}"},
		{`{"data":{"id":7,"items":[{"id":1}]}}`, "{data:record}", "{data:record}"},
		{`{"data":{"nama":"x"}}`, "{data:record}", "{data:record}"},
		{`{"status":"success","order":` + order + `}`, "{status:string,order:record}", "{status:string,order:record}"},
		{`{"success":{"orders":[` + order + `]}}`, "{success:{orders:[record]}}", "{success:{orders:[record]}}"},
		{`{"status":"success","total":3,"orders":[` + order + `]}`, "{status:string,total:integer,orders:[record]}", "{status:string,total:integer,orders:[record]}"},
		{`{"Status":"success","DATA":[{"ID":7}]}`, "{Status:string,DATA:[record]}", "{Status:string,DATA:[record]}"},
		{`{"status":"error","message":"x","data":[` + order + `]}`, "{status:string,message:string,data:array}", "{status:string,message:string,data:array}"},
		{`{"data":"` + `[{\"id\":7}]` + `"}`, "{data:json-in-string}", "{data:json-in-string}"},
		{`{"data":[{"order":` + order + `,"outlet":{"id":5}}]}`, "{data:[record]}", "{data:[{order:record,outlet:object}]}"},
		{`{"data":[{"hari":"Senin","orders":[` + order + `,{"id":8}]}]}`, "{data:[record]}", "{data:array}"},
		{`{"data":{"columns":["id"],"rows":[` + order + `]}}`, "{data:{columns:array,rows:[record]}}", "{data:{columns:array,rows:[record]}}"},
		{`{"data":{"user":{"id":2,"orders":[` + order + `]}}}`, "{data:{user:{id:integer,orders:[record]}}}", "{data:{user:record}}"},
		{`{"data":{"2026-02-01":[` + order + `],"2026-02-02":[{"id":8}]}}`, "{data:{*:[record]}}", "{data:{*:[record],*:array}}"},
		{`{"data":[{"id":7,"type":"orders","attributes":{"kode_order":"A"}}]}`, "{data:[record]}", "{data:[record]}"},
		{`{"draw":1,"recordsTotal":5,"data":[` + order + `]}`, "{draw:integer,recordsTotal:integer,data:[record]}", "{draw:integer,recordsTotal:integer,data:[record]}"},
		{`{"data":null}`, "{data:null}", "{data:null}"},
		{`{"data":[]}`, "{data:[]}", "{data:empty-array}"},
		{`{"data":{"message":"Tidak ada data"}}`, "{data:{message:string}}", "{data:{message:string}}"},
	} {
		t.Run(test.body, func(t *testing.T) {
			t.Parallel()
			c := answering(t, test.body)
			all, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
			var want []int64
			for _, o := range all {
				want = append(want, o.ID)
			}
			shape, got := findIDs(t, test.body, true)
			assert.Equal(t, test.list, shape, "as a list")
			assert.Equal(t, want, got, "as a list: %v", err)

			want = nil
			one, err := c.GetOrder(t.Context(), 7)
			if err == nil {
				want = append(want, one.ID)
			}
			shape, got = findIDs(t, test.body, false)
			assert.Equal(t, test.one, shape, "as one record")
			assert.Equal(t, want, got, "as one record: %v", err)
		})
	}
}

// findIDs returns the ids of the records that the doctor finds.
func findIDs(t *testing.T, body string, many bool) (shape string, ids []int64) {
	t.Helper()
	found := find(read([]byte(body)), false, &wanted{fields: namesOf(pmpsmart.Order{}), many: many})
	for _, n := range found.records {
		var o pmpsmart.Order
		require.NoError(t, o.UnmarshalJSON(n.append(nil)))
		ids = append(ids, o.ID)
	}
	return found.shape, ids
}

// answering returns a client whose server answers everything with body.
func answering(t *testing.T, body string) *pmpsmart.Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	c, err := pmpsmart.New(pmpsmart.WithBaseURL(s.URL), pmpsmart.WithToken("t"))
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	return c
}
