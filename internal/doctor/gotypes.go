package doctor

import (
	"io"
	"reflect"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/gogen"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// printGo prints the Go file of a package with types for what the report tells.
func printGo(w io.Writer, r *report.Report, name string) error {
	file, err := gogen.Generate(r, name, models())
	if err != nil {
		return err
	}
	_, err = w.Write(file)
	return err
}

// models returns the record types of the library.
func models() (all []gogen.Model) {
	for _, model := range []any{pmpsmart.Order{}, pmpsmart.Outlet{}, pmpsmart.User{}, pmpsmart.Visit{}, pmpsmart.JSONOrder{}} {
		t := reflect.TypeOf(model)
		m := gogen.Model{Type: t.Name(), Fields: namesOf(model)}
		for i := range t.NumField() {
			m.Members = append(m.Members, t.Field(i).Name)
		}
		for i := range reflect.PointerTo(t).NumMethod() {
			m.Members = append(m.Members, reflect.PointerTo(t).Method(i).Name)
		}
		all = append(all, m)
	}
	return all
}
