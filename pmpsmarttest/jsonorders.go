package pmpsmarttest

import (
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func (x *exchange) insertJSONOrder() answer {
	st := x.s.state
	st.lock.Lock()
	defer st.lock.Unlock()
	code := codeRule
	if st.unique {
		code += "|unique"
	}
	order, fields := x.jsonOrder(code)
	if fields != nil {
		return x.fail(invalid(fields))
	}
	if err := st.writeJSONOrder(&order); err != nil {
		return x.fail(serverError)
	}
	return x.written(showJSONOrder(&order), true, codeUpdated, jsonOrderKind)
}

func (x *exchange) updateJSONOrder() answer {
	st := x.s.state
	st.lock.Lock()
	defer st.lock.Unlock()
	in, fields := x.jsonOrder(codeRule)
	if fields != nil {
		return x.fail(invalid(fields))
	}
	ids := st.codes[in.Code]
	if len(ids) == 0 {
		return x.fail(unknownModel("JsonOrder", ""))
	}
	order, _ := st.jsonOrders.get(ids[0])
	if order.Data != in.Data || order.Status != in.Status { // Eloquent writes nothing where nothing changes
		order.Data, order.Status, order.UpdatedAt = in.Data, in.Status, st.stamp()
		if err := st.writeJSONOrder(&order); err != nil {
			return x.fail(serverError)
		}
	}
	return x.written(showJSONOrder(&order), false, codeUpdated, jsonOrderKind)
}

// jsonOrder is the order that the request brings, or what is wrong with it.
func (x *exchange) jsonOrder(code string) (order seed.JSONOrder, fields object) {
	fields = x.input.validate(rules{
		{"kode_order", code}, {"json_data", "required|string"}, {"status", "required|string"},
	}, func(code string) bool { return len(x.s.state.codes[code]) > 0 })
	return seed.JSONOrder{
		Code: x.input.text("kode_order"), Data: x.input.text("json_data"), Status: x.input.text("status"),
	}, fields
}

func (x *exchange) filterJSONOrders() answer {
	fields := x.input.validate(rules{
		{"search", "nullable|string"}, {"kode_order", "nullable|string"},
		{"status", "nullable|string"}, {"status_order", "nullable|string"},
		{"start_date", "nullable|date"}, {"end_date", "nullable|date|after_or_equal:start_date"},
	}, nil)
	if fields != nil {
		return x.fail(invalid(fields))
	}
	search, code := x.input.text("search"), x.input.text("kode_order")
	like := likePart(search)
	status, statusOrder := x.input.text("status"), x.input.text("status_order")
	start, hasStart := midnight(x.input["start_date"])
	end, hasEnd := midnight(x.input["end_date"])
	end = end.AddDate(0, 0, 1)
	st := x.s.state
	found := find(&st.lock, st.jsonOrders, func(o *seed.JSONOrder) bool {
		return (code == "" || o.Code == code) &&
			(status == "" || o.Status == status) && (statusOrder == "" || o.StatusOrder == statusOrder) &&
			(search == "" || like(o.Code) || like(o.Data)) &&
			(!hasStart || !o.CreatedAt.Before(start)) && (!hasEnd || o.CreatedAt.Before(end))
	}, showJSONOrder)
	if code != "" {
		found = found.among(st.withCode(code))
	}
	return x.many(found, jsonTaken, jsonOrderKind)
}

// withCode are the ids of the JSON orders of a code.
func (st *state) withCode(code string) []int64 {
	st.lock.RLock()
	defer st.lock.RUnlock()
	return append([]int64{}, st.codes[code]...)
}

// midnight is where the day of a date begins, in WIB where it names no zone.
func midnight(value any) (time.Time, bool) {
	date, ok := dateOf(value, wib)
	year, month, day := date.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, date.Location()), ok
}
