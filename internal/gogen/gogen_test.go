package gogen

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

var update = flag.Bool("update", false, "write what is generated to testdata")

var models = []Model{
	{"Order", []string{"id", "kode_order", "status", "date_order", "user_id", "outlet_id", "created_at", "updated_at"}, []string{"ID", "Code", "Status", "Date", "UserID", "OutletID", "CreatedAt", "UpdatedAt", "Extra", "MarshalJSON", "UnmarshalJSON"}},
	{"Outlet", []string{"id", "kode_outlet", "nama_outlet", "alamat", "created_at", "updated_at"}, []string{"ID", "Code", "Name", "Address", "CreatedAt", "UpdatedAt", "Extra"}},
	{"User", []string{"id", "name", "email", "created_at", "updated_at"}, []string{"ID", "Name", "Email", "Extra"}},
	{"Visit", []string{"id", "name", "user_id", "outlet_id", "created_at", "updated_at"}, []string{"ID", "Name", "UserID", "OutletID", "Extra"}},
	{"JSONOrder", []string{"id", "kode_order", "json_data", "status", "status_order", "created_at", "updated_at"}, []string{"ID", "Code", "Data", "Extra"}},
}

// TestFile compares the file of a report with the one in testdata.
func TestFile(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/report.json")
	require.NoError(t, err)
	r, err := report.Read(text)
	require.NoError(t, err)
	got, err := Generate(r, "toko", models)
	require.NoError(t, err)
	const golden = "testdata/toko.go.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, got, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

// fields returns the Go types that a report's fields of orders get.
func fields(t *testing.T, all ...*report.Field) map[string]string {
	t.Helper()
	r := &report.Report{Endpoints: []*report.Endpoint{{Path: "order", Counted: 10, Fields: all}}}
	file, err := Generate(r, "toko", models)
	require.NoError(t, err)
	parsed, err := parser.ParseFile(token.NewFileSet(), "toko.go", file, 0)
	require.NoError(t, err, string(file))
	checkImports(t, parsed)
	types := make(map[string]string)
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		for _, f := range spec.Type.(*ast.StructType).Fields.List {
			if len(f.Names) > 0 {
				start, end := f.Type.Pos()-1, f.Type.End()-1
				types[spec.Name.Name+"."+f.Names[0].Name] = string(file[start:end])
			}
		}
		return false
	})
	return types
}

// checkImports checks that a file imports the packages that it names, and no other.
func checkImports(t *testing.T, file *ast.File) {
	t.Helper()
	var imports, named []string
	for _, i := range file.Imports {
		imports = append(imports, strings.TrimSuffix(path.Base(strings.Trim(i.Path.Value, `"`)), "-go"))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if name := selector.X.(*ast.Ident).Name; !slices.Contains(named, name) {
				named = append(named, name)
			}
		}
		return true
	})
	assert.ElementsMatch(t, named, imports)
}

func field(name string, kinds ...string) *report.Field {
	f := &report.Field{Name: name, Count: 10, Kinds: make(map[string]int)}
	for _, kind := range kinds {
		f.Kinds[kind] = 1
	}
	return f
}

func TestTypes(t *testing.T) {
	t.Parallel()
	for want, all := range map[string][][]string{
		"int64":           {{"integer"}, {"integer-in-string"}, {"integer", "integer-in-string", "null"}, {"integer-in-string", "empty-string"}},
		"float64":         {{"number"}, {"number-in-string"}, {"integer", "number"}, {"integer-in-string", "number-in-string", "null"}},
		"bool":            {{"bool"}, {"bool-in-string", "bool"}, {"bool", "null"}},
		"string":          {{"string"}, {"digits-in-string"}, {"digits-in-string", "integer-in-string"}, {"string", "date"}, {"empty-string"}, {"empty-string", "null"}, {"json-in-string"}},
		"pmpsmart.Date":   {{"date"}, {"date", "null", "zero-time"}},
		"time.Time":       {{"iso-time"}, {"sql-time"}, {"unix-time"}, {"carbon-time"}, {"zero-time"}, {"date", "iso-time"}, {"sql-time", "empty-string", "unix-time-in-string"}},
		"json.RawMessage": {{"null"}, {"integer", "string"}, {"bool", "integer"}, {"iso-time", "integer"}, {"object", "string"}, {"array", "object"}, {"empty-array", "empty-object"}, {"integer", "digits-in-string"}},

		"[]json.RawMessage":          {{"array"}, {"empty-array"}, {"empty-array", "null"}},
		"map[string]json.RawMessage": {{"object"}, {"empty-object"}, {"object", "empty-array"}},
	} {
		for _, kinds := range all {
			assert.Equal(t, map[string]string{"Order.X": want}, fields(t, field("x", kinds...)), "%v", kinds)
		}
	}
}

