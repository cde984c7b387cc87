package mirrordb

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"b":1, "a":[ 1.50,"x" ]}`:                   `{"a":[1.50,"x"],"b":1}`,
		`{"a":"\u0000","b":"\\u0000","c":"\\\u0000"}`: "{\"a\":\"\ufffd\",\"b\":\"\\\\u0000\",\"c\":\"\\\\\ufffd\"}",
		`{"a":"\u00e9\/"}`:                            `{"a":"é/"}`,
		`{"a":"\ud800"}`:                              "{\"a\":\"\ufffd\"}",
		`[1e5,1E+400,-1e-20000,"1e99999"]`:            `[1e5,1E+400,"-1e-20000","1e99999"]`,
		`[1e99999999999999999999]`:                    `["1e99999999999999999999"]`,
		`"\"1e99999"`:                                 `"\"1e99999"`,
		`not json`:                                    `"not json"`,
	} {
		assert.Equal(t, want, canonical([]byte(in)), in)
		assert.Equal(t, want, canonical([]byte(want)), "it is its own")
	}
	digits := strings.Repeat("9", 20_000)
	assert.Equal(t, `{"a":"`+digits+`","b":1}`, canonical([]byte(`{"b":1,"a":`+digits+`}`)))
}

// Rows differ if and only if what they say does.
func TestDigest(t *testing.T) {
	t.Parallel()
	order := func(text string) string {
		var o pmpsmart.Order
		require.NoError(t, json.Unmarshal([]byte(text), &o))
		return OrderRow(&o).digest
	}
	base := order(`{"id":1,"kode_order":"A","status":"","user_id":1,"created_at":"2026-02-09T01:00:00+07:00","total":1.50}`)
	for _, same := range []string{
		`{"total":1.50,"user_id":"1","kode_order":"A","id":"1","created_at":"2026-02-08T18:00:00Z"}`,
		`{"id":1,"kode_order":"A","status":null,"user_id":1.0,"created_at":"2026-02-08 18:00:00.0000001Z","total": 1.50}`,
	} {
		assert.Equal(t, base, order(same), same)
	}
	seen := map[string]string{base: "base"}
	for _, other := range []string{
		`{"id":1,"kode_order":"","status":"A","user_id":1,"created_at":"2026-02-08T18:00:00Z","total":1.50}`,
		`{"id":1,"kode_order":"A","user_id":1,"created_at":"2026-02-08T18:00:00Z","total":1.5}`,
		`{"id":1,"kode_order":"A","user_id":1,"created_at":"2026-02-08T18:00:00Z","total":"1.50"}`,
		`{"id":1,"kode_order":"A","user_id":1,"created_at":"2026-02-08T18:00:00Z"}`,
		`{"id":1,"kode_order":"A","outlet_id":1,"created_at":"2026-02-08T18:00:00Z","total":1.50}`,
		`{"id":1,"kode_order":"A","user_id":1,"updated_at":"2026-02-08T18:00:00Z","total":1.50}`,
	} {
		digest := order(other)
		assert.Empty(t, seen[digest], other)
		seen[digest] = other
	}
}

func TestSQLiteNumber(t *testing.T) {
	t.Parallel()
	for literal, want := range map[string]any{
		"7": int64(7), "-9223372036854775808": int64(-9223372036854775808), "9223372036854775808": "9223372036854775808", "12345678901234567890": "12345678901234567890",
		"1.5": 1.5, "1.50": 1.5, "0.1": 0.1, "1e3": 1000.0, "0.12345678901234567890": "0.12345678901234567890", "1e999": "1e999",
	} {
		assert.Equal(t, want, sqliteNumber(literal), literal)
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	var sizes []int
	for batch := range batches([]Row{{ID: 1}, {ID: 2}, {ID: 1}, {ID: 3}, {ID: 4}, {ID: 5}, {ID: 5}}, 3) {
		sizes = append(sizes, len(batch))
	}
	assert.Equal(t, []int{2, 3, 1, 1}, sizes)
}

func TestMomentsThatNoDatabaseTakes(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{{}, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)} {
		assert.Nil(t, moment(at))
	}
}
