package pmpsmart_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// itself is a list that reads itself.
type itself []string

func (i *itself) UnmarshalJSON(b []byte) error {
	*i = itself{string(b)}
	return nil
}

// One odd value inside of what is filled is drift, whatever its type and the
// value, and all the rest is read.
func TestCallFillsAroundOddValues(t *testing.T) {
	t.Parallel()
	type item struct {
		ID int `json:"id"`
	}
	type order struct {
		ID     int            `json:"id"`
		Outlet item           `json:"outlet"`
		User   *item          `json:"user"`
		Items  []item         `json:"items"`
		Tags   []string       `json:"tags"`
		Counts map[string]int `json:"counts"`
		N      json.Number    `json:"n"`
	}
	some := []item{{1}, {2}}
	for _, row := range []struct {
		data string
		want order
		odd  string // the path of the drift
	}{
		{`"outlet":false,"user":false,"items":false,"tags":false,"counts":false`, order{ID: 7, User: new(item)}, ""},
		{`"outlet":[],"items":"","tags":null,"counts":[]`, order{ID: 7}, ""},
		{`"items":{}`, order{ID: 7, Items: []item{}}, ""},
		{`"items":{"0":{"id":1},"2":{"id":"2"}}`, order{ID: 7, Items: some}, ""},
		{`"items":{"current_page":1,"data":[{"id":1},{"id":2}]}`, order{ID: 7, Items: some}, ""},
		{`"tags":{"1":"a","5":7}`, order{ID: 7, Tags: []string{"a", "7"}}, ""},
		{`"n":"12"`, order{ID: 7, N: "12"}, ""},
		{`"outlet":5`, order{ID: 7}, "data.outlet"},
		{`"user":true`, order{ID: 7, User: new(item)}, "data.user"},
		{`"items":5`, order{ID: 7}, "data.items"},
		{`"items":[1,{"id":2}]`, order{ID: 7, Items: []item{{}, {2}}}, "data.items.*"},
		{`"items":{"0":{"id":"x"},"2":{"id":2}}`, order{ID: 7, Items: []item{{}, {2}}}, "data.items.*.id"},
		{`"tags":{"a":"x"}`, order{ID: 7, Tags: []string{""}}, "data.tags.*"},
		{`"counts":5`, order{ID: 7}, "data.counts"},
		{`"n":"banyak"`, order{ID: 7, N: "banyak"}, "data.n"},
	} {
		t.Run(row.data, func(t *testing.T) {
			t.Parallel()
			var told []pmpsmart.Drift
			s := serve(t, ok(`{"id":7,`+row.data+`}`))
			var got order
			require.NoError(t, s.client(drifts(&told)).Call(t.Context(), "x", nil, &got))
			if row.odd == "data.n" {
				row.want.N = ""
			}
			require.Equal(t, row.want, got)
			if row.odd == "" {
				require.Empty(t, told)
				return
			}
			require.Len(t, told, 1)
			require.Equal(t, row.odd, told[0].Path)
			err := s.client(pmpsmart.WithStrictDecoding()).Call(t.Context(), "x", nil, &got)
			var unreadable *pmpsmart.DecodeError
			require.ErrorAs(t, err, &unreadable)
			require.Contains(t, unreadable.Err.Error(), strings.ReplaceAll(row.odd, ".*", ".0")+": want ")
		})
	}
}
