package conform

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// goTypes are the client's types by the schemas that describe them.
var goTypes = map[string][]any{
	"JSONOrder":        {pmpsmart.JSONOrder{}},
	"Outlet":           {pmpsmart.Outlet{}},
	"Order":            {pmpsmart.Order{}},
	"User":             {pmpsmart.User{}},
	"Visit":            {pmpsmart.Visit{}},
	"JSONOrderRequest": {pmpsmart.JSONOrderInput{Code: "K", Data: 0, Status: "s"}},
	"JSONOrderFilter":  {pmpsmart.JSONOrderFilter{}},
	"OrderFilter":      {pmpsmart.OrderFilter{}},
	"NameFilter":       {pmpsmart.SalesUserFilter{}, pmpsmart.VisitFilter{}},
}

// The fields of the client's types are those that the description says are, and of the kind that it says.
func TestModels(t *testing.T) {
	doc := document(t)
	for name, types := range goTypes {
		properties := properties(doc, object(doc, "components", "schemas", name))
		want := map[string]string{}
		for property, schema := range properties {
			if field := text(schema.(tree), "x-go"); field != "" {
				want[property] = field
			}
		}
		for _, zero := range types {
			got := map[string]string{}
			for i := range reflect.TypeOf(zero).NumField() {
				field := reflect.TypeOf(zero).Field(i)
				if field.Name == "Extra" {
					continue
				}
				one := reflect.New(reflect.TypeOf(zero)).Elem()
				one.Set(reflect.ValueOf(zero))
				set(t, one.Field(i))
				member := changed(t, zero, one.Interface())
				got[member] = field.Name
				if schema, ok := properties[member].(tree); assert.True(t, ok, "%s.%s", name, member) {
					assert.Equal(t, kindOf(field.Type), kindIn(doc, schema), "%s.%s", name, member)
				}
			}
			assert.Equal(t, want, got, "%T", zero)
		}
	}
	_, found := reflect.TypeFor[pmpsmart.Session]().FieldByName(text(object(properties(doc, object(doc, "components", "schemas", "Session")), "api_token"), "x-go"))
	assert.True(t, found)
}

// set gives a field a value that is not the zero one.
func set(t *testing.T, field reflect.Value) {
	t.Helper()
	switch at := field.Addr().Interface().(type) {
	case *time.Time:
		*at = noon
	case *pmpsmart.Date:
		*at = pmpsmart.DateOf(noon)
	case *json.RawMessage:
		*at = pageData
	case *any:
		*at = "data"
	default:
		if field.Kind() == reflect.String {
			field.SetString("text")
			return
		}
		require.Equal(t, reflect.Int64, field.Kind())
		field.SetInt(7)
	}
}

// changed returns the name in JSON of the one member that differs.
func changed(t *testing.T, before, after any) (name string) {
	t.Helper()
	var members [2]map[string]json.RawMessage
	for i, v := range []any{before, after} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &members[i]))
	}
	for member, value := range members[1] {
		if string(members[0][member]) != string(value) {
			require.Empty(t, name)
			name = member
		}
	}
	require.NotEmpty(t, name)
	return name
}

// kindOf says what a field of a type is.
func kindOf(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "time"
	case reflect.TypeFor[pmpsmart.Date]():
		return "date"
	case reflect.TypeFor[json.RawMessage](), reflect.TypeFor[any]():
		return "application/json"
	}
	if t.Kind() == reflect.Int64 {
		return "integer"
	}
	return t.Kind().String()
}

// kindIn says the same of a property.
func kindIn(doc, schema tree) string {
	for _, part := range list(schema, "allOf") {
		if part.(tree)["$ref"] == "#/components/schemas/Time" {
			return "time"
		}
	}
	switch {
	case schema["format"] == "date":
		return "date"
	case schema["contentMediaType"] != nil:
		return text(schema, "contentMediaType")
	}
	if kinds := list(schema, "type"); kinds != nil {
		return kinds[0].(string)
	}
	return text(schema, "type")
}

