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

// setter returns the function that sets a value whose type is a bool, a number or a
// string underneath, and nil for any other.
func setter(target reflect.Value) func(raw []byte) bool {
	switch target.Kind() {
	case reflect.Bool:
		return func(raw []byte) bool {
			b, ok := loose.Bool(raw)
			target.SetBool(b)
			return ok
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(raw []byte) bool {
			n, ok := loose.Int(raw)
			if ok = ok && !target.OverflowInt(n); ok {
				target.SetInt(n)
			}
			return ok
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return func(raw []byte) bool {
			n, ok := loose.Uint(raw)
			if ok = ok && !target.OverflowUint(n); ok {
				target.SetUint(n)
			}
			return ok
		}
	case reflect.Float32, reflect.Float64:
		return func(raw []byte) bool {
			f, ok := loose.Float(raw)
			if ok = ok && !target.OverflowFloat(f); ok {
				target.SetFloat(f)
			}
			return ok
		}
	case reflect.String:
		return func(raw []byte) bool {
			s, ok := loose.String(raw)
			target.SetString(s)
			return ok
		}
	}
	return nil
}
