package envelope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLocate has where the records of an answer stand, those of a list and a single
// one.
func TestLocate(t *testing.T) {
	t.Parallel()
	place := func(form Form, path string, records ...string) Place {
		p := Place{Form: form, Path: path}
		for _, record := range records {
			p.Records = append(p.Records, []byte(record))
		}
		return p
	}
	for _, row := range []struct {
		row
		body      string
		list, one Place
	}{
		{named("an array"), `{"data":[{"id":1}]}`, place(RecordArray, "data", `{"id":1}`), place(SingleRecord, "data.0", `{"id":1}`)},
		{named("a bare array"), `[{"id":1}]`, place(RecordArray, "", `{"id":1}`), place(SingleRecord, "0", `{"id":1}`)},
		{named("an object"), `{"data":{"id":1}}`, place(SingleRecord, "data", `{"id":1}`), place(SingleRecord, "data", `{"id":1}`)},
		{named("a bare object"), `{"id":1}`, place(SingleRecord, "", `{"id":1}`), place(SingleRecord, "", `{"id":1}`)},
		{named("beside metadata"), `{"data":{"metadata":{"took":3},"order":{"id":7}}}`, place(SingleRecord, "data.order", `{"id":7}`), place(SingleRecord, "data.order", `{"id":7}`)},
		{named("the likeliest"), `{"data":{"user":{"id":2,"name":"x"},"took":3,"order":{"id":7,"kode_order":"A"}}}`,
			place(SingleRecord, "data.order", `{"id":7,"kode_order":"A"}`), place(SingleRecord, "data.order", `{"user":{"id":2,"name":"x"},"took":3,"id":7,"kode_order":"A"}`)},
		{named("by key"), `{"data":{"5":{"id":1}}}`, place(RecordsByKey, "data", `{"id":1}`), place(SingleRecord, "data.5", `{"id":1}`)},
		{named("by key in a page"), `{"orders":{"current_page":1,"data":{"a":{"id":1},"b":{"id":2}}}}`, place(RecordsByKey, "orders.data", `{"id":1}`, `{"id":2}`),
			place(SingleRecord, "orders.data.a", `{"b":{"id":2},"id":1}`)},
		{named("an empty array"), `{"data":{"orders":[]}}`, place(RecordArray, "data.orders"), place(NoRecords, "")},
		{named("a failure"), `{"status":false,"data":[{"id":1}]}`, place(NoRecords, ""), place(NoRecords, "")},
		{named("nothing"), `{"status":true}`, place(NoRecords, ""), place(NoRecords, "")},
	} {
		row.run(t, func(t *testing.T) {
			for many, want := range map[bool]Place{true: row.list, false: row.one} {
				got, err := Locate(strings.NewReader(row.body), asJSON, []string{"id", "kode_order"}, many)
				assert.NoError(t, err)
				assert.Equal(t, want, got)
			}
		})
	}
	got, err := Locate(strings.NewReader(`{"data":[{"id":1},{"id"`), asJSON, []string{"id"}, true)
	assert.ErrorContains(t, err, "cut short")
	assert.Equal(t, place(RecordArray, "data", `{"id":1}`), got)
}
