package sandbox

import (
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func (x *exchange) listOutlets() shape.Response {
	return x.view.Many(store.Find(x.s.store, store.Outlets, nil, record.Outlet), outletsTaken, record.OutletKind)
}

func (x *exchange) updateOutletCode() shape.Response {
	tx := x.s.store.Begin()
	defer tx.End()
	id, rule := x.input.Int("id_outlet"), codeRule
	if x.s.config.UniqueOutlets {
		rule += "|unique"
	}
	fields := x.input.Validate(illuminate.Rules{{"id_outlet", "required|integer"}, {"kode_outlet", rule}}, func(code string) bool {
		return tx.OutletCodeTaken(code, id)
	})
	if fields != nil {
		return x.fail(illuminate.Invalid(fields))
	}
	outlet, ok := tx.Outlet(id)
	if !ok {
		return x.fail(illuminate.UnknownModel("Outlet", php.String(x.input["id_outlet"])))
	}
	if code := x.input.Text("kode_outlet"); outlet.Code != code {
		outlet.Code, outlet.UpdatedAt = code, tx.Now()
		if err := tx.PutOutlet(&outlet); err != nil {
			return x.notKept(err)
		}
	}
	return x.view.Written(record.Outlet(&outlet), false, codeUpdated)
}

func (x *exchange) listSalesUsers() shape.Response {
	return listByName(x, store.Users, func(u *seed.User) string { return u.Name }, record.User, record.UserKind)
}

func (x *exchange) listVisits() shape.Response {
	return listByName(x, store.Visits, func(v *seed.Visit) string { return v.Name }, record.Visit, record.VisitKind)
}

// listByName returns the rows whose name contains that of the request.
func listByName[T any](x *exchange, table func(*store.Store) *store.Table[T], name func(*T) string, show func(*T) record.Record, kind record.Kind) shape.Response {
	if fields := x.input.Validate(illuminate.Rules{{"name", "nullable|string"}}, nil); fields != nil {
		return x.fail(illuminate.Invalid(fields))
	}
	var match func(*T) bool
	if part := x.input.Text("name"); part != "" {
		like := store.Like("%" + part + "%")
		match = func(row *T) bool { return like(name(row)) }
	}
	return x.view.Many(store.Find(x.s.store, table, match, show), taken, kind)
}
