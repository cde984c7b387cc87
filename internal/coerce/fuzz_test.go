package coerce_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// FuzzStructs decodes an object into a struct that embeds a record: whole, member by
// member, and the record alone. All must have read the same, and reported the same.
func FuzzStructs(f *testing.F) {
	for _, text := range []string{
		`{"id":"7","email":"a@b","bool":"1","text":12,"float":"0.5","at":"2026-02-02 09:00:00","raw":{"a":1},"number":"1.50","x":[1]}`,
		`{"id":{},"rupiah":[],"shop":{"id":1,"x":2},"list":"aGFs","ints":{"3":"1","4":2},"any":{"a":1},"atp":null,"float":null}`,
		`{"ints":[1,"x",null,{}],"shop":5,"skip":1,"EMAIL":"e","-":7,"Extra":{"a":[]}}`,
		`{"number":"\u00e9","text":"\ud800","email":"\\","ra\u0077":1}`, `{}`, "{\"text\":\"\xe9\",\"y\":\"\xe9\"}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.TrimSpace(text)
		if !jsontext.Value(text).IsValid(envelope.Lenient) || loose.Kind([]byte(text)) != '{' || !isPlainObject([]byte(text)) {
			return
		}
		whole, drifts := decodeFuzzed[types](text)
		streamed, streamedDrifts := decodeFuzzed[[]types]("[" + text + "," + text + "]")
		require.Equal(t, []types{whole, whole}, streamed)
		require.Len(t, streamedDrifts, 2*len(drifts))
		alone, _ := decodeFuzzed[Seller](text)
		alone.Extra = whole.Extra
		require.Equal(t, alone, whole.Seller)
	})
}

func decodeFuzzed[T any](text string) (got T, drifts []string) {
	_ = coerce.Decode([]byte(text), &got, coerce.Options{Location: wib, Known: known, Drift: func(m coerce.Mismatch) error {
		drifts = append(drifts, m.Path)
		return nil
	}})
	return got, drifts
}

// isPlainObject reports whether no name comes twice, in whatever spelling, and none is
// that of a resource's attributes: member by member, what follows is not known yet.
func isPlainObject(object []byte) bool {
	met := map[string]bool{}
	for quoted := range loose.Members(object) {
		name := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(loose.Name(quoted)))
		if met[name] || name == "attributes" {
			return false
		}
		met[name] = true
	}
	return true
}
