package words_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
)

func of(name string) words.Word { return words.Of([]byte(`"` + name + `"`)) }

// TestSpellings has each word found by its name in whatever way it is written.
func TestSpellings(t *testing.T) {
	t.Parallel()
	all := 0
	for role := words.Status; role <= words.Meta; role++ {
		for _, w := range words.With(role) {
			all++
			name := w.Name()
			assert.Equal(t, role, w.Role(), name)
			//lint:ignore SA1019 the names are ASCII
			camel := strings.ReplaceAll(strings.Title(strings.ReplaceAll(name, "_", " ")), " ", "")
			for _, spelling := range []string{
				name, strings.ToUpper(name), "_" + name, strings.ReplaceAll(name, "_", "-"), strings.ReplaceAll(name, "_", " "),
				camel, strings.ToLower(camel[:1]) + camel[1:], `\u005f` + name,
			} {
				assert.Equal(t, w, of(spelling), spelling)
			}
		}
	}
	assert.Equal(t, words.Count-1, all, "each word has a role")
	for _, name := range []string{"", "id", "ID", "statuses", "kode_order", strings.Repeat("x", 99), "\xff"} {
		assert.Equal(t, words.None, of(name), name)
	}
	assert.Zero(t, words.None.Role())
	assert.False(t, words.None.Known())
}

// TestUses has who else uses a name.
func TestUses(t *testing.T) {
	t.Parallel()
	type uses struct{ envelope, paginator, beside, page, known bool }
	for name, want := range map[string]uses{
		"status":       {envelope: true, known: true},
		"statusCode":   {envelope: true, known: true},
		"current_page": {paginator: true, page: true, known: true},
		"total":        {page: true, known: true},
		"_links":       {beside: true, page: true, known: true},
		"metaData":     {beside: true, page: true, known: true},
		"data":         {},
		"next":         {},
		"kode_order":   {},
	} {
		w := of(name)
		assert.Equal(t, want, uses{w.OfEnvelope(), w.OfPaginator(), w.BesideList(), w.InPage(), w.Known()}, name)
	}
}

func TestOfCostsNoAllocation(t *testing.T) {
	names := [][]byte{[]byte(`"status"`), []byte(`"Current-Page"`), []byte(`"kode_order"`), []byte(`"` + strings.Repeat("x", 100) + `"`)}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for _, name := range names {
			words.Of(name)
		}
	}))
}

func BenchmarkOf(b *testing.B) {
	for _, name := range []string{"status", "kode_order", "currentPage", "PMP-0000001"} {
		quoted := []byte(`"` + name + `"`)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				words.Of(quoted)
			}
		})
	}
}
