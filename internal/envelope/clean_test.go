package envelope

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
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

// FuzzCleanList writes orders with encoding/json, in a shape of a list that number
// chooses, and reads the same as encoding/json does.
func FuzzCleanList(f *testing.F) {
	for i, text := range []string{"PMP-0000001", "", "a \"quoted\" \\ text/é😀\u2028\x00"} {
		for shape := range uint64(20) {
			f.Add(shape, uint8(3*i), text)
		}
	}
	f.Fuzz(func(t *testing.T, number uint64, n uint8, text string) {
		if len(text) > maxFuzzed/16 {
			return
		}
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
		bodies := shapes(t, list)
		name := slices.Sorted(maps.Keys(bodies))[number%uint64(len(bodies))]
		got := readTwoWays(t, bodies[name], asJSON, number>>8)
		assert.Empty(t, got.Err, name)
		assert.Empty(t, got.Answer.Drifts, name)
		assert.Equal(t, want, asStrict(t, got.Records), name)
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
	if n := len(records); n > 0 {
		var first, rest = joined(records[:n/2]), joined(records[n/2:])
		bodies["wrapped"] = `{"data":[` + wrapped(records) + `]}`
		bodies["after a summary"] = `{"data":{"summary":[{"label":"x","n":1}],"columns":["id"],"orders":` + all + `}}`
		bodies["of a user"] = `{"data":{"user":{"id":2,"orders":` + all + `}}}`
		if n > 1 {
			bodies["in chunks"] = `{"data":[[` + first + `],[` + rest + `]]}`
			bodies["by day"] = `{"data":{"2026-02-01":[` + first + `],"2026-02-02":[` + rest + `]}}`
			bodies["elements by day"] = `{"data":[{"orders":[` + first + `]},{"orders":[` + rest + `]}]}`
		}
	}
	if len(records) != 1 { // one object under a name is read otherwise
		bodies["by name"] = `{"data":` + byName + `}}`
	}
	return bodies
}

func joined(records []json.RawMessage) string {
	return string(bytes.Join(rawBytes(records), []byte(",")))
}

func wrapped(records []json.RawMessage) string {
	all := rawBytes(records)
	for i := range all {
		all[i] = slices.Concat([]byte(`{"order":`), all[i], []byte(`}`))
	}
	return string(bytes.Join(all, []byte(",")))
}

func rawBytes(records []json.RawMessage) [][]byte {
	all := make([][]byte, len(records))
	for i, record := range records {
		all[i] = record
	}
	return all
}
