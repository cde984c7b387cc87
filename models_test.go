package pmpsmart_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// models returns the types of the records that the methods of a Client return,
// inside others too. A Session is none: it is not a record of the API's.
func models() map[string]reflect.Type {
	found := make(map[string]reflect.Type)
	var add func(reflect.Type)
	add = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice:
			add(t.Elem())
		case reflect.Func: // an iter.Seq2, whose first parameter is a yield
			if t.NumIn() == 1 && t.In(0).Kind() == reflect.Func {
				add(t.In(0).In(0))
			}
		case reflect.Struct:
			extra, ok := t.FieldByName("Extra")
			if !ok || extra.Type != reflect.TypeFor[pmpsmart.Extra]() {
				return
			}
			if t != reflect.TypeFor[pmpsmart.Session]() {
				found[t.Name()] = t
			}
			for i := range t.NumField() {
				add(t.Field(i).Type)
			}
		}
	}
	client := reflect.TypeFor[*pmpsmart.Client]()
	for i := range client.NumMethod() {
		for j := range client.Method(i).Type.NumOut() {
			add(client.Method(i).Type.Out(j))
		}
	}
	return found
}

// The tests below are of all models: every exported struct of the package that has
// an Extra is one that a method returns.
func TestModelsAreFound(t *testing.T) {
	t.Parallel()
	var declared, found []string
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		require.NoError(t, err)
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() || spec.Name.Name == "Session" {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok && hasExtra(s) {
				declared = append(declared, spec.Name.Name)
			}
			return true
		})
	}
	for name := range models() {
		found = append(found, name)
	}
	require.ElementsMatch(t, declared, found)
	require.GreaterOrEqual(t, len(found), 5)
}

func hasExtra(s *ast.StructType) bool {
	for _, field := range s.Fields.List {
		if name, ok := field.Type.(*ast.Ident); ok && name.Name == "Extra" {
			return true
		}
	}
	return false
}

// Every model has the API's names in JSON, keeps what it does not know, and is
// decoded as leniently by encoding/json, Call and Extra.Decode as by its list.
func TestModelsAreWhole(t *testing.T) {
	t.Parallel()
	for name, model := range models() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			names := wireNames(t, model)
			require.Len(t, names, model.NumField()-1, "all fields but Extra have a name on the wire")
			for _, name := range names {
				require.Regexp(t, regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`), name)
			}
			require.Contains(t, names, "id")

			const body = `{"id":"7","created_at":"2026-02-02 09:00:00","barang":[{"n":1}]}`
			want := reflect.New(model)
			require.NoError(t, json.Unmarshal([]byte(body), want.Interface()))
			require.EqualValues(t, 7, want.Elem().FieldByName("ID").Int())
			require.Equal(t, `{"barang":[{"n":1}]}`, want.Elem().FieldByName("Extra").Interface().(pmpsmart.Extra).String())
			written, err := json.Marshal(want.Interface())
			require.NoError(t, err)
			require.Contains(t, string(written), `"created_at":"2026-02-02T09:00:00+07:00"`)
			require.Contains(t, string(written), `"barang":[{"n":1}]`)

			into := reflect.New(model)
			require.NoError(t, serve(t, success(body)).client().Call(t.Context(), "x", nil, into.Interface()))
			require.Equal(t, want.Interface(), into.Interface(), "by Call")

			list := reflect.New(reflect.SliceOf(model))
			require.NoError(t, serve(t, success(`{"3":`+body+`}`)).client().Call(t.Context(), "x", nil, list.Interface()))
			require.Equal(t, want.Elem().Interface(), list.Elem().Index(0).Interface(), "in a list")

			into = reflect.New(model)
			require.NoError(t, extra(t, `{"dalam":`+body+`}`).Decode("dalam", into.Interface()))
			require.Equal(t, want.Interface(), into.Interface(), "by Extra.Decode")

			var told []pmpsmart.Drift
			into = reflect.New(model)
			require.NoError(t, serve(t, success(`{"id":{}}`)).client(drifts(&told)).Call(t.Context(), "x", nil, into.Interface()))
			require.Equal(t, []pmpsmart.Drift{{Op: "Call", Path: "data.id", Want: "integer", Got: rawJSON(`{}`), Count: 1}}, told)
			require.Equal(t, `{"id":{}}`, into.Elem().FieldByName("Extra").Interface().(pmpsmart.Extra).String())
		})
	}
}

// wireNames returns the names that a model's fields have in JSON.
func wireNames(t *testing.T, model reflect.Type) (names []string) {
	t.Helper()
	text, err := json.Marshal(reflect.Zero(model).Interface())
	require.NoError(t, err)
	for name := range extra(t, string(text)).All() {
		names = append(names, name)
	}
	return names
}
