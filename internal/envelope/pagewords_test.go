package envelope

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPageWords has the words of paginators that are not Laravel's: each says that the
// list has a third record.
func TestPageWords(t *testing.T) {
	t.Parallel()
	const (
		two  = `[{"id":1},{"id":2}]`
		link = `http://x/order?page=2`
	)
	more := Page{More: true, Next: 2}
	for _, row := range []struct {
		row
		body  string
		page  Page
		total int64
	}{
		{named("OData"), `{"@odata.context":"x","@odata.count":3,"value":` + two + `,"@odata.nextLink":"` + link + `"}`, more, 3},
		{named("OData, of an old version"), `{"odata.count":"3","value":` + two + `,"odata.nextLink":"` + link + `"}`, more, 3},
		{named("OData, a link by another parameter"), `{"value":` + two + `,"@odata.nextLink":"http://x/order?$skip=2"}`, Page{More: true, Link: "http://x/order?$skip=2"}, 0},
		{named("Hydra"), `{"hydra:member":` + two + `,"hydra:totalItems":3,"hydra:view":{"@id":"/order?page=1","hydra:next":"/order?page=2"}}`, more, 3},
		{named("how many are complete"), `{"data":` + two + `,"complete":0,"open":2}`, Page{}, 0},
		{named("none left"), `{"data":` + two + `,"sisa":"0","masih_ada":false}`, Page{}, 0},
		{named("a time in the place of a range"), `{"data":` + two + `,"range":"01/05/2026 - 31/05/2026","info":"Per 02/02/2026"}`, Page{}, 0},
		{named("thousands in a range"), `{"data":` + two + `,"showing":"Showing 1 to 2 of 1,234 entries"}`, Page{}, 1234},
		{named("jqGrid"), `{"page":"1","total":"2","records":"3","rows":` + two + `}`, Page{Current: 1, Last: 2, Guessed: true}, 3},
		{named("Ext"), `{"results":3,"rows":` + two + `}`, Page{}, 3},
		{named("Elasticsearch"), `{"hits":{"total":{"value":3,"relation":"eq"},"hits":` + two + `}}`, Page{}, 3},
		{named("banyak_data"), `{"data":` + two + `,"banyak_data":3}`, Page{}, 3},
		{named("jml_data, hal and total_hal"), `{"data":` + two + `,"hal":1,"total_hal":2,"jml_data":3}`, Page{Current: 1, Last: 2}, 3},
		{named("nbHits and nbPages"), `{"hits":` + two + `,"nbHits":3,"nbPages":2}`, Page{Last: 2}, 3},
		{named("truncated"), `{"data":` + two + `,"truncated":true}`, Page{More: true}, 0},
		{named("isTruncated"), `{"data":` + two + `,"isTruncated":true,"nextMarker":"b"}`, Page{Rest: true}, 0},
		{named("incomplete_results"), `{"data":` + two + `,"incomplete_results":true}`, Page{More: true}, 0},
		{named("is_end"), `{"data":` + two + `,"paging":{"is_end":false}}`, Page{More: true}, 0},
		{named("eof"), `{"data":` + two + `,"eof":false}`, Page{More: true}, 0},
		{named("a word as a flag"), `{"data":` + two + `,"masih_ada":"Ya"}`, Page{More: true}, 0},
		{named("a letter as a flag"), `{"data":` + two + `,"has_next":"Y"}`, Page{More: true}, 0},
		{named("a word as a flag of the last"), `{"data":` + two + `,"is_last":"tidak"}`, Page{More: true}, 0},
		{named("words of the last"), `{"data":` + two + `,"has_next":"N","masih_ada":"tidak","is_last":"ya"}`, Page{}, 0},
		{named("a next page that is no link"), `{"data":` + two + `,"paging":{"next":{"after":"b"}}}`, Page{Rest: true}, 0},
		{named("no next page"), `{"data":` + two + `,"paging":{"next":{"after":null}},"links":{"next":{"href":null}}}`, Page{}, 0},
		{named("the version of JSON:API"), `{"jsonapi":{"version":"1.1"},"data":` + two + `}`, Page{}, 0},
		{named("Spring"), `{"_embedded":{"orders":` + two + `},"_links":{"self":{"href":"x"}},"page":{"size":20,"totalElements":2,"totalPages":1,"number":0}}`, Page{}, 2},
		{named("none of them"), `{"data":` + two + `,"truncated":false,"eof":true,"no_more":true,"next_marker":null,"next_id":null,"@odata.nextLink":null,"results":2}`, Page{}, 2},
	} {
		row.run(t, func(t *testing.T) {
			got := readEveryWay(t, row.body, asJSON)
			assert.Empty(t, got.Err)
			assert.Empty(t, got.Answer.Drifts)
			assert.Equal(t, ids(1, 2), got.Records)
			assert.Equal(t, row.page, got.Answer.Page)
			assert.Equal(t, row.total, got.Answer.Total)
		})
	}
}