// Each method of the client sends its request to the path, with the class, that the description has.
func TestEndpoints(t *testing.T) {
	doc := document(t)
	server := pmpsmarttest.NewServer()
	defer server.Close()
	type row struct{ Op, Path, Class string }
	var got, want []row
	c := server.Client(pmpsmart.WithHooks(pmpsmart.Hooks{
		Call: func(ctx context.Context, info pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
			got = append(got, row{info.Op, info.Path, info.Class})
			return ctx, nil
		},
	}))
	ctx := t.Context()
	_, err := c.Login(ctx, pmpsmarttest.Email, pmpsmarttest.Password)
	require.NoError(t, err)
	in := pageJSONOrder
	for _, call := range []func() error{
		func() error { _, err := c.InsertJSONOrder(ctx, in); return err },
		func() error { _, err := c.UpdateJSONOrder(ctx, in); return err },
		func() error { _, err := c.FilterJSONOrders(ctx, pageJSONFilter); return err },
		func() error { _, err := c.ListOutlets(ctx); return err },
		func() error { _, err := c.UpdateOutletCode(ctx, 88, "OUT-001"); return err },
		func() error { _, err := c.ListOrders(ctx, pageOrders); return err },
		func() error { _, err := c.UpdateOrderStatus(ctx, 198, pmpsmart.OrderOpen); return err },
		func() error { _, err := c.GetOrder(ctx, 198); return err },
		func() error { _, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{}); return err },
		func() error { _, err := c.ListVisits(ctx, pmpsmart.VisitFilter{}); return err },
		func() error { return c.Logout(ctx) },
	} {
		require.NoError(t, call())
	}
	for _, op := range operations(doc) {
		want = append(want, row{op.id, strings.TrimPrefix(op.path, "/"), text(op.tree, "x-class")})
		assert.Equal(t, op.id, text(op.tree, "x-go"))
		method, found := reflect.TypeFor[*pmpsmart.Client]().MethodByName(op.id)
		assert.True(t, found, "%s %v", op.id, method)
	}
	assert.ElementsMatch(t, want, got)
}

// What the client sends is what the page shows, word for word.
func TestPageRequests(t *testing.T) {
	doc := document(t)
	for op, want := range map[string]string{
		"Login":             `{"email":"sandbox@pmpsmart.test","password":"bukan-rahasia"}`, // the sandbox's
		"InsertJSONOrder":   `{"kode_order":"PMP-3903001","json_data":"{\"key\": \"value\"}","status":"completed"}`,
		"UpdateJSONOrder":   `{"kode_order":"PMP-3903001","json_data":"{\"key\": \"value\"}","status":"completed"}`,
		"UpdateOutletCode":  `{"id_outlet":"88","kode_outlet":"OUT-001"}`,
		"ListOrders":        `{"status":"pending","date_order":"2026-02-02","user_id":1,"outlet_id":1}`,
		"UpdateOrderStatus": `{"order_id":198,"status":"complete"}`, // one of the four
		"GetOrder":          `{"order_id":198}`,
		"ListSalesUsers":    `{"name":"Ferryanto"}`,
		"ListVisits":        `{"name":"Ferryanto"}`,
	} {
		example, err := json.Marshal(at(doc, "components", "examples", op+".request", "value"))
		require.NoError(t, err)
		assert.JSONEq(t, want, string(example), op)
	}
	for _, op := range operations(doc) {
		if op.tree["requestBody"] == nil {
			assert.Contains(t, []string{"Logout", "ListOutlets"}, op.id)
		}
	}
}

// Everything says from where it is known.
func TestSources(t *testing.T) {
	doc := document(t)
	known := map[any]bool{"page": true, "observed": true, "assumed": true}
	check := func(in tree, where string) {
		assert.True(t, in["$ref"] != nil || known[in["x-source"]], "%s: %v", where, in["x-source"])
	}
	for _, op := range operations(doc) {
		check(op.tree, op.path)
		for status, response := range object(op.tree, "responses") {
			check(response.(tree), op.path+" "+status)
		}
	}
	for _, kind := range []string{"responses", "parameters", "headers", "securitySchemes"} {
		for name, in := range object(doc, "components", kind) {
			check(in.(tree), name)
		}
	}
	places(object(doc, "components", "schemas"), nil, func(names []string, in tree) {
		for name, property := range object(in, "properties") {
			check(property.(tree), strings.Join(names, ".")+"."+name)
		}
	})
}
