package coerce_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

var scannedObjects = []string{
	`{"id":"7","email":"a@b","omzet":"0.5","x":[1]}`, `{"id":{},"email":[],"omzet":{},"kids":[{"id":1,"omzet":2}],"next":null}`,
	`{"id":1,"id":2,"EMAIL":"e","email":"f","OMZET":3}`, `{"attributes":{"email":"e","omzet":1},"id":"5","type":"sellers"}`, `{"attributes":"red","id":1}`,
	`{"number":"\u00e9","text":"\ud800","email":"\\","ra\u0077":1,"raw":{"a":[]}}`, `{}`, "{\"text\":\"\xe9\",\"y\":\"\xe9\",\"email\":\"\xe9\"}",
	"{ \"omzet\" : 1e3 ,\n\"id\" : 5 }", `{"bool":"1","at":"2026-02-02 09:00:00","atp":null,"ints":{"3":"1"},"any":{"a":1},"list":"aGFs"}`,
}

// FuzzScan holds records that are decoded as they are scanned against those that are
// decoded whole: what they hold, how many fields came and what is reported is the same.
func FuzzScan(f *testing.F) {
	for _, text := range scannedObjects {
		f.Add(text, scannedObjects[0])
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		objects := []string{first, second, first}
		for i, text := range objects {
			objects[i] = strings.TrimSpace(text)
			if !jsontext.Value(objects[i]).IsValid(envelope.Lenient) || loose.Kind([]byte(objects[i])) != '{' {
				return
			}
		}
		compareScan[Seller](t, objects)
		compareScan[plain](t, objects)
		compareScan[*plain](t, objects)
		compareScan[pointer](t, objects)
		compareScan[deep](t, objects)
		compareScan[inlined](t, objects)
		compareScan[hiddenBy](t, objects)
		compareScan[recursive](t, objects)
		compareScan[types](t, objects)
	})
}

// decoded is what came of an object.
type decoded struct {
	value  any
	known  int
	err    error
	drifts []string
}

func compareScan[T any](t *testing.T, objects []string) {
	var whole, scanned T
	var got, want decoded
	wholes, scans := newFuzzed(&whole, &want), newFuzzed(&scanned, &got)
	require.True(t, scans.CanScan(), "%T", whole)
	for _, text := range objects {
		whole, scanned = *new(T), *new(T)
		end := scans.Scan([]byte(text+"\x00"), reflect.ValueOf(&scanned).Elem())
		if end < 0 {
			return // it is nested too deep
		}
		require.Equal(t, len(text), end, text)
		got.known, got.err = scans.Finish([]byte(text))
		want.known, want.err = wholes.Decode([]byte(text), &whole)
		want.value, got.value = whole, scanned
		assert.Equal(t, want, got, "%T of %s", whole, text)
	}
}

func newFuzzed(v any, to *decoded) *coerce.Records {
	return coerce.NewRecords(v, coerce.Options{Location: wib, Known: known, Drift: func(m coerce.Mismatch) error {
		to.drifts = append(to.drifts, fmt.Sprintf("%s %s %s %s %t", m.Path, m.At, m.Want, m.Got, m.Whole))
		return nil
	}})
}

// TestCanScan has types whose records are decoded whole.
func TestCanScan(t *testing.T) {
	t.Parallel()
	for _, v := range []any{new(two), new(shadowed), new(tagged), new(map[string]any), new(int), new(any), new(shop), new(struct{ ID int }), new(struct{ S Seller })} {
		_, isModel := known(v).(interface{ IsRecord() bool })
		r := coerce.NewRecords(v, coerce.Options{Location: wib, Known: known})
		assert.Equal(t, isModel && known(v).IsRecord(), r.CanScan(), "%T", v)
	}
}
