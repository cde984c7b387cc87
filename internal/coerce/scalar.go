package coerce

import (
	"encoding/json"
	"reflect"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// setNumber sets a number that is kept as its text.
func setNumber(n *json.Number, raw []byte) bool {
	text, _ := loose.String(raw)
	*n = json.Number(text)
	_, ok := loose.Float(raw)
	return ok
}

// isScalar reports whether values of a kind are set by setScalar.
func isScalar(kind reflect.Kind) bool {
	return kind >= reflect.Bool && kind <= reflect.Float64 || kind == reflect.String
}

// setScalar sets a value whose type is a bool, a number or a string underneath, and
// reports whether it can hold raw.
func setScalar(target reflect.Value, raw []byte) (ok bool) {
	switch target.Kind() {
	case reflect.Bool:
		var b bool
		b, ok = loose.Bool(raw)
		target.SetBool(b)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		var n int64
		n, ok = loose.Int(raw)
		if ok = ok && !target.OverflowInt(n); ok {
			target.SetInt(n)
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		var n uint64
		n, ok = loose.Uint(raw)
		if ok = ok && !target.OverflowUint(n); ok {
			target.SetUint(n)
		}
	case reflect.Float32, reflect.Float64:
		var f float64
		f, ok = loose.Float(raw)
		if ok = ok && !target.OverflowFloat(f); ok {
			target.SetFloat(f)
		}
	case reflect.String:
		var s string
		s, ok = loose.String(raw)
		target.SetString(s)
	}
	return ok
}