func TestNestedTypes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fields []*report.Field
		want   map[string]string
	}{
		"elements": {[]*report.Field{field("items", "array"), field("items.*.qty", "integer"), field("items.*.tags", "array"), field("items.*.tags.*", "string")},
			map[string]string{"Order.Items": "[]OrderItem", "OrderItem.Qty": "int64", "OrderItem.Tags": "[]string"}},
		"elements, some null":    {[]*report.Field{field("items", "array"), field("items.*", "null"), field("items.*.qty", "integer")}, map[string]string{"Order.Items": "[]*OrderItem", "OrderItem.Qty": "int64"}},
		"elements of many kinds": {[]*report.Field{field("x", "array"), field("x.*", "integer", "string")}, map[string]string{"Order.X": "[]json.RawMessage"}},
		"arrays of arrays":       {[]*report.Field{field("x", "array"), field("x.*", "array"), field("x.*.*", "number")}, map[string]string{"Order.X": "[][]float64"}},
		"by key":                 {[]*report.Field{field("stok", "object", "empty-array"), field("stok.*", "integer")}, map[string]string{"Order.Stok": "map[string]int64"}},
		"objects by key": {[]*report.Field{field("sales", "object"), field("sales.*", "object"), field("sales.*.n", "integer")},
			map[string]string{"Order.Sales": "map[string]OrderSale", "OrderSale.N": "int64"}},
		"an object":            {[]*report.Field{field("lokasi", "object"), field("lokasi.lat", "number-in-string")}, map[string]string{"Order.Lokasi": "*OrderLokasi", "OrderLokasi.Lat": "float64"}},
		"an object, some null": {[]*report.Field{field("lokasi", "object", "null"), field("lokasi.lat", "number")}, map[string]string{"Order.Lokasi": "*OrderLokasi", "OrderLokasi.Lat": "float64"}},
		"an object named like a package": {[]*report.Field{field("visit_time", "object"), field("visit_time.meta_json", "object"), field("visit_time.meta_json.a", "integer")},
			map[string]string{"Order.VisitTime": "*OrderVisitTime", "OrderVisitTime.MetaJSON": "OrderVisitTimeMetaJSON", "OrderVisitTimeMetaJSON.A": "int64"}},
		"an outlet": {[]*report.Field{field("toko", "object"), field("toko.id", "integer"), field("toko.kode_outlet", "string"), field("toko.nama_outlet", "string"), field("toko.alamat", "null")},
			map[string]string{"Order.Toko": "*pmpsmart.Outlet"}},
		"a user by name":  {[]*report.Field{field("sales", "object"), field("sales.id", "integer-in-string"), field("sales.name", "string")}, map[string]string{"Order.Sales": "*pmpsmart.User"}},
		"no user by name": {[]*report.Field{field("sales", "object"), field("sales.id", "string"), field("sales.name", "string")}, map[string]string{"Order.Sales": "*OrderSales", "OrderSales.ID": "string", "OrderSales.Name": "string"}},
		"a user and more": {[]*report.Field{field("user", "object"), field("user.id", "integer"), field("user.name", "string"), field("user.telepon", "digits-in-string")},
			map[string]string{"Order.User": "*OrderUser", "OrderUser.Telepon": "string"}},
		"names that are taken": {[]*report.Field{field("date", "date"), field("order", "integer"), field("extra", "integer"), field("code", "string"), field("a_b", "integer"), field("aB", "integer"), field("_", "integer"), field("_id", "integer")},
			map[string]string{"Order.DateField": "pmpsmart.Date", "Order.OrderField": "int64", "Order.ExtraField": "int64", "Order.CodeField": "string", "Order.AB": "int64", "Order.ABField": "int64", "Order.Field": "int64"}},
		"types that are taken": {[]*report.Field{field("detail", "object"), field("detail.a", "integer")}, map[string]string{"Order.Detail": "*OrderDetail2", "OrderDetail2.A": "int64"}},
		"keys at the top":      {[]*report.Field{field("*", "integer"), field("a", "integer")}, map[string]string{"Order.A": "int64"}},
		"keys among fields":    {[]*report.Field{field("x", "object"), field("x.a", "integer"), field("x.*", "integer")}, map[string]string{"Order.X": "*OrderX", "OrderX.A": "int64"}},
		"a JSON:API resource": {[]*report.Field{field("type", "string"), field("id", "integer-in-string"), field("attributes", "object"), field("attributes.total", "integer"), field("attributes.type", "integer")},
			map[string]string{"Order.Type": "string", "Order.Total": "int64"}},
		"GeoJSON's properties": {[]*report.Field{field("bbox", "null"), field("properties", "object"), field("properties.kode_order", "string"), field("properties.total", "integer")},
			map[string]string{"Order.Bbox": "json.RawMessage", "Order.Total": "int64"}},
		"attributes of a record": {[]*report.Field{field("kode_order", "string"), field("attributes", "object"), field("attributes.warna", "string")},
			map[string]string{"Order.Attributes": "*OrderAttributes", "OrderAttributes.Warna": "string"}},
		"only what is inside": {[]*report.Field{field("a.b.c", "integer")}, map[string]string{"Order.A": "json.RawMessage"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range test.fields {
				if f.Kinds["object"] > 0 {
					f.Count = 9 // of 10
				}
			}
			assert.Equal(t, test.want, fields(t, test.fields...))
		})
	}
}

func TestPackageNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "9x", "a-b", "a/b", "func", "_", "a b", "a\nb"} {
		_, err := Generate(&report.Report{}, name, models)
		assert.ErrorContains(t, err, "can't be the name of a package", name)
	}
}

func TestNoReport(t *testing.T) {
	t.Parallel()
	file, err := Generate(&report.Report{}, "toko", models)
	require.NoError(t, err)
	for _, f := range functions {
		assert.Contains(t, string(file), "\nfunc "+f.name+"(ctx context.Context, c *pmpsmart.Client, ")
	}
}
