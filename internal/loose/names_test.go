package loose_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

func TestNameIndex(t *testing.T) {
	t.Parallel()
	x := loose.NewNameIndex("id", "kode_order", "created_at", "ID", "", "_")
	for name, want := range map[string]int{
		"id": 0, "ID": 0, "Id": 0, "i_d": 0, `\u0069d`: 0,
		"kode_order": 1, "kodeOrder": 1, "KODE_ORDER": 1, "kode-order": 1, "Kode Order": 1, "KODEORDER": 1, `kode\u005forder`: 1,
		"createdAt": 2,
		"":          -1, "_": -1, "i": -1, "idx": -1, "kode_orde": -1, "kode.order": -1, "kode_ordé": -1,
		strings.Repeat("x", 100): -1,
	} {
		assert.Equal(t, want, x.Find([]byte(`"`+name+`"`)), name)
	}
	assert.Equal(t, -1, loose.NewNameIndex().Find([]byte(`"id"`)))
}

// TestNameIndexOfMany has more names than the smallest table has slots.
func TestNameIndexOfMany(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 300 {
		names = append(names, strings.Repeat("a", i%20+1)+strings.Repeat("b", i/20+1))
	}
	x := loose.NewNameIndex(names...)
	for i, name := range names {
		assert.Equal(t, i, x.Find([]byte(`"`+strings.ToUpper(name)+`"`)), name)
	}
}
