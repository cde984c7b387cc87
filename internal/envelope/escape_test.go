package envelope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestRawControlCharacters: a tab or a line break in a string costs nothing, wherever it
// comes.
func TestRawControlCharacters(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("~", "\t", "^", "\n", "%", "\x00\x1f")
	for _, row := range []struct {
		row
		body string
		want []order
	}{
		{named("in a record"), `{"data":[{"id":1},{"id":2,"kode_order":"A~B^C"},{"id":3,"kode_order":"%"}]}`,
			[]order{{ID: 1}, {ID: 2, Code: "A\tB\nC"}, {ID: 3, Code: "\x00\x1f"}}},
		{named("in the first record"), `[{"kode_order":"~","id":1}]`, []order{{ID: 1, Code: "\t"}}},
		{named("behind a backslash"), `[{"id":1,"kode_order":"\\~\"~\\^"}]`, nil},
		{named("in a name"), `[{"id":1,"a~b":"c"}]`, []order{{ID: 1, Extra: `{"a\u0009b":"c"}`}}},
		{named("in a message before"), `{"message":"a~b","data":[{"id":1}]}`, ids(1)},
		{named("in a message behind"), `{"data":[{"id":1}],"message":"a~b","x":"~"}`, ids(1)},
		{named("in a name at the top"), `{"data":[{"id":1}],"a~":1}`, ids(1)},
		{named("under a name"), `{"status":"success","data":{"current_page":1,"data":[{"id":1,"kode_order":"~"}]}}`, []order{{ID: 1, Code: "\t"}}},
		{named("in an object that is not decided yet"), `{"data":{"a":"~","orders":[{"id":1}],"b":"^"}}`, ids(1)},
		{named("by key"), `{"data":{"5":{"id":1,"kode_order":"~"},"6":{"id":2}}}`, []order{{ID: 1, Code: "\t"}, {ID: 2}}},
		{named("printed"), "{^ ~\"data\": [^~{ \"id\": 1, \"kode_order\": \"~\" }^]^}", []order{{ID: 1, Code: "\t"}}},
	} {
		row.run(t, func(t *testing.T) {
			got := readEveryWay(t, text.Replace(row.body), asJSON)
			if row.want == nil {
				assert.Len(t, got.Records, 1)
				row.want = got.Records
			}
			assert.Empty(t, got.Err)
			assert.Equal(t, row.want, got.Records)
			assert.Empty(t, got.Answer.Drifts)
			if len(row.want) == 1 {
				assert.Equal(t, row.want[0], readOne(t, text.Replace(row.body), asJSON).Record)
			}
		})
	}
	for body, want := range map[string]string{
		"[{\"id\":1,\"x\":\"\t\"},{\"id\":\x012}]":    "not the JSON that it starts as after",
		"[{\"id\":1,\"x\":\"\t\"},{\"id\":2":          "the body is cut short after",
		"[{\"id\":1,\"x\":\"\t\"}]{\"status\":1}":     "want one JSON value, and more follows it",
		"[{\"id\":1,\"x\":\"" + "\t" + "\\q" + "\"}]": "not the JSON that it starts as",
	} {
		assert.Contains(t, readList(strings.NewReader(body), asJSON).Err, want, "%q", body)
	}
}

// TestRawControlCharactersAreBounded: the bounds hold, of the answer and of each record.
func TestRawControlCharactersAreBounded(t *testing.T) {
	t.Parallel()
	o := asJSON
	o.MaxBytes = 100
	body := "[{\"id\":1,\"x\":\"\t\"},{\"id\":2,\"x\":\"" + strings.Repeat("\t", 2*int(betweenRecords)) + "\"}]"
	assert.Equal(t, ErrTooLarge.Error(), readList(strings.NewReader(body), o).Err)
	o.PerRecord = true
	got := readList(strings.NewReader(body), o)
	assert.Equal(t, ErrTooLarge.Error(), got.Err)
	assert.Len(t, got.Records, 1)
	many := "[" + strings.Repeat("{\"id\":1,\"x\":\"\t\"},", 20_000) + "{\"id\":1}]"
	assert.Empty(t, readList(strings.NewReader(many), o).Err)
}
