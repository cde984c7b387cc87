package sandbox

import (
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func (x *exchange) insertJSONOrder() shape.Response {
	tx := x.s.store.Begin()
	defer tx.End()
	rule := codeRule
	if x.s.config.UniqueCodes {
		rule += "|unique"
	}
	order, fields := x.jsonOrder(tx, rule)
	if fields != nil {
		return x.fail(illuminate.Invalid(fields))
	}
	if err := tx.PutJSONOrder(&order); err != nil {
		return x.notKept(err)
	}
	return x.view.Written(record.JSONOrder(&order), true, codeUpdated)
}

func (x *exchange) updateJSONOrder() shape.Response {
	tx := x.s.store.Begin()
	defer tx.End()
	in, fields := x.jsonOrder(tx, codeRule)
	if fields != nil {
		return x.fail(illuminate.Invalid(fields))
	}
	order, ok := tx.JSONOrder(in.Code)
	if !ok {
		return x.fail(illuminate.UnknownModel("JsonOrder", ""))
	}
	if order.Data != in.Data || order.Status != in.Status { // Eloquent writes nothing if nothing changes
		order.Data, order.Status, order.UpdatedAt = in.Data, in.Status, tx.Now()
		if err := tx.PutJSONOrder(&order); err != nil {
			return x.notKept(err)
		}
	}
	return x.view.Written(record.JSONOrder(&order), false, codeUpdated)
}

// jsonOrder returns the order that the request brings, or what is wrong with it.
func (x *exchange) jsonOrder(tx store.Tx, codeRule string) (order seed.JSONOrder, fields php.Object) {
	fields = x.input.Validate(illuminate.Rules{
		{"kode_order", codeRule}, {"json_data", "required|string"}, {"status", "required|string"},
	}, func(code string) bool {
		_, exists := tx.JSONOrder(code)
		return exists
	})
	return seed.JSONOrder{
		Code: x.input.Text("kode_order"), Data: x.input.Text("json_data"), Status: x.input.Text("status"),
	}, fields
}

func (x *exchange) filterJSONOrders() shape.Response {
	fields := x.input.Validate(illuminate.Rules{
		{"search", "nullable|string"}, {"kode_order", "nullable|string"},
		{"status", "nullable|string"}, {"status_order", "nullable|string"},
		{"start_date", "nullable|date"}, {"end_date", "nullable|date|after_or_equal:start_date"},
	}, nil)
	if fields != nil {
		return x.fail(illuminate.Invalid(fields))
	}
	st := x.s.store
	found := store.Find(st, store.JSONOrders, x.jsonOrderFilter(), record.JSONOrder)
	if code := x.input.Text("kode_order"); code != "" {
		v := st.View()
		found = found.Among(v.JSONOrderIDs(code))
		v.End()
	}
	return x.view.Many(found, jsonTaken, record.JSONOrderKind)
}

func (x *exchange) jsonOrderFilter() func(*seed.JSONOrder) bool {
	search, code := x.input.Text("search"), x.input.Text("kode_order")
	like := store.Like("%" + search + "%")
	status, statusOrder := x.input.Text("status"), x.input.Text("status_order")
	start, hasStart := x.midnight("start_date")
	end, hasEnd := x.midnight("end_date")
	end = end.AddDate(0, 0, 1)
	return func(o *seed.JSONOrder) bool {
		return (code == "" || o.Code == code) &&
			(status == "" || o.Status == status) && (statusOrder == "" || o.StatusOrder == statusOrder) &&
			(search == "" || like(o.Code) || like(o.Data)) &&
			(!hasStart || !o.CreatedAt.Before(start)) && (!hasEnd || o.CreatedAt.Before(end))
	}
}

// wib is Western Indonesia Time, the zone of dates that name none.
var wib = time.FixedZone("WIB", 7*3600)

// midnight returns the beginning of the day of a date, and whether there is one.
func (x *exchange) midnight(name string) (time.Time, bool) {
	date, ok := x.input.Date(name, wib)
	year, month, day := date.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, date.Location()), ok
}
