package pmpsmarttest

import (
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func (x *exchange) listOrders() answer {
	fields := x.input.validate(rules{
		{"status", "nullable|string"}, {"date_order", "nullable|date"},
		{"user_id", "nullable|integer"}, {"outlet_id", "nullable|integer"},
	}, nil)
	if fields != nil {
		return x.fail(invalid(fields))
	}
	st := x.s.state
	return x.many(find(&st.lock, st.orders, x.orderFilter(), showOrder), taken, orderKind)
}

// orderFilter compares each column that the request names; nil lets all pass.
func (x *exchange) orderFilter() func(*seed.Order) bool {
	status, date := phpString(x.input["status"]), phpString(x.input["date_order"])
	user, outlet := x.input["user_id"], x.input["outlet_id"]
	if status == "" && date == "" && user == nil && outlet == nil {
		return nil
	}
	userID, outletID := x.input.integer("user_id"), x.input.integer("outlet_id")
	return func(o *seed.Order) bool {
		return (status == "" || o.Status == status) && (date == "" || o.Date == date) &&
			(user == nil || o.UserID == userID) && (outlet == nil || o.OutletID == outletID)
	}
}

func (x *exchange) updateOrderStatus() answer {
	fields := x.input.validate(rules{{"order_id", "required|integer"}, {"status", "required|in:open,pending,complete,cancel"}}, nil)
	if fields != nil {
		return x.fail(invalid(fields))
	}
	st := x.s.state
	st.lock.Lock()
	defer st.lock.Unlock()
	order, ok := st.orders.get(x.input.integer("order_id"))
	if !ok {
		return x.fail(unknownModel("Order", phpString(x.input["order_id"])))
	}
	if status := x.input.text("status"); order.Status != status {
		order.Status, order.UpdatedAt = status, st.stamp()
		if err := st.writeOrder(&order); err != nil {
			return x.fail(serverError)
		}
	}
	return x.written(showOrder(&order), false, updated, orderKind)
}

func (x *exchange) getOrder() answer {
	if fields := x.input.validate(rules{{"order_id", "required|integer"}}, nil); fields != nil {
		return x.fail(invalid(fields))
	}
	st := x.s.state
	st.lock.RLock()
	defer st.lock.RUnlock()
	order, ok := st.orders.get(x.input.integer("order_id"))
	if !ok {
		return x.none(taken, unknownModel("Order", phpString(x.input["order_id"])))
	}
	return x.one(st.showDetail(&order), taken, orderKind)
}

// showDetail is an order with its items, its outlet and its salesperson.
func (st *state) showDetail(o *seed.Order) record {
	items := []record{}
	for _, item := range st.items(o) {
		items = append(items, showItem(item))
	}
	r := showOrder(o)
	r.fields = append(r.fields, member{"items", items})
	r.fields = append(r.fields, member{"outlet", related(st.outlets, o.OutletID, showOutlet)})
	r.fields = append(r.fields, member{"user", related(st.users, o.UserID, showUser)})
	return r
}

// related is the record of an id, nil where it is not there.
func related[T any](t *table[T], id int64, show func(*T) record) any {
	row, ok := t.get(id)
	if !ok {
		return nil
	}
	return show(&row)
}
