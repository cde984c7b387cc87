package envelope

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// strictOrder is what a program without this library would write.
type strictOrder struct {
	ID     int64   `json:"id"`
	Code   string  `json:"kode_order"`
	Status string  `json:"status"`
	User   int64   `json:"user_id"`
	Total  float64 `json:"total"`
	Note   string  `json:"note"`
}

// FuzzCleanList writes orders with encoding/json, in each shape of a list, and
// reads the same as encoding/json does.
func FuzzCleanList(f *testing.F) {
	f.Add(uint64(1), uint8(3), "PMP-0000001")
	f.Add(uint64(2), uint8(0), "")
	f.Add(uint64(3), uint8(9), "a \"quoted\" \\ text/é😀\u2028\x00")
	f.Fuzz(func(t *testing.T, number uint64, n uint8, text string) {
		random := rand.New(rand.NewPCG(number, uint64(n)))
		written := make([]strictOrder, n%20)
		for i := range written {
			cut := func() string { return text[random.IntN(len(text)+1):] }
			written[i] = strictOrder{random.Int64(), cut(), cut(), int64(random.Int32()), random.Float64() * 1e6, cut()}
		}
		list, err := json.Marshal(written)
		require.NoError(t, err)
		var want []strictOrder
		require.NoError(t, json.Unmarshal(list, &want))
		for name, body := range shapes(t, list) {
			got := readEveryWay(t, body, asJSON)
			assert.Empty(t, got.Err, name)
			assert.Empty(t, got.Answer.Drifts, name)
			assert.Equal(t, want, asStrict(t, got.Records), name)
		}
	})
}

// asStrict gives records as the program without this library has them.
func asStrict(t *testing.T, records []order) []strictOrder {
	all := make([]strictOrder, len(records))
	for i, o := range records {
		all[i] = strictOrder{ID: o.ID, Code: o.Code, Status: o.Status, User: o.UserID}
		if o.Extra != "" {
			require.NoError(t, json.Unmarshal([]byte(o.Extra), &all[i]))
		}
	}
	return all
}

// shapes are answers around a list of records, some of them by key.
func shapes(t *testing.T, list []byte) map[string]string {
	var records []json.RawMessage
	require.NoError(t, json.Unmarshal(list, &records))
	byNumber, byName := "{", "{"
	for i, record := range records {
		comma := map[bool]string{true: ","}[i > 0]
		number := string(json.RawMessage{byte('0' + i/10), byte('0' + i%10)})
		byNumber += comma + `"` + number + `":` + string(record)
		byName += comma + `"PMP-` + number + `":` + string(record)
	}
	all := string(list)
	bodies := map[string]string{
		"bare":        all,
		"data":        `{"status":"success","message":"m","data":` + all + `}`,
		"data first":  `{"data":` + all + `,"status":true}`,
		"named":       `{"status":200,"orders":` + all + `}`,
		"nested":      `{"data":{"orders":` + all + `,"total":3}}`,
		"paginator":   `{"data":{"current_page":1,"data":` + all + `,"links":[],"last_page":1}}`,
		"in a name":   `{"data":{"orders":{"current_page":1,"data":` + all + `,"last_page":1}}}`,
		"resources":   `{"data":` + all + `,"links":{"next":null},"meta":{"current_page":1}}`,
		"by number":   `{"data":` + byNumber + `}}`,
		"page by key": `{"data":{"current_page":1,"data":` + byNumber + `},"last_page":1}}`,
		"bare by key": byNumber + `}`,
	}
	if len(records) != 1 { // one object under a name is read otherwise
		bodies["by name"] = `{"data":` + byName + `}}`
	}
	return bodies
}
