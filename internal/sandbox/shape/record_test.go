package shape_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
)

func order(id int64) record.Record {
	at := time.Date(2026, time.February, 2, 1, 15, 30, 0, time.UTC)
	return record.Record{Kind: record.OrderKind, Columns: php.Object{
		{"id", id}, {"status", "open"}, {"date_order", record.Day("2026-02-02")}, {"user_id", int64(4)}, {"total", 2.5}, {"created_at", at},
		{"json_data", record.Document(`[1]`)}, {"none", nil}, {"items", []record.Record{{Kind: record.ItemKind, Columns: php.Object{{"id", int64(9)}}}}},
	}}
}

// Every way of an aspect of records shows.
func TestRecords(t *testing.T) {
	t.Parallel()
	plain := `{"id":3,"status":"open","date_order":"2026-02-02","user_id":4,"total":2.5,"created_at":"2026-02-02T01:15:30.000000Z","json_data":"[1]","none":null,"items":[{"id":9}]}`
	write := func(style string) string {
		var text bytes.Buffer
		form := view(t, style).Form
		require.NoError(t, form.Encode(&text, order(3)))
		return text.String()
	}
	assert.Equal(t, plain, write("plain"))
	for style, change := range map[string][]string{
		"fields=empty":    {`"id":3,"status":"","date_order":"","user_id":"","total":"","created_at":"","json_data":"","none":"","items":""`},
		"fields=null":     {`"id":3,"status":null,"date_order":null,"user_id":null,"total":null,"created_at":null,"json_data":null,"none":null,"items":null`},
		"fields=odd":      {`"user_id":"abc"`, `"created_at":"abc"`},
		"fields=twice":    {`"status":"open","status":"open"`},
		"numbers=text":    {`"id":"3"`, `"user_id":"4"`, `"total":"2.5"`, `[{"id":"9"}]`},
		"numbers=float":   {`"id":3.0`, `"user_id":4.0`, `"total":2.5`},
		"times=rfc3339":   {`"2026-02-02T01:15:30Z"`},
		"times=offset":    {`"2026-02-02T08:15:30+07:00"`},
		"times=sql":       {`"2026-02-02 08:15:30"`},
		"times=mixed":     {`"2026-02-02 08:15:30"`},
		"times=doc":       {`"2026-02-02T08:15:30"`},
		"times=day":       {`"created_at":"2026-02-02"`},
		"times=unix":      {`"created_at":1769994930`},
		"times=unix-text": {`"created_at":"1769994930"`},
		"times=carbon":    {`"created_at":{"date":"2026-02-02 08:15:30.000000","timezone_type":3,"timezone":"Asia\/Jakarta"}`},
		"times=zero":      {`"created_at":"0000-00-00 00:00:00"`},
		"times=minus":     {`"created_at":"-0001-11-30T00:00:00.000000Z"`},
		"dates=instant":   {`"date_order":"2026-02-01T17:00:00.000000Z"`},
		"dates=sql":       {`"date_order":"2026-02-02 00:00:00"`},
		"dates=zero":      {`"date_order":"0000-00-00"`},
		"json_data=json":  {`"json_data":[1]`}, "json_data=broken": {`"json_data":"[1"`},
	} {
		got := write(style)
		for _, part := range change {
			assert.Contains(t, got, part, style)
		}
	}
	for _, style := range shape.Styles() {
		name, _, _ := strings.Cut(style, "=")
		if slices.Contains([]string{"fields", "numbers", "times", "dates", "json_data"}, name) {
			assert.NotEqual(t, plain, write(style), style)
		}
	}
}
