package sandbox

import (
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func (x *exchange) listOrders() shape.Response {
	fields := x.input.Validate(illuminate.Rules{
		{"status", "nullable|string"}, {"date_order", "nullable|date"},
		{"user_id", "nullable|integer"}, {"outlet_id", "nullable|integer"},
	}, nil)
	if fields != nil {
		return x.fail(illuminate.Invalid(fields))
	}
	return x.view.Many(store.Find(x.s.store, store.Orders, x.orderFilter(), record.Order), taken, record.OrderKind)
}

// orderFilter compares each column that the request names; nil matches all.
func (x *exchange) orderFilter() func(*seed.Order) bool {
	status, date := php.String(x.input["status"]), php.String(x.input["date_order"])
	user, outlet := x.input["user_id"], x.input["outlet_id"]
	if status == "" && date == "" && user == nil && outlet == nil {
		return nil
	}
	userID, outletID := x.input.Int("user_id"), x.input.Int("outlet_id")
	return func(o *seed.Order) bool {
		return (status == "" || o.Status == status) && (date == "" || o.Date == date) &&
			(user == nil || o.UserID == userID) && (outlet == nil || o.OutletID == outletID)
	}
}

func (x *exchange) updateOrderStatus() shape.Response {
	fields := x.input.Validate(illuminate.Rules{{"order_id", "required|integer"}, {"status", "required|in:open,pending,complete,cancel"}}, nil)
	if fields != nil {
		return x.fail(illuminate.Invalid(fields))
	}
	tx := x.s.store.Begin()
	defer tx.End()
	order, ok := tx.Order(x.input.Int("order_id"))
	if !ok {
		return x.fail(x.unknownOrder())
	}
	if status := x.input.Text("status"); order.Status != status {
		order.Status, order.UpdatedAt = status, tx.Now()
		if err := tx.PutOrder(&order); err != nil {
			return x.notKept(err)
		}
	}
	return x.view.Written(record.Order(&order), false, updated)
}

func (x *exchange) unknownOrder() illuminate.Failure {
	return illuminate.UnknownModel("Order", php.String(x.input["order_id"]))
}

func (x *exchange) getOrder() shape.Response {
	if fields := x.input.Validate(illuminate.Rules{{"order_id", "required|integer"}}, nil); fields != nil {
		return x.fail(illuminate.Invalid(fields))
	}
	v := x.s.store.View()
	defer v.End()
	order, ok := v.Order(x.input.Int("order_id"))
	if !ok {
		return x.view.Missing(taken, x.unknownOrder())
	}
	detail := record.OrderDetail(&order, v.Items(&order), pointer(v.Outlet(order.OutletID)), pointer(v.User(order.UserID)))
	return x.view.One(detail, taken)
}

// pointer returns a pointer to a row, nil if it does not exist.
func pointer[T any](row T, ok bool) *T {
	if !ok {
		return nil
	}
	return &row
}
