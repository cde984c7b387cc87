package mirror

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
)

var sqlBlock = regexp.MustCompile("(?s)```sql ?([a-z]*)\n(.*?)```")

// The examples of the page find what the sandbox has.
func testPage(t *testing.T, name string) {
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "docs", "mirror.md"))
	require.NoError(t, err)
	w := newWorld(t, name)
	w.mustRun()
	order := w.srv.Orders()[238]
	status := pmpsmart.OrderOpen
	if order.Status == status {
		status = pmpsmart.OrderCancel
	}
	_, err = w.client.UpdateOrderStatus(t.Context(), order.ID, status)
	require.NoError(t, err)
	w.mustRun()
	db := openSQL(t, name)
	var got []string
	for _, block := range sqlBlock.FindAllStringSubmatch(string(page), -1) {
		if block[1] == "" || (block[1] == "postgresql") == mirrordb.IsURL(name) {
			got = append(got, query(t, db, strings.Replace(block[2], "'now'", "'2026-02-09 12:00:00'", 2)))
		}
	}
	require.Len(t, got, 5)
	months := map[string]int{}
	for _, o := range w.srv.Orders() {
		months[o.Date.String()[:7]+"|"+string(o.Status)]++
	}
	assert.Len(t, strings.Split(got[0], "\n"), len(months))
	assert.Regexp(t, `^2026-01\|cancel\|\d+\|[1-9]\d+`, got[0])
	assert.Len(t, strings.Split(got[1], "\n"), 10)
	assert.Regexp(t, `^OUT-\d+\|.+\|\d+\|\d+`, got[1])
	assert.Len(t, strings.Split(got[2], "\n"), 12)
	assert.Regexp(t, `^json_orders\|2026-02-09[ T]05:00:00`, got[4])
	for _, table := range mirrordb.Kinds() {
		require.Regexp(t, `(?m)^\| `+string(table)+` \| id, `, string(page))
	}
	if !mirrordb.IsURL(name) { // whose clock no test sets
		assert.Contains(t, got[3], "PMP-0000239|changed|2026-02-09 12:00:00")
		assert.Len(t, strings.Split(got[3], "\n"), 240)
	}
}
