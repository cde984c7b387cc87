package testserver

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/stretchr/testify/assert"
)

// Dump returns v as testify prints it when a comparison fails: by reflection, with
// unexported fields, and without calling its methods.
func Dump(v any) string {
	var said report
	for value := reflect.ValueOf(v); value.IsValid(); value = value.Elem() {
		assert.Equal(&said, reflect.Zero(value.Type()).Interface(), value.Interface())
		if value.Kind() != reflect.Pointer || value.IsNil() {
			break
		}
	}
	return said.String()
}

// A report keeps what an assertion says.
type report struct{ strings.Builder }

func (r *report) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }
